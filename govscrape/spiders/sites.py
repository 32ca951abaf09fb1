"""The spider: walks the columns of the given sites and fetches the articles they list, each once."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from cleaners.reason import Reason
from govscrape.cms import Ask, Link
from govscrape.errors import UsageError
from govscrape.site_specs import SiteSpec
from govscrape.spiders.answers import list_request, may_be_html, may_be_list, text_of, type_of, why_failed
from govscrape.spiders.walk import Walk
from output.raw import RawItem
from output.record import RawEntry, Rejected
from pipelines.crawl import CrawlItem, CrawlRun

Output = Iterator[Request | CrawlItem]


class SiteSpider(Spider):
    """Walks the lists of all given sites; every page asked for ends as a record or as a reject, failures included.

    `since` leaves out articles that their list (or address) dates before that day; an undated one is fetched.
    `limit` is the most articles to ask for, per site.
    """

    name = "sites"

    def __init__(
        self,
        run: CrawlRun | None = None,
        specs: Sequence[SiteSpec] = (),
        since: date | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__()
        if run is None or not specs:
            raise UsageError("a crawl is started by `govscrape crawl SITE… -o OUT`")
        self.run = run
        self.specs = tuple(specs)
        self.hosts = frozenset(host for spec in specs for host in spec.hosts)
        self._since, self._limit = since, limit
        self._seen: set[str] = set()
        self._articles: Counter[str] = run.tally.articles

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first list page of each column."""
        for spec in self.specs:
            for column in spec.columns:
                yield self._ask_list(Walk(spec, column, Ask(column.url)))

    def parse_list(self, response: Response, walk: Walk) -> Output:
        """Follow a list page: its articles, then the next list pages."""
        self.run.tally.list_pages += 1
        if not may_be_list(response):
            yield _reject(walk.site, response, Reason.NOT_HTML, f"{walk}: {type_of(response)}")
            return
        yield from self._follow(walk, response, text_of(response))

    def parse_article(self, response: Response, site: SiteSpec) -> Output:
        """Hand an article to the pipelines."""
        if not (isinstance(response, TextResponse) and may_be_html(response)):
            yield _reject(site, response, Reason.NOT_HTML, type_of(response))
            return
        raw: RawEntry = response.meta["raw"]
        page = RawItem(
            url=response.url,
            body=response.body,
            content_type=type_of(response) or None,
            file=raw.file,
            offset=raw.offset,
            fetched_at=datetime.now(UTC).replace(microsecond=0),
        )
        yield CrawlItem(site.id, _listed(response), page)

    def fetch_failed(self, failure: Failure) -> Output:
        """Reject what could not be fetched; a list that ends in a missing page is at its end, with a warning."""
        request: Request = failure.request  # type: ignore[attr-defined]
        walk: Walk | None = request.cb_kwargs.get("walk")
        reason, detail = why_failed(failure.value, request.url)
        if walk and walk.number > 0 and detail == "HTTP 404":
            yield from self._follow(walk, failure.value.response, "")  # type: ignore[union-attr]
            return
        if "redirect_urls" in request.meta and request.url not in detail:
            detail += f", redirected to {request.url}"
        site = walk.site if walk else request.cb_kwargs["site"]
        yield _reject(site, request, reason, f"{walk}: {detail}" if walk else detail)

    def _follow(self, walk: Walk, response: Response, text: str) -> Output:
        step = walk.step(response.url, text)
        if step.problem:
            yield _reject(walk.site, response, Reason.UNPARSEABLE, f"{walk}: {step.problem}")
        if step.warning:
            self.run.tally.warnings.append(f"{walk}: {step.warning}")
        for link in step.links:
            yield from self._ask_article(link, walk.site)
        only_older = bool(step.links) and all(self._is_older(link, walk.site) for link in step.links)
        if not only_older and not self._is_full(walk.site):
            yield from map(self._ask_list, step.walks)

    def _is_older(self, link: Link, site: SiteSpec) -> bool:
        since = self._since or site.since
        return bool(since and link.day and link.day < since)

    def _ask_article(self, link: Link, site: SiteSpec) -> Iterator[Request]:
        key = canonicalize_url(link.url).partition("://")[2]  # http and https are one page
        if key in self._seen or self._is_full(site):
            return
        self._seen.add(key)
        if self._is_older(link, site):
            self.run.tally.older[site.id] += 1
            return
        self._articles[site.id] += 1
        # dont_filter: Scrapy's own filter would drop a redirect to a page seen before without a trace
        yield Request(
            link.url, self.parse_article, cb_kwargs={"site": site}, errback=self.fetch_failed, dont_filter=True
        )

    def _is_full(self, site: SiteSpec) -> bool:
        return self._limit is not None and self._articles[site.id] >= self._limit

    def _ask_list(self, walk: Walk) -> Request:
        return list_request(walk, self.parse_list, self.fetch_failed)


def _reject(site: SiteSpec, source: Request | Response, reason: Reason, detail: str) -> CrawlItem:
    listed = _listed(source)
    return CrawlItem(site.id, listed, Rejected(url=listed, reason=reason, detail=detail, raw=source.meta.get("raw")))


def _listed(source: Request | Response) -> str:
    """The address that was asked for at first, before redirects."""
    urls: list[str] = source.meta.get("redirect_urls") or [source.url]
    return urls[0]
