"""The search for the right reading of a misread stretch: over its bytes from left to right, each character clean or misread."""

import re
from collections.abc import Callable, Collection
from itertools import chain
from math import inf
from typing import NamedTuple

from cleaners.repair.codes import COMMON, NO_BYTE, SAID, Reading, byte_run, whole_runs
from cleaners.repair.gbk import Choices
from cleaners.repair.model import PageModel, table
from cleaners.repair.symbols import MARK, symbol
from cleaners.repair.trellis import SWITCH, State, Trellis

_CHOICES, _UNREADABLE_COST, _COPY_COST = 24, 15.0, 2.0
"""Characters looked at where bytes are lost, nats of a place that nothing can be made of, and of a question mark amid misread text. In the
texts of `trellis._WIDTH`: 12 to 24 characters, and 10 to 20 nats, are alike."""
_SIGN_COST, _NEXT_COST = 12.0, 5.0
"""Nats of a sign or a letter that the language model lacks, and of one after another of its kind: with them 10 of 47,463 clean pieces on misread
pages are changed, without 88."""
_SIGNS, _BLOCK = re.compile("[\u0250-\u33ff\uac00-\udfff]"), 0x80
"""Scripts and signs other than Latin and Chinese, kana and Hangul among them, and the size of most blocks of Unicode."""
_NO_ASCII = 0x80
_LEAST_TRAIL = 0x40
"""The lowest second byte of GBK and Big5: a digit or a space after a broken byte is itself."""
_INDENT = 1.0
"""Nats of a gap after a gap; .5 to 2 are alike."""
_USUAL = 5.0
"""Nats of a character in regulations and news."""


class Text(NamedTuple):
    """A misread text: how it was misread, the model to choose by, and whether a character is of the other script than the text."""

    reading: Reading
    model: PageModel
    foreign: Callable[[str], bool]


def _likeliest(text: Text, state: State, choices: Choices) -> list[tuple[float, str]]:
    """The characters that fit best after a state, with their costs."""
    model, foreign, by_symbol = text.model, text.foreign, choices.by_symbol
    chars: Collection[str] = choices.frequent
    if len(by_symbol) > _CHOICES:
        following = (by_symbol[each] for each in model.successors(state.before[1], by_symbol.keys()))
        chars = {*chars, *chain(*following)}
    if len(chars) > 1:
        chars = [char for char in chars if not foreign(char)] or chars
    return sorted([(_cost(model, state.before, char), char) for char in chars])[:_CHOICES]


def _cost(model: PageModel, before: str, char: str) -> float:
    """Nats of a character after two others; of a gap after a gap, few."""
    said = SAID.get(char, char)
    return _INDENT if said == before[1] == "\n" else model.costs[before + said]


def copy_cost(model: PageModel, before: str, chars: str) -> float:
    """Nats of clean characters after two others; signs and letters that the model lacks are no rare characters.

    >>> from cleaners.repair.model import shipped
    >>> copy_cost(shipped(), "为5", "μ") < copy_cost(shipped(), "为5", "缂")
    True
    """
    total = 0.0
    for char in chars:
        cost = model.costs[before + char]
        if _SIGNS.match(char):
            akin = ord(char) // _BLOCK == ord(before[1]) // _BLOCK
            cost = min(cost, _NEXT_COST if akin else _SIGN_COST if char < "\u3000" else cost)
        total += cost
        before = before[1] + char
    return total


