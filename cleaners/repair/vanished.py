"""Characters across pairs of bytes that left no trace: read one byte off, the pair was user-defined or an empty cell of GBK."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from heapq import nsmallest
from math import inf
from operator import itemgetter
from typing import NamedTuple

from cleaners.repair.gbk import by_lead, by_symbol, by_trail, lost_trails, pair, shown
from cleaners.repair.lattice import TYPICAL
from cleaners.repair.model import PageModel, table
from cleaners.repair.script import is_simplified, is_traditional
from cleaners.repair.symbols import symbol

_MOST_COST, _MOST_COST_OF_TWO = 10.0, 7.0
"""Nats that the listed followers of a first character may cost, and the second of three."""
_MOST_LISTED, _MOST_AMID, _MOST_LAST = 20, 6, 24
"""How many are looked at of the rows that the language model lists, of middle characters, and of last characters."""
_FIRSTS, _LASTS = 2, 4
"""Of the likeliest first and last characters each pair is looked at, listed or not;"""
_FIRSTS_OF_THREE = 1
"""of these first ones, those with a character between them and a last one."""
_ROWS, _ROWS_OF_THREE, _BEGINNINGS = 6, 2, 4
"""How many rows are gone on with; without beginnings 3 in 100 characters more are wrong in texts of pages (`benchmarks.repair`)."""
_LONGEST_ROW = 6
"""Rows of up to so many characters are looked at where they stand on the page."""
_SLACK = 3.0
"""Nats by which a row may be worse than the one character that would stand there if nothing had vanished; at 2
a fiftieth more characters are wrong in simplified text, at 4 not one in a hundred."""


class _Char(NamedTuple):
    """A character, its two bytes, its symbol, what that costs alone, and the bytes that end a pair that vanishes after it."""

    char: str
    lead: int
    trail: int
    name: str
    alone: float
    lost: frozenset[int]


def _described(lead: int, trail: int, char: str) -> _Char:
    name = symbol(char)
    return _Char(char, lead, trail, name, table().alone[name], lost_trails().get(trail, frozenset()))


@cache
def _firsts(lead: int) -> tuple[_Char, ...]:
    """Known characters with this lead byte whose trail byte may begin a pair that vanishes."""
    return tuple(_described(lead, trail, char) for trail, char in by_lead(lead).items() if trail in lost_trails())


@cache
def _lasts(trail: int) -> tuple[_Char, ...]:
    """The most frequent characters with this trail byte."""
    chars = (_described(lead, trail, char) for lead, char in by_trail(trail).items())
    return tuple(nsmallest(_MOST_LAST, chars, key=lambda each: (each.alone, each.char)))


@lru_cache(maxsize=1 << 12)
def _amid(char: str) -> tuple[tuple[float, _Char], ...]:
    """The likeliest characters after one, where the pairs before and behind them vanish, each with its cost in nats."""
    followers = table().after_one(symbol(char))[0]
    found = (each for script in (True, False) for each in _across(char, followers, _MOST_COST, traditional=script))
    return tuple(
        nsmallest(_MOST_AMID, ((cost, each) for cost, each in dict.fromkeys(found) if each.lost), key=itemgetter(0))
    )


@lru_cache(maxsize=256)
def _listed(lead: int, *, traditional: bool) -> Mapping[int, list[tuple[float, str]]]:
    """The likeliest rows of two and three characters of one script that the language model lists, the first with this lead byte.

    By the trail byte of the last character, each with what the others cost after the first, in nats.
    """
    rows: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for first in _firsts(lead):
        for cost, second in _across(first.char, table().after_one(first.name)[0], _MOST_COST, traditional=traditional):
            rows[second.trail].append((cost, first.char + second.char))
            if second.lost and cost < _MOST_COST_OF_TWO:
                thirds = table().after_two(first.name, second.name)
                for more, third in _across(second.char, thirds, _MOST_COST - cost, traditional=traditional):
                    rows[third.trail].append((cost + more, first.char + second.char + third.char))
    return {trail: nsmallest(_MOST_LISTED, row) for trail, row in rows.items()}


def _across(
    char: str, followers: Mapping[str, float], most: float, *, traditional: bool
) -> Iterator[tuple[float, _Char]]:
    """Those that follow a character across a pair that vanishes, up to a cost in nats."""
    lost = lost_trails()[pair(char)[1]]
    for name, cost in followers.items():
        if cost < most:
            for form in _forms(name, traditional=traditional):
                if form.lead in lost:
                    yield cost, form


@lru_cache(maxsize=1 << 14)
def _forms(name: str, *, traditional: bool) -> tuple[_Char, ...]:
    """The characters of one script that the language model takes for a symbol."""
    is_foreign = is_simplified if traditional else is_traditional
    native = (char for char in by_symbol(name) if not is_foreign(char) and not "！" <= char <= "～")
    return tuple(_described(pair(char)[0], pair(char)[1], char) for char in native)


@cache
def _lead(char: str) -> int:
    """The first byte of a character; 0 where GBK lacks it."""
    return (pair(char) or b"\0")[0]


@cache
def _lost_after(char: str) -> frozenset[int]:
    """The first bytes of the characters before which a pair vanishes after this one."""
    return lost_trails().get(pair(char)[1], frozenset()) if pair(char) else frozenset()


class _OnPage(dict[int, dict[int, list[str]]]):
    """The rows that stand on a page, by the lead byte of the first character and the trail byte of the last; looked for when asked for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page, self._leads = page, bytes(map(_lead, page))

    def __missing__(self, lead: int) -> dict[int, list[str]]:
        rows: dict[int, set[str]] = defaultdict(set)
        for first in re.finditer(re.escape(bytes([lead])), self._leads):
            start = first.start()
            for end in range(start + 1, min(start + _LONGEST_ROW, len(self._page))):
                if self._leads[end] not in _lost_after(self._page[end - 1]):
                    break
                rows[pair(self._page[end])[1]].add(self._page[start : end + 1])
        found = self[lead] = {trail: sorted(each) for trail, each in rows.items()}
        return found


