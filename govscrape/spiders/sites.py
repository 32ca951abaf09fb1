"""The spider: walks the columns of the given sites and fetches the articles they list, each once."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from cleaners.reason import Reason
from govscrape.cms import Ask, Link
from govscrape.errors import UsageError
from govscrape.site_specs import SiteSpec
from govscrape.spiders.answers import list_request, may_be_html, may_be_list, text_of, type_of, why_failed
from govscrape.spiders.walk import Walk
from govscrape.state import Frontier, Leased
from output.archive import Archived
from output.raw import RawItem
from output.record import RawEntry, Rejected
from pipelines.crawl import Change, CrawlItem, CrawlRun, Fetched

Output = Iterator[Request | CrawlItem]
GONE = ("HTTP 404", "HTTP 410")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a crawl is to fetch.

    `since` leaves out articles that their list (or address) dates before that day; an undated one is fetched.
    `limit` is the most articles to ask for, per site. Without `lists` only what the frontier holds is asked for.
    """

    since: date | None = None
    limit: int | None = None
    lists: bool = True


class SiteSpider(Spider):
    """Walks the lists of all given sites; every page asked for ends as a record or as a reject, failures included.

    The lists' articles go to the frontier, which gives each back once, through `ask_article`.
    """

    name = "sites"

    def __init__(
        self,
        run: CrawlRun | None = None,
        specs: Sequence[SiteSpec] = (),
        wanted: Wanted | None = None,
        frontier: Frontier | None = None,
    ) -> None:
        super().__init__()
        if run is None or frontier is None or not specs:
            raise UsageError("a crawl is started by `govscrape crawl SITE… -o OUT`")
        self.run, self.frontier = run, frontier
        self.specs = tuple(specs)
        self.wanted = wanted or Wanted()
        self.hosts = frozenset(host for spec in specs for host in spec.hosts)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first list page of each column; articles are asked for by the scheduler."""
        for spec in self.specs if self.wanted.lists else ():
            for column in spec.columns:
                yield self._ask_list(Walk(spec, column, Ask(column.url)))

    def parse_list(self, response: Response, walk: Walk) -> Output:
        """Follow a list page: its articles, then the next list pages."""
        self.run.tally.list_pages += 1
        if not may_be_list(response):
            yield _reject(walk.site, response, Reason.NOT_HTML, f"{walk}: {type_of(response)}")
            return
        yield from self._follow(walk, response, text_of(response))

    def ask_article(self, page: Leased) -> Request:
        """Ask for an article; where it is known, only for what has changed since."""
        known = {"If-None-Match": page.etag, "If-Modified-Since": page.modified} if page.verdict else {}
        headers = {name: value for name, value in known.items() if value}
        return Request(
            page.url,
            self.parse_article,
            headers=headers,
            meta={"leased": page, "handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED] if headers else []},
            errback=self.article_failed,
            dont_filter=True,
        )

    def parse_article(self, response: Response) -> Output:
        """Hand an article to the pipelines."""
        page: Leased = response.meta["leased"]
        fetched = _fetched(response)
        if response.status == HTTPStatus.NOT_MODIFIED:
            yield CrawlItem(page.site, page.url, Change.UNCHANGED, page.id, fetched)
            return
        if not (isinstance(response, TextResponse) and may_be_html(response)):
            rejected = Rejected(url=page.url, reason=Reason.NOT_HTML, detail=type_of(response), raw=_raw(response))
            yield CrawlItem(page.site, page.url, rejected, page.id, fetched)
            return
        raw = RawItem(
            url=response.url,
            body=response.body,
            content_type=type_of(response) or None,
            file=fetched.archived and fetched.archived.file,
            offset=fetched.archived and fetched.archived.offset,
            fetched_at=response.meta.get("fetched_at"),
        )
        yield CrawlItem(page.site, page.url, raw, page.id, fetched)

    def article_failed(self, failure: Failure) -> Output:
        """Reject an article that could not be fetched; a known one that is not there any more is gone."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page: Leased = request.meta["leased"]
        reason, detail = why_failed(failure.value, request.url)
        if detail in GONE and page.verdict in ("record", "gone"):
            yield CrawlItem(page.site, page.url, Change.GONE, page.id)
            return
        rejected = Rejected(url=page.url, reason=reason, detail=_with_redirect(detail, request), raw=_raw(request))
        yield CrawlItem(page.site, page.url, rejected, page.id)

    def fetch_failed(self, failure: Failure) -> Output:
        """Reject a list page that could not be fetched; a list that ends in a missing page is at its end, with a warning."""
        request: Request = failure.request  # type: ignore[attr-defined]
        walk: Walk = request.cb_kwargs["walk"]
        reason, detail = why_failed(failure.value, request.url)
        if walk.number > 0 and detail == "HTTP 404":
            yield from self._follow(walk, failure.value.response, "")  # type: ignore[union-attr]
            return
        yield _reject(walk.site, request, reason, f"{walk}: {_with_redirect(detail, request)}")

    def _follow(self, walk: Walk, response: Response, text: str) -> Output:
        step = walk.step(response.url, text)
        if step.problem:
            yield _reject(walk.site, response, Reason.UNPARSEABLE, f"{walk}: {step.problem}")
        if step.warning:
            self.run.tally.warnings.append(f"{walk}: {step.warning}")
        for link in step.links:
            self._offer(link, walk.site)
        only_older = bool(step.links) and all(self._is_older(link, walk.site) for link in step.links)
        if not only_older and not self._is_full(walk.site):
            yield from map(self._ask_list, step.walks)

    def _is_older(self, link: Link, site: SiteSpec) -> bool:
        since = self.wanted.since or site.since
        return bool(since and link.day and link.day < since)

    def _offer(self, link: Link, site: SiteSpec) -> None:
        tally = self.run.tally
        tally.listed[site.id] += 1
        if self._is_older(link, site):
            tally.older[site.id] += 1
        elif not self._is_full(site) and self.frontier.offer(site.id, link.url, link.day):
            tally.articles[site.id] += 1

    def _is_full(self, site: SiteSpec) -> bool:
        return self.wanted.limit is not None and self.run.tally.articles[site.id] >= self.wanted.limit

    def _ask_list(self, walk: Walk) -> Request:
        return list_request(walk, self.parse_list, self.fetch_failed)


def _reject(site: SiteSpec, source: Request | Response, reason: Reason, detail: str) -> CrawlItem:
    listed = _listed(source)
    return CrawlItem(site.id, listed, Rejected(url=listed, reason=reason, detail=detail, raw=_raw(source)))


def _with_redirect(detail: str, request: Request) -> str:
    redirected = "redirect_urls" in request.meta and request.url not in detail
    return f"{detail}, redirected to {request.url}" if redirected else detail


def _raw(source: Request | Response) -> RawEntry | None:
    """Where the answer lies, if there was one."""
    archived: Archived | None = source.meta.get("archived")
    if archived is None:
        return None
    return RawEntry(sha256=archived.payload.removeprefix("sha256:"), file=archived.file, offset=archived.offset)


def _fetched(response: Response) -> Fetched:
    given = [(response.headers.get(name) or b"").decode("latin-1") or None for name in ("ETag", "Last-Modified")]
    return Fetched(given[0], given[1], response.meta.get("archived"))


def _listed(source: Request | Response) -> str:
    """The address that was asked for at first, before redirects."""
    urls: list[str] = source.meta.get("redirect_urls") or [source.url]
    return urls[0]
