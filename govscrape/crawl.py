"""One crawl from beginning to end: the function behind `govscrape crawl` and `govscrape retry`."""

import asyncio
import gc
import json
import logging
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from cleaners.reason import Reason
from govscrape.browser import browser_settings
from govscrape.errors import UsageError
from govscrape.places import Places
from govscrape.site_specs import SiteSpec
from govscrape.spiders.sites import SiteSpider, Wanted
from govscrape.state import Frontier, Leased, RunBook, StateError, open_state
from govscrape.state.store import ANEW, DamagedError, is_damage
from govscrape.state.verdict import Judged, Numbers, Verdict, judge_run
from govscrape.tallies import interrupted, numbers_of
from output.archive import RawArchive
from output.record import Record, Rejected
from output.writer import OutputError, RunWriter
from pipelines.crawl import CrawlItem, CrawlRun, Tally
from pipelines.parts_run import join_parts

CHINA = timezone(timedelta(hours=8))
RENEW = 60.0  # seconds between two signs of life in the state file


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """What a crawl did: its numbers, its verdict on each site, and where its files are (`files`: records first).

    An interrupted crawl writes no files; `resumed` is one that went on where an earlier one had stopped.
    """

    places: Places
    files: tuple[Path, ...]
    raw_at: Path
    seconds: float
    tally: Tally
    sites: dict[str, Judged]
    resumed: bool

    @property
    def out(self) -> Path:
        """Where the records are, as it was asked for."""
        return self.places.out

    @property
    def rejects_at(self) -> Path:
        """Where the rejects are."""
        return self.places.rejects

    @property
    def log_at(self) -> Path:
        """Where the log is."""
        return self.places.log

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of a site."""
        worst = list(Verdict)
        return max((each.verdict for each in self.sites.values()), key=worst.index)

    @property
    def exit_code(self) -> int:
        """0: all went well; 1: something is missing, or the crawl was interrupted; 3: a site's verdict is bad."""
        return max(each.verdict.exit_code for each in self.sites.values())

    @property
    def interrupted(self) -> bool:
        """Whether the crawl stopped before its end; the same command goes on."""
        return self.verdict is Verdict.INTERRUPTED

    def as_json(self) -> str:
        """The summary for machines."""
        sites = {
            site: {"verdict": each.verdict, "why": each.why, **each.numbers.as_dict()}
            for site, each in self.sites.items()
        }
        return json.dumps(
            {
                "verdict": self.verdict,
                "exit_code": self.exit_code,
                "resumed": self.resumed,
                "seconds": round(self.seconds, 1),
                "sites": sites,
                "rejects": self.tally.rejects,
                "repairs": self.tally.repairs,
                "warnings": self.tally.warnings,
                "files": [str(file) for file in self.files],
            },
            ensure_ascii=False,
            indent=2,
        )


def run_crawl(
    specs: Sequence[SiteSpec],
    out: Path,
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    *,
    minutes: float | None = None,
    today: date | None = None,
    watch: Callable[[Tally], None] = lambda _: None,
) -> CrawlSummary:
    """Crawl the sites into `out` (a `.jsonl` file or a folder), with the state of earlier crawls beside it.

    `out` holds all that is known: each record once, with what this run found of it (new, changed, unchanged, gone). It
    is written when the run is whole; until then an earlier one stays as it is, and what was found is in the state: a
    crawl that was killed, stopped (Ctrl-C), or ran out of its `minutes` is gone on with by the same call.
    `wanted.lists` False asks again for what could not be fetched, and nothing else.
    `watch` is called with the numbers after each response and verdict. `today` is for tests.
    It runs Scrapy's reactor: it can be called once in a process, from the main thread.
    Raises OutputError where results cannot be written, LockedError where a run of one of the sites goes on already.
    """
    started = time.monotonic()
    places = Places.of(out)
    ids = [spec.id for spec in specs]
    if len(set(ids)) < len(ids):
        raise UsageError(f"two of the sites have the same name: {', '.join(ids)}")
    settings = _settings(specs, places.log, minutes)
    with _told(places):
        places.prepare()
        db = open_state(places.state)
        book = RunBook(db)
        begun = book.begin(ids, f"{' '.join(sorted(ids))} {wanted}")
        try:
            run, frontier = _open_run(places, begun.id, specs, wanted, book)
            crawl = _Crawl(run, frontier, book, settings, watch)
            crawl.run_to_end(specs=specs, wanted=wanted)
            files = () if crawl.interrupted else _export(places, frontier, db)
            seconds = time.monotonic() - started
            numbers = [numbers_of(spec.id, run.tally, db, seconds) for spec in specs]
            if crawl.interrupted:
                judged = dict(zip(ids, map(interrupted, numbers), strict=True))
            else:
                day = today or datetime.now(CHINA).date()
                judged = {
                    spec.id: _judge(spec, each, book.baseline(spec.id, begun.id), day, wanted)
                    for spec, each in zip(specs, numbers, strict=True)
                }
            book.finish(begun.id, judged)
        finally:
            book.release()
            db.close()
        summary = CrawlSummary(places, files, run.archive.path, seconds, run.tally, judged, resumed=begun.resumed)
        places.tell(summary.as_json())
    return summary


