"""A look at single pages, each asked for once, under a crawl's rules."""

from collections.abc import AsyncIterator, Sequence

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from cleaners.reason import Reason, Rejection
from govscrape.spiders.answers import may_be_html, type_of, why_failed
from govscrape.spiders.look import LookRun
from output.raw import RawItem


class PageSpider(Spider):
    """Asks for pages and keeps what comes, or why nothing did, under the address that was asked for."""

    name = "page"

    def __init__(self, urls: Sequence[str], hosts: frozenset[str], found: dict[str, RawItem]) -> None:
        super().__init__()
        self.urls, self.hosts, self.found, self.run = urls, hosts, found, LookRun()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each page."""
        for url in self.urls:
            yield Request(url, self.parse_page, cb_kwargs={"asked": url}, errback=self.failed, dont_filter=True)

    def parse_page(self, response: Response, asked: str) -> None:
        """Keep a page."""
        if may_be_html(response):
            self.found[asked] = RawItem(url=response.url, body=response.body, content_type=type_of(response) or None)
        else:
            self._fail(asked, Reason.NOT_HTML, type_of(response))

    def failed(self, failure: Failure) -> None:
        """Keep why a page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self._fail(request.cb_kwargs["asked"], *why_failed(failure.value, request.url))

    def _fail(self, asked: str, reason: Reason, why: str) -> None:
        self.found[asked] = RawItem(url=asked, problem=Rejection(reason, why))
