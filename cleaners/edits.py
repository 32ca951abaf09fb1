"""Edits: how a cleaner says what it changes, so that every change can be counted, shown and replayed."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cleaners.evidence import Evidence


class Edit(NamedTuple):
    """Replace `text[start:end]` (code points) by `new`; the positions are those of the text before the cleaner ran.

    `likely` says that other texts may have stood there, less likely ones: the damage does not tell them apart.
    """

    start: int
    end: int
    new: str
    likely: bool = False


Cleaner = Callable[[str, Evidence], Sequence[Edit]]
"""A cleaner looks at a text and the page's evidence and names its edits: in order, not overlapping.

It is pure and total. Its name in the record is the function's own name.
"""


class Step(NamedTuple):
    """What one cleaner changed in one pass: its name and its edits, in order."""

    cleaner: str
    edits: tuple[Edit, ...]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Carry out edits on the text they were made for.

    >>> apply_edits("a,b", [Edit(1, 2, "，")])
    'a，b'
    """
    pieces: list[str] = []
    done = 0
    for start, end, new, _ in edits:
        pieces += (text[done:start], new)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def replay(text: str, steps: Iterable[Step]) -> str:
    """Carry out all steps of a cleaning again, in their order, on the text as it came in.

    >>> replay("a,b", [Step("width", (Edit(1, 2, "，"),)), Step("case", (Edit(0, 1, "A"),))])
    'A，b'
    """
    for step in steps:
        text = apply_edits(text, step.edits)
    return text
