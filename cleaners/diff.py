"""Edits from two versions of a text, for conversions done by a library that does not say what it changed."""

from bisect import bisect_left
from difflib import SequenceMatcher
from itertools import compress, count
from operator import ne

from cleaners.edits import Edit

_ALIGN_LIMIT = 4_000
"""Longest text (characters) aligned by difflib, whose time grows with the square; longer ones become one edit."""


def edits_between(old: str, new: str, offset: int = 0) -> list[Edit]:
    """Edits that turn `old` into `new`, each run of changed characters one edit; `offset` is added to the positions.

    >>> edits_between("國務院", "国务院", offset=5)
    [Edit(start=5, end=7, new='国务', likely=False)]
    """
    if len(old) == len(new):
        return _same_length(old, new, offset)
    if len(old) + len(new) > _ALIGN_LIMIT:
        return [Edit(offset, offset + len(old), new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Edit(offset + i1, offset + i2, new[j1:j2]) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    ]


def common_start(a: str, b: str) -> int:
    """How many characters two texts begin with that are the same.

    >>> common_start("保护环境", "保护环保")
    3
    """
    return bisect_left(range(min(len(a), len(b))), x=True, key=lambda i: a[: i + 1] != b[: i + 1])


def _same_length(old: str, new: str, offset: int) -> list[Edit]:
    edits: list[Edit] = []
    start = end = 0
    for i in compress(count(), map(ne, old, new)):
        if i != end:
            if end > start:
                edits.append(Edit(offset + start, offset + end, new[start:end]))
            start = i
        end = i + 1
    return [*edits, Edit(offset + start, offset + end, new[start:end])] if end > start else edits