class Search:
    """The search for the right reading of a stretch after two characters. What was never misread is left as it is.

    >>> from cleaners.repair.model import shipped
    >>> from cleaners.repair.signs import READINGS
    >>> text = Text(READINGS[0], shipped(), str.isascii)
    >>> state = Search(text, "省政府办公厅".encode().decode("gb18030"), "  ").likeliest()
    >>> state.text if state else None
    '省政府办公厅'
    """

    def __init__(self, text: Text, line: str, before: str) -> None:
        self._text = text
        self._data, self._units = byte_run(line, text.reading)
        self._places = Trellis(len(self._data), before)

    def likeliest(self) -> State | None:
        """The likeliest reading."""
        whole, at = whole_runs(self._text.reading, self._data, self._units), 0
        while at < len(self._data):
            states = self._places.states(at)
            if states and at in whole:
                self._known(states, *whole[at])
                at = whole[at][0]
                continue
            if states:
                self._go_on(states, at, self._data[at])
            at += 1
        return self._places.ended(self._text.model)

    def _known(self, states: list[State], end: int, chars: str) -> None:
        """Go on by a run that can only be read one way, to its end."""
        usual, cost = _USUAL * len(chars[2:]), self._text.model.text_cost
        for state in states:
            self._places.reach(end, state, [(cost(state.before, chars[:2]) + usual, chars)], 0.0, misread=True)

    def _go_on(self, states: list[State], at: int, byte: int | None) -> None:
        """Go on by what is observed, and by what it may have been."""
        unit = self._units.get(at) or ((chr(byte), at + 1) if byte is not None and 0 <= byte < _NO_ASCII else None)
        if unit:
            self._copy(states, *unit)
        if byte is None or byte >= _NO_ASCII:
            self._guess(states, at)

    def _copy(self, states: list[State], chars: str, end: int) -> None:
        """Go on by what was never misread; ASCII is the same amid misread text."""
        for state in states:
            amid = state.misread and chars.isascii()
            cost = copy_cost(self._text.model, state.before, chars) + _COPY_COST * (amid and chars == "?")
            self._places.reach(end, state, [(cost, chars)], 0.0, misread=amid)

    def _guess(self, states: list[State], at: int) -> None:
        """Go on by each reading of what comes next, or by what nobody can read; a digit or a letter (`2` for B2) is never that."""
        reading, read = self._text.reading, False
        for end, choices, doubt in reading.options(self._data, at, reading.lost):
            if choices.frequent:
                read = True
                self._offer(states, at, end, choices, doubt)
            if (doubt or self._data[end - 1] is None) and self._is_clean(end):
                self._end(states, at, end)
        observed = self._units[at][0] if at in self._units else ""
        if not read and not (observed.isalnum() and observed.isascii()):
            end = self._after_unreadable(at)
            for state in states:
                self._places.reach(end, state, [(_UNREADABLE_COST, MARK)], 0.0, misread=True)

    def _offer(
        self, states: list[State], at: int, end: int, choices: Choices, doubt: float, *, misread: bool = True
    ) -> None:
        """Go on by each of some characters."""
        for state in states:
            texts = self._provable(state, at, _likeliest(self._text, state, choices))
            over = 0.0 if misread or state.misread else 2 * SWITCH
            self._places.reach(end, state, texts, doubt + over, misread=misread)

    def _is_clean(self, at: int) -> bool:
        """Whether what comes next looks like clean text: a common character, nothing that stands for a lost byte."""
        char = self._units.get(at, "?")[0]
        return char > "\x7f" and table().alone.get(symbol(char), inf) <= COMMON

    def _end(self, states: list[State], at: int, end: int) -> None:
        """Go over to clean text after a character that lost its last byte: what comes next says nothing of that byte."""
        reading = self._text.reading
        for length, choices, doubt in reading.options(self._data[at:end], 0, reading.lost):
            if at + length == end and choices.frequent:
                self._offer(states, at, end, choices, doubt, misread=False)

    def _provable(self, state: State, at: int, texts: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Characters with their costs; much more where the last byte before and their first one are lost, and cannot have been in a row."""
        if not at or self._data[at - 1 : at + 1] != [None, None] or not state.misread:
            return texts
        meant, lost = self._text.reading.meant, self._text.reading.lost
        last = (None, *state.text[-1].encode(meant, "ignore"))[-1]
        allowed = (lost((*char.encode(meant, "ignore"), 0)[0]) for _, char in texts)
        doubts = (_UNREADABLE_COST * (last is not None and bool(can) and last not in can) for can in allowed)
        return sorted((cost + doubt, char) for (cost, char), doubt in zip(texts, doubts, strict=True))

    def _after_unreadable(self, at: int) -> int:
        """Where a place that nothing can be made of ends."""
        data, end = self._data, at + 1
        while end < len(data) and data[end] is None:
            end += 1
        following = data[at + 1] if at + 1 < len(data) else NO_BYTE
        is_pair = self._text.reading.meant != "utf-8" and (following is None or following >= _LEAST_TRAIL)
        return min(at + 2, len(data)) if is_pair else end
