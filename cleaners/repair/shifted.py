"""Proposals for a run that was read one byte off: a beam over the characters that may have stood there.

The observed run is walked from left to right. In step, a character is itself or a wound begins. Shifted, one byte of the next
character is pending, and each thing observed gives its second byte and the pending byte of the one after it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleaners.repair.beam import State, prune, rank, with_rivals
from cleaners.repair.gbk import (
    ANY_LEAD,
    MARKS,
    Choices,
    by_trail,
    ended,
    folded_forms,
    leads_after,
    pair,
    read_as,
    shown,
    vanishing,
    with_lead,
)
from cleaners.repair.prices import ALONE_COST, ENDS, Prices
from cleaners.repair.process import NARROWED, WIDER, Process
from cleaners.repair.readings import BRACKET, SYLLABLE, is_reading
from cleaners.repair.symbols import MARK

_BRACKET = re.compile(BRACKET)
_READING = re.compile(rf" ?(?P<reading>{SYLLABLE}) ?[)）]")
_MARK_CHARS = "，。！？、；："
_UNMARKED = frozenset("、；")
"""Marks before which a `?` is lost."""
_MARK_PAIRS = frozenset(MARKS)
_EATEN = "\n0("
"""What a lost lead byte may have swallowed besides a space: a line's end, a digit (nothing tells which), a bracket."""
_EATEN_CHOICES = 6

_SPACE_COST = 5.0
_STRANGER_COST = 3.0
"""A hidden noted pair that the page's table does not show elsewhere."""
_FULL_STOP_COST = 1.0
"""The language model finds a full stop cheap anywhere; before a closing quotation mark it is what one expects."""
_PAUSES = frozenset("，。、；：")
"""What no mark stands before (`吗？！` is good Chinese, `好。、` is not)."""
_NEAR_START = 5
_GRACE = 2.0
"""Nats that a state may be behind after a vanished pair, which the next character has yet to confirm."""
_CHEAPEST = 8
_SETTLED = 3
"""Characters in step after which a run is over."""


class Effort(NamedTuple):
    """How many states a walk keeps, and how far behind the best they may be, in nats.

    `wide` is for the start of a wound, where a hundred characters are possible and the right one may look unlikely until the
    next is known. Of `vanish` states it is supposed that a pair vanished, once and twice; `lost` of the outcomes go on.
    """

    width: int
    wide: int
    vanish: int
    lost: int
    span: float


QUICK, THOROUGH, WIDEST = Effort(6, 6, 0, 0, 10.0), Effort(10, 24, 4, 4, 9.0), Effort(16, 120, 2, 3, 15.0)
"""The first takes a millisecond; the second, where that leaves doubt, five times as long; the last is for runs that nothing
has explained yet, as a rare word right after a mark."""
_FLUENT = 4.5
"""Nats a character up to which text is taken for what stood there: it is not supposed there that a pair vanished."""


