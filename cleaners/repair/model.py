"""A character trigram model of written Chinese, from a shipped table, with the page's own text on top."""

import json
import lzma
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise
from math import exp, log
from sys import byteorder
from typing import NamedTuple

from cleaners.repair.symbols import symbol

_STEP = 16.0
_UNKNOWN = 14.0
"""Nats for a character outside the table: one in a million."""
_PAGE = 0.5
"""How far the page's own text is believed where it knows the two characters before."""
_PAGE_PRIOR = 1.0

_WORD_LENGTH = 6
_NO_WORD = 15.0
"""Nats for a single character that is no word of the list."""
_UNLISTED = 1e9
_PIECE_COST = 1.0
"""Nats for taking a piece of the page for a word, besides its place on the page."""


class Table:
    """The n-gram table as flat arrays: successors of a history stand together, sorted, each with its cost in 1/16 nats."""

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\0")
        layout = json.loads(head)
        self.number: dict[str, int] = {char: i for i, char in enumerate(layout["chars"])}
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
        self.chars: str = layout["chars"]
        self.alone = {char: cost / _STEP for char, cost in zip(self.chars, self.cost1, strict=True)}
        self._after_one: dict[str, tuple[dict[str, float], float]] = {}
        self.start2 = array("L", accumulate(rows2, initial=0))
        self.start3 = array("L", accumulate(rows3, initial=0))

    def _row(self, history: int, level: int) -> dict[str, float]:
        """The successors of a history (a place in the level below) with their costs in nats."""
        starts, following, costs = (
            (self.start2, self.next2, self.cost2) if level == 2 else (self.start3, self.next3, self.cost3)
        )
        span = slice(starts[history], starts[history + 1])
        return {self.chars[b]: cost / _STEP for b, cost in zip(following[span], costs[span], strict=True)}

    def after_one(self, b: str) -> tuple[dict[str, float], float]:
        """What follows a symbol, and what is left to symbols that are not listed there."""
        if b not in self._after_one:
            place = self.number.get(b, -1)
            self._after_one[b] = (self._row(place, 2), self.left1[place] / _STEP) if place >= 0 else ({}, 0.0)
        return self._after_one[b]

    def after_two(self, a: str, b: str) -> tuple[dict[str, float], float]:
        """What follows two symbols, and what is left to symbols that are not listed there."""
        first, second = self.number.get(a, -1), self.number.get(b, -1)
        if first < 0 or second < 0:
            return {}, 0.0
        end = self.start2[first + 1]
        at = bisect_left(self.next2, second, self.start2[first], end)
        if at == end or self.next2[at] != second:
            return {}, 0.0
        return self._row(at, 3), self.left2[at] / _STEP

    def successors(self, char: str) -> set[str]:
        """The symbols that follow a symbol in the table."""
        return set(self.after_one(char)[0])


@cache
def table() -> Table:
    """The shipped table, read once, when the first damage is met."""
    packed = files("cleaners.repair").joinpath("data/model.xz").read_bytes()
    return Table(lzma.decompress(packed))


class _Context(NamedTuple):
    """What two symbols say of the next: costs of those that are listed, what is left to the others, the page's count."""

    after_two: dict[str, float]
    left_two: float
    after_one: dict[str, float]
    left_one: float
    pair: str
    seen: int


class PageModel:
    """The shipped model and what the page itself says, intact, elsewhere.

    >>> model = PageModel("")
    >>> model.text_cost("\\n\\n", "人民政府") < model.text_cost("\\n\\n", "人民攻府")
    True
    >>> PageModel("道滘鎮黨委，道滘鎮人大").text_cost("在道", "滘鎮") < model.text_cost("在道", "滘鎮")
    True
    """

    def __init__(self, intact: str) -> None:
        self.asked = 0
        self._chars = frozenset(intact)
        text = "".join(map(symbol, intact))
        self._two = Counter(map("".join, pairwise(text)))
        self._three = Counter(map("".join, zip(text, text[1:], text[2:], strict=False)))
        self._after: dict[str, set[str]] = defaultdict(set)
        for two in self._two:
            self._after[two[0]].add(two[1])
        self._table = table()
        self._followers: dict[str, set[str]] = {}
        self._contexts: dict[str, _Context] = {}
        self._pieces = Counter(text[at : at + n] for n in range(2, _WORD_LENGTH + 1) for at in range(len(text) - n + 1))
        self._piece = _PIECE_COST + log(len(text) + 1)

    def knows(self, char: str) -> bool:
        """Whether the shipped table has the character."""
        return symbol(char) in self._table.number

    def on_page(self, char: str) -> bool:
        """Whether the page has the character, in this very form, in its intact parts."""
        return char in self._chars

    def cost(self, before: str, char: str) -> float:
        """Nats that a character costs after the two before it (any script and width)."""
        self.asked += 1
        context = self._contexts.get(before)
        if context is None:
            context = self._contexts[before] = self._context(symbol(before[0]), symbol(before[1]))
        c = symbol(char)
        cost = context.after_two.get(c)
        if cost is None:
            cost = context.after_one.get(c)
            if cost is None:
                cost = self._table.alone.get(c, _UNKNOWN) + context.left_one
            cost += context.left_two
        if context.seen:
            share = self._three.get(context.pair + c, 0) / (context.seen + _PAGE_PRIOR)
            cost = -log((1 - _PAGE) * exp(-cost) + _PAGE * share)
        return cost

    def _context(self, a: str, b: str) -> _Context:
        two, left_two = self._table.after_two(a, b)
        one, left_one = self._table.after_one(b)
        return _Context(two, left_two, one, left_one, a + b, self._two.get(a + b, 0))

    def successors(self, char: str) -> set[str]:
        """The symbols that are known to follow a character, in the table or on the page."""
        if char not in self._followers:
            a = symbol(char)
            self._followers[char] = self._table.successors(a) | self._after.get(a, set())
        return self._followers[char]

    def word_cost(self, text: str) -> float:
        """Nats of a text as a row of words, cut up in the cheapest way: shipped words, and pieces that stand on the page.

        >>> PageModel("").word_cost("消除粉尘危害") < PageModel("").word_cost("消除粉尘埃好")
        True
        >>> PageModel("道滘鎮黨委").word_cost("道滘鎮") < PageModel("").word_cost("道滘鎮")
        True
        """
        known, symbols = words(), "".join(map(symbol, text))
        best = [0.0]
        for end in range(1, len(symbols) + 1):
            cost = best[end - 1] + known.get(symbols[end - 1], _NO_WORD)
            for start in range(max(0, end - _WORD_LENGTH), end - 1):
                word = symbols[start:end]
                there = self._pieces.get(word)
                new = best[start] + min(
                    known.get(word, _UNLISTED), _UNLISTED if there is None else self._piece - log(there)
                )
                cost = min(cost, new)
            best.append(cost)
        return best[-1]

    def text_cost(self, before: str, text: str) -> float:
        """Nats that a text costs after two characters."""
        total = 0.0
        for char in text:
            total += self.cost(before, char)
            before = before[1] + char
        return total


@cache
def words() -> dict[str, float]:
    """The shipped words with their costs in nats."""
    packed = files("cleaners.repair").joinpath("data/words.xz").read_bytes()
    text, _, costs = lzma.decompress(packed).partition(b"\0")
    return dict(zip(text.decode().split("\n"), (cost / _STEP for cost in costs), strict=True))
