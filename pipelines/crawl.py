"""The crawl's item pipelines: clean, then settle each page in the crawl's state. A few lines each, in this order."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, Self, cast

from scrapy.exceptions import DropItem

from cleaners.reason import Reason
from output.archive import Archived, RawArchive
from output.build import clean_item
from output.raw import RawItem
from output.record import Record, Rejected

SHOWN_FAILURES = 20


class Change(StrEnum):
    """What a run found of a page, up against the run before."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"


class Fetched(NamedTuple):
    """What came with a page: the server's validators, and where the answer lies."""

    etag: str | None = None
    modified: str | None = None
    archived: Archived | None = None


@dataclass(slots=True)
class CrawlItem:
    """What goes through the pipelines: one page of a site, on its way from bytes to a verdict.

    `listed` is the address that the site's list gave; a redirect may have led elsewhere. `page` is its number in the
    state, None for what is no article. A `result` UNCHANGED or GONE is the server's own word.
    """

    site: str
    listed: str
    result: RawItem | Record | Rejected | Change
    page: int | None = None
    fetched: Fetched | None = None


class Digests(NamedTuple):
    """Of a record: `text` without its blanks, to find doubles; `whole`, with title and metadata, to see changes."""

    text: bytes
    whole: bytes


class Ledger(Protocol):
    """Who remembers what became of each page, over runs."""

    def twin(self, digests: Digests, page: int) -> str | None:
        """Find another page's record with the same text."""
        ...

    def offer(self, site: str, url: str, day: date | None) -> bool:
        """Note an article to ask for; False where it is known in this run."""
        ...

    def keep(self, item: CrawlItem, record: Record, digests: Digests) -> Change:
        """Settle a page as a record."""
        ...

    def confirm(self, item: CrawlItem) -> str:
        """Settle a page as unchanged; returns its verdict."""
        ...

    def lose(self, item: CrawlItem) -> None:
        """Settle a page as gone."""
        ...

    def vanished(self, item: CrawlItem, rejected: Rejected) -> bool:
        """Say whether a reject means that a known record's page is gone."""
        ...

    def reject(self, item: CrawlItem, rejected: Rejected, digests: Digests | None = None) -> None:
        """Settle a page, or a list, as rejected."""
        ...


@dataclass(slots=True)
class Tally:
    """The numbers of a crawl, counted as it goes; the Counters are by site, but `rejects` and `repairs`.

    `responses` counts all answers of the servers (robots.txt, redirects and errors too), `listed` the articles that lists
    gave, `articles` those asked for, `older` those left out by their list's date, `left` those left for the next run;
    `records` are new, changed or unchanged; `judged` pages were cleaned, of these `misread` were no articles and `blank`
    had no title or date. `repairs` counts edits by cleaner. `failures` are the first fetches that failed, a line each, for
    the eye; the rejects file has them all.
    """

    responses: int = 0
    list_pages: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    blocked: Counter[str] = field(default_factory=Counter)
    listed: Counter[str] = field(default_factory=Counter)
    older: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    changes: dict[Change, Counter[str]] = field(default_factory=lambda: {change: Counter() for change in Change})
    rejected: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    list_failures: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    misread: Counter[str] = field(default_factory=Counter)
    blank: Counter[str] = field(default_factory=Counter)
    rejects: Counter[Reason] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def records(self) -> Counter[str]:
        """Records brought or confirmed, by site."""
        return self.changes[Change.NEW] + self.changes[Change.CHANGED] + self.changes[Change.UNCHANGED]

    def add_reject(self, item: CrawlItem, rejected: Rejected) -> None:
        """Count a reject."""
        failed = rejected.reason is Reason.FETCH_FAILED
        self.rejects[rejected.reason] += 1
        kind = self.list_failures if item.page is None else self.failed if failed else self.rejected
        kind[item.site] += 1
        if failed and len(self.failures) < SHOWN_FAILURES:
            self.failures.append(f"{rejected.url}: {rejected.detail}")


