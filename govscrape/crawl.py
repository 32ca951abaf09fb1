"""One crawl from beginning to end: the function behind `govscrape crawl`."""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from cleaners.reason import Reason
from govscrape.site_specs import SiteSpec
from govscrape.spiders.sites import SiteSpider
from output.archive import RawArchive
from output.manifest import REJECTS
from output.record import Rejected
from output.writer import OutputError, RunWriter
from pipelines.crawl import CrawlItem, CrawlRun, Tally


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """What a crawl did: its numbers, and where its files are (`files`: records first; `.part` where interrupted)."""

    out: Path
    files: tuple[Path, ...]
    rejects_at: Path
    raw_at: Path
    log_at: Path
    seconds: float
    tally: Tally
    empty_sites: tuple[str, ...]
    interrupted: bool

    @property
    def exit_code(self) -> int:
        """0: all went well; 1: a fetch failed, a site gave nothing or the run was interrupted; 3: no record at all."""
        if self.interrupted:
            return 1
        if self.empty_sites and not self.tally.records:
            return 3
        return int(bool(self.empty_sites) or Reason.FETCH_FAILED in self.tally.rejects)


def run_crawl(
    specs: Sequence[SiteSpec],
    out: Path,
    *,
    since: date | None = None,
    limit: int | None = None,
    watch: Callable[[Tally], None] = lambda _: None,
) -> CrawlSummary:
    """Crawl the sites and write what is found; returns the numbers when all is done or Ctrl-C has been pressed.

    `out` is a `.jsonl` file or a folder; rejects, the raw archive and the log lie beside the records. Ctrl-C ends the
    crawl in order: what was finished is in `.part` files, and an earlier crawl's files stay as they are.
    `since` leaves out what the lists date before that day; `limit` is the most articles to ask a site for; `watch` is
    called with the numbers after each response and verdict.
    It runs Scrapy's reactor: it can be called once in a process, from the main thread.
    Raises OutputError where the results cannot be written.
    """
    started = time.monotonic()
    writer = RunWriter(out)
    stem = f"{out.stem}." if out.suffix == ".jsonl" else ""
    log = writer.folder / f"{stem}crawl.log"
    try:
        log.touch()
        run = CrawlRun(writer, RawArchive(writer.folder / f"{stem}raw.warc.gz"))
        crawl = _Crawl(run, _settings(specs, log), watch)
        crawl.run_to_end(specs=specs, since=since, limit=limit)
        files = writer.abort() if crawl.interrupted else writer.finish().files
        raw = run.archive.abort() if crawl.interrupted else run.archive.finish()
    except OSError as error:
        parts = ", ".join(map(str, writer.abort()))
        why = (error.strerror or str(error)).lower()
        raise OutputError(f"{out}: {why}; what was finished is in {parts}") from error
    return CrawlSummary(
        out=out,
        files=files,
        rejects_at=writer.folder / (f"{REJECTS}.part" if crawl.interrupted else REJECTS),
        raw_at=raw,
        log_at=log,
        seconds=time.monotonic() - started,
        tally=run.tally,
        empty_sites=tuple(spec.id for spec in specs if not (run.tally.records + run.tally.older)[spec.id]),
        interrupted=crawl.interrupted,
    )


class _Crawl:
    """One run of Scrapy, with an ear for what goes wrong in it."""

    def __init__(self, run: CrawlRun, settings: Settings, watch: Callable[[Tally], None]) -> None:
        self.run = run
        self._watch = watch
        self.run.stop = self._stop
        self.interrupted = True
        self._process = AsyncCrawlerProcess(settings)
        self._crawler: Crawler = self._process.create_crawler(SiteSpider)

    def run_to_end(self, **spider_args: Any) -> None:
        """Crawl until all is done or Ctrl-C is pressed; raises OSError where results could not be written."""
        connect = self._crawler.signals.connect
        connect(self._closed, signal=signals.spider_closed)
        connect(self._item_error, signal=signals.item_error)
        connect(self._spider_error, signal=signals.spider_error)
        for event in (signals.response_downloaded, signals.item_scraped, signals.item_dropped):
            connect(self._progress, signal=event)
        task = self._process.crawl(self._crawler, run=self.run, **spider_args)
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._process.start()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error
        if self.run.unwritable:
            raise self.run.unwritable

    def _progress(self) -> None:
        self._watch(self.run.tally)

    def _closed(self, reason: str) -> None:
        self.interrupted = reason != "finished"

    def _item_error(self, item: CrawlItem, failure: Failure) -> None:
        """A full disk ends the crawl; an error of one page's own ends that page, as a reject."""
        if isinstance(failure.value, OSError):
            self.run.fail(failure.value)
        else:
            self._reject(item.listed, failure)

    def _stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._crawler.stop_async())

    def _spider_error(self, response: Response, failure: Failure) -> None:
        self._reject(response.url, failure)

    def _reject(self, url: str | None, failure: Failure) -> None:
        detail = f"{type(failure.value).__name__}: {failure.value}"
        rejected = Rejected(url=url, reason=Reason.UNPARSEABLE, detail=detail)
        self.run.writer.reject(rejected)
        self.run.tally.add_reject(rejected)


def _settings(specs: Sequence[SiteSpec], log: Path) -> Settings:
    settings = Settings()
    settings.setmodule("govscrape.settings", priority="project")
    slots = {
        host: {"delay": spec.politeness.delay, "concurrency": spec.politeness.concurrency, "jitter": 0.0}
        for spec in specs
        for host in spec.hosts
    }
    private = [host for spec in specs if spec.private_addresses for host in spec.hosts]
    settings.setdict({"DOWNLOAD_SLOTS": slots, "PRIVATE_HOSTS": private, "LOG_FILE": str(log)}, priority="cmdline")
    return settings
