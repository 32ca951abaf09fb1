"""Repair with proof: each cleaner states how the damage was done and undoes only what that process explains, in full."""

from cleaners.repair.candidates import Repair
from cleaners.repair.latin import mojibake
from cleaners.repair.marks import injected_marks
from cleaners.repair.notes import pinyin
from cleaners.repair.spelled import entities
from cleaners.repair.wounds import byte_damage, repairs, undecided, unresolved

__all__ = [
    "Repair",
    "byte_damage",
    "entities",
    "injected_marks",
    "mojibake",
    "pinyin",
    "repairs",
    "undecided",
    "unresolved",
]