@dataclass(slots=True)
class CrawlRun:
    """What all parts of one crawl share: where results and raw responses go, the numbers, and how to end it.

    `parked` are hosts that are no longer asked, each with its reason. `unwritable` is the error of the first write that
    failed; no more than that write is lost, for the crawl is stopped.
    """

    ledger: Ledger
    archive: RawArchive
    tally: Tally = field(default_factory=Tally)
    parked: dict[str, str] = field(default_factory=dict)
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
        """Clean the page; what has been rejected before, or needs no cleaning, passes."""
        if isinstance(item.result, RawItem):
            cleaned = clean_item(item.result)
            if isinstance(cleaned, Rejected):
                item.result = cleaned.model_copy(update={"url": item.listed})
            else:
                item.result = cleaned
                self._follow(item.site, cleaned)
            self._count(item.site, item.result)
        return item

    def _follow(self, site: str, record: Record) -> None:
        """Ask for the other parts of an article that is split."""
        for address in record.part.addresses if record.part else ():
            self.run.tally.articles[site] += self.run.ledger.offer(site, address, None)

    def _count(self, site: str, result: Record | Rejected) -> None:
        tally = self.run.tally
        tally.judged[site] += 1
        if isinstance(result, Rejected):
            tally.misread[site] += 1
        else:
            tally.blank[site] += not (result.title and result.meta.published_at)


class Settle(_Stage):
    """Write down what became of a page, all at once: a killed crawl knows it, or knows nothing of it."""

    def process_item(self, item: CrawlItem) -> CrawlItem:
        """Settle the page. A record whose text another page's record has is a double; what is rejected ends here."""
        if isinstance(item.result, Record):
            self._keep(item, item.result)
        elif isinstance(item.result, Change):
            self._believe(item, item.result)
        elif self.run.ledger.vanished(item, cast(Rejected, item.result)):
            self._believe(item, Change.GONE)
        else:
            self._reject(item, cast(Rejected, item.result))
        return item

    def _keep(self, item: CrawlItem, record: Record) -> None:
        digests = digests_of(record)
        if twin := self.run.ledger.twin(digests, item.page or 0):
            detail = f"duplicate_of {twin}"
            rejected = Rejected(id=record.id, url=item.listed, reason=Reason.DUPLICATE, detail=detail, raw=record.raw)
            self._reject(item, rejected, digests)
        change = self.run.ledger.keep(item, record, digests)
        self.run.tally.changes[change][item.site] += 1
        for edit in record.edits:
            self.run.tally.repairs[edit.cleaner] += edit.count

    def _believe(self, item: CrawlItem, change: Change) -> None:
        """The server says that nothing has changed, or that the page is gone: no body to clean."""
        tally = self.run.tally
        if change is Change.GONE:
            self.run.ledger.lose(item)
        elif (verdict := self.run.ledger.confirm(item)) not in ("record", "gone"):
            tally.rejects[Reason(verdict)] += 1
            tally.rejected[item.site] += 1
            return
        tally.changes[change][item.site] += 1

    def _reject(self, item: CrawlItem, rejected: Rejected, digests: Digests | None = None) -> None:
        self.run.ledger.reject(item, rejected, digests)
        self.run.tally.add_reject(item, rejected)
        raise DropItem(f"{rejected.reason}: {rejected.url} {rejected.detail}")


def digests_of(record: Record) -> Digests:
    """The digests of a record. Attachments are left out: some servers give them addresses that expire."""
    text = hashlib.sha256("".join(record.text.split()).encode()).digest()
    described = record.meta.model_dump_json(exclude={"attachments"})
    return Digests(text, hashlib.sha256(b"\n".join((text, (record.title or "").encode(), described.encode()))).digest())


STAGES: Iterable[type[_Stage]] = (Clean, Settle)
ITEM_PIPELINES = {stage: order for order, stage in enumerate(STAGES)}