_on_page = lru_cache(maxsize=1)(_OnPage)


class _Before(dict[str, float]):
    """What a character costs before another, in nats, worked out when asked for: nothing where that is not known."""

    def __init__(self, following: str, model: PageModel) -> None:
        super().__init__()
        self._following, self._two = following, model.two

    def __missing__(self, char: str) -> float:
        cost = self[char] = self._two(char, self._following) if self._following else 0.0
        return cost


class Vanished:
    """The rows of characters that may stand across vanished pairs, on one page."""

    def __init__(self, page: str, model: PageModel, foreign: Mapping[str, float], *, traditional: bool) -> None:
        self._page, self._model, self._foreign, self._traditional = page, model, foreign, traditional
        self._rows: dict[tuple[str, int, int, str], list[str]] = {}
        self._ends: dict[tuple[int, str], tuple[_Before, list[tuple[float, _Char]]]] = {}
        self._starts: dict[tuple[str, int], tuple[list[tuple[float, _Char]], dict[str, float]]] = {}

    def rows(self, last: str, lead: int, trail: int, following: str) -> list[str]:
        """The likeliest rows of characters after one and, where that is known, before another: of two or three, on the page up to six.

        The first has this lead byte, the last this trail byte, and the pairs between vanish. None reads much worse than the
        one character that has both bytes.
        """
        key = last, lead, trail, following
        if key not in self._rows:
            self._rows[key] = self._found(*key)
        return self._rows[key]

    def _found(self, last: str, lead: int, trail: int, following: str) -> list[str]:
        starts, left = self._started(last, lead)
        before, ends = self._ended(trail, following)
        char = shown(lead, trail)
        limit = self._model.two(last, char) + before[char] - TYPICAL + _SLACK if char not in {"", "?"} else inf
        twos = []
        for cost, text in _listed(lead, traditional=self._traditional).get(trail, ()):
            so_far = cost + left.get(text[0], inf) - TYPICAL * len(text)
            if so_far < limit:
                twos.append((so_far + before[text[-1]], text))
        for text in _on_page(self._page)[lead].get(trail, ()):
            cost = self._model.text_cost("\n" + last, text)
            twos.append((cost - TYPICAL * len(text) + before[text[-1]], text))
        twos += self._joined([(cost - 2 * TYPICAL, each.char, each) for cost, each in starts[:_FIRSTS]], ends, limit)
        threes = [
            (cost + more - 3 * TYPICAL, first.char + second.char, second)
            for cost, first in starts[:_FIRSTS_OF_THREE]
            for more, second in _amid(first.char)
            if not self._foreign[second.char]
        ]
        best = *sorted(twos)[:_ROWS], *sorted(self._joined(threes, ends, limit))[:_ROWS_OF_THREE]
        return list(dict.fromkeys(text for cost, text in best if cost < limit))

    def _started(self, last: str, lead: int) -> tuple[list[tuple[float, _Char]], dict[str, float]]:
        """The characters with this lead byte after which a pair may vanish, likeliest first, and what each costs after a character."""
        key = last, lead
        if key not in self._starts:
            firsts = [each for each in _firsts(lead) if not self._foreign[each.char]]
            costs = self._model.after(last, [each.name for each in firsts])
            starts = sorted(zip(costs, firsts, strict=True))
            self._starts[key] = starts, {first.char: cost for cost, first in starts}
        return self._starts[key]

    def beginnings(self, last: str, lead: int) -> list[str]:
        """The likeliest rows of one or two characters after one, where nothing tells the last byte of what comes next."""
        starts, _ = self._started(last, lead)
        twos = (
            (cost + more - TYPICAL, first.char + second.char)
            for cost, first in starts[:_FIRSTS_OF_THREE]
            for more, second in _amid(first.char)
            if not self._foreign[second.char]
        )
        return [each.char for _, each in starts[:_BEGINNINGS]] + [text for _, text in sorted(twos)[:_ROWS_OF_THREE]]

    def _ended(self, trail: int, following: str) -> tuple[_Before, list[tuple[float, _Char]]]:
        key = trail, following
        if key not in self._ends:
            before = _Before(following, self._model)
            native = [each for each in _lasts(trail) if not self._foreign[each.char]]
            best = nsmallest(_LASTS, native, key=lambda each: each.alone + before[each.char])
            self._ends[key] = before, [(before[each.char], each) for each in best]
        return self._ends[key]

    def _joined(
        self, rows: Iterable[tuple[float, str, _Char]], ends: list[tuple[float, _Char]], limit: float
    ) -> Iterator[tuple[float, str]]:
        for so_far, text, last in rows:
            for right, end in ends:
                if so_far + right < limit and end.lead in last.lost:
                    yield so_far + self._model.two_symbols(last.name, end.name) + right, text + end.char