@contextmanager
def _told(places: Places) -> Iterator[None]:
    try:
        yield
    except StateError as error:
        raise OutputError(str(error)) from error
    except DamagedError as error:
        raise OutputError(f"{places.state}: {error}") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        kept = f"; what was finished is kept in {places.state}" if places.state.is_file() else ""
        raise OutputError(f"{places.out}: {why}{kept}") from error


def _judge(spec: SiteSpec, numbers: Numbers, earlier: Sequence[Numbers], today: date, wanted: Wanted) -> Judged:
    silence = timedelta(days=spec.stale_after) if spec.stale_after else None
    return judge_run(numbers, earlier, today, silence=silence, lists=wanted.lists)


def _open_run(
    places: Places, number: int, specs: Sequence[SiteSpec], wanted: Wanted, book: RunBook
) -> tuple[CrawlRun, Frontier]:
    archive = RawArchive(places.folder, places.stem, book)
    frontier = Frontier(book.db, number, [spec.id for spec in specs], archive)
    frontier.whole = wanted == Wanted()
    run = CrawlRun(frontier, archive)
    run.tally.waiting = frontier.waiting
    frontier.count_into(run.tally)
    if not wanted.lists:
        for spec in specs:
            run.tally.articles[spec.id] += frontier.offer_failed(spec.id)
    return run, frontier


def _export(places: Places, frontier: Frontier, db: sqlite3.Connection) -> tuple[Path, ...]:
    """Write all that the state holds; one process at a time, while others go on with their crawls."""
    frontier.flush()
    with places.alone():
        db.execute("BEGIN")  # what is read from here on is as it is now
        writer = RunWriter(places.out)
        for page in frontier.settled():
            if page.record:
                record = Record.model_validate_json(page.record)
                writer.write(record.model_copy(update={"change": page.change.value}))
            if page.reject:
                writer.reject(Rejected.model_validate_json(page.reject))
        files = writer.finish().files
        db.execute("COMMIT")
        joined = join_parts(places.out, {}, compress=False)
    return joined.written.files if joined else files


