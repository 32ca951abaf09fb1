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
        self.start2 = array("L", accumulate(rows2, initial=0))
        self.start3 = array("L", accumulate(rows3, initial=0))

    def _bigram(self, a: int, b: int) -> int:
        """Place of a bigram in the table, -1 where it is not there."""
        end = self.start2[a + 1]
        at = bisect_left(self.next2, b, self.start2[a], end)
        return at if at < end and self.next2[at] == b else -1

    def cost(self, a: int, b: int, c: int) -> float:
        """Cost in nats of symbol c after a and b; -1 stands for a symbol the table does not know."""
        if c < 0:
            return _UNKNOWN
        spent = 0
        if b >= 0:
            if a >= 0 and (history := self._bigram(a, b)) >= 0:
                end = self.start3[history + 1]
                at = bisect_left(self.next3, c, self.start3[history], end)
                if at < end and self.next3[at] == c:
                    return self.cost3[at] / _STEP
                spent = self.left2[history]
            at = self._bigram(b, c)
            if at >= 0:
                return (spent + self.cost2[at]) / _STEP
            spent += self.left1[b]
        return (spent + self.cost1[c]) / _STEP

    def successors(self, char: str) -> set[str]:
        """The symbols that follow a symbol in the table."""
        a = self.number.get(char, -1)
        return {self.chars[b] for b in self.next2[self.start2[a] : self.start2[a + 1]]} if a >= 0 else set()


@cache
def table() -> Table:
    """The shipped table, read once, when the first damage is met."""
    packed = files("cleaners.repair").joinpath("data/model.xz").read_bytes()
    return Table(lzma.decompress(packed))


class PageModel:
    """The shipped model and what the page itself says, intact, elsewhere.

    >>> model = PageModel("")
    >>> model.text_cost("\\n\\n", "人民政府") < model.text_cost("\\n\\n", "人民攻府")
    True
    >>> PageModel("道滘鎮黨委，道滘鎮人大").text_cost("在道", "滘鎮") < model.text_cost("在道", "滘鎮")
    True
    """

    def __init__(self, intact: str) -> None:
        self._chars = frozenset(intact)
        text = "".join(map(symbol, intact))
        self._two = Counter(map("".join, pairwise(text)))
        self._three = Counter(map("".join, zip(text, text[1:], text[2:], strict=False)))
        self._after: dict[str, set[str]] = defaultdict(set)
        for two in self._two:
            self._after[two[0]].add(two[1])
        self._table = table()
        self._followers: dict[str, set[str]] = {}
        self._known: dict[str, float] = {}
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
        known = self._known.get(before + char)
        if known is None:
            known = self._known[before + char] = self._cost(symbol(before[0]), symbol(before[1]), symbol(char))
        return known

    def _cost(self, a: str, b: str, c: str) -> float:
        number = self._table.number
        cost = self._table.cost(number.get(a, -1), number.get(b, -1), number.get(c, -1))
        if seen := self._two.get(a + b):
            share = self._three.get(a + b + c, 0) / (seen + _PAGE_PRIOR)
            cost = -log((1 - _PAGE) * exp(-cost) + _PAGE * share)
        return cost

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
