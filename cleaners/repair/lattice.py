"""The lattice of a walk: partial repairs that have the same future are one node, which knows all the ways that lead to it."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

TYPICAL = 2.0
"""Nats that a further character is worth where texts of different lengths are compared: a pair that vanished leaves no trace."""
_WAYS = 6
"""Ways to a node that are kept: a traditional character has up to five forms that the language model takes for one."""
_BEHIND = 7.5
"""Nats behind the best up to which a way is a candidate; as words count half as much again, five of what `candidates.SURE` asks for."""


class Step(NamedTuple):
    """What a step, or a row of steps, adds to a partial repair: its cost in nats, what is pending, the last two characters, text.

    `pending` is the first byte of the next character, 0 in step, and -x where it is any trail byte of the vanished pairs with
    lead x. `text` is what stood there before the damage, `shown` what the repair writes: the same, but for notes and commas
    that other cleaners take away. `notes` are the noted pairs that the run shows. `copied`: whether the text is what is observed.
    """

    cost: float
    pending: int
    before: str
    text: str = ""
    shown: str = ""
    notes: tuple[tuple[bytes, str], ...] = ()
    copied: bool = True


new_step: Callable[[tuple[float, int, str, str, str, tuple[tuple[bytes, str], ...], bool]], Step] = partial(
    tuple.__new__, Step
)
"""A step of its fields in order: half the time that naming them takes, and most of a walk is steps."""


class Way(NamedTuple):
    """A way through the lattice, from its end: what it costs beyond what its length is worth, the last step and where that began."""

    rank: float
    rest: "Way | None"
    step: Step
    at: int

    def steps(self) -> list[tuple[int, Step]]:
        """The steps from the first on, each with the place where it begins."""
        way: Way | None = self
        found = []
        while way:
            found.append((way.at, way.step))
            way = way.rest
        return found[::-1]

    def joined(self) -> Step:
        """All steps as one."""
        costs, pending, before, texts, shown, notes, copied = zip(*(step for _, step in self.steps()), strict=True)
        return Step(sum(costs), pending[-1], before[-1], "".join(texts), "".join(shown), (*chain(*notes),), all(copied))


class Node:
    """All partial repairs up to a place that go on alike: with the same byte pending, after the same two characters."""

    __slots__ = ("at", "before", "into", "pending", "rank", "settled")

    def __init__(self, at: int, pending: int, before: str, rank: float = 0.0, settled: int = 0) -> None:
        self.at, self.pending, self.before, self.rank, self.settled = at, pending, before, rank, settled
        self.into: list[tuple[Node, Step]] = []


def reach(nodes: dict[tuple[int, str], Node], at: int, origin: Node, step: Step) -> None:
    """Go from a node, by a step, to a place, of which the nodes are given."""
    cost, pending, before, text, _, _, copied = step
    length = len(text)
    rank = origin.rank + cost - TYPICAL * length
    settled = origin.settled + length if copied else 0
    key = pending, before
    node = nodes.get(key)
    if node is None:
        node = nodes[key] = Node(at, pending, before, rank, settled)
    else:
        node.rank = min(node.rank, rank)
        node.settled = min(node.settled, settled)
    node.into.append((origin, step))


def prune(nodes: Iterable[Node], width: int, span: float) -> list[Node]:
    """Of a place's nodes in step, and of the shifted ones, the best `width` each, best first: none more than `span` behind the best.

    Which of the two is right only later characters tell: what may have been swallowed makes many nodes in step.
    """
    ranked = sorted(nodes, key=attrgetter("rank"))
    most = ranked[0].rank + span
    left = {True: width, False: width}
    kept = []
    for node in ranked:
        if node.rank > most:
            break
        shifted = node.pending != 0
        if left[shifted]:
            left[shifted] -= 1
            kept.append(node)
    return kept


def ways(passed: list[Node], ends: list[Node]) -> list[Way]:
    """The best ways to some nodes, best first. `passed` are the nodes of the lattice that were gone on from, in their order."""
    wanted = set(ends)
    for node in reversed(passed):
        if node in wanted:
            wanted.update(origin for origin, _ in node.into)
    found: dict[Node, list[Way]] = {}
    for node in passed:
        if node in wanted:
            found[node] = [Way._make(each) for each in sorted(_ways_into(node, found), key=itemgetter(0))[:_WAYS]]
    best = sorted((way for end in ends for way in found[end]), key=itemgetter(0))
    return [way for way in best if way.rank <= best[0].rank + _BEHIND]


def _ways_into(node: Node, found: dict[Node, list[Way]]) -> list[tuple[float, Way | None, Step, int]]:
    """All ways into a node, as the fields of `Way`."""
    into: list[tuple[float, Way | None, Step, int]] = []
    for origin, step in node.into:
        rank = step.cost - TYPICAL * len(step.text)
        if origin.into:
            into += [(way.rank + rank, way, step, origin.at) for way in found[origin]]
        else:
            into.append((rank, None, step, origin.at))
    return into
