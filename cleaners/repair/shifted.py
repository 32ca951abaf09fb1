"""Steps over a run that was read one byte off: the characters that may have stood there.

In step, a character is itself or a wound begins. Shifted, one byte of the next character is pending, and each thing observed gives its
second byte and the pending byte of the one after it.
"""

from collections.abc import Iterable, Iterator
from math import inf

from cleaners.repair.gbk import (
    ANY_LEAD,
    MARK_CHARS,
    MARKS,
    Choices,
    by_trail,
    hidden_by,
    leads_after,
    pair,
    read_as,
    shown,
    with_lead,
    with_trail,
)
from cleaners.repair.lattice import TYPICAL, Node, Step, new_step
from cleaners.repair.places import Places
from cleaners.repair.prices import ALONE_COST, ENDS, Prices
from cleaners.repair.process import Process
from cleaners.repair.symbols import MARK

_UNMARKED = frozenset("、；")
"""Marks before which a `?` is lost."""
_MARK_PAIRS = frozenset(MARKS)
_EATEN = "\n0"
"""What a lost lead byte may have swallowed besides a space: a line's end, a digit (nothing tells which), a bracket that the line lacks."""
_EATEN_CHOICES = 3
"""Of those that cost least, how many are looked at where a lost byte swallowed something; with six 5 of 1,659 errors fewer."""
_FAR = 8.0
"""Nats beyond what its length is worth that a row across vanished pairs, or a character after it, may cost. Of 113 such steps on the
best ways of made damage one had more, of all 51,660 that were tried over seven in ten; with 9 or 10 as many errors are left."""

_LINE_COST = 4.0
"""Nats of a line's end that was swallowed, besides what it costs."""
_SPACE_COST = 5.0
"""Nats of a space that was swallowed; 3 to 7 are alike."""
_STRANGER_COST = 3.0
"""A hidden noted pair that the page's table does not show elsewhere."""
_FULL_STOP_COST = 1.0
"""The language model finds a full stop cheap anywhere; before a closing quotation mark it is what one expects."""
_PAUSES = frozenset("，。、；：")
"""What no mark stands before (`吗？！` is good Chinese, `好。、` is not)."""
_CHEAPEST = 5
"""Characters gone on with where the bytes allow many; eight leave no fewer errors, four 11 more."""


_MOST_STRADDLED = 16
"""Characters gone on with before a mark that stood across two: those that cost least. As many errors with 24, nine more with 12."""


