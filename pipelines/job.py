"""What a worker does with one input: the function that runs in every process of a run, near or far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import NamedTuple, cast

from cleaners.core import Clean
from cleaners.reason import Reason
from output.build import clean_safely, reject, to_record
from output.raw import Input, RawItem
from output.record import Record, Rejected
from pipelines.dedup import text_key
from pipelines.furniture_learned import without_learned


class Outcome(NamedTuple):
    """What came of an input: the line to write, and what the run counts and compares by.

    `reason` is None for a record; `key` and `id` find duplicates; `failure` says what a reject's line says, with its place; `is_part` is true of a part of an article.
    """

    line: bytes
    reason: str | None
    key: bytes = b""
    id: str = ""
    chars: int = 0
    unresolved: int = 0
    edits: tuple[tuple[str, int], ...] = ()
    failure: str = ""
    is_part: bool = False


CleanOne = Callable[[RawItem], Outcome]


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers of a run share. `clean` names the function that makes the cleaning function of a job
    (`module:function`); `furniture` holds learned lines by host; `time_limit` is the seconds a record may take.
    """

    cleaned_at: datetime
    furniture: Mapping[str, frozenset[str]] = field(default_factory=dict)
    clean: str = "pipelines.job:cleaning"
    time_limit: float = 60.0

    def function(self) -> CleanOne:
        """The function that cleans one input."""
        module, _, name = self.clean.partition(":")
        return cast(CleanOne, getattr(import_module(module), name)(self))


def cleaning(job: Job) -> CleanOne:
    """The cleaning function of a job."""

    def clean(item: RawItem) -> Outcome:
        cleaned = clean_safely(item)
        if isinstance(cleaned, Clean) and item.url and job.furniture:
            cleaned = without_learned(cleaned, item.url, job.furniture)
        return outcome_of(to_record(item, cleaned, job.cleaned_at))

    return clean


def poison(item: Input, what: str) -> Outcome:
    """The verdict on an input that could not be worked on."""
    return outcome_of(reject(item.read(), Reason.POISON, what))


def outcome_of(result: Record | Rejected) -> Outcome:
    """What a run needs to know of a record or a reject."""
    line = result.model_dump_json().encode()
    if isinstance(result, Rejected):
        place = result.raw.file if result.raw and result.raw.file else result.url or "input"
        said = result.detail if result.detail.startswith(place) else f"{place}: {result.detail}"
        return Outcome(line, result.reason.value, failure=said)
    edits = tuple((edit.cleaner, edit.count) for edit in result.edits)
    quality = result.quality
    return Outcome(
        line,
        None,
        text_key(result),
        result.id,
        quality.chars,
        quality.unresolved,
        edits,
        is_part=result.part is not None,
    )
