"""Running cleaners: in order, again until nothing changes, each step kept."""

from collections.abc import Sequence

from cleaners.edits import Cleaner, Step, apply_edits
from cleaners.evidence import Evidence

MAX_ROUNDS = 4
"""Damage can be nested (an entity in an entity, mojibake of mojibake); deeper than this has not been seen."""


def run_once(text: str, evidence: Evidence, cleaners: Sequence[Cleaner]) -> tuple[str, list[Step]]:
    """Run each cleaner once, in order; returns the text and the steps that changed something."""
    steps: list[Step] = []
    for cleaner in cleaners:
        edits = cleaner(text, evidence)
        if edits:
            text = apply_edits(text, edits)
            steps.append(Step(cleaner.__name__, tuple(edits)))
    return text, steps


def run_to_rest(text: str, evidence: Evidence, cleaners: Sequence[Cleaner]) -> tuple[str, list[Step]]:
    """Run the cleaners in rounds until a round changes nothing, so that cleaning a clean text changes nothing.

    Clean text costs one round.
    """
    steps: list[Step] = []
    for _ in range(MAX_ROUNDS):
        text, new = run_once(text, evidence, cleaners)
        if not new:
            break
        steps += new
    return text, steps
