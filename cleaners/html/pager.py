"""Articles that a content system splits over several addresses: which part of how many a page is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from cleaners.html.tree import Tree, text_of

_NAME = re.compile(r"(?P<stem>[^/]+?)(?:_(?P<index>\d{1,2}))?(?P<end>\.(?:s?html?|jsp|aspx?|php))$")
"""A file of an article and, behind its stem, the index of a part; document numbers have three digits and more."""

_INDEX = re.compile(r"_\d{1,2}$")
_LIST = re.compile(r"(?:index|list|default|main|home|more)$", re.IGNORECASE)
_PAGE_KEYS = frozenset({"page", "p", "pn", "pageno", "pageindex", "page_no", "currentpage"})
_LABEL = re.compile(r"[\[【(（<第\s]*(\d{1,2})[\]】)）>页\s]*")
_LAST = re.compile(r"[\[【\s]*(?:尾页|末页|最后一页)[\]】>»›\s]*")
_TURN = re.compile(r"[\[【<«‹\s]*(?:(下一?页|后一?页)|上一?页|前一?页)[\]】>»›\s]*")
_COUNT = re.compile(
    r"第\s*(?P<a>\d{1,2})\s*页?[\s,，/／|]*共\s*(?P<b>\d{1,2})\s*页|共\s*(?P<c>\d{1,2})\s*页[\s,，/／|]*(?:当前)?第\s*(?P<d>\d{1,2})\s*页"
    r"|(?<![\d/.-])(?P<e>\d{1,2})\s*[/／]\s*(?P<f>\d{1,2})(?![\d/.-])"
)
"""`第1页 共3页`, `共3页 第1页`, `1/3`: how a pager that only turns the page says where it is."""

_SCRIPT_CALL = re.compile(
    r"createPageHTML\(\s*(?P<box>[\"'][^\"']*[\"']\s*,\s*)?(?P<of>\d{1,2})\s*,\s*\d{1,2}\s*,\s*[\"'](?P<name>[^\"']+)[\"']\s*,\s*"
    r"[\"'](?P<end>\w+)[\"']"
)
"""TRS counts the files of the parts from 0 and begins with the number of parts; Kaipuyun counts from 1 and begins with the name
of the box to fill."""

MAX_PARTS = 99
_PAGER = 200
"""Characters of a pager that are looked at for its count."""


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` (from 1) of an article, and where all its parts lie."""

    number: int
    addresses: tuple[str, ...]


class _Place(NamedTuple):
    """An address read as one of an article's parts: the address of the first, its index (nth), and the key of the query
    that has it, None where it stands behind the file's stem.
    """

    first: str
    nth: int | None
    key: str | None = None


def read_part(tree: Tree, url: str | None) -> Part | None:
    """Which part of an article a page is, by the pager in it; None for a whole article.

    A pager is a row of links, labelled with numbers, to the page's own address with another index (`t1_1.html`,
    `content_2.html`, `?page=2`), or to the next and last part beside `第1页 共3页`, or the call of the script that writes one.
    Left alone: links to other articles, pagers that do not tell how many parts there are, and pages whose own address is
    not known.

    >>> from cleaners.html.tree import parse
    >>> page = parse('<p>甲</p><b>1</b> <a href="t20240517_123_1.html">2</a> <a href="t20240517_123_2.html">3</a>')
    >>> part = read_part(page, "http://a.gov.cn/x/t20240517_123.html")
    >>> part.number, part.addresses[1:]
    (1, ('http://a.gov.cn/x/t20240517_123_1.html', 'http://a.gov.cn/x/t20240517_123_2.html'))
    """
    name = urlsplit(url).path.rpartition("/")[2] if url and "://" in url else ""
    stem = _INDEX.sub("", name.rpartition(".")[0] or name)
    if not url or not name or _LIST.match(stem):
        return None
    links = list(_linked(tree, stem))
    return _by_script(tree, url) or _by_links(url, list(_labelled(tree, links))) or _by_turns(tree, url, links)


def _places(url: str) -> Iterator[_Place]:
    """What an address may be read as."""
    address = urlsplit(url)
    query = parse_qsl(address.query, keep_blank_values=True)
    rest = [(key, value) for key, value in query if key.lower() not in _PAGE_KEYS]
    indices = [(key, value) for key, value in query if key.lower() in _PAGE_KEYS]
    whole = address._replace(query=urlencode(rest), fragment="")
    if len(indices) == 1 and indices[0][1].isdecimal() and len(indices[0][1]) < 3:
        yield _Place(urlunsplit(whole), int(indices[0][1]), indices[0][0])
        return
    yield _Place(urlunsplit(whole), None)
    folder, _, name = address.path.rpartition("/")
    found = _NAME.fullmatch(name)
    if found and found["index"]:
        first = whole._replace(path=f"{folder}/{found['stem']}{found['end']}")
        yield _Place(urlunsplit(first), int(found["index"]))


