"""Marks that come in pairs: brackets, which close on their line; quotation and title marks, which take turns, also across lines."""

import re
from itertools import pairwise

from cleaners.repair.readings import SYLLABLE

_WRECK = re.compile(rf"[(（]? ?{SYLLABLE} ?[)）]")
"""A note, or what is left of one whose first bracket was swallowed."""
_ITEM = re.compile(r"(?<![(（\w])(?:\d{1,2}|[A-Za-z]|[一二三四五六七八九十]{1,3})[)）]")
"""The number of an item, which has no opening bracket."""
_TURNS = "“”", "《》"


def opened(text: str) -> int:
    """How many brackets more open than close on the first line, those of notes and items aside.

    >>> opened("（试行 號(hào) 1）总则"), opened("试行）的通知")
    (1, -1)
    """
    text = text.partition("\n")[0]
    if ")" in text or "）" in text:
        text = _ITEM.sub("", _WRECK.sub("", text))
    return text.count("(") + text.count("（") - text.count(")") - text.count("）")


def last_marks(text: str) -> str:
    """The last quotation mark of a text and its last title mark.

    >>> last_marks("“十四五”规划《纲要"), last_marks("规划")
    ('”《', '')
    """
    return "".join(text[at] for pair in _TURNS if (at := max(map(text.rfind, pair))) >= 0)


def out_of_turn(earlier: str, text: str, later: str) -> int:
    """How many quotation and title marks of a text follow one of their own kind, or come before one; the first one opens.

    `earlier` are the last ones before it; of `later` only the first of each pair counts.

    >>> out_of_turn("“", "要抓紧。”", "“后来”"), out_of_turn("”", "抓紧。”", ""), out_of_turn("", "”", "")
    (0, 1, 1)
    """
    found = 0
    for pair in _TURNS:
        row = [char for char in earlier + text if char in pair]
        row += [char for char in later if char in pair][:1]
        if not any(char in pair for char in earlier):
            row.insert(0, pair[1])
        found += sum(one == other for one, other in pairwise(row))
    return found
