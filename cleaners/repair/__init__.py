"""Repair with proof: each cleaner states how the damage was done and undoes only what that process explains, in full."""

from cleaners.repair.candidates import Repair
from cleaners.repair.detect import lost_places
from cleaners.repair.latin import mojibake
from cleaners.repair.marks import injected_marks
from cleaners.repair.misread import misread_places
from cleaners.repair.notes import pinyin
from cleaners.repair.spelled import entities
from cleaners.repair.wounds import byte_damage, left_runs, repairs, unresolved

__all__ = [
    "Repair",
    "byte_damage",
    "entities",
    "injected_marks",
    "left_runs",
    "lost_places",
    "misread_places",
    "mojibake",
    "pinyin",
    "repairs",
    "unresolved",
]
