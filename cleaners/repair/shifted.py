"""Proposals for a run that was read one byte off: a beam over the characters that may have stood there.

The observed run is walked from left to right. In step, a character is itself or a wound begins. Shifted, one byte of the next
character is pending, and each thing observed gives its second byte and the pending byte of the one after it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import NamedTuple

from cleaners.repair.gbk import (
    MARKS,
    by_lead,
    by_symbol,
    by_trail,
    folded_forms,
    lost_trails,
    pair,
    read_as,
    shown,
)
from cleaners.repair.model import PageModel
from cleaners.repair.process import Process
from cleaners.repair.readings import BRACKET, SYLLABLE, is_reading
from cleaners.repair.script import is_simplified, is_traditional

_BRACKET = re.compile(BRACKET)
_READING = re.compile(rf" ?(?P<reading>{SYLLABLE}) ?[)）]")
_MARK_CHARS = "，。！？、；："
_UNMARKED = frozenset("、；")
"""Marks before which a `?` is lost."""
_MARK_PAIRS = frozenset(MARKS)
_EATEN = "\n0("
"""What a lost lead byte may have swallowed besides a space; all digits are one to the language model."""
_EATEN_CHOICES = 6

_SPACE_COST = 5.0
_STRANGER_COST = 3.0
"""A hidden noted pair that the page's table does not show elsewhere."""
_SCRIPT_COST = 4.0
_ALONE_COST = 6.0
_FULL_STOP_COST = 1.5
"""The language model finds a full stop cheap anywhere; before a closing quotation mark it is what one expects."""
_ENDS = frozenset("，。、；：！？")
_WIDTH = 28
_QUICK_WIDTH = 6
_LOST_WIDTH = 10
_WIDE, _NEAR_START = 72, 5
"""Where a wound begins, a hundred characters are possible, and the right one may look unlikely until the next is known."""
_VANISH_FROM = 16
_SPAN = 10.0
_TYPICAL = 3.5
"""Nats of a character of running text: what a state is given for a character that left no trace, when states are pruned."""
_FEW = 5
_RIVALS = 5
_SETTLED = 3
"""Characters in step after which a run is over."""


class Rival(NamedTuple):
    """A partial repair that was given up for a better one with the same future: what it cost more, and its text.

    `length` and `shown_length` tell how much of the better one's text it stands for.
    """

    cost: float
    length: int
    shown_length: int
    text: str
    shown: str
    notes: tuple[tuple[bytes, str], ...]


class State(NamedTuple):
    """A partial repair: its cost in nats, what is pending, the last two characters, how long it is in step, and its text.

    `pending` is the first byte of the next character, 0 in step, and -x where it is any trail byte of the vanished pairs with
    lead x. `text` is what stood there before the damage, `shown` what the repair writes: the same, but for notes and commas
    that other cleaners take away. `notes` are the noted pairs that the run shows.
    """

    cost: float
    pending: int
    before: str
    settled: int
    text: str
    shown: str
    notes: tuple[tuple[bytes, str], ...] = ()
    rivals: tuple[Rival, ...] = ()


