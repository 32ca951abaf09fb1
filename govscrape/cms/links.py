"""Links to articles and their days, out of markup and out of JSON."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from itertools import islice

from lxml.html import HtmlElement
from parsel import Selector

from govscrape.cms.addresses import absolute, path_of
from govscrape.cms.list_page import Link

SHOWN_DATE = re.compile(r"((?:19|20)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)")
IN_ADDRESS = re.compile(  # t20240305_1.html, /art/2024/3/5/, /2024-03/05/, /20240305/
    r"/(?:t|art/)?((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2]|[1-9](?=/))[-/]?([0-2]\d|3[01]|[1-9](?=/))(?=[/_])"
)
CHINA = timezone(timedelta(hours=8))
FIRST_MS = 10**11  # as seconds this is the year 5138: larger numbers count milliseconds


def find_links(url: str, html: str, is_article: Callable[[str], object]) -> tuple[Link, ...]:
    """Find the article links of a page, each once, with the day shown beside each, else the one in its address.

    Leaves alone what is no address of an article: menus, pages of the list, other columns. A day counts for a link only
    where it stands in a row of its own, for a day of the neighbouring row would be wrong.

    >>> find_links("http://a.cn/x/", "<li><a href='./t1.html'>甲</a><i>2024-03-05</i></li>", lambda u: "/t" in u)
    (Link(url='http://a.cn/x/t1.html', day=datetime.date(2024, 3, 5)),)
    """
    page = Selector(html or "<html/>", "html")
    base = absolute(url, page.xpath("string(//base/@href)").get("")) or url
    found: dict[str, date | None] = {}
    for anchor in page.xpath("//a[@href]"):
        target = absolute(base, anchor.root.get("href"))
        if target and is_article(target):
            found[target] = found.get(target) or day_beside(anchor.root)
    return tuple(Link(target, day or day_in_address(target)) for target, day in found.items())


def row_links(url: str, rows: Iterable[str]) -> tuple[Link, ...]:
    """Find the first web link of each row of markup; a row without one gives none.

    Where a server sends rows by themselves each is an article by its place, whatever its address looks like.

    >>> row_links("http://a.cn/", ["<li><a href='/art/2024/3/5/art_7_1.html'>甲</a><a href='/more'>更多</a></li>"])
    (Link(url='http://a.cn/art/2024/3/5/art_7_1.html', day=datetime.date(2024, 3, 5)),)
    """
    firsts = (next(iter(find_links(url, row, _is_web)), None) for row in rows)
    return each_once(link for link in firsts if link)


def json_links(url: str, rows: Iterable[Mapping[str, object]], url_key: str, *day_keys: str) -> tuple[Link, ...]:
    """Make links of rows of JSON: the address under one key, the day under the first of some keys that has one.

    >>> json_links("http://a.cn/", [{"u": "/1.html", "made": None, "out": "2024-03-05 09:00"}], "u", "made", "out")
    (Link(url='http://a.cn/1.html', day=datetime.date(2024, 3, 5)),)
    """
    addressed = ((absolute(url, str(row.get(url_key) or "")), row) for row in rows if row.get(url_key))
    return each_once(
        Link(target, next((day for key in day_keys if (day := day_in(row.get(key)))), None))
        for target, row in addressed
        if target and _is_web(target)
    )


def each_once(links: Iterable[Link]) -> tuple[Link, ...]:
    """Keep the first link of each address.

    >>> len(each_once([Link("http://a.cn/1", None), Link("http://a.cn/1", None)]))
    1
    """
    return tuple({link.url: link for link in reversed(tuple(links))}.values())[::-1]


def day_of(year: str, month: str, day: str) -> date | None:
    """Make a day of three numbers; None where there is no such day.

    >>> day_of("2024", "2", "30") is None
    True
    """
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def day_in_address(url: str) -> date | None:
    """Find the day that many systems write into the address of an article.

    >>> [day_in_address("http://a.cn/" + path) for path in ("x/202403/t20240305_7.html", "art/2024/3/5/art_7_1.html")]
    [datetime.date(2024, 3, 5), datetime.date(2024, 3, 5)]
    >>> day_in_address("http://a.cn/202403/1234567.html") is None
    True
    """
    found = IN_ADDRESS.search(path_of(url))
    return day_of(*found.groups()) if found else None


def day_in(value: object) -> date | None:
    """Read a day from a value of JSON: text, or seconds or milliseconds since 1970. What is neither is None.

    >>> day_in("2024-03-05 10:00:00"), day_in(1709604000000), day_in("1709604000")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))
    """
    text = str(value)
    if shown := SHOWN_DATE.search(text):
        return day_of(*shown.groups())
    if not re.fullmatch(r"\d{9,13}", text):
        return None
    seconds = int(text) / 1000 if int(text) >= FIRST_MS else int(text)
    return datetime.fromtimestamp(seconds, CHINA).date()


def day_beside(anchor: HtmlElement) -> date | None:
    """Find the last date in the anchor's row: the widest element around it that holds no other link."""
    row = anchor
    for around in anchor.iterancestors():
        if sum(1 for _ in islice(around.iterfind(".//a[@href]"), 2)) > 1:
            break
        row = around
    shown = SHOWN_DATE.findall(row.xpath("string()"))
    return day_of(*shown[-1]) if shown else None


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))
