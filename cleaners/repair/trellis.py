"""The trellis of a misread stretch: at each place of its bytes the likeliest ways to read what stands before it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from itertools import islice
from math import inf
from operator import itemgetter
from typing import NamedTuple

from cleaners.diff import common_start
from cleaners.repair.candidates import MARGIN, SURE, Repair
from cleaners.repair.codes import SAID
from cleaners.repair.model import PageModel
from cleaners.repair.symbols import MARK

_WIDTH, _SPAN = 8, 12.0
"""States of a place that are gone on from, and nats that they may be behind the best. In 106 pieces of 500 characters, misread in the 13 ways
of the tests, 5,577 of 688,544 characters are wrong or marked; with 4 states 5,656, with 12 5,574, with 8 nats 5,584, with 16 as many."""
_MOST_SHOWN = 5
"""Texts of a place that are told, the likeliest first."""


class Rival(NamedTuple):
    """What may have stood at a place of a text as well, and by how many nats it is behind."""

    start: int
    end: int
    text: str
    behind: float


Rivals = tuple[Rival, "Rivals"] | None
"""Rivals, the last first."""


class State(NamedTuple):
    """A way to read what stands before a place: its cost in nats, its last two characters, its text, what of that is in doubt."""

    cost: float
    before: str
    text: str
    unsure: frozenset[int] = frozenset()
    ahead: float = inf
    """Nats by which each choice of it was ahead at least."""
    misread: bool = False
    """Whether its last character is one that was misread."""
    rivals: Rivals = None

    def or_else(self, other: "State") -> "State":
        """The cheaper of two states with the same future; unsure where the other differs and costs about the same.

        >>> state = State(0.5, "关规", "有关规定").or_else(State(0.0, "关规", "海关规定"))
        >>> state.marked(), state.rivals
        ('\ufffd关规定', (Rival(start=0, end=1, text='有', behind=0.5), None))
        """
        best, next_best = (self, other) if self.cost <= other.cost else (other, self)
        behind = next_best.cost - best.cost
        if best.text == next_best.text or behind >= SURE:
            return best
        start = common_start(best.text, next_best.text)
        same = common_start(best.text[start:][::-1], next_best.text[start:][::-1])
        end = len(best.text) - same
        rivals = Rival(start, end, next_best.text[start : len(next_best.text) - same], behind), best.rivals
        if behind >= MARGIN or best.text[start:end].isascii():
            best = best._replace(ahead=min(best.ahead, behind))
        unsure = best.unsure.union(range(start, end)) if behind < MARGIN else best.unsure
        return best._replace(unsure=unsure, rivals=rivals)

    def marked(self) -> str:
        """The text, with a mark for each character that another one fits about as well."""
        return "".join(MARK if i in self.unsure and not char.isascii() else char for i, char in enumerate(self.text))

    def places(self) -> tuple[Repair, ...]:
        """Where something else may have stood, with the likeliest texts of such a place, this one's first.

        >>> State(0.0, "关规", "海关规定").or_else(State(0.5, "关规", "有关规定")).places()[0].candidates
        (('海', 0.0), ('有', 0.5))
        """
        rivals, cell = list[Rival](), self.rivals
        while cell:
            rival, cell = cell
            rivals.append(rival)
        return tuple(self._place(group) for group in _overlapping(sorted(rivals)))

    def _place(self, rivals: list[Rival]) -> Repair:
        start, end = rivals[0].start, max(rival.end for rival in rivals)
        costs = {self.text[start:end]: 0.0}
        for each in sorted(rivals, key=itemgetter(3)):
            costs.setdefault(self.text[start : each.start] + each.text + self.text[each.end : end], each.behind)
        return Repair(start, end, (*islice(costs.items(), _MOST_SHOWN),), max(1, end - start))


def _overlapping(rivals: list[Rival]) -> Iterator[list[Rival]]:
    """Rivals, by their place, in groups that speak of the same characters."""
    group, end = list[Rival](), 0
    for rival in rivals:
        if group and rival.start >= end:
            yield group
            group = []
        group.append(rival)
        end = max(end, rival.end, rival.start + 1)
    if group:
        yield group


Key = tuple[str, bool]
"""What the future of a state depends on: its last two characters, and whether it is in misread text."""
Ways = list[tuple[float, State, str]]
"""Ways to one state: what it costs, the state before, and the text after that."""
SWITCH = 7.5
"""Nats of a border between clean and misread text. Of 3,900 clean lines with rare names on misread pages none is changed with 6 to 9, 3 with 5.5;
of 2,149 misread lines of at most 6 characters 107, 153 and 195 are left with 6, 7.5 and 9; clean foreign words ask for more than 7."""


def _merged(key: Key, ways: Ways) -> State:
    """The cheapest of some ways, unsure where another one differs."""
    before, misread = key
    least = min(ways)[0] if len(ways) > 1 else 0.0
    near = [way for way in ways if way[0] - least < SURE] if len(ways) > 1 else ways
    states = [
        State(cost, before, state.text + text, state.unsure, state.ahead, misread, state.rivals)
        for cost, state, text in near
    ]
    return _best(states)


def _best(states: list[State]) -> State:
    return reduce(State.or_else, sorted(states, key=itemgetter(0, 2))) if len(states) > 1 else states[0]


class Trellis:
    """By place in the bytes of a stretch, the ways to read what stands before it: many, of which few are gone on from."""

    def __init__(self, length: int, before: str) -> None:
        self._rows: dict[int, dict[Key, Ways]] = defaultdict(lambda: defaultdict(list))
        self._rows[0][before, False].append((0.0, State(0.0, before, ""), ""))
        self._least = [0.0] + [inf] * length, [inf] * (length + 1)
        """What the cheapest way costs: to clean text, to misread text."""

    def reach(self, end: int, state: State, texts: list[tuple[float, str]], doubt: float, *, misread: bool) -> None:
        """Add the ways from a state by each of some texts with their costs, the cheapest first, and what is added to these.

        What has the same last two characters, clean or misread, has the same future.
        """
        row, last = self._rows[end], SAID.get(state.before[1], state.before[1])
        spent = state.cost + SWITCH * (misread is not state.misread)
        for cost, text in texts:
            said = SAID.get(text, text) if len(text) == 1 else "".join([SAID.get(char, char) for char in text[-2:]])
            row[(last + said)[-2:], misread].append((spent + (cost + doubt), state, text))
        least = self._least[misread]
        least[end] = min(spent + (texts[0][0] + doubt), least[end])

    def states(self, at: int) -> list[State]:
        """The states of a place that are worth going on from, also beside those that are a byte or two ahead."""
        row = self._rows.pop(at, None)
        if not row:
            return []
        best = sorted([(min(ways)[0], key) for key, ways in row.items()])[:_WIDTH]
        clean, misread = (min(least[at : at + 3]) + _SPAN for least in self._least)
        most = min(clean, misread + SWITCH), min(misread, clean + SWITCH)
        return [_merged(key, row[key]) for cost, key in best if cost <= most[key[1]]]

    def ended(self, model: PageModel) -> State | None:
        """The best of the last states."""
        row = self._rows[len(self._least[0]) - 1]
        costs = {key: min(ways)[0] + model.cost(key[0], "\n") + SWITCH * key[1] for key, ways in row.items()}
        most = min(costs.values(), default=inf) + SURE
        states = [_merged(key, row[key])._replace(cost=cost) for key, cost in costs.items() if cost < most]
        return _best(states) if states else None
