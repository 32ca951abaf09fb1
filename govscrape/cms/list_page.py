"""What every family reads from a list page: links with their dates, and where the list goes on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement
from parsel import Selector

SHOWN_DATE = re.compile(r"((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)")


class Link(NamedTuple):
    """An article in a list: its address and the day that the list gives, if it does."""

    url: str
    day: date | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: its articles, each once, in their order, and the next page's address (None at the end)."""

    links: tuple[Link, ...]
    next_url: str | None = None


def find_links(url: str, html: str, is_article: Callable[[str], bool]) -> tuple[Link, ...]:
    """Find the article links of a page, each once, with the day shown beside each.

    Leaves alone what is no address of an article: menus, pages of the list, other columns. A day counts for a link only
    where it stands in a row of its own, for a day of the neighbouring row would be wrong.

    >>> find_links("http://a.cn/x/", "<li><a href='./t1.html'>甲</a><i>2024-03-05</i></li>", lambda u: "/t" in u)
    (Link(url='http://a.cn/x/t1.html', day=datetime.date(2024, 3, 5)),)
    """
    page = Selector(text=html or "<html/>")
    base = urljoin(url, page.xpath("string(//base/@href)").get("").strip())
    found: dict[str, date | None] = {}
    for anchor in page.xpath("//a[@href]"):
        target = _absolute(base, anchor.root.get("href"))
        if target and is_article(target):
            found[target] = found.get(target) or _day_beside(anchor.root)
    return tuple(Link(target, day) for target, day in found.items())


def day_of(year: str, month: str, day: str) -> date | None:
    """Make a day of three numbers; None where there is no such day.

    >>> day_of("2024", "2", "30") is None
    True
    """
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _absolute(base: str, href: str) -> str | None:
    try:
        return urldefrag(urljoin(base, href.strip())).url
    except ValueError:  # urllib refuses hosts like "[abc"
        return None


def _day_beside(anchor: HtmlElement) -> date | None:
    """The last date in the anchor's row: the widest element around it that holds no other link."""
    row = anchor
    for around in anchor.iterancestors():
        if sum(1 for _ in islice(around.iterfind(".//a[@href]"), 2)) > 1:
            break
        row = around
    shown = SHOWN_DATE.findall(row.xpath("string()"))
    return day_of(*shown[-1]) if shown else None
