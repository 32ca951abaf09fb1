"""The scheduler: lists, retries and redirects from memory, articles from the state's frontier."""

from collections import deque
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from govscrape.state import Leased

if TYPE_CHECKING:
    from govscrape.spiders.sites import SiteSpider

LEASED = 64
"""Pages taken from the frontier in one go."""


class FrontierScheduler(BaseScheduler):
    """Hands out lists first, so that they are read in one go, then the articles of all sites in turn."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._spider: SiteSpider = crawler.spider
        self._frontier = crawler.spider.frontier
        self._requests: deque[Request] = deque()
        self._ready: dict[str, deque[Leased]] = {site: deque() for site in self._frontier.sites}
        self._turns = deque(self._frontier.sites)
        self._most = {spec.id: spec.politeness.concurrency for spec in self._spider.specs}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the frontier from the spider."""
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        """Say whether there is anything left to ask for."""
        return bool(self._requests or any(self._ready.values()) or any(self._frontier.waiting.values()))

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that the spider or a middleware gives."""
        self._requests.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request; None while every site has enough under way, and where the state cannot be written."""
        try:
            self._frontier.flush()
            return self._next()
        except OSError as error:
            self._spider.run.fail(error)
            return None

    def _next(self) -> Request | None:
        if self._requests:
            return self._requests.popleft()
        for _ in range(len(self._turns)):
            self._turns.rotate(-1)
            if page := self._next_page(self._turns[-1]):
                return self._spider.ask_article(page)
        return None

    def _next_page(self, site: str) -> Leased | None:
        ready = self._ready[site]
        while self._frontier.flying[site] - len(ready) < self._most[site]:
            if not ready:
                ready.extend(self._frontier.lease(site, LEASED))
            if not ready:
                return None
            page = ready.popleft()
            if urlsplit(page.url).hostname not in self._spider.run.parked:
                return page
            self._frontier.leave(page)
            self._spider.run.tally.left[site] += 1
        return None
