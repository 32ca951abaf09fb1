"""Running cleaners: in order, again until nothing changes, each step kept."""

from collections.abc import Sequence

from cleaners.edits import Cleaner, Step, apply_edits
from cleaners.evidence import Evidence

MAX_ROUNDS = 4
"""Damage can be nested (an entity in an entity, mojibake of mojibake); deeper than this has not been seen."""


def run_to_rest(text: str, evidence: Evidence, cleaners: Sequence[Cleaner]) -> tuple[str, list[Step]]:
    """Run the cleaners in rounds until each has seen the text and changed nothing, so that cleaning a clean text changes
    nothing; returns the text and the steps that changed something.

    Clean text costs one round.
    """
    steps: list[Step] = []
    quiet = 0
    for cleaner in (*cleaners,) * MAX_ROUNDS:
        edits = cleaner(text, evidence)
        if edits:
            text = apply_edits(text, edits)
            steps.append(Step(cleaner.__name__, tuple(edits)))
        quiet = 0 if edits else quiet + 1
        if quiet == len(cleaners):
            break
    return text, steps