class _Crawl:
    """One run of Scrapy, with an ear for what goes wrong in it."""

    def __init__(
        self, run: CrawlRun, frontier: Frontier, book: RunBook, settings: Settings, watch: Callable[[Tally], None]
    ) -> None:
        self.run = run
        self.run.stop = self._stop
        self.interrupted = True
        self._frontier, self._book, self._watch = frontier, book, watch
        self._renewed = time.monotonic()
        self._unlisted = False
        self._process = AsyncCrawlerProcess(settings)
        self._crawler: Crawler = self._process.create_crawler(SiteSpider)

    def run_to_end(self, **spider_args: Any) -> None:
        """Crawl until all is done or Ctrl-C is pressed; raises OSError where results could not be written."""
        connect = self._crawler.signals.connect
        connect(self._closed, signal=signals.spider_closed)
        connect(self._idle, signal=signals.spider_idle)
        connect(self._item_error, signal=signals.item_error)
        connect(self._spider_error, signal=signals.spider_error)
        connect(self._progress, signal=signals.response_downloaded)
        logging.getLogger("scrapy").setLevel(logging.INFO)  # else each page makes a dozen messages that nobody gets
        logging.raiseExceptions = False  # a full disk is told once, by the crawl, and not for each line of the log
        gc.collect()
        gc.freeze()  # the cleaners' tables stay; looking through them again and again would take a tenth of the time
        task = self._process.crawl(self._crawler, run=self.run, frontier=self._frontier, **spider_args)
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._process.start()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            self.run.archive.close()
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error
        if self.run.unwritable:
            raise self.run.unwritable

    def _progress(self) -> None:
        self._watch(self.run.tally)
        if time.monotonic() - self._renewed > RENEW:
            self._renewed = time.monotonic()
            self._book.renew()

    def _closed(self, reason: str) -> None:
        self.interrupted = reason != "finished"

    def _idle(self, spider: SiteSpider) -> None:
        """When all that the lists name is settled, ask for what whole lists no longer name: is it gone?"""
        if self._unlisted or not self._frontier.whole:
            return
        self._unlisted = True
        tally = self.run.tally
        for spec in spider.specs:
            if tally.listed[spec.id] and not tally.list_failures[spec.id]:
                tally.articles[spec.id] += self._frontier.offer_unlisted(spec.id)
                for page in self._frontier.lease(spec.id, 1):
                    self._crawler.engine.crawl(spider.ask_article(page))
        if any(self._frontier.flying.values()):
            raise DontCloseSpider

    def _item_error(self, item: CrawlItem, failure: Failure) -> None:
        """A full disk ends the crawl; an error of one page's own ends that page, as a reject."""
        if not self._fails(failure.value):
            self._reject(item, failure)

    def _fails(self, error: BaseException | None) -> bool:
        """End the crawl where nothing more can be written."""
        if isinstance(error, OSError):
            self.run.fail(error)
        elif error and is_damage(error):
            self.run.fail(DamagedError(f"{error}; {ANEW}"))
        return self.run.unwritable is not None

    def _stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._crawler.stop_async())

    def _spider_error(self, response: Response, failure: Failure) -> None:
        """An error while an answer was read: a list's, or an article's."""
        if self._fails(failure.value):
            return
        page: Leased | None = response.meta.get("leased")
        site = page.site if page else response.cb_kwargs["walk"].site.id
        result = Rejected(url=response.url, reason=Reason.UNPARSEABLE)
        self._reject(CrawlItem(site, response.url, result, page and page.id), failure)

    def _reject(self, item: CrawlItem, failure: Failure) -> None:
        detail = f"{type(failure.value).__name__}: {failure.value}"
        rejected = Rejected(url=item.listed, reason=Reason.UNPARSEABLE, detail=detail)
        self.run.ledger.reject(item, rejected)
        self.run.tally.add_reject(item, rejected)


def _settings(specs: Sequence[SiteSpec], log: Path, minutes: float | None) -> Settings:
    settings = crawl_settings(specs)
    of_this_run = {"LOG_FILE": str(log), "CLOSESPIDER_TIMEOUT": round((minutes or 0) * 60)}
    settings.setdict(of_this_run, priority="cmdline")
    return settings


def crawl_settings(specs: Sequence[SiteSpec]) -> Settings:
    """Make the settings under which these sites may be asked for anything.

    >>> from govscrape.site_specs import load_site
    >>> crawl_settings([load_site("mof")]).getdict("DOWNLOAD_SLOTS")["www.mof.gov.cn"]["delay"]
    2.0
    """
    settings = Settings()
    settings.setmodule("govscrape.settings", priority="project")
    slots: dict[str, dict[str, float]] = {}
    for host, wish in ((host, spec.politeness) for spec in specs for host in spec.hosts):  # two sites may share a host
        slot = slots.setdefault(host, {"delay": wish.delay, "concurrency": wish.concurrency, "jitter": 0.0})
        slot |= {"delay": max(slot["delay"], wish.delay), "concurrency": min(slot["concurrency"], wish.concurrency)}
    private = [host for spec in specs if spec.private_addresses for host in spec.hosts]
    unverified = [host for spec in specs if not spec.verify_tls for host in spec.hosts]
    of_these_sites = {"DOWNLOAD_SLOTS": slots, "PRIVATE_HOSTS": private, "UNVERIFIED_HOSTS": unverified}
    if browser := browser_settings(specs):
        rendering = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), "govscrape.rendering.RenderLists": 60}
        of_these_sites |= browser | {"DOWNLOADER_MIDDLEWARES": rendering}
    settings.setdict(of_these_sites, priority="cmdline")
    return settings
