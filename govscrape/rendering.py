"""Lists that only a script makes: a browser runs the page, the crawl fetches all that the page asks for.

The browser has no network of its own. Each of its requests goes through Scrapy, under the same rules as any other: hosts,
addresses, robots.txt, delay, concurrency, size; and into the archive.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urldefrag, urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, Route
from playwright.async_api import Request as BrowserRequest
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

LONGEST = 120.0
"""Seconds that a list may take: at a delay of 2 s this is a page with 50 scripts and answers."""
MOST_REQUESTS = 60
"""Requests of one page that are answered; list pages seen ask for 5 to 20 scripts and answers."""
QUIET = 0.5
"""Seconds without a request and without a change after which a page has come to rest."""
PATIENCE = 3.0
"""Seconds without a request after which a page is taken as it is, though it still changes: banners and tickers never rest."""
LOOK_EVERY = 0.1
CLOSING = 10.0  # seconds
NEEDED = frozenset({"document", "script", "xhr", "fetch"})
"""What makes a list; pictures, fonts, styles and media are not fetched."""
PASSED_ON = ("Content-Type", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
SENT_ON = ("content-type", "x-requested-with", "accept", "referer")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visit:
    """One list page in the browser: the answer it began with, and how much it has asked for since."""

    walk: Any
    first: Response
    shown: bool = False
    asked: int = 0
    open: int = 0
    last: float = field(default_factory=time.monotonic)


class RenderLists:
    """Give the lists of columns with `js = true` as their scripts make them; every other answer passes."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._hosts: frozenset[str] = crawler.spider.hosts
        self._warnings: list[str] = crawler.spider.run.tally.warnings
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._handler = ScrapyPlaywrightDownloadHandler(crawler)
        self._one_at_a_time = asyncio.Lock()
        self._strange: set[str] = set()
        crawler.signals.connect(self._handler.close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take settings, spider and engine from the crawler."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Run a list page, and go on with what it came to show."""
        walk = request.cb_kwargs.get("walk")
        wanted = walk is not None and walk.column.js and request.method == "GET" and response.status == HTTPStatus.OK
        if not (wanted and isinstance(response, HtmlResponse)):
            return response
        async with self._one_at_a_time:
            rendered = await self._render(_Visit(walk, response))
        return response.replace(url=rendered.url, body=rendered.body, encoding="utf-8")

    async def _render(self, visit: _Visit) -> Response:
        request = self._request(visit)
        try:
            return await asyncio.wait_for(self._handler.download_request(request), LONGEST)
        except TimeoutError:
            raise IgnoreRequest(f"not rendered: its scripts did not end within {LONGEST:.0f} s") from None
        except BrowserError as error:
            raise IgnoreRequest(f"not rendered: {error.message.splitlines()[0]}") from error
        finally:
            if page := request.meta.get("playwright_page"):
                await _close(page)

    def _request(self, visit: _Visit) -> Request:
        async def settle(page: Page) -> None:
            await self._settle(page, visit)

        async def init(page: Page, _: Request) -> None:
            await page.route("**", lambda route: self._answer(route, visit))

        meta = {
            "playwright": True,
            "playwright_include_page": True,
            "playwright_context": f"{id(visit)}",
            "playwright_context_kwargs": {"service_workers": "block", "accept_downloads": False},
            "playwright_page_init_callback": init,
            "playwright_page_goto_kwargs": {"timeout": LONGEST * 1000, "wait_until": "commit"},
            "playwright_page_methods": [PageMethod(settle)],
        }
        return Request(visit.first.url, meta=meta)

    async def _settle(self, page: Page, visit: _Visit) -> None:
        """Wait until the page asks for nothing more and changes no more, or the crawl is to end."""
        size, since = -1, time.monotonic()
        while not self._ending():
            await asyncio.sleep(LOOK_EVERY)
            now, length = time.monotonic(), await _length(page)
            if length > self._largest:
                raise IgnoreRequest(f"not rendered: its scripts made a page of {length} characters")
            since, size = (since, size) if length == size else (now, length)
            if not visit.open and now > min(max(since, visit.last) + QUIET, visit.last + PATIENCE):
                return

    async def _answer(self, route: Route, visit: _Visit) -> None:
        """Answer a request of the page with what the crawl fetches for it, or not at all."""
        visit.open += 1
        try:
            if not visit.shown and urldefrag(route.request.url).url == urldefrag(visit.first.url).url:
                visit.shown = True
                await _fulfill(route, visit.first)
            elif self._may_ask(route, visit):
                await _fulfill(route, await self._fetch(route.request))
                visit.last = time.monotonic()
            else:
                await route.abort()
        except BrowserError:  # the page is closed
            return
        except Exception as error:  # noqa: BLE001 - the boundary of one page: it goes on without what cannot be fetched
            log.info("%s: without %s: %s", visit.walk, route.request.url, error or type(error).__name__)
            await _abort(route)
        finally:
            visit.open -= 1

    def _may_ask(self, route: Route, visit: _Visit) -> bool:
        """Say whether a request is to be fetched: frames are not, for the walk asks for a frame's list by itself."""
        asked = route.request
        in_frame = asked.resource_type == "document" and asked.frame.parent_frame is not None
        if asked.resource_type not in NEEDED or in_frame or visit.asked >= MOST_REQUESTS or self._ending():
            return False
        host = urlsplit(asked.url).hostname or ""
        if host not in self._hosts | self._strange:
            self._strange.add(host)
            self._warnings.append(f"{visit.walk}: its scripts ask for {asked.url}, which is not on the site's hosts")
        visit.asked += host in self._hosts
        return host in self._hosts

    async def _fetch(self, asked: BrowserRequest) -> Response:
        headers = {name: asked.headers[name] for name in SENT_ON if name in asked.headers}
        body = asked.post_data_buffer or b""
        request = Request(asked.url, method=asked.method, headers=headers, body=body, dont_filter=True)
        response: Response = await self._crawler.engine.download_async(request)
        return response

    def _ending(self) -> bool:
        engine = self._crawler.engine
        return not engine.running or engine._slot is None or engine._slot.closing is not None


async def _fulfill(route: Route, response: Response) -> None:
    headers = {name: value.decode("latin-1") for name in PASSED_ON if (value := response.headers.get(name))}
    await route.fulfill(status=response.status, headers=headers, body=response.body)


async def _length(page: Page) -> int:
    """How long the page is; -1 while a script leads it elsewhere."""
    try:
        return int(await page.evaluate("document.documentElement.outerHTML.length"))
    except BrowserError:
        if page.is_closed():
            raise
        return -1


async def _close(page: Page) -> None:
    """Close the page with all that it has opened."""
    try:
        await asyncio.wait_for(page.context.close(), CLOSING)
    except (TimeoutError, BrowserError):
        log.info("the browser did not close %s", page.url)


async def _abort(route: Route) -> None:
    try:
        await route.abort()
    except BrowserError:
        return
