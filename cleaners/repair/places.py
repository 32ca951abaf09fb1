"""What the places of an observed run may show: characters of GBK, marks, notes, readings that lost their bracket."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cleaners.repair.gbk import MARK_CHARS, folded_forms, pair
from cleaners.repair.prices import ALONE_COST
from cleaners.repair.process import NARROWED, WIDER
from cleaners.repair.readings import BRACKET, SYLLABLE, is_reading

_BRACKET = re.compile(BRACKET)
_READING = re.compile(rf" ?(?P<reading>{SYLLABLE}) ?[)）]")
_LONGEST_FOLD = 4
"""Characters that NFKC makes of one of GBK: `viii`, `(10)`."""

Notes = tuple[tuple[bytes, str], ...]
"""Noted pairs, each with its note."""


class Copied(NamedTuple):
    """A character that is what is observed: where it ends with its note, that note, what it costs besides the language model."""

    char: str
    end: int
    notes: Notes
    cost: float


class Place(NamedTuple):
    """A place of a run: the characters of GBK that it may show, each with its end; the mark among them; what is copied."""

    units: tuple[tuple[str, int], ...]
    mark: str
    marked: tuple[str, int]
    """The mark, unfolded, and its end; an empty string where there is none."""
    copied: Copied


class Places(dict[int, Place]):
    """The places of a run, looked at when first asked for. `folded`: whether NFKC followed the damage.

    >>> Places("縣(xiàn)長,", folded=True)[8].marked
    ('，', 9)
    """

    def __init__(self, observed: str, *, folded: bool) -> None:
        super().__init__()
        self._observed, self._folded = observed, folded
        self.brackets = {match.start(): match for match in _BRACKET.finditer(observed)}

    def __missing__(self, at: int) -> Place:
        units = (*self._units(at),)
        marked = next(((char, end) for char, end in units if char in MARK_CHARS), ("", at))
        place = self[at] = Place(units, marked[0], marked, self._copied(at, units))
        return place

    def _units(self, at: int) -> Iterator[tuple[str, int]]:
        for char in self._observed[at : at + 1]:
            if pair(char):
                yield char, at + 1
            if self._folded and char < "\u3400":
                for end in range(at + 1, min(at + _LONGEST_FOLD, len(self._observed)) + 1):
                    yield from ((form, end) for form in folded_forms().get(self._observed[at:end], ()))
            elif char == " ":
                yield "\u3000", at + 1
            elif char in NARROWED:
                yield chr(ord(char) + WIDER), at + 1

    def _copied(self, at: int, units: tuple[tuple[str, int], ...]) -> Copied:
        observed = self._observed[at : at + 1]
        char = next((form for form, end in units if end == at + 1), observed) if self._folded else observed
        notes, end = self.noted(char, at + 1)
        return Copied(char, end, notes, ALONE_COST if "@" <= observed <= "~" and self._is_alone(at) else 0.0)

    def _is_alone(self, at: int) -> bool:
        """Whether a letter stands between what is not Latin."""
        beside = self._observed[at - 1 : at] or "。", self._observed[at + 1 : at + 2] or "。"
        return not any(map(str.isascii, beside))

    def noted(self, char: str, at: int) -> tuple[Notes, int]:
        """The note at a place that belongs to the character before it, and its end."""
        match = self.brackets.get(at)
        if match and is_reading(match["reading"], char):
            return ((pair(char), match[0]),), match.end()
        return (), at

    def reading(self, at: int) -> tuple[str, str, int]:
        """The reading, the whole bracket and the end of a bracket whose opening was swallowed."""
        match = _READING.match(self._observed, at)
        return (match["reading"], "(" + match[0], match.end()) if match else ("", "", at)
