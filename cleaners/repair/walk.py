"""Walks over a run that was read one byte off: from left to right, on with the best of each place."""

from typing import NamedTuple

from cleaners.repair.lattice import Node, Way, prune, reach, ways
from cleaners.repair.shifted import Run

_NEAR_START = 5
_MOST_STEPS = 4_000
"""Steps taken in a walk, about 15 µs each: made damage needs up to 722."""
_STARTING, _MOST_SUSPECT = 2.5, 16
"""How many times as far behind a node may be at the start of a wound for pairs to be supposed vanished after it, and how many nodes are
looked at."""
_CUT_BEFORE = frozenset("?、；;")
"""What is observed where the second byte of a character is lost: nothing tells there whether a pair has vanished before."""
_SETTLED = 3
"""Characters in step after which a run is over."""


class Effort(NamedTuple):
    """How many nodes of a place a walk goes on from, of each of the two kinds, and how far behind the best they may be, in nats.

    `wide` is for the start of a wound, where a hundred characters are possible and the right one may look unlikely until the
    next is known. At nodes of a rough place, and where a second byte is lost, it is supposed that pairs vanished, if they are no
    more than `vanish` nats behind the best, or two and a half times that at the start.
    """

    width: int
    wide: int
    vanish: float
    span: float


QUICK, THOROUGH, WIDEST = Effort(4, 4, 0.0, 6.0), Effort(8, 16, 2.5, 9.0), Effort(16, 120, 6.0, 20.0)
"""The first takes a millisecond; the second, where that leaves doubt, two. The third is for runs that nothing has explained, as a
rare word right after a mark."""
_ROUGH = 12.0
"""Nats that three steps in a row cost where a pair may have vanished: it leaves one wrong character instead of two or three."""


def rough_places(way: Way) -> frozenset[int]:
    """Where a pair may have vanished: the places of three steps in a row that read badly, or what two such rows share."""
    steps = way.steps()
    costs = [step.cost for _, step in steps]
    rough = {i for i, three in enumerate(zip(costs, costs[1:], costs[2:], strict=False)) if sum(three) > _ROUGH}
    found: set[int] = set()
    for i in rough:
        if i + 1 in rough:
            found.update(at for at, _ in steps[i + 1 : i + 3])
        elif i - 1 not in rough:
            found.update(at for at, _ in steps[i : i + 3])
    return frozenset(found)


def walk(run: Run, before: str, effort: Effort, rough: frozenset[int]) -> tuple[list[Way], int]:
    """Walk an observed run; returns the complete repairs, best first, and where in the observed string they end.

    `before` are the two characters that stand before the run. The walk ends where all repairs are in step again.
    """
    end = len(run.observed)
    places: list[dict[tuple[int, str], Node]] = [{} for _ in range(end + 1)]
    places[0][0, before] = Node(0, 0, before)
    passed: list[Node] = []
    most = run.prices.walked + _MOST_STEPS
    for at, nodes in enumerate(places):
        if not nodes:
            continue
        if run.prices.walked > most:
            break
        wide = at <= _NEAR_START or "?" in run.observed[at - 2 : at]
        kept = prune(nodes.values(), effort.wide if wide else effort.width, effort.span)
        passed += kept
        over = at >= run.least + _SETTLED and not any(places[at + 1 :])
        if at == end or (over and all(node.settled >= _SETTLED for node in kept)):
            return ways(passed, [node for node in kept if not node.pending]), at
        taken = [(node, run.steps(node)) for node in kept]
        near = kept[0].rank + effort.vanish * (_STARTING if wide else 1)
        suspect = at in rough or run.observed[at] in _CUT_BEFORE
        for node in kept[:_MOST_SUSPECT] if suspect else ():
            if node.rank > near:
                break
            taken.append((node, run.vanished(node)))
        for node, steps in taken:
            run.prices.walked += len(steps)
            for next_at, step in steps:
                reach(places[next_at], next_at, node, step)
    return [], 0
