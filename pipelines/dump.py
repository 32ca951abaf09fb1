"""The dump run: every input read, cleaned by workers, written once, in order."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from cleaners.reason import Reason
from output.raw import Input
from output.record import Record, Rejected
from output.writer import RunWriter
from pipelines.dedup import SeenTexts
from pipelines.furniture_learned import FurnitureSample
from pipelines.job import Outcome, outcome_of
from pipelines.workers import batches

FAILED = frozenset({Reason.UNREADABLE, Reason.BAD_INPUT, Reason.FETCH_FAILED, Reason.POISON})
"""Reasons that mean an input failed, as against a page that was judged."""
SHOWN_FAILURES = 1000
"""Failures whose lines are kept for the eye; the rejects file has them all."""


class Engine(Protocol):
    """What cleans batches: worker processes here, or a cluster."""

    def run(self, work: Iterable[list[Input]]) -> Iterator[list[Outcome]]:
        """Clean all batches; what comes back is in the order of what went in."""


@dataclass
class Summary:
    """Counts of a run: records, rejects by reason, edits and changed documents by cleaner, and what failed."""

    records: int = 0
    chars: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    unresolved: int = 0
    failures: list[str] = field(default_factory=list)
    parts: int = 0

    @property
    def rejects(self) -> int:
        """Number of rejects of all reasons."""
        return self.reasons.total()

    @property
    def failed(self) -> int:
        """Number of inputs that failed."""
        return sum(self.reasons[reason] for reason in FAILED)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        if outcome.reason is not None:
            self.reasons[outcome.reason] += 1
            if outcome.reason in FAILED and len(self.failures) < SHOWN_FAILURES:
                self.failures.append(outcome.failure)
            return
        self.records += 1
        self.parts += outcome.is_part
        self.chars += outcome.chars
        self.unresolved += outcome.unresolved
        for cleaner, count in outcome.edits:
            self.edits[cleaner] += count
            self.documents[cleaner] += 1


class DumpRun:
    """One run into a writer. With `unique`, of records with the same text only the first is kept."""

    def __init__(self, writer: RunWriter, *, unique: bool = True) -> None:
        """Take up what the writer has taken up: its lines are counted and their texts known."""
        self.writer = writer
        self.summary = Summary()
        self._seen = SeenTexts() if unique else None
        if writer.done:
            for is_record, line in writer.lines_so_far():
                result = (Record if is_record else Rejected).model_validate_json(line)
                self._count(outcome_of(result))

    def _count(self, outcome: Outcome) -> str | None:
        """Count an outcome; returns the id of the record that has its text already, None if there is none."""
        first = self._seen.first(outcome.key, outcome.id) if self._seen and outcome.reason is None else None
        if first is None:
            self.summary.add(outcome)
        return first

    def write(self, items: Iterable[Input], engine: Engine, watch: Callable[[Summary], None] = lambda _: None) -> None:
        """Clean items into the writer, in their order; those that the writer has already are passed over. To be called once.

        `watch` sees the counts grow.
        """
        try:
            for outcomes in engine.run(batches(islice(items, self.writer.done, None))):
                for outcome in outcomes:
                    self._write(outcome)
                self.writer.checkpoint_if_due()
                watch(self.summary)
        finally:
            if self._seen:
                self._seen.close()

    def _write(self, outcome: Outcome) -> None:
        first = self._count(outcome)
        if first is not None:
            outcome = _duplicate(outcome, first)
            self.summary.add(outcome)
        if outcome.reason is None:
            self.writer.add(outcome.line)
        else:
            self.writer.add_reject(outcome.line)


def _duplicate(outcome: Outcome, first: str) -> Outcome:
    record = Record.model_validate_json(outcome.line)
    detail = f"the same text as {first}"
    return outcome_of(
        Rejected(
            id=record.id, url=record.url, reason=Reason.DUPLICATE, detail=detail, raw=record.raw, duplicate_of=first
        )
    )


def learn_furniture(items: Iterable[Input], engine: Engine) -> dict[str, dict[str, int]]:
    """Clean a sample of inputs and learn from it which lines are their sites' furniture."""
    sample = FurnitureSample()
    for outcomes in engine.run(batches(items)):
        for outcome in outcomes:
            if outcome.reason is None:
                record = Record.model_validate_json(outcome.line)
                sample.add(record.url or "", record.text)
    return sample.learned()