class Walk:
    """A walk over one observed run."""

    def __init__(self, observed: str, process: Process, prices: Prices, effort: Effort = THOROUGH) -> None:
        self.observed, self.process, self.prices, self.effort = observed, process, prices, effort
        self._units: dict[int, list[tuple[str, int]]] = {}
        self._brackets = {match.start(): match for match in _BRACKET.finditer(observed)}
        self._loud = set(_MARK_CHARS if process.marks else "") | {shown(*key) for key, _ in process.table}

    def say(self, state: State, char: str, pending: int, extra: float = 0.0) -> State:
        """The state after one more character that the repair writes."""
        before = state.before
        cost = state.cost + self.prices[before][char] + extra
        return State(
            cost, pending, before[1] + char, 0, state.text + char, state.shown + char, state.notes, state.rivals
        )

    def cheapest(self, state: State, chars: Iterable[str], most: int) -> list[str]:
        """The characters that cost least after a state."""
        return sorted(chars, key=self.prices[state.before].__getitem__)[:most]

    def units(self, at: int) -> list[tuple[str, int]]:
        """The characters of GBK that a place may show, and where they end: the one observed, or one folded to it."""
        if at >= len(self.observed):
            return []
        if at not in self._units:
            char = self.observed[at]
            self._units[at] = [(char, at + 1)] if pair(char) else []
            if self.process.folded and char < "\u3400":
                for length in range(1, min(5, len(self.observed) - at + 1)):
                    forms = folded_forms().get(self.observed[at : at + length], ())
                    self._units[at] += [(form, at + length) for form in forms]
            elif char in NARROWED:
                self._units[at].append((chr(ord(char) + WIDER), at + 1))
        return self._units[at]

    def mark_at(self, at: int) -> tuple[str, int]:
        """The mark at a place, unfolded, and its end; an empty string where there is none."""
        return next(((char, end) for char, end in self.units(at) if char in _MARK_CHARS), ("", at))

    def reading_at(self, at: int) -> tuple[str, str, int]:
        """The reading, the whole bracket and the end of a bracket whose opening was swallowed."""
        match = _READING.match(self.observed, at)
        return (match["reading"], "(" + match[0], match.end()) if match else ("", "", at)

    def noted(self, char: str, at: int) -> tuple[tuple[tuple[bytes, str], ...], int]:
        """The note at a place that belongs to the character before it, and its end."""
        match = self._brackets.get(at)
        if match and is_reading(match["reading"], char):
            return ((pair(char), match[0]),), match.end()
        return (), at

    def step(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """All continuations of a state at a place of the observed string."""
        return self._shifted(at, state) if state.pending else self._in_step(at, state)

    def _in_step(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        yield from self._copy(at, state)
        observed = self.observed
        if observed[at] == "?":
            mark, end = self.mark_at(at + 1)
            if mark and mark not in _UNMARKED:
                yield from self._straddled_mark(mark, end, state)
            elif mark:
                yield from self._broken_before(mark, at + 1, state)
            elif observed[at + 1 : at + 2] == "?":
                yield from self._broken_before(self.mark_at(at + 2)[0], at + 2, state)
            yield from self._straddled_note(at + 1, state)
        elif observed[at] in "；;":
            mark, end = self.mark_at(at)
            if mark:
                yield from self._straddled_mark(mark, end, state)

    def _straddled_mark(self, mark: str, end: int, state: State) -> Iterator[tuple[int, State]]:
        """A mark's pair stood across two characters: its first byte ends one, its second begins the next."""
        first, second = pair(mark)
        for char in by_trail(first).values():
            if char not in ENDS:
                yield end, self.say(state, char, second)
            elif not self.process.seen or _MARK_CHARS.index(mark) < _MARK_CHARS.index(char):
                yield end, self.say(state, char, second, extra=_FULL_STOP_COST if second > 0xB0 else 0.0)

    def _straddled_after_mark(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A visible comma, then the wound: the first of the two characters is itself a mark."""
        mark, end = self.mark_at(at + 2 if self.observed[at + 1 : at + 2] == "?" else at + 1)
        for char in by_trail(pair(mark)[0]).values() if mark else ():
            if char in ENDS:
                yield end, self.say(state._replace(shown=state.shown + ","), char, pair(mark)[1])

    def _copy(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """The observed character is the character, with its note; a comma of the process before a mark is passed over."""
        char = self.observed[at]
        if char == "," and self.process.seen:
            yield from self._straddled_after_mark(at, state)
            if self.mark_at(at + 1)[0]:
                yield at + 1, state._replace(shown=state.shown + ",")
                return
        if self.process.folded:
            char = next((form for form, end in self.units(at) if end == at + 1), char)
        notes, end = self.noted(char, at + 1)
        cost = state.cost + self.prices.model.cost(state.before, char)
        if "@" <= self.observed[at] <= "~" and self._is_alone(at):
            cost += ALONE_COST
        if char in _PAUSES and state.before[1] in ENDS:
            cost += ALONE_COST
        written = state.shown + self.observed[at:end]
        before = state.before[1] + char
        yield (
            end,
            State(cost, 0, before, state.settled + 1, state.text + char, written, state.notes + notes, state.rivals),
        )

    def _is_alone(self, at: int) -> bool:
        """Whether a letter stands between what is not Latin."""
        return (
            not (self.observed[at - 1 : at] or "。").isascii()
            and not (self.observed[at + 1 : at + 2] or "。").isascii()
        )

    def _broken_before(self, mark: str, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A pair of a straddled mark was itself broken by the byte before the next, true mark."""
        for trail in (0xA1, 0xA3) if mark else ():
            if bytes((trail, pair(mark)[0])) in _MARK_PAIRS:
                for char in by_trail(trail).values():
                    yield at, self.say(state, char, 0)

    def _straddled_note(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A noted pair stood across two characters: the note swallowed the second one's first byte."""
        reading, note, end = self.reading_at(at)
        lead = pair(state.text[-1])[-1:] if state.text else b""
        if not reading or not lead or lead[0] < 0x81:
            return
        known = dict(self.process.table)
        for hidden in (shown(lead[0], trail) for trail in range(0x81, 0xFF)):
            if hidden not in {"", "?"} and is_reading(reading, hidden):
                key = pair(hidden)
                cost = state.cost + (0.0 if key in known else _STRANGER_COST)
                notes = (*state.notes, (key, note))
                yield end, state._replace(cost=cost, pending=key[1] if key else 0, settled=0, notes=notes)

    def _shifted(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        observed = self.observed[at]
        for char, end in self.units(at):
            yield from self._next_pair(state, at, char, end)
        if "@" <= observed <= "~":
            yield from self._ascii_trail(state, at)
        if observed == "," and self.process.seen and self.mark_at(at + 1)[0]:
            yield at + 1, state
        if observed == "?":
            yield from self._swallowed(at, state)
        elif self.mark_at(at)[0] in _UNMARKED:
            for char in self._cut(state, at):
                yield from self._copy(at, self.say(state, char, 0))

    def _ascii_trail(self, state: State, at: int) -> Iterator[tuple[int, State]]:
        """An ASCII character that is the second byte of the pending character: in step again, a note may follow."""
        leads = leads_after(-state.pending) if state.pending < 0 else {state.pending}
        for lead, char in by_trail(ord(self.observed[at])).items():
            if lead in leads:
                notes, end = self.noted(char, at + 1)
                if notes or char not in self._loud or self._is_split(at):
                    yield end, self.say(state._replace(notes=state.notes + notes), char, 0)

    def _is_split(self, at: int) -> bool:
        """Whether a note stands inside the pending pair: the replacement cannot have found that pair."""
        return self.observed[at - 1 : at] in {")", "）"}

    def _next_pair(self, state: State, at: int, char: str, end: int) -> Iterator[tuple[int, State]]:
        first, second = pair(char)
        notes, end = self.noted(char, end)
        state = state._replace(notes=state.notes + notes) if notes else state
        for completed in self._completed(state, first, at):
            if second > 0x80:
                yield end, self.say(state, completed, second)
            elif second < 0x80:
                yield end, self.say(self.say(state, completed, 0), chr(second), 0, extra=ALONE_COST)

    def _likely(self, state: State, choices: Choices, at: int) -> list[str]:
        """Of the characters that the bytes allow, those that cost least."""
        found = self.prices.likely(state.before[1], choices)
        return self.cheapest(
            state, found if self._is_split(at) else (c for c in found if c not in self._loud), _CHEAPEST
        )

    def _completed(self, state: State, second: int, at: int) -> Iterable[str]:
        """What the pending byte may become with this second byte."""
        if state.pending < 0:
            return self._likely(state, ended(-state.pending, second), at)
        char = shown(state.pending, second)
        return () if char in {"", "?"} or (char in self._loud and not self._is_split(at)) else (char,)

    def _cut(self, state: State, at: int) -> Iterable[str]:
        """What the pending byte may become where its second byte is lost."""
        return self._likely(state, with_lead(state.pending), at)

    def _swallowed(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A `?` while shifted: a lost second byte and what it swallowed: a byte before a mark, a bracket, or text."""
        reading, note, end = self.reading_at(at + 1)
        if reading:
            leads = leads_after(-state.pending) if state.pending < 0 else {state.pending}
            for char in read_as(reading):
                if pair(char)[0] in leads:
                    yield end, self.say(state._replace(notes=(*state.notes, (pair(char), note))), char, 0)
        elif self.observed[at + 1 : at + 2] in {"", "\n"} or self.mark_at(at + 1)[0]:
            yield from ((at + 1, self.say(state, char, 0)) for char in self._cut(state, at))
        else:
            yield from self._broken_lead(at, state)
            for char in self.cheapest(state, self._cut(state, at), _EATEN_CHOICES):
                new = self.say(state, char, 0)
                for eaten in _EATEN:
                    said = self.say(new, eaten, 0)
                    yield at + 1, said._replace(shown=new.shown + MARK) if eaten == "0" else said
                space = new._replace(cost=new.cost + _SPACE_COST, text=new.text + " ", shown=new.shown + " ")
                yield at + 1, space

    def _broken_lead(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A second byte of 0x80 begins no pair: it and the first byte of the next character, whichever that is, are the `?`."""
        for char in self._completed(state, ANY_LEAD, at):
            yield at + 1, self.say(state, char, -ANY_LEAD)

    def vanished(self, at: int, states: list[State]) -> list[State]:
        """The states after a pair that left no trace: user-defined, or an empty cell of GBK."""
        return [
            self.say(state, char, -pair(char)[1])
            for state in states
            if state.pending and not self._reads_on(at, state)
            for char in self._likely(state, vanishing(state.pending), at)
        ]

    def _reads_on(self, at: int, state: State) -> bool:
        """Whether the next two characters read well as they are: a pair that vanished before them would have garbled the first."""
        if state.pending < 0:
            return False
        before, pending, cost = state.before, state.pending, 0.0
        for _ in range(2):
            char, at = next(iter(self.units(at)), ("", at))
            first, pending_next = pair(char) or (0, 0)
            char = shown(pending, first) if first else ""
            if char in {"", "?"} or pending_next < 0x80:
                return False
            cost += self.prices[before][char]
            before, pending = before[1] + char, pending_next
        return cost <= 2 * _FLUENT


def walk(run: Walk, before: str) -> tuple[list[State], int]:
    """Walk an observed run; returns the complete repairs, best first, and where in the observed string they end.

    `before` are the two characters that stand before the run. The walk ends where all repairs are in step again.
    """
    end, effort = len(run.observed), run.effort
    places: list[list[State]] = [[] for _ in range(end + 1)]
    places[0] = [State(0.0, 0, before, 0, "", "")]
    for at in range(end + 1):
        if not places[at]:
            continue
        width = effort.wide if at <= _NEAR_START or run.observed[at - 1] == "?" else effort.width
        kept = prune(places[at], width, effort.span)
        kept += _lost(run, at, kept)
        run.prices.walked += len(kept)
        settled = all(state.settled >= _SETTLED for state in kept) and not any(places[at + 1 :])
        if settled or at == end:
            return with_rivals([state for state in kept if not state.pending]), at
        for state in kept:
            for next_at, new in run.step(at, state):
                places[next_at].append(new)
    return [], 0


def _lost(run: Walk, at: int, kept: list[State]) -> list[State]:
    """The states after one pair that vanished, and after two."""
    effort, limit = run.effort, rank(kept[0]) + run.effort.span + _GRACE
    once = run.vanished(at, kept[: effort.vanish])
    once = prune(once, effort.lost, limit=limit) if once else []
    twice = run.vanished(at, once[: effort.lost // 3])
    return once + (prune(twice, effort.lost, limit=limit) if twice else [])
