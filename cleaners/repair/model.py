"""A character trigram model of written Chinese, from a shipped table, with the page's own text on top."""

import json
import lzma
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Set
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import exp, log
from operator import add
from sys import byteorder
from typing import NamedTuple

from cleaners.repair.symbols import symbol, symbols

_STEP = 16.0
_NATS = tuple(cost / _STEP for cost in range(256))
"""What a stored byte stands for: one number each, shared by all rows and words."""
_UNKNOWN = 14.0
"""Nats for a character outside the table: one in a million."""
_BELIEF, _PRIOR_TWO, _PRIOR_ONE = 0.1, 1.0, 4.0
"""How far the page's own text is believed, and its shorter n-grams beside the longer. Over 478 texts (421 clean ones, 57 pages'), damaged
where the process does that, 1,494 and 251 characters (simplified, traditional) are wrong at a belief of .2, 1,434 and 225 at .1, 1,470
and 232 at .05."""

_MOST_HISTORIES = 1 << 16
"""Pairs of symbols of which it is kept what follows them."""
_WORD_LENGTH = 6
_NO_WORD = 15.0
"""Nats for a single character that is no word of the list."""
_ON_PAGE = 1.0
_PIECE_COST = 1.0
"""Nats for taking a piece of the page for a word, besides its place on the page."""


class _History(NamedTuple):
    """Two symbols: from where to where the successors of both stand in the table, what is left to others, and the same of the second alone."""

    start: int
    end: int
    left: float
    after_one: dict[str, float]
    left_one: float


class Table:
    """The n-gram table as flat arrays: successors of a history stand together, sorted, each with its cost in 1/16 nats."""

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\0")
        layout = json.loads(head)
        self.chars: tuple[str, ...] = (*layout["chars"],)
        self.number: dict[str, int] = {char: i for i, char in enumerate(self.chars)}
        parts: list[array[int]] = []
        at = 0
        for typecode, length in layout["parts"]:
            part = array(typecode)
            part.frombytes(body[at : at + length * part.itemsize])
            if byteorder == "big":
                part.byteswap()
            at += length * part.itemsize
            parts.append(part)
        self.cost1, self.left1, rows2, self.next2, self.cost2, self.left2, rows3, self.next3, self.cost3 = parts
        self.alone = dict(zip(self.chars, map(_NATS.__getitem__, self.cost1), strict=True))
        self._after_one: dict[str, tuple[dict[str, float], float]] = {}
        self._histories: dict[str, _History] = {}
        self.start2 = array("L", accumulate(rows2, initial=0))
        self.start3 = array("L", accumulate(rows3, initial=0))

    def after_one(self, b: str) -> tuple[dict[str, float], float]:
        """What follows a symbol, and what is left to symbols that are not listed there."""
        if b not in self._after_one:
            place = self.number.get(b, -1)
            self._after_one[b] = (self._row(place), self.left1[place] / _STEP) if place >= 0 else ({}, 0.0)
        return self._after_one[b]

    def _row(self, place: int) -> dict[str, float]:
        span = slice(self.start2[place], self.start2[place + 1])
        return {self.chars[b]: _NATS[cost] for b, cost in zip(self.next2[span], self.cost2[span], strict=True)}

    def after_two(self, a: str, b: str) -> dict[str, float]:
        """What follows two symbols."""
        start, end, *_ = self._history(a, b)
        following, costs = self.next3[start:end], self.cost3[start:end]
        return {self.chars[c]: _NATS[cost] for c, cost in zip(following, costs, strict=True)}

    def _history(self, a: str, b: str) -> _History:
        """What is known of two symbols, empty where they are not listed as a pair."""
        if len(self._histories) >= _MOST_HISTORIES:
            self._histories.clear()
        place, start, end, left = self._place(a, b), 0, 0, 0.0
        if place >= 0:
            start, end, left = self.start3[place], self.start3[place + 1], self.left2[place] / _STEP
        found = self._histories[a + b] = _History(start, end, left, *self.after_one(b))
        return found

    def _place(self, first: str, second: str) -> int:
        """The place of a pair of symbols, -1 where it is not listed."""
        row, number = self.number.get(first), self.number.get(second)
        if row is None or number is None:
            return -1
        end = self.start2[row + 1]
        at = bisect_left(self.next2, number, self.start2[row], end)
        return at if at < end and self.next2[at] == number else -1

    def two(self, a: str, b: str) -> float:
        """Nats of a symbol after one other."""
        row, left = self.after_one(a)
        return row[b] if b in row else left + self.alone.get(b, _UNKNOWN)

    def cost(self, a: str, b: str, c: str) -> float:
        """Nats of a symbol after two others: from the longest row that has it, and what is left to it by the longer ones."""
        start, end, left, after_one, left_one = self._histories.get(a + b) or self._history(a, b)
        if start < end:
            third = self.number.get(c, -1)
            place = bisect_left(self.next3, third, start, end)
            if place < end and self.next3[place] == third:
                return _NATS[self.cost3[place]]
        cost = after_one.get(c)
        return left + (self.alone.get(c, _UNKNOWN) + left_one if cost is None else cost)


