"""The walk through a list: from each answer the articles, the next requests, and an end that is said where it is odd.

No Scrapy in here: a walk takes what came and says what to ask next.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from govscrape.cms import Ask, Family, Link, ListPage, Reply, family_for
from govscrape.site_specs import Column, SiteSpec

MAX_PAGES = 10_000  # of one list: 150,000 articles at 15 a page, more than a column of a government site has
MAX_BARREN = 10  # answers in a row without a new article; a family tries six names, three windows, three searches
MAX_STALE = 3  # answers in a row that repeat known articles, where there may be more: windows of 45 answered by 15

NOTHING = "no article links; has the site been redesigned?"


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the crawl stands in a list, and what the list has given so far.

    `number` counts the answers from 0, the column's own page; `first` are the addresses of the first answer with any;
    `listed` is shared along one walk and holds all of them.
    """

    site: SiteSpec
    column: Column
    ask: Ask
    number: int = 0
    family: Family | None = None
    total: int | None = None
    first: frozenset[str] = frozenset()
    barren: int = 0
    listed: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"list page {self.number + 1} of {self.column.name} ({self.site.id})"

    def step(self, url: str, text: str) -> "Step":
        """Take what came (a missing page is an empty text) and say what follows from it."""
        family = self.family_of(url, text)
        if family is None:
            return Step(problem="made by no known CMS; set cms in the spec")
        page = family.read_list(Reply(url, text, self.ask, self.number, self.listed, self.total))
        asks = tuple(ask for ask in page.asks if ask.url.startswith(("http://", "https://")))
        page = page if asks == page.asks else replace(page, asks=asks)
        if self.number == 0 and not page.links and not page.asks:
            return Step(problem=NOTHING)
        rows = frozenset(page.rows or (link.url for link in page.links))
        fresh = rows - self.listed
        total = self.total if page.total is None else page.total
        barren = 0 if fresh else self.barren + 1
        why_end = self._why_end(page, rows, fresh=bool(fresh), barren=barren, total=total)
        self.listed.update(rows)
        if why_end is None and page.asks and len(self.listed) != total:
            here = replace(self, family=family, total=total, first=self.first or rows, barren=barren)
            return Step(page.links, here.onwards(page))
        if not self.listed and total != 0:
            return Step(problem=f"no article links in {self.number + 1} answers; has the site been redesigned?")
        return Step(page.links, warning=why_end or self._shortfall(total))

    def family_of(self, url: str, text: str) -> Family | None:
        """Find the family whose list this is; what stands in a frame may be of another than the spec says."""
        return self.family or family_for("auto" if self.ask.frame else self.site.cms, url, text)

    def onwards(self, page: ListPage) -> "tuple[Walk, ...]":
        """Make the next requests walks: one goes on with this list, of several each is a list of its own."""
        if len(page.asks) > 1:
            fresh = Walk(self.site, self.column, page.asks[0], self.number + 1, self.family)
            return tuple(replace(fresh, ask=ask, listed=set()) for ask in page.asks)
        (ask,) = page.asks
        if ask.frame:
            return (Walk(self.site, self.column, ask),)
        return (replace(self, ask=ask, number=self.number + 1),)

    def _why_end(
        self, page: ListPage, rows: frozenset[str], *, fresh: bool, barren: int, total: int | None
    ) -> str | None:
        """Say why the list is to be left though it may have more, "" for no reason to speak of; None: it goes on."""
        ended = "the list was taken to end there"
        if self.number >= MAX_PAGES:
            return f"{MAX_PAGES} pages, and no end; {ended}"
        if fresh or self.number == 0 or len(self.listed) == total:
            return None
        if barren > MAX_BARREN:
            return f"nothing new for {barren} pages; {ended}"
        if rows and rows == self.first:
            return f"the same articles as on page 1; {ended}{self._of(total)}"
        if not rows and (page.asks or self.ask.probe):
            return None
        if self.ask.probe:
            return None if barren <= MAX_STALE else ""
        if not rows:
            return f"no articles; {ended}{self._of(total)}"
        if total and len(self.listed) < total and barren <= MAX_STALE:
            return None
        return f"no new articles; {ended}{self._of(total)}"

    def _shortfall(self, total: int | None) -> str | None:
        short = total is not None and len(self.listed) < total
        return f"the list ended{self._of(total)}" if short else None

    def _of(self, total: int | None) -> str:
        return f", with {len(self.listed)} of the {total} articles it says it has" if total else ""


class Step(NamedTuple):
    """What follows from an answer: articles, walks to go on with, what is odd, or why the column gives nothing."""

    links: tuple[Link, ...] = ()
    walks: tuple[Walk, ...] = ()
    warning: str | None = None
    problem: str | None = None
