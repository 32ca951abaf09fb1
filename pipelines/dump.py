"""The dump run: every input read, cleaned, written, in order."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from cleaners.reason import Reason
from output.build import clean_item
from output.raw import RawItem
from output.record import Record, Rejected
from output.writer import RunWriter

FAILED = frozenset({Reason.UNREADABLE, Reason.BAD_INPUT, Reason.FETCH_FAILED})
"""Reasons that mean an input failed, as against a page that was judged."""


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

    @property
    def rejects(self) -> int:
        """Number of rejects of all reasons."""
        return self.reasons.total()

    def add(self, result: Record | Rejected) -> None:
        """Count one result."""
        if isinstance(result, Rejected):
            self.reasons[result.reason.value] += 1
            if result.reason in FAILED:
                self.failures.append(_failure(result))
            return
        self.records += 1
        self.chars += result.quality.chars
        self.unresolved += result.quality.unresolved
        for edit in result.edits:
            self.edits[edit.cleaner] += edit.count
            self.documents[edit.cleaner] += 1


def _failure(rejected: Rejected) -> str:
    place = rejected.raw.file if rejected.raw and rejected.raw.file else rejected.url or "input"
    return rejected.detail if rejected.detail.startswith(place) else f"{place}: {rejected.detail}"


def run_dump(
    items: Iterable[RawItem], writer: RunWriter, summary: Summary, watch: Callable[[Summary], None] = lambda _: None
) -> Summary:
    """Clean items into a writer, in their order; a resumed writer's inputs are skipped. `watch` sees the count grow."""
    for item in islice(items, writer.done, None):
        result = clean_item(item)
        if isinstance(result, Record):
            writer.write(result)
        else:
            writer.reject(result)
        summary.add(result)
        watch(summary)
    return summary