class Walk:
    """A walk over one observed run; a quick one keeps few states and supposes that no pair vanished."""

    def __init__(self, observed: str, process: Process, model: PageModel, *, quick: bool = False) -> None:
        self.observed, self.process, self.model, self.quick = observed, process, model, quick
        self._foreign: dict[str, float] = {}
        self._units: dict[int, list[tuple[str, int]]] = {}
        self._followers: dict[str, list[tuple[int, int, str]]] = {}
        self._loud = set(_MARK_CHARS if process.marks else "") | {shown(*key) for key, _ in process.table}

    def _script_cost(self, char: str) -> float:
        cost = self._foreign.get(char)
        if cost is None:
            foreign = is_simplified(char) if self.process.traditional else is_traditional(char)
            cost = self._foreign[char] = _SCRIPT_COST if foreign and not self.model.on_page(char) else 0.0
        return cost

    def say(self, state: State, char: str, pending: int, extra: float = 0.0) -> State:
        """The state after one more character that the repair writes."""
        before = state.before
        cost = state.cost + self.model.cost(before, char) + self._script_cost(char) + extra
        if char in _ENDS and char not in self.model.successors(before[1]):
            cost += _ALONE_COST
        return State(
            cost, pending, before[1] + char, 0, state.text + char, state.shown + char, state.notes, state.rivals
        )

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
        match = _BRACKET.match(self.observed, at)
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
            if char not in _ENDS:
                yield end, self.say(state, char, second)
            elif not self.process.seen:
                yield end, self.say(state, char, second, extra=_FULL_STOP_COST if second > 0xB0 else 0.0)

    def _straddled_after_mark(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A visible comma, then the wound: the first of the two characters is itself a mark."""
        mark, end = self.mark_at(at + 2 if self.observed[at + 1 : at + 2] == "?" else at + 1)
        for char in by_trail(pair(mark)[0]).values() if mark else ():
            if char in _ENDS:
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
        cost = state.cost + self.model.cost(state.before, char)
        if "@" <= self.observed[at] <= "~" and self._is_alone(at):
            cost += _ALONE_COST
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
            yield from self._next_pair(state, char, end)
        if "@" <= observed <= "~":
            yield from self._ascii_trail(state, at)
        if observed == "," and self.process.seen and self.mark_at(at + 1)[0]:
            yield at + 1, state
        if observed == "?":
            yield from self._swallowed(at, state)
        elif self.mark_at(at)[0] in _UNMARKED:
            for new in nsmallest(_FEW, (self.say(state, char, 0) for char in self._cut(state)), key=_cost):
                yield from self._copy(at, new)

    def _ascii_trail(self, state: State, at: int) -> Iterator[tuple[int, State]]:
        """An ASCII character that is the second byte of the pending character: in step again, a note may follow."""
        leads = lost_trails()[-state.pending] if state.pending < 0 else {state.pending}
        for lead, char in by_trail(ord(self.observed[at])).items():
            if lead in leads:
                notes, end = self.noted(char, at + 1)
                if notes or char not in self._loud:
                    yield end, self.say(state._replace(notes=state.notes + notes), char, 0)

    def _next_pair(self, state: State, char: str, end: int) -> Iterator[tuple[int, State]]:
        first, second = pair(char)
        notes, end = self.noted(char, end)
        state = state._replace(notes=state.notes + notes) if notes else state
        for completed in self._completed(state, first):
            if second > 0x80:
                yield end, self.say(state, completed, second)
            elif second < 0x80:
                yield end, self.say(self.say(state, completed, 0), chr(second), 0, extra=_ALONE_COST)

    def _completed(self, state: State, second: int) -> Iterable[str]:
        """What the pending byte may become with this second byte."""
        if state.pending > 0:
            char = shown(state.pending, second)
            return () if char in {"", "?"} or char in self._loud else (char,)
        leads = lost_trails()[-state.pending]
        return [char for lead, char in by_trail(second).items() if lead in leads and char not in self._loud]

    def _cut(self, state: State) -> Iterable[str]:
        """What the pending byte may become where its second byte is lost."""
        if state.pending > 0:
            return (char for char in by_lead(state.pending).values() if char not in self._loud)
        leads = lost_trails()[-state.pending]
        return [char for lead, _, char in self._following(state.before[1]) if lead in leads]

    def _following(self, char: str) -> list[tuple[int, int, str]]:
        """The characters that are known to follow one, with their bytes."""
        if char not in self._followers:
            chars = {form for each in self.model.successors(char) for form in by_symbol(each)} - self._loud
            self._followers[char] = [(*pair(each), each) for each in sorted(chars)]
        return self._followers[char]

    def _swallowed(self, at: int, state: State) -> Iterator[tuple[int, State]]:
        """A `?` while shifted: a lost second byte and what it swallowed: a byte before a mark, a bracket, or text."""
        reading, note, end = self.reading_at(at + 1)
        if reading:
            leads = lost_trails()[-state.pending] if state.pending < 0 else {state.pending}
            for char in read_as(reading):
                if pair(char)[0] in leads:
                    yield end, self.say(state._replace(notes=(*state.notes, (pair(char), note))), char, 0)
        elif self.observed[at + 1 : at + 2] in {"", "\n"} or self.mark_at(at + 1)[0]:
            yield from ((at + 1, self.say(state, char, 0)) for char in self._cut(state))
        else:
            cut = (self.say(state, char, 0) for char in self._cut(state))
            for new in nsmallest(_EATEN_CHOICES, cut, key=_cost):
                yield from ((at + 1, self.say(new, eaten, 0)) for eaten in _EATEN)
                space = new._replace(cost=new.cost + _SPACE_COST, text=new.text + " ", shown=new.shown + " ")
                yield at + 1, space

    def vanished(self, states: list[State]) -> list[State]:
        """The states after a pair that left no trace: user-defined, or an empty cell of GBK."""
        new, lost = [], lost_trails()
        for state in states:
            if state.pending > 0:
                known = by_lead(state.pending)
                chars = ((lead, known[lead]) for lead in lost if lead in known)
                new += [self.say(state, char, -lead) for lead, char in chars if char not in self._loud]
            elif state.pending < 0:
                leads, following = lost[-state.pending], self._following(state.before[1])
                new += [
                    self.say(state, char, -trail) for lead, trail, char in following if lead in leads and trail in lost
                ]
        return new


def _prune(states: list[State], width: int) -> list[State]:
    """The best states of a place, best first, one for each way to go on, which remembers the others."""
    limit = min(map(_rank, states)) + _SPAN
    best: dict[tuple[int, str], list[State]] = defaultdict(list)
    for state in states:
        if _rank(state) <= limit:
            best[state.pending, state.before].append(state)
    merged = [same[0] if len(same) == 1 else _merge(same) for same in best.values()]
    return nsmallest(width, merged, key=_rank)


def _merge(states: list[State]) -> State:
    first, *others = sorted(states, key=_cost)[: _RIVALS + 1]
    sizes = len(first.text), len(first.shown)
    rivals = [Rival(o.cost - first.cost, *sizes, o.text, o.shown, o.notes) for o in others if o.text != first.text]
    settled = min(state.settled for state in states)
    return first._replace(rivals=tuple(sorted((*first.rivals, *rivals))[:_RIVALS]), settled=settled)


def _with_rivals(states: list[State]) -> list[State]:
    """The states and what they were preferred to, best first."""
    every = list(states)
    for state in states:
        for r in state.rivals:
            text, shown = r.text + state.text[r.length :], r.shown + state.shown[r.shown_length :]
            every.append(
                state._replace(cost=state.cost + r.cost, text=text, shown=shown, notes=r.notes + state.notes, rivals=())
            )
    return sorted(every, key=_cost)


def _cost(state: State) -> float:
    return state.cost


def _rank(state: State) -> float:
    return state.cost - _TYPICAL * len(state.text)


def walk(run: Walk, before: str) -> tuple[list[State], int]:
    """Walk an observed run; returns the complete repairs, best first, and where in the observed string they end.

    `before` are the two characters that stand before the run. The walk ends where all repairs are in step again.
    """
    end = len(run.observed)
    places: list[list[State]] = [[] for _ in range(end + 1)]
    places[0] = [State(0.0, 0, before, 0, "", "")]
    for at in range(end + 1):
        if not places[at]:
            continue
        width = _QUICK_WIDTH if run.quick else _WIDE if at <= _NEAR_START else _WIDTH
        kept = _prune(places[at], width)
        lost = [] if run.quick else run.vanished(kept if width == _WIDE else kept[:_VANISH_FROM])
        if lost:
            lost += run.vanished(_prune(lost, _FEW))
            kept = _prune([*kept, *_prune(lost, _LOST_WIDTH)], width)
        settled = all(state.settled >= _SETTLED for state in kept) and not any(places[at + 1 :])
        if settled or at == end:
            return _with_rivals([state for state in kept if not state.pending]), at
        for state in kept:
            for next_at, new in run.step(at, state):
                places[next_at].append(new)
    return [], 0