@cache
def table() -> Table:
    """The shipped table, read once, when the first damage is met."""
    packed = files("cleaners.repair").joinpath("data/model.xz").read_bytes()
    return Table(lzma.decompress(packed))


class _Page:
    """What a page's own text says: counts of its n-grams, each order smoothed by the one below."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.one = Counter(text)
        self.two = Counter(map(add, text, text[1:]))
        self._counts: dict[str, int] = {}
        self._after: dict[str, set[str]] = {}

    def after(self, first: str) -> set[str]:
        """What follows a symbol."""
        found = self._after.get(first)
        if found is None:
            pieces = self.text.split(first)[1:]
            found = self._after[first] = {piece[0] if piece else first for piece in pieces[:-1]}
            found.update(piece[0] for piece in pieces[-1:] if piece)
        return found

    def share(self, a: str, b: str, c: str) -> float:
        """How often the page, which has `c`, has it where it has `ab`."""
        share = self.one[c] / len(self.text)
        after_one = self.one.get(b)
        if not after_one:
            return share
        share = (self.two.get(b + c, 0) + _PRIOR_ONE * share) / (after_one + _PRIOR_ONE)
        after_two = self.two.get(a + b)
        return (self.count(a + b + c) + _PRIOR_TWO * share) / (after_two + _PRIOR_TWO) if after_two else share

    def count(self, piece: str) -> int:
        """How often a piece of two characters or more stands on the page."""
        if piece[:2] not in self.two or piece[-2:] not in self.two:
            return 0
        found = self._counts.get(piece)
        if found is None:
            found = self._counts[piece] = self.text.count(piece)
        return found


class _Costs(dict[str, float]):
    """Nats of the last of three characters, in any script and width, after the two before; worked out when first asked for."""

    def __init__(self, shipped: Table, page: _Page) -> None:
        super().__init__()
        self._shipped, self._page = shipped, page

    def __missing__(self, three: str) -> float:
        a, b, c = map(symbol, three)
        cost = self._shipped.cost(a, b, c)
        if c in self._page.one:
            cost = -log((1 - _BELIEF) * exp(-cost) + _BELIEF * self._page.share(a, b, c))
        self[three] = cost
        return cost


class PageModel:
    """The shipped model and what the page itself says, intact, elsewhere.

    >>> model = PageModel("")
    >>> model.text_cost("\\n\\n", "人民政府") < model.text_cost("\\n\\n", "人民攻府")
    True
    >>> PageModel("道滘鎮黨委，道滘鎮人大").text_cost("在道", "滘鎮") < model.text_cost("在道", "滘鎮")
    True
    """

    def __init__(self, intact: str) -> None:
        self._intact = intact
        self._page = _Page(symbols(intact))
        self._table = table()
        self.costs = _Costs(self._table, self._page)
        self._piece = _PIECE_COST + log(len(intact) + 1)

    def on_page(self, char: str) -> bool:
        """Whether the page has the character, in this very form, in its intact parts."""
        return char in self._intact

    def cost(self, before: str, char: str) -> float:
        """Nats that a character costs after the two before it (any script and width); `costs[before + char]` is the same."""
        return self.costs[before + char]

    def follows(self, char: str, after: str) -> bool:
        """Whether one character is known to follow another, in the table or on the page."""
        a, b = symbol(after), symbol(char)
        return b in self._table.after_one(a)[0] or a + b in self._page.two

    def two(self, first: str, second: str) -> float:
        """Nats of a character after one other, roughly."""
        return self.two_symbols(symbol(first), symbol(second))

    def two_symbols(self, a: str, b: str) -> float:
        """The same for two symbols."""
        return _ON_PAGE if a + b in self._page.two else self._table.two(a, b)

    def after(self, char: str, following: Iterable[str]) -> list[float]:
        """Nats of each of some known symbols after a character, roughly.

        >>> near, far = PageModel("").after("環", "境烧")
        >>> near < far
        True
        """
        a, on_page, alone = symbol(char), self._page.two, self._table.alone
        row, left = self._table.after_one(a)
        return [_ON_PAGE if a + b in on_page else row[b] if b in row else left + alone[b] for b in following]

    def successors(self, char: str, among: Set[str]) -> Set[str]:
        """Those of some symbols that follow a character in the table or on the page."""
        return (among & self._table.after_one(symbol(char))[0].keys()) | self.on_page_after(char, among)

    def on_page_after(self, char: str, among: Set[str]) -> Set[str]:
        """Those of some symbols that follow a character on the page."""
        return among & self._page.after(symbol(char))

    def word_cost(self, text: str) -> float:
        """Nats of a text as a row of words, cut up in the cheapest way: shipped words, and pieces that stand on the page.

        >>> PageModel("").word_cost("消除粉尘危害") < PageModel("").word_cost("消除粉尘埃好")
        True
        >>> PageModel("道滘鎮黨委").word_cost("道滘鎮") < PageModel("").word_cost("道滘鎮")
        True
        """
        known, page, written, best = words(), self._page, symbols(text), [0.0]
        for end, last in enumerate(written, 1):
            cost = best[-1] + known.get(last, _NO_WORD)
            times = 1
            for start in range(end - 2, max(-1, end - _WORD_LENGTH - 1), -1):
                word = written[start:end]
                listed = known.get(word)
                if listed and best[start] + listed < cost:
                    cost = best[start] + listed
                times = times and page.count(word)
                if times:
                    cost = min(cost, best[start] + (self._piece - log(times)))
            best.append(cost)
        return best[-1]

    def roughest(self, before: str, text: str) -> float:
        """Nats of the three characters in a row that cost most, after two characters.

        >>> model = PageModel("")
        >>> model.roughest("究，", "追究飞责任") > model.roughest("究，", "追究法律责任")
        True
        """
        whole = before[-2:] + text
        costs = [self.costs[whole[at : at + 3]] for at in range(len(text))]
        return max(map(sum, zip(costs, costs[1:], costs[2:], strict=False)), default=sum(costs))

    def text_cost(self, before: str, text: str) -> float:
        """Nats that a text costs after two characters."""
        total = 0.0
        for char in text:
            total += self.costs[before + char]
            before = before[1] + char
        return total


@cache
def words() -> dict[str, float]:
    """The shipped words with their costs in nats."""
    packed = files("cleaners.repair").joinpath("data/words.xz").read_bytes()
    text, _, costs = lzma.decompress(packed).partition(b"\0")
    return dict(zip(text.decode().split("\n"), map(_NATS.__getitem__, costs), strict=True))


@cache
def shipped() -> PageModel:
    """The language model as it is shipped, without a page."""
    return PageModel("")
