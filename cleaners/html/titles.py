"""The article's own title, chosen among table, meta tag, headings and `<title>`."""

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from cleaners.bylines import read_byline
from cleaners.html.blocks import HEADINGS, Lines
from cleaners.html.head import Head, strip_site
from cleaners.html.table_fields import Fields
from cleaners.html.tree import Tree, text_of
from cleaners.html.trim import is_furniture, letters

_NAMED_TITLE = re.compile(
    r"title|(?:^|[\s_-])(?:bt|biaoti|headline|h1|ti|xw_?bt|art_tit|tit)(?:$|[\s_\d-])", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"(?:首页|无标题|untitled|document|new page|(?:政府)?信息公开|正文|详情|详细内容|内容)(?:$|[\s\d_|>-].*)|[\d\s:/年月日第期号-]+$",
    re.IGNORECASE,
)
_SITE_ALONE = re.compile(r"^\S{0,16}(?:网|网站|门户|频道|人民政府|政府|在线|平台)$")
_LONGEST = 150
_COLUMN = 6
"""Characters of the name of a column at most; a heading twice as long says more than that."""


class Title(NamedTuple):
    """A title and the rule that found it."""

    text: str
    rule: str


def find_title(tree: Tree, lines: Lines, head: Head, fields: Fields | None) -> Title | None:
    """The article's title: of the official table, else the meta tag, a heading that `<title>` confirms, `<title>`, h1.

    The site's name is never taken for it where anything else is there.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.head import read_head
    >>> from cleaners.html.tree import parse
    >>> tree = parse("<title>某某县政府</title><h1>关于放假的通知</h1>")
    >>> find_title(tree, read_lines(tree), read_head(tree), None)
    Title(text='关于放假的通知', rule='heading')
    """
    if fields and len(fields.values.get("title", "")) > 3:
        return Title(fields.values["title"], "information table")
    headings = _headings(tree, lines)
    stripped = _named_first(tree, lines, head.title_tag) or strip_site(head.title_tag)
    whole = letters(head.title_tag)
    if "title" in head.values and head.rules["title"] != "JSON-LD" and not _is_site(head.values["title"], head):
        given = strip_site(head.values["title"]) if head.rules["title"] == "meta og:title" else head.values["title"]
        return Title(given, head.rules["title"])
    confirmed = [
        text for text in headings if len(letters(text)) > 3 and letters(text) in whole and not _is_site(text, head)
    ]
    if confirmed:
        return Title(max(confirmed, key=len), "heading, as in <title>")
    useful = len(stripped) > 2 and not (
        _NO_TITLE.match(stripped) or _SITE_ALONE.match(stripped) or _is_site(stripped, head)
    )
    if useful and stripped != head.title_tag:
        return _fuller(stripped, headings) or Title(stripped, "<title>")
    for text in headings:
        if not _is_site(text, head):
            return Title(text, "heading")
    if "title" in head.values:
        return Title(head.values["title"], head.rules["title"])
    return Title(stripped, "<title>") if useful else None


def _named_first(tree: Tree, lines: Lines, title_tag: str) -> str:
    """The name that `<title>` begins with, where a heading is that name: too short to be told from a column's otherwise."""
    first = title_tag[:4].rstrip(" _|-—")
    if not 2 <= len(first) <= 3 or title_tag[len(first) :].lstrip()[:1] not in {"_", "|", "-", "—"}:
        return ""
    places = (lines.starts[i] for tag in HEADINGS for i in tree.places.get(tag, ()) if lines.starts[i] < lines.ends[i])
    return first if any(lines.lines[n].text == first for n in places) else ""


def _fuller(stripped: str, headings: list[str]) -> Title | None:
    """The heading that says more than `<title>`: where that breaks off, or names no more than a column."""
    begun = letters(stripped.rstrip(".…"))
    broken = stripped.endswith(("…", "...")) and len(begun) > 5
    for text in headings:
        if broken and letters(text).startswith(begun):
            return Title(text, "heading, as in <title>")
        if len(begun) <= _COLUMN < len(letters(text)) // 2 and not _SITE_ALONE.match(text):
            return Title(text, "heading")
    return None


def _headings(tree: Tree, lines: Lines) -> list[str]:
    """The texts of heading elements, then of blocks named title, in reading order; hidden ones too."""
    real: list[tuple[str, str]] = []
    named: list[tuple[str, str]] = []
    for i in sorted({*tree.named, *(place for tag in HEADINGS for place in tree.places.get(tag, ()))}):
        tag = tree.tags[i]
        is_real = tag in HEADINGS
        if not is_real and not (tag not in {"body", "html"} and _is_named_title(tree.idents[i])):
            continue
        text = _text(tree, lines, i)
        if 3 < len(text) <= _LONGEST and not is_furniture(text) and not _NO_TITLE.match(text):
            (real if is_real else named).append((tag, text))
    return [text for _, text in sorted(real, key=lambda item: item[0])] + [text for _, text in named]


def _text(tree: Tree, lines: Lines, i: int) -> str:
    """The text of a heading: its lines before a by-line, or its share of the line that it begins; none where that has links."""
    first, last = lines.starts[i], lines.ends[i]
    shared = first == last < len(lines.lines) and lines.lines[first].first == i
    if not (shared or 1 <= last - first <= 3) or any(line.linked for line in lines.lines[first : max(last, first + 1)]):
        return ""
    if shared:
        return text_of(tree.nodes[i])
    begun, *others = (line.text for line in lines.lines[first:last])
    return "".join((begun, *takewhile(lambda text: read_byline(text) is None, others)))


def _is_site(text: str, head: Head) -> bool:
    site = letters(head.values.get("site_name", ""))
    return bool(site) and letters(text) in {site, letters(head.values.get("column", ""))}


@lru_cache(maxsize=8192)
def _is_named_title(ident: str) -> bool:
    return _NAMED_TITLE.search(ident) is not None
