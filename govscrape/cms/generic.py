"""Any other site: links that look like articles of one place, and the next page by its anchor or by trying names."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from parsel import Selector

from govscrape.cms.addresses import absolute, path_of
from govscrape.cms.links import find_links
from govscrape.cms.list_page import Ask, Link, ListPage, Reply

NAME = "generic"

ARTICLE = re.compile(r"\d{3}.*\.(?:s?html?|jsp|aspx?|php)$|/\d{4,}/?$|/[0-9a-f-]{16,}/?$", re.IGNORECASE)
BY_ID = re.compile(r"[?&](?:id|newsid|articleid|infoid|aid)=\w", re.IGNORECASE)
LIST_PAGE = re.compile(r"/(?:index|list|default|main|more|column)[\w-]*\.\w+$", re.IGNORECASE)
NEXT = re.compile(r"^\W*(?:下一?页|后一?页|下页|next)\W*$", re.IGNORECASE)
NO_LIST = re.compile(r"login|tree\.jsp|share|footer|visit|count|weather|player", re.IGNORECASE)
NO_PAGE = ("javascript", "#", "mailto")
DATED = 3  # as many rows with a day make a list; the undated links beside them are menus


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Take any page of markup: this family is asked last.

    >>> detect("", "<html><body>甲</body></html>"), detect("", "{}")
    (True, False)
    """
    return "<" in html


def read_list(reply: Reply) -> ListPage:
    """Read the articles of a page that lie in one place of the site, and look for the next page.

    It is where 下一页 (or the next number) leads; without such an anchor the usual names of a second page are tried, and
    the first that gives a new article of the same place is kept to. A page without articles may hold the list in a frame
    of the same host.

    >>> rows = "".join(f"<li><a href='/tz/20240{n}/10{n}.html'>甲</a> 2024-0{n}-01</li>" for n in range(1, 5))
    >>> page = read_list(Reply("http://a.cn/tz/list.html", rows + "<a href='list_2.html'>下一页</a>"))
    >>> len(page.links), page.asks[0].url
    (4, 'http://a.cn/tz/list_2.html')
    """
    place = reply.ask.memo.get("place")
    links = _articles(reply, place)
    if reply.number == 0:
        if not links:
            return ListPage(asks=_frames(reply))
        place = "/".join(_place(links[0].url))
    fresh = any(link.url not in reply.listed for link in links)
    if "tried" in reply.ask.memo:
        asks = _by_name(reply, place or "", fresh=fresh)
        return ListPage(links if fresh else (), asks)
    onwards = _anchored(reply) if fresh else None
    if onwards:
        return ListPage(links, (Ask(onwards, memo={"place": place or ""}),))
    return ListPage(links, _try(reply.url, place or "", 0) if reply.number == 0 else ())


def _articles(reply: Reply, place: str | None) -> tuple[Link, ...]:
    """The page's links that look like articles, of the place given, else of the column's own, else of the usual one."""
    found = find_links(reply.url, reply.text, lambda url: _is_article(url, reply.url))
    dated = tuple(link for link in found if link.day)
    rows = dated if len(dated) >= DATED else found
    places = [_place(link.url) for link in rows]
    if not places:
        return ()
    if place is None:
        own = _place(reply.url)
        kept = own if own in places else Counter(places).most_common(1)[0][0]
    else:
        kept = tuple(place.split("/")) if place else ()
    return tuple(link for link, its in zip(rows, places, strict=True) if its == kept)


def _is_article(url: str, list_url: str) -> bool:
    path = path_of(url)
    looks = (ARTICLE.search(path) and not LIST_PAGE.search(path)) or BY_ID.search(url)
    return bool(looks) and urlsplit(url).hostname == urlsplit(list_url).hostname


def _place(url: str) -> tuple[str, ...]:
    """The first two folders of an address; a year, day or other number is no folder of a place."""
    folders: list[str] = []
    for folder in path_of(url).split("/")[1:-1][:2]:
        if not folder or folder[0].isdigit():
            break
        folders.append(folder)
    return tuple(folders)


def _anchored(reply: Reply) -> str | None:
    """Where the anchor 下一页 leads, else the one with the next page's number."""
    anchors = [
        (anchor.xpath("normalize-space(.)").get(""), anchor.attrib["href"].strip())
        for anchor in Selector(reply.text or "<html/>", "html").xpath("//a[@href]")
    ]
    usable = [(text, href) for text, href in anchors if href and not href.lower().startswith(NO_PAGE)]
    named = [href for text, href in usable if NEXT.match(text)]
    numbered = [href for text, href in usable if text == str(reply.number + 2)]
    onwards = next((absolute(reply.url, href) for href in (*named, *numbered)), None)
    return onwards if onwards != reply.url else None


def _try(url: str, place: str, tried: int, page: int = 2) -> tuple[Ask, ...]:
    names = list(_names(url, page))
    memo = {"place": place, "tried": str(tried), "page": str(page), "first": url}
    return (Ask(names[tried], memo=memo, probe=True),) if tried < len(names) else ()


def _by_name(reply: Reply, place: str, *, fresh: bool) -> tuple[Ask, ...]:
    """Go on with a name that gave something new; try the next one if even page 2 did not."""
    memo = reply.ask.memo
    tried, page = int(memo["tried"]), int(memo["page"])
    if fresh:
        return _try(memo["first"], place, tried, page + 1)
    return _try(memo["first"], place, tried + 1) if page == 2 else ()


def _names(url: str, page: int) -> Iterator[str]:
    """The addresses that page `page` of a list (from 1) has on most sites with static pages."""
    base, _, query = url.partition("?")
    folder, _, file = base.rpartition("/")
    stem, dot, suffix = file.rpartition(".")
    tail = f"?{query}" if query else ""
    if dot:
        if stem.endswith("-1"):  # column-index-1.shtml
            yield f"{folder}/{stem[:-1]}{page}.{suffix}{tail}"
        yield f"{folder}/{stem}_{page - 1}.{suffix}{tail}"
        yield f"{folder}/{stem}_{page}.{suffix}{tail}"
    else:
        folder = base.rstrip("/")
        yield f"{folder}/{page}{tail}"
    if stem != "index":
        yield f"{folder}/index_{page - 1}.html{tail}"
        yield f"{folder}/index_{page}.html{tail}"


def _frames(reply: Reply) -> tuple[Ask, ...]:
    """The first frame of the same host that may hold the list."""
    sources = re.findall(r"""<iframe[^>]*\ssrc=["']([^"']+)""", reply.text)
    urls = (absolute(reply.url, source) for source in sources if not NO_LIST.search(source))
    same = (url for url in urls if url and urlsplit(url).hostname == urlsplit(reply.url).hostname)
    inner = None if reply.ask.frame else next(same, None)
    return (Ask(inner, headers={"Referer": reply.url}, frame=True),) if inner else ()