def _by_script(tree: Tree, url: str) -> Part | None:
    for i in tree.places.get("script", ()):
        text = tree.nodes[i].text or ""
        call = _SCRIPT_CALL.search(text) if "createPageHTML" in text else None
        if call:
            first = urljoin(url, f"{call['name'].rpartition('/')[2]}.{call['end']}")
            offset = 0 if call["box"] else 1
            return _part(list(_places(url)), [_Place(first, 2 - offset)], offset, int(call["of"]))
    return None


def _linked(tree: Tree, stem: str) -> Iterator[tuple[int, str]]:
    """The links that may lead to another part of the article."""
    others, same = f"{stem}_", f"{stem}."
    for i in tree.places.get("a", ()):
        href = tree.nodes[i].get("href") or ""
        if others in href or same in href or href.startswith("?"):
            yield i, href


def _labelled(tree: Tree, links: list[tuple[int, str]]) -> Iterator[tuple[int | None, str]]:
    """The links that may be a pager's: the number each is labelled with, None for the link to the last part."""
    for i, href in links:
        label = text_of(tree.nodes[i])
        number = _LABEL.fullmatch(label)
        if number or _LAST.fullmatch(label):
            yield (int(number[1]) if number else None), href


def _by_turns(tree: Tree, url: str, links: list[tuple[int, str]]) -> Part | None:
    """The part by a link to the part before or after it, beside which the pager says which of how many this one is."""
    for i, href in links[:MAX_PARTS]:
        turn = _TURN.fullmatch(text_of(tree.nodes[i]))
        count = _COUNT.search(text_of(tree.nodes[max(tree.parents[i], 0)])[:_PAGER]) if turn else None
        if turn and count:
            number, of = (int(count[a] or count[b] or count[c]) for a, b, c in ("ade", "bcf"))
            linked, own = number + (1 if turn[1] else -1), list(_places(url))
            for place in _siblings(url, href):
                near = place if place.nth is not None else next((each for each in own if each.nth is not None), place)
                offset = (linked if near is place else number) - (near.nth or 0)
                part = _part(own, [place, near], offset, of) if any(each.first == place.first for each in own) else None
                if part and part.number == number:
                    return part
    return None


def _by_links(url: str, links: list[tuple[int | None, str]]) -> Part | None:
    """The pager among the links: those to the same article under another index."""
    own = list(_places(url)) if links else []
    linked: dict[str, list[tuple[int | None, _Place]]] = {place.first: [] for place in own}
    for number, href in links:
        for place in _siblings(url, href):
            if place.first in linked:
                linked[place.first].append((number, place))
    parts = (_by_labels(own, pairs) for pairs in linked.values())
    return next(filter(None, parts), None)


def _by_labels(own: list[_Place], pairs: list[tuple[int | None, _Place]]) -> Part | None:
    """The part that links with these labels make a page: all labels have to differ from their index by the same."""
    numbered = [(number, place) for number, place in pairs if number is not None]
    offsets = {number - place.nth for number, place in numbered if place.nth is not None and (place.nth or number > 1)}
    # the first part can be linked by either of its addresses
    if len(offsets) != 1 or any(number != 1 for number, place in numbered if place.nth is None):
        return None
    offset = offsets.pop()
    places = [place for _, place in pairs]
    own_too = [place for place in own if place.first == places[0].first]
    of = max([number for number, _ in numbered] + [_number(place, offset) for place in (*places, *own_too)])
    return _part(own, places, offset, of)


def _siblings(url: str, href: str) -> list[_Place]:
    try:
        return list(_places(urljoin(url, href.strip())))
    except ValueError:
        return []


def _number(place: _Place, offset: int) -> int:
    return 1 if place.nth is None else place.nth + offset


def _part(own: list[_Place], linked: list[_Place], offset: int, of: int) -> Part | None:
    """The page's part among so many, if it is one; files of parts are counted from 0 (`offset` 1) or from 1."""
    if offset not in {0, 1} or not 2 <= of <= MAX_PARTS:
        return None
    first = linked[0].first
    key = next((place.key for place in linked if place.nth is not None), None)
    numbers = [_number(place, offset) for place in own if place.first == first]
    number = next((number for number in numbers if 1 <= number <= of), None)
    return Part(number, (first, *(_address(first, n - offset, key) for n in range(2, of + 1)))) if number else None


def _address(first: str, nth: int, key: str | None) -> str:
    """The address of a part from that of the first."""
    address = urlsplit(first)
    if key:
        return urlunsplit(address._replace(query=f"{address.query}&{key}={nth}".lstrip("&")))
    stem, dot, end = address.path.rpartition(".")
    return urlunsplit(address._replace(path=f"{stem}_{nth}{dot}{end}"))
