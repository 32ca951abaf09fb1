"""A look at columns: the first articles of each list and one article itself, no more."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from govscrape.cms import Ask, Link
from govscrape.site_specs import Column, SiteSpec
from govscrape.spiders.answers import list_request, may_be_html, may_be_list, text_of, type_of, why_failed
from govscrape.spiders.walk import Walk
from output.raw import RawItem
from pipelines.crawl import Tally

MOST_STEPS = 8  # TrueCMS asks three times, UCAP four, before there is a list


@dataclass(slots=True)
class Look:
    """What a look at a column showed: the page at its address, the first articles, one of them; or what is wrong."""

    site: SiteSpec
    column: Column
    family: str = ""
    front: str = ""
    links: tuple[Link, ...] = ()
    article: RawItem | None = None
    problem: str = ""


@dataclass(slots=True)
class LookRun:
    """What a look keeps of the rules of politeness: nothing but which hosts are not to be asked again, and why."""

    tally: Tally = field(default_factory=Tally)
    parked: dict[str, str] = field(default_factory=dict)


class LookSpider(Spider):
    """Asks for each column's list until articles are found, then for the newest of them."""

    name = "look"

    def __init__(self, looks: Sequence[Look] = ()) -> None:
        super().__init__()
        self.looks, self.run = looks, LookRun()
        self.hosts = frozenset(host for look in looks for host in look.site.hosts)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first list page of each column."""
        for look in self.looks:
            yield self._ask_list(Walk(look.site, look.column, Ask(look.column.url)), look)

    def parse_list(self, response: Response, walk: Walk, look: Look) -> Iterator[Request]:
        """Note the articles of a list page and ask for one, or ask on where there is none yet."""
        if not may_be_list(response):
            look.problem = f"{walk}: {type_of(response)} is no list"
            return
        look.front = look.front or text_of(response)
        yield from self._follow(walk, look, response.url, text_of(response))

    def parse_article(self, response: Response, look: Look) -> None:
        """Keep the article."""
        if may_be_html(response):
            look.article = RawItem(url=response.url, body=response.body, content_type=type_of(response) or None)
        else:
            look.problem = f"{response.url}: {type_of(response)} is no page"

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Note what could not be fetched; a list may have another way to be asked for than the one that is missing."""
        request: Request = failure.request  # type: ignore[attr-defined]
        look: Look = request.cb_kwargs["look"]
        walk: Walk | None = request.cb_kwargs.get("walk")
        why = why_failed(failure.value, request.url)[1]
        if walk and walk.number > 0 and why == "HTTP 404":
            yield from self._follow(walk, look, request.url, "")
        else:
            look.problem = f"{request.url}: {why}"

    def _follow(self, walk: Walk, look: Look, url: str, text: str) -> Iterator[Request]:
        step = walk.step(url, text)
        family = walk.family_of(url, text)
        name = family.NAME if family else ""
        look.family = name if look.family in ("", name) else "auto"  # a frame holds the list of another family
        if step.links:
            look.links = step.links
            newest = max(step.links, key=lambda link: str(link.day or ""))
            yield Request(newest.url, self.parse_article, cb_kwargs={"look": look}, errback=self.failed)
        elif step.walks and walk.number < MOST_STEPS:
            yield self._ask_list(step.walks[0], look)
        else:
            look.problem = step.problem or "no article links"

    def _ask_list(self, walk: Walk, look: Look) -> Request:
        request = list_request(walk, self.parse_list, self.failed)
        request.cb_kwargs["look"] = look
        return request
