"""Repair with proof: each cleaner states how the damage was done and undoes only what that process explains, to the
character."""

from cleaners.repair.entities import entities
from cleaners.repair.latin import mojibake
from cleaners.repair.marks import injected_marks
from cleaners.repair.pinyin import pinyin

__all__ = ["entities", "injected_marks", "mojibake", "pinyin"]