class Run:
    """An observed run, and the steps over it.

    `least`: how many characters it has at least. `unclosed`: how many brackets its line opens beyond those that it closes.
    `earlier`: the last quotation and title marks before it.
    """

    def __init__(
        self, observed: str, process: Process, prices: Prices, least: int = 0, *, unclosed: int = 0, earlier: str = ""
    ) -> None:
        self.observed, self.process, self.prices = observed, process, prices
        self.least, self.unclosed, self.earlier = least, unclosed, earlier
        self._eaten_signs = _EATEN + "(" * (unclosed < 0)
        self._steps: dict[tuple[int, int, str], list[tuple[int, Step]]] = {}
        self._vanished: dict[tuple[int, int, str], list[tuple[int, Step]]] = {}
        self.places = Places(observed, folded=process.folded)
        self._loud = set(MARK_CHARS if process.marks else "") | {shown(*key) for key, _ in process.table}

    def say(self, step: Step, char: str, pending: int, extra: float = 0.0) -> Step:
        """A step and one more character that the repair writes."""
        cost, _, before, text, shown, notes, _ = step
        cost += self.prices[before + char] + extra
        return new_step((cost, pending, before[1] + char, text + char, shown + char, notes, False))

    def cheapest(self, step: Step, chars: Iterable[str], most: int) -> list[str]:
        """The characters that cost least after a step: after a row across vanished pairs, only those that read well."""
        left = _FAR + TYPICAL * (len(step.text) + 1) - step.cost if step.text else inf
        costs = {char: self.prices[step.before + char] for char in chars}
        return [char for char in sorted(costs, key=costs.__getitem__)[:most] if costs[char] < left]

    def steps(self, node: Node) -> list[tuple[int, Step]]:
        """All steps from a node, each with the place where it ends; worked out once for all efforts."""
        key = node.at, node.pending, node.before
        if key not in self._steps:
            start = Step(0.0, node.pending, node.before)
            self._steps[key] = [*(self._shifted if node.pending else self._in_step)(node.at, start)]
        return self._steps[key]

    def vanished(self, node: Node) -> list[tuple[int, Step]]:
        """The steps over one or two pairs that left no trace: user-defined, or an empty cell of GBK."""
        key = node.at, node.pending, node.before
        if key not in self._vanished:
            start = Step(0.0, node.pending, node.before)
            self._vanished[key] = [*self._over_vanished(node.at, start)] if node.pending > 0 else []
        return self._vanished[key]

    def _in_step(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        yield from self._copy(at, step)
        observed = self.observed
        if observed[at] == "?":
            mark, end = self.places[at + 1].marked
            if mark and mark not in _UNMARKED:
                yield from self._straddled_mark(mark, at, end, step)
            elif mark:
                yield from self._broken_before(mark, at + 1, step)
            elif observed[at + 1 : at + 2] == "?":
                yield from self._broken_before(self.places[at + 2].mark, at + 2, step)
            yield from self._straddled_note(at + 1, step)
        elif observed[at] in "；;":
            mark, end = self.places[at].marked
            if mark:
                yield from self._straddled_mark(mark, at, end, step)

    def _straddled_mark(self, mark: str, at: int, end: int, step: Step) -> Iterator[tuple[int, Step]]:
        """A mark's pair stood across two characters: its first byte ends one, its second begins the next.

        The comma before the first, where that is a mark, shows (`,?！`) unless a lost lead byte swallowed it (`??！`).
        """
        first, second = pair(mark)
        silent = not self.process.seen or self.observed[at - 1 : at] == "?"
        chars: Iterable[str] = by_trail(first).values()
        if self.process.seen and not self.process.folded and self.observed[at - 1 : at] == ",":
            chars = [char for char in chars if char in ENDS]
        for char in self.cheapest(step, chars, _MOST_STRADDLED):
            if char not in ENDS:
                yield end, self.say(step, char, second)
            elif silent or MARK_CHARS.index(mark) < MARK_CHARS.index(char):
                yield end, self.say(step, char, second, extra=_FULL_STOP_COST if second > 0xB0 else 0.0)

    def _straddled_after_mark(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """A visible comma, then the wound: the first of the two characters is itself a mark."""
        mark, end = self.places[at + 2 if self.observed[at + 1 : at + 2] == "?" else at + 1].marked
        for char in by_trail(pair(mark)[0]).values() if mark else ():
            if char in ENDS:
                yield end, self.say(step._replace(shown=step.shown + ","), char, pair(mark)[1])

    def _copy(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """The observed character is the character, with its note; a comma of the process before a mark is passed over."""
        char = self.observed[at]
        if char == "," and self.process.seen:
            yield from self._straddled_after_mark(at, step)
            if self.places[at + 1].mark:
                yield at + 1, step._replace(shown=step.shown + ",")
                if not self.process.folded:
                    return
        char, end, notes, alone = self.places[at].copied
        cost = step.cost + alone + self.prices.model.costs[step.before + char]
        if (char in _PAUSES and step.before[1] in ENDS) or at in self.places.brackets:
            cost += ALONE_COST
        written = step.shown + self.observed[at:end]
        before = step.before[1] + char
        yield end, new_step((cost, 0, before, step.text + char, written, step.notes + notes, step.copied))

    def _broken_before(self, mark: str, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """A pair of a straddled mark was itself broken by the byte before the next, true mark."""
        for trail in (0xA1, 0xA3) if mark else ():
            if bytes((trail, pair(mark)[0])) in _MARK_PAIRS:
                for char in by_trail(trail).values():
                    yield at, self.say(step, char, 0)

    def _straddled_note(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """A noted pair stood across two characters: the note swallowed the second one's first byte."""
        reading, note, end = self.places.reading(at)
        lead = pair(step.before[1])[-1:] if at > 1 else b""
        if not reading or not lead or lead[0] < 0x81:
            return
        known = dict(self.process.table)
        for hidden in hidden_by(reading, lead[0]):
            key = pair(hidden)
            cost = step.cost + (0.0 if key in known else _STRANGER_COST)
            notes = (*step.notes, (key, note))
            yield end, step._replace(cost=cost, pending=key[1] if key else 0, notes=notes, copied=False)

    def _shifted(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        observed = self.observed[at]
        for char, end in self.places[at].units:
            yield from self._next_pair(step, at, char, end)
        if "@" <= observed <= "~":
            yield from self._ascii_trail(step, at)
        if observed == "," and self.process.seen and self.places[at + 1].mark:
            yield at + 1, step
        if observed == "?":
            yield from self._swallowed(at, step)
        elif self.places[at].mark in _UNMARKED:
            for char in self._cut(step, at):
                yield from self._copy(at, self.say(step, char, 0))

    def _ascii_trail(self, step: Step, at: int) -> Iterator[tuple[int, Step]]:
        """An ASCII character that is the second byte of the pending character: in step again, a note may follow."""
        leads = leads_after(-step.pending) if step.pending < 0 else {step.pending}
        for lead, char in by_trail(ord(self.observed[at])).items():
            if lead in leads:
                notes, end = self.places.noted(char, at + 1)
                if notes or char not in self._loud or self._is_split(at):
                    yield end, self.say(step._replace(notes=step.notes + notes), char, 0)

    def _is_split(self, at: int) -> bool:
        """Whether a note stands inside the pending pair: the replacement cannot have found that pair."""
        return self.observed[at - 1 : at] in {")", "）"}

    def _next_pair(self, step: Step, at: int, char: str, end: int, chars: str = "") -> Iterator[tuple[int, Step]]:
        first, second = pair(char)
        notes, end = self.places.noted(char, end)
        step = step._replace(notes=step.notes + notes) if notes else step
        for completed in chars or self._completed(step, first, at):
            if second > 0x80:
                yield end, self.say(step, completed, second)
            elif second < 0x80:
                yield end, self.say(self.say(step, completed, 0), chr(second), 0, extra=ALONE_COST)

    def _likely(self, step: Step, choices: Choices, at: int) -> list[str]:
        """Of the characters that the bytes allow, those that cost least."""
        found = self.prices.likely(step.before[1], choices)
        return self.cheapest(
            step, found if self._is_split(at) else (c for c in found if c not in self._loud), _CHEAPEST
        )

    def _completed(self, step: Step, second: int, at: int) -> Iterable[str]:
        """What the pending byte may become with this second byte."""
        if step.pending < 0:
            return self._likely(step, with_trail(second), at)
        char = shown(step.pending, second)
        return () if char in {"", "?"} or (char in self._loud and not self._is_split(at)) else (char,)

    def _cut(self, step: Step, at: int) -> Iterable[str]:
        """What the pending byte may become where its second byte is lost."""
        return self._likely(step, with_lead(step.pending), at)

    def _swallowed(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """A `?` while shifted: a lost second byte and what it swallowed: a byte before a mark, a bracket, or text."""
        reading, note, end = self.places.reading(at + 1)
        if reading:
            leads = leads_after(-step.pending) if step.pending < 0 else {step.pending}
            for char in read_as(reading):
                if pair(char)[0] in leads:
                    yield end, self.say(step._replace(notes=(*step.notes, (pair(char), note))), char, 0)
            return
        following = self.observed[at + 1 : at + 2]
        before_mark = following in {"", "\n"} or bool(self.places[at + 1].mark)
        if before_mark or following == "?":
            yield from ((at + 1, self.say(step, char, 0)) for char in self._cut(step, at))
        if not before_mark:
            yield from self._broken_lead(at, step)
            yield from self._eaten(at, step)

    def _eaten(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """The pending character, and what its lost second byte may have swallowed."""
        for char in self.cheapest(step, self._cut(step, at), _EATEN_CHOICES):
            new = self.say(step, char, 0)
            for eaten in self._eaten_signs:
                said = self.say(new, eaten, 0, extra=_LINE_COST if eaten == "\n" else 0.0)
                yield at + 1, said._replace(shown=new.shown + MARK) if eaten == "0" else said
            space = new._replace(cost=new.cost + _SPACE_COST, text=new.text + " ", shown=new.shown + " ")
            yield at + 1, space

    def _broken_lead(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """A second byte of 0x80 begins no pair: it and the first byte of the next character, whichever that is, are the `?`."""
        for char in self._completed(step, ANY_LEAD, at):
            yield at + 1, self.say(step, char, -ANY_LEAD)

    def _over_vanished(self, at: int, step: Step) -> Iterator[tuple[int, Step]]:
        """Characters across pairs that vanished before what is observed, as far as that tells the last of them."""
        observed = self.observed[at : at + 1]
        for char, end in self.places[at].units:
            first, second = pair(char)
            for row in self._rows(step, at, first, self._following(end, second)):
                yield from self._next_pair(self._unseen(step, row[:-1]), at, char, end, row[-1])
        if observed == "?" or self.places[at].mark in _UNMARKED:
            for row in self.prices.vanished.beginnings(step.before[1], step.pending):
                unseen = self._unseen(step, row)
                if self._loud.isdisjoint(row) and unseen.cost - TYPICAL * len(row) < _FAR:
                    yield from self._shifted(at, unseen)
        elif "@" <= observed <= "~":
            for row in self._rows(step, at, ord(observed), self.observed[at + 1 : at + 2]):
                notes, end = self.places.noted(row[-1], at + 1)
                yield end, self.say(self._unseen(step, row[:-1])._replace(notes=notes), row[-1], 0)

    def _following(self, at: int, pending: int) -> str:
        """The character that a pending byte begins, where the next thing observed is a plain character."""
        if pending < 0x80:
            return chr(pending)
        ahead = next(iter(self.places[at].units), None)
        return shown(pending, pair(ahead[0])[0]) if ahead else ""

    def _rows(self, step: Step, at: int, trail: int, following: str) -> list[str]:
        """The rows of characters that may stand across vanished pairs: not those that would show a note or a comma."""
        rows = self.prices.vanished.rows(step.before[1], step.pending, trail, following)
        quiet = self._is_split(at) or at + 1 in self.places.brackets
        return [row for row in rows if self._loud.isdisjoint(row[:-1] if quiet else row)]

    def _unseen(self, step: Step, row: str) -> Step:
        """A step and a row of characters after each of which a pair vanished."""
        for char in row:
            step = self.say(step, char, -pair(char)[1])
        return step
