"""The crawl's item pipelines: clean, find doubles, write rejects, write records. A few lines each, in this order."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from scrapy.exceptions import DropItem

from cleaners.reason import Reason
from output.archive import RawArchive
from output.record import RawEntry, Record, Rejected
from output.writer import RunWriter
from pipelines.page import clean_page


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as fetched: its final address, its body (uncompressed), and where it lies in the archive."""

    url: str
    body: bytes
    content_type: str | None
    fetched_at: datetime
    raw: RawEntry


@dataclass(slots=True)
class CrawlItem:
    """What goes through the pipelines: one page of a site, on its way from bytes to a verdict.

    `listed` is the address that the site's list gave; a redirect may have led elsewhere.
    """

    site: str
    listed: str
    result: FetchedPage | Record | Rejected


@dataclass(slots=True)
class Tally:
    """The numbers of a crawl, counted as it goes."""

    responses: int = 0
    list_pages: int = 0
    older: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    rejects: Counter[Reason] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)


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
        page = item.result
        if isinstance(page, FetchedPage):
            cleaned = clean_page(page.body, url=page.url, content_type=page.content_type)
            item.result = _with_place(cleaned, page, item.listed)
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
            self.run.tally.rejects[item.result.reason] += 1
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


def _with_place(result: Record | Rejected, page: FetchedPage, listed: str) -> Record | Rejected:
    """Point to the archive; the hash stays the one of the body that was cleaned, uncompressed."""
    raw = page.raw if result.raw is None else page.raw.model_copy(update={"sha256": result.raw.sha256})
    more = {"fetched_at": page.fetched_at} if isinstance(result, Record) else {"url": listed}
    return result.model_copy(update={"raw": raw, **more})
