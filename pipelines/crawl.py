"""The crawl's item pipelines: clean, find doubles, write rejects, write records. A few lines each, in this order."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from scrapy.exceptions import DropItem

from cleaners.reason import Reason
from output.archive import RawArchive
from output.build import clean_item
from output.raw import RawItem
from output.record import Record, Rejected
from output.writer import RunWriter

SHOWN_FAILURES = 20


@dataclass(slots=True)
class CrawlItem:
    """What goes through the pipelines: one page of a site, on its way from bytes to a verdict.

    `listed` is the address that the site's list gave; a redirect may have led elsewhere.
    """

    site: str
    listed: str
    result: RawItem | Record | Rejected


@dataclass(slots=True)
class Tally:
    """The numbers of a crawl, counted as it goes.

    `responses` counts all answers of the servers (robots.txt, redirects and errors too), `articles` the articles asked
    for, `older` those left out by their list's date, both and `records` by site; `repairs` counts edits by cleaner.
    `failures` are the first fetches that failed, a line each, for the eye; the rejects file has them all.
    """

    responses: int = 0
    list_pages: int = 0
    older: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    rejects: Counter[Reason] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add_reject(self, rejected: Rejected) -> None:
        """Count a reject."""
        self.rejects[rejected.reason] += 1
        if rejected.reason is Reason.FETCH_FAILED and len(self.failures) < SHOWN_FAILURES:
            self.failures.append(f"{rejected.url}: {rejected.detail}")


@dataclass(slots=True)
class CrawlRun:
    """What all parts of one crawl share: where results and raw responses go, the numbers, and how to end it.

    `unwritable` is the error of the first write that failed; no more than that write is lost, for the crawl is stopped.
    """

    writer: RunWriter
    archive: RawArchive
    tally: Tally = field(default_factory=Tally)
    unwritable: OSError | None = None
    stop: Callable[[], object] = lambda: None

    def fail(self, error: OSError) -> None:
        """End the crawl because results or raw responses cannot be written."""
        if self.unwritable is None:
            self.unwritable = error
            self.stop()


class _Stage:
    def __init__(self, run: CrawlRun) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the run from the spider."""
        return cls(crawler.spider.run)


class Clean(_Stage):
    """Turn a fetched page into a record or a reject."""

    def process_item(self, item: CrawlItem) -> CrawlItem:
        """Clean the page; what has been rejected before passes."""
        if isinstance(item.result, RawItem):
            cleaned = clean_item(item.result)
            rejected = isinstance(cleaned, Rejected)
            item.result = cleaned.model_copy(update={"url": item.listed}) if rejected else cleaned
        return item


class FindDoubles(_Stage):
    """Reject a record whose text, blanks aside, an earlier record of this crawl has."""

    def __init__(self, run: CrawlRun) -> None:
        super().__init__(run)
        self._first: dict[bytes, str] = {}

    def process_item(self, item: CrawlItem) -> CrawlItem:
        """Let the first of equal texts pass."""
        record = item.result
        if isinstance(record, Record):
            key = hashlib.sha256("".join(record.text.split()).encode()).digest()
            if key in self._first:
                detail = f"duplicate_of {self._first[key]}"
                item.result = Rejected(
                    id=record.id, url=item.listed, reason=Reason.DUPLICATE, detail=detail, raw=record.raw
                )
            else:
                self._first[key] = record.url or record.id
        return item


class WriteRejects(_Stage):
    """Write what was rejected, wherever that happened, and end its way here."""

    def process_item(self, item: CrawlItem) -> CrawlItem:
        """Write and drop a reject; a record passes."""
        if isinstance(item.result, Rejected):
            self.run.writer.reject(item.result)
            self.run.tally.add_reject(item.result)
            raise DropItem(f"{item.result.reason}: {item.result.url} {item.result.detail}")
        return item


class WriteRecords(_Stage):
    """Write the records."""

    def process_item(self, item: CrawlItem) -> CrawlItem:
        """Write a record and count what was repaired in it."""
        if isinstance(item.result, Record):
            self.run.writer.write(item.result)
            self.run.tally.records[item.site] += 1
            for edit in item.result.edits:
                self.run.tally.repairs[edit.cleaner] += edit.count
        return item


STAGES: Iterable[type[_Stage]] = (Clean, FindDoubles, WriteRejects, WriteRecords)
ITEM_PIPELINES = {stage: order for order, stage in enumerate(STAGES)}
