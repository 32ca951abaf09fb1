"""What a page says of itself in its head: the meta tags of 国办发〔2017〕47号, OpenGraph, JSON-LD, `<title>`."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from cleaners.html.tree import Tree, text_of

_META: dict[str, str] = {
    "articletitle": "title", "pubdate": "published_at", "contentsource": "source", "sitename": "site_name",
    "siteidcode": "site_id", "columnname": "column", "keywords": "keywords", "author": "author",
    "firstpublishedtime": "published_at", "publishdate": "published_at", "publish_date": "published_at",
    "publishtime": "published_at", "publish_time": "published_at", "pubtime": "published_at",
    "releasedate": "published_at", "maketime": "published_at", "og:release_date": "published_at",
    "article:published_time": "published_at", "og:published_time": "published_at",
    "weibo:article:create_at": "published_at", "weibo: article:create_at": "published_at", "dc.date": "published_at",
    "og:title": "title", "og:site_name": "site_name", "article:author": "author",
    "og:article:author": "author", "source": "source", "copyright-source": "source", "catalogs": "", "editor": "editor",
}  # fmt: skip
"""Names of meta tags (lower case, spaces gone) and the field they fill. The first of two that fill one field counts, in
this order: the names of 47号 stand first."""

MAX_TITLE = 500
"""Characters of `<title>` that are read: what spam stuffs behind them is no title."""

_LINKED = {
    "headline": "title", "title": "title", "datePublished": "published_at", "pubDate": "published_at", "author": "author",
}  # fmt: skip
"""Keys of JSON-LD (schema.org, and the two of Baidu's) and the fields they fill."""

_ORDER = {name: place for place, name in enumerate(_META)}
_OWN_TAGS = {"ucaptitle": "title", "publishtime": "published_at", "contentsource": "source", "ucapsource": "source"}
"""Elements of Kaipuyun pages that hold a field."""

_ADDRESS = re.compile(r"https?://[\w.:-]+/(?:[^\s?#]*/)?([^\s/?#]+)(?:\?[^\s#]*)?")
_COLUMN = re.compile(r"(?:index|default|list|main|home)(?:_\d+)?(?:\.\w+)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[_|｜]+|--+|——|[-–—](?![^-–—]*[-–—])|\s[-–—]\s|>>|»)\s*")
_SITE = re.compile(
    r"(?:网|网站|门户|政府|频道|在线|新闻|日报|晚报|首页|主页|官网|平台|专栏|专题|栏目|信息公开|大学|学院|委员会|[省市县区]?[^于]{0,8}[厅局委办]"
    r"|[a-z0-9.]+\.(?:com|cn|net|org|gov\.cn))$",
    re.IGNORECASE,
)


class Head(NamedTuple):
    """Fields by what the head gives, the rule that gave each, and the `<title>` as written."""

    values: dict[str, str]
    rules: dict[str, str]
    title_tag: str


def read_head(tree: Tree) -> Head:
    """Read meta tags, the system's own elements, JSON-LD and `<title>`; unknown names are left.

    >>> from cleaners.html.tree import parse
    >>> read_head(parse('<meta content="县政府办" NAME="ContentSource"><title>通知_某县</title>')).values
    {'source': '县政府办'}
    """
    ranked: dict[str, tuple[int, str, str]] = {}
    title_tag = ""
    for node in _nodes(tree, "meta"):
        _take_meta(node.get("name") or node.get("property"), node.get("content"), ranked)
    for node in _nodes(tree, "title"):
        title_tag = title_tag or " ".join((node.text or "")[:MAX_TITLE].split())
    for tag, field in _OWN_TAGS.items():
        for node in _nodes(tree, tag):
            _put(ranked, field, 0, text_of(node), f"<{tag}>")
    for node in _nodes(tree, "script"):
        if "ld+json" in (node.get("type") or ""):
            for field, value in _linked_data(node.text or "").items():
                _put(ranked, field, 100, value, "JSON-LD")
    values = {field: value for field, (_, value, _) in ranked.items()}
    return Head(values, {field: rule for field, (_, _, rule) in ranked.items()}, title_tag)


def own_address(tree: Tree) -> str | None:
    """The address that a page says is its own, in a canonical link or a meta tag; None where it says none or a column's.

    >>> from cleaners.html.tree import parse
    >>> own_address(parse('<link rel="canonical" href="http://www.example.gov.cn/a/t20240517_1.html">'))
    'http://www.example.gov.cn/a/t20240517_1.html'
    """
    said = [node.get("href") for node in _nodes(tree, "link") if (node.get("rel") or "").lower() == "canonical"]
    named = ((node, (node.get("name") or node.get("property") or "").lower()) for node in _nodes(tree, "meta"))
    said += [node.get("content") for node, name in named if name in {"url", "og:url"}]
    found = (_ADDRESS.fullmatch(text.strip()) for text in said if text)
    return next((each[0] for each in found if each and not _COLUMN.fullmatch(each[1])), None)


def _nodes(tree: Tree, tag: str) -> Iterator[etree._Element]:
    return (tree.nodes[i] for i in tree.places.get(tag, ()))


def _take_meta(name: str | None, content: str | None, ranked: dict[str, tuple[int, str, str]]) -> None:
    name = (name or "").strip().lower()
    field = _META.get(name)
    if field and content:
        _put(ranked, field, _ORDER[name], content, f"meta {name}")


def _put(ranked: dict[str, tuple[int, str, str]], field: str, rank: int, value: str, rule: str) -> None:
    value = " ".join(value.split())
    if value and (field not in ranked or rank < ranked[field][0]):
        ranked[field] = (rank, value, rule)


def _linked_data(text: str) -> dict[str, str]:
    """The fields of a JSON-LD article; broken JSON gives nothing."""
    try:
        data = json.loads(text[:100_000])
    except (ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    for item in _items(data):
        for key, field in _LINKED.items():
            value = item.get(key)
            value = value[0] if isinstance(value, list) and value else value
            value = value.get("name") if isinstance(value, dict) else value
            if isinstance(value, str):
                found.setdefault(field, value)
    return found


def _items(data: object) -> Iterator[dict[str, object]]:
    """The objects of JSON-LD: one, a list of them, or a graph; those that name a headline or a date first."""
    items = data if isinstance(data, list) else [data]
    objects = [item for item in items if isinstance(item, dict)]
    inner = [item for each in objects for item in (each["@graph"] if isinstance(each.get("@graph"), list) else ())]
    objects += [item for item in inner if isinstance(item, dict)]
    yield from sorted(objects, key=lambda item: _LINKED.keys().isdisjoint(item))


def strip_site(title: str) -> str:
    """A `<title>` without the names of site and column after it.

    Cut at separators from the right while the rest still reads as a title; a title that is the site's name alone stays.

    >>> strip_site("关于印发方案的通知_政策文件_某某县人民政府网"), strip_site("第三季度——第四季度的报告")
    ('关于印发方案的通知', '第三季度——第四季度的报告')
    """
    parts = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    if len(parts) < 2 or len(parts[0]) < 4:
        longest = max(parts, key=len)
        return longest if len(parts) > 1 and len(parts[0]) < 4 else title
    if any("_" in m or "|" in m or "｜" in m for m in marks):
        return parts[0]
    while len(parts) > 1 and _SITE.search(parts[-1]):
        title = title[: title.rindex(parts[-1])].rstrip(" -–—>»")
        parts.pop()
    return title
