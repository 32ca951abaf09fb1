"""Politeness: a host is asked as slowly as its spec, its robots.txt and its answers want; one that fails is left alone."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.python import to_unicode

from govscrape.guards import PublicAddressesOnly, challenge_by

FAILURES = frozenset({401, 403, 412, 429, 500, 502, 503, 504, 520, 521, 522, 524})
PARK_AFTER = 5
"""Pages that fail in a row, each tried thrice, until a host is parked for the rest of the run."""
LONGEST = 300.0
"""Seconds that a host is waited for at most, whatever it asks; one that wants more is parked."""
LONGEST_PAUSE = 60.0
"""Seconds up to which the pause after a failure doubles."""
BACKOFF = 0.1
"""Seconds from which the pause after a failure doubles, where the spec sets no delay (simulated sites only)."""
SLOW = 0.2
"""Seconds to the first byte from which a server counts as slow (AutoThrottle: one answer's time between two requests)."""


@dataclass(slots=True)
class _Host:
    floor: float
    concurrency: int
    failed: set[str] = field(default_factory=set)
    failures: int = 0


class Politeness:
    """Sets each host's delay: never under its floor, longer while it is slow, doubled while it fails."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._run = crawler.spider.run
        self._hosts: dict[str, _Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the run from the spider; robots.txt parsers find this by the crawler."""
        self = crawler.politeness = cls(crawler)
        return self

    def process_request(self, request: Request) -> None:
        """Refuse what a parked host would be asked."""
        if why := self._run.parked.get(_host_of(request.url)):
            raise IgnoreRequest(f"not asked: {why}")

    def process_response(self, request: Request, response: Response) -> Response:
        """Learn from an answer how fast the host may be asked."""
        name = _host_of(request.url)
        if response.status in FAILURES or challenge_by(response.body):
            self._failed(name, request.url, f"HTTP {response.status}", _retry_after(response))
        else:
            host = self._host(name)
            host.failures = 0
            host.failed.clear()
            self._pace(name, request.meta.get("download_latency", 0.0))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A host that gives no answer is asked more slowly; what was refused here says nothing of the host."""
        name = _host_of(request.url)
        if not isinstance(exception, IgnoreRequest) and name not in PublicAddressesOnly.refused:
            self._failed(name, request.url, type(exception).__name__, None)

    def crawl_delay(self, name: str, seconds: float) -> None:
        """Take up a robots.txt's Crawl-delay, where it is longer than the spec's."""
        host = self._host(name)
        if seconds > LONGEST:
            self._park(name, f"robots.txt of {name} asks for {seconds:.0f} s between requests")
        elif seconds > host.floor:
            host.floor = seconds
            self._slow_down(name, seconds)

    def _failed(self, name: str, url: str, what: str, wait: float | None) -> None:
        host = self._host(name)
        host.failures += 1
        host.failed.add(url)
        if len(host.failed) >= PARK_AFTER or (wait or 0) > LONGEST:
            asked = f" and asks to wait {wait:.0f} s" if wait else ""
            self._park(name, f"{name} failed {len(host.failed)} times in a row ({what}){asked}")
            return
        pause = min(max(host.floor, BACKOFF) * 2**host.failures, LONGEST_PAUSE)
        self._slow_down(name, max(pause, wait or 0.0, host.floor), at_once=True)

    def _park(self, name: str, why: str) -> None:
        if name not in self._run.parked:
            self._run.parked[name] = why
            self._run.tally.warnings.append(f"parked: {why}; what is left is for the next run")

    def _pace(self, name: str, latency: float) -> None:
        host, slot = self._host(name), self._crawler.engine.downloader.slots.get(name)
        target = latency / host.concurrency if latency > SLOW else 0.0
        if slot:
            before = slot.delay
            slot.delay = min(max(host.floor, target, (slot.delay + target) / 2 if target else 0.0), LONGEST)
            if slot.delay < before and slot.latercall:  # the next request waits for the old pause: reckon it anew
                slot.latercall.cancel()
                slot.latercall = None
                self._crawler.engine.downloader._process_queue(slot)

    def _slow_down(self, name: str, seconds: float, *, at_once: bool = False) -> None:
        """Set the delay of a host; `at_once` counts it from now, not from the last request."""
        downloader = self._crawler.engine.downloader
        host = self._host(name)
        downloader.per_slot_settings.setdefault(name, {}).update(delay=host.floor)
        if slot := downloader.slots.get(name):
            waited = time.monotonic() - slot.lastseen if at_once else 0.0
            slot.delay = seconds + waited

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            settings = self._crawler.settings
            slot = settings.getdict("DOWNLOAD_SLOTS").get(name, {})
            floor, most = slot.get("delay", settings.getfloat("DOWNLOAD_DELAY")), slot.get("concurrency", 1)
            self._hosts[name] = _Host(floor, most)
        return self._hosts[name]


class HostLimits(Downloader):
    """Scrapy's downloader, which counts a request from when it is sent on its way.

    Scrapy counts it a moment later, and without a delay all that waits for a host goes in that moment at once.
    """

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        waiting: Coroutine[Any, Any, None] = super()._wait_for_download(slot, request, queue_dfd)
        return waiting


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's, but what waits for a robots.txt together obeys it together.

    In Scrapy 2.19 the second that waits takes the answer away from the third, which then asks for whatever it likes.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._waiting: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Give the rules of a request's server; None where it has none."""
        async with self._waiting[urlsplit(request.url).netloc]:
            return await super().robot_parser(request)


class CrawlDelayParser(ProtegoRobotParser):
    """Scrapy's robots.txt parser, which also obeys Crawl-delay."""

    def __init__(self, robotstxt_body: bytes, crawler: Any) -> None:
        super().__init__(robotstxt_body, crawler.spider)
        self._crawler = crawler
        self._told = False

    @classmethod
    def from_crawler(cls, crawler: Any, robotstxt_body: bytes) -> Self:
        """Take the politeness from the crawler."""
        return cls(robotstxt_body, crawler)

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Say whether an address may be asked for; the host's delay is set before it is."""
        if not self._told and (seconds := self.rp.crawl_delay(to_unicode(user_agent))) is not None:
            self._told = True
            self._crawler.politeness.crawl_delay(_host_of(to_unicode(url)), float(seconds))
        return super().allowed(url, user_agent)


def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def _retry_after(response: Response) -> float | None:
    """Seconds that a server asks to wait: given as a number or as a time; None where it does not say.

    >>> from scrapy.http import Response
    >>> _retry_after(Response("http://a.cn/", headers={"Retry-After": "120"}))
    120.0
    """
    given = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if given.isdecimal():
        return float(given)
    try:
        when = parsedate_to_datetime(given)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
