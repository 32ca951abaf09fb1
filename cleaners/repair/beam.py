"""The states of a walk: partial repairs, of which the best go on and remember those they were preferred to."""

from collections import defaultdict
from heapq import nsmallest
from math import inf
from typing import NamedTuple

_TYPICAL = 2.0
"""Nats that a further character is worth when states are pruned: a pair that vanished leaves text without a trace."""
_RIVALS = 5


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


def prune(states: list[State], width: int, span: float = inf, *, limit: float = inf) -> list[State]:
    """The best states of a place, best first, one for each way to go on, which remembers the others.

    None is more than `span` behind the best, or beyond `limit`.
    """
    ranks = [*map(rank, states)]
    limit = min(limit, min(ranks) + span)
    same: dict[tuple[int, str], list[State]] = defaultdict(list)
    for state, behind in zip(states, ranks, strict=True):
        if behind <= limit:
            same[state.pending, state.before].append(state)
    merged = [each[0] if len(each) == 1 else _merge(each) for each in same.values()]
    return nsmallest(width, merged, key=rank)


def _merge(states: list[State]) -> State:
    first, *others = sorted(states, key=by_cost)[: _RIVALS + 1]
    sizes = len(first.text), len(first.shown)
    rivals = [Rival(o.cost - first.cost, *sizes, o.text, o.shown, o.notes) for o in others if o.text != first.text]
    settled = min(state.settled for state in states)
    return first._replace(rivals=tuple(sorted((*first.rivals, *rivals))[:_RIVALS]), settled=settled)


def with_rivals(states: list[State]) -> list[State]:
    """The states and what they were preferred to, best first."""
    every = list(states)
    for state in states:
        for r in state.rivals:
            text, shown = r.text + state.text[r.length :], r.shown + state.shown[r.shown_length :]
            every.append(
                state._replace(cost=state.cost + r.cost, text=text, shown=shown, notes=r.notes + state.notes, rivals=())
            )
    return sorted(every, key=by_cost)


def by_cost(state: State) -> float:
    """What a state has cost so far, in nats."""
    return state.cost


def rank(state: State) -> float:
    """What a state has cost beyond what its length is worth: states of different lengths are compared by it."""
    return state.cost - _TYPICAL * len(state.text)
