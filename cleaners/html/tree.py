"""Text to a flat tree: parsed, with what is no text dropped and what a reader does not see marked."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from cleaners.html.containers import container_name
from cleaners.reason import Reason, Rejection

MAX_TAGS = 150_000
"""At 12 µs an element, the speed measured, this is 2 s of work; a table of 30,000 cells is within it."""

MAX_DEPTH = 2000
"""libxml2 2.14 stops at 2048 levels and drops the rest without a word."""

MAX_SHEET = 100_000
"""Characters of a style sheet that are looked at."""

DROPPED_TAGS = frozenset({
    "script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "svg", "canvas", "video", "audio",
    "map", "select", "button", "input", "textarea", "datalist", "rt", "rp", "head", "link", "meta", "base", "applet",
    "bgsound", "math", "dialog",
})  # fmt: skip
"""Elements whose text is no text of the page. `form` stays (ASP.NET and VSB put the whole page into one), `nav`,
`header`, `footer` stay (they are weighed, not trusted)."""

_CLOSERS = re.compile(r"</(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])\s*>")
_INLINE = re.compile(r"</?(?:font|b|i|u|span|strong|em|small|big|nobr|center)\b[^>]*>", re.IGNORECASE)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|(?:left|top|right|bottom|margin-left|margin-top|text-indent)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|pt|em|rem)"
    r"|clip\s*:\s*rect\(\s*0|(?:^|;)\s*opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_FADED = re.compile(r"visibility|opacity", re.IGNORECASE)
_NO_SIZE = re.compile(r"(?:^|;)\s*(?:height|width)\s*:\s*0(?:px)?\s*(?:;|!|$)", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([#\w]+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([#\w]+)", re.IGNORECASE)
_WHITE = frozenset({"#fff", "#ffffff", "white"})
_SHEET_HIDING = tuple(
    map(
        re.compile,
        (
            r"display\s*:\s*none",
            r"visibility\s*:\s*hidden",
            r"font-size\s*:\s*0(?:px|pt|em)?\s*[;}!]",
            r"left\s*:\s*-\d{3,}",
            r"top\s*:\s*-\d{3,}",
            r"text-indent\s*:\s*-\d{3,}",
        ),
    )
)
"""The same in style sheets; each begins with a literal, for sheets can be long."""

_LOOKS = frozenset({"style", "color", "bgcolor", "background", "hidden"})
"""Attributes that have a say in what is seen."""

_SELECTOR = re.compile(r"^[a-z0-9]*([.#][\w-]+)$", re.IGNORECASE)


class Sight:
    """What a reader sees of a node: all, nothing (hidden by style), or it is no text at all. Plain numbers: Python 3.11
    takes 100 ns to look a member of an enumeration up, and it is looked up several times a node.
    """

    SEEN = 0
    HIDDEN = 1
    DROPPED = 2


@dataclass(slots=True)
class Tree:
    """A parsed page as parallel lists in document order: node i has its parent at `parents[i]` and its subtree up to
    `stops[i]`. Comments are nodes with the tag `!`. `pruned` counts hidden and injected nodes, scripts aside.
    """

    nodes: list[etree._Element]
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    sight: list[int] = field(default_factory=list)
    idents: list[str] = field(default_factory=list)
    """`id class` of each node, as written."""
    injected: frozenset[int] = frozenset()
    pruned: int = 0
    depth: int = 0


class _Style(NamedTuple):
    hidden: frozenset[str]
    """Simple selectors (`.a`, `#b`) that the page's own style rules hide."""
    paper: frozenset[str]
    """The page's background colour, in its spellings."""


def parse(text: str) -> Tree | Rejection:
    """Parse a page and mark what is not shown; total: a page too big or too deep is rejected, never half read.

    Text after a stray `</body>` or `</html>` stays (libxml2 2.14 drops it in silence), as do the page's metadata in
    hidden blocks: hidden nodes are marked, not cut. Injected empty elements that share one id are marked too.

    >>> tree = parse('<p>甲</body><p style="display:none">乙')
    >>> [(tag, int(seen)) for tag, seen in zip(tree.tags, tree.sight)]
    [('html', 0), ('body', 0), ('p', 0), ('p', 1)]
    """
    text = _CLOSERS.sub(" ", text).replace("\0", "")
    if text.count("<") > MAX_TAGS:
        return Rejection(Reason.TOO_LARGE, f"more than {MAX_TAGS} tags")
    tree = _flatten(_parse(text))
    if tree is None:
        # pages of old editors open fonts by the thousand and close none
        tree = _flatten(_parse(_INLINE.sub("", text)))
    if tree is None:
        return Rejection(Reason.UNPARSEABLE, f"nested deeper than {MAX_DEPTH}")
    _mark(tree)
    return tree


def _parse(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    # nothing but comments or declarations: an empty page
    return etree.Element("html") if root is None or not isinstance(root.tag, str) else root


def _flatten(root: etree._Element) -> Tree | None:
    """The tree as lists; None where it is so deep that the parser has dropped the rest."""
    nodes = list(root.iter())
    tags = [node.tag.lower() if isinstance(node.tag, str) else "!" for node in nodes]
    parents = [-1]
    above, left, depth = [0], [len(root)], 1
    for i in range(1, len(nodes)):
        while not left[-1]:
            left.pop()
            above.pop()
        left[-1] -= 1
        parents.append(above[-1])
        children = len(nodes[i])
        if children:
            above.append(i)
            left.append(children)
            depth = max(depth, len(above))
    if depth >= MAX_DEPTH:
        return None
    stops = list(range(1, len(nodes) + 1))
    for i in range(len(nodes) - 1, 0, -1):
        stops[parents[i]] = max(stops[parents[i]], stops[i])
    return Tree(nodes, tags, parents, stops, depth=depth)


def _mark(tree: Tree) -> None:
    """Fill `sight`, `idents`, `injected` and `pruned` in one walk."""
    style = _page_style(tree)
    by_id: dict[str, list[int]] = defaultdict(list)
    painted: set[int] = set()
    for i, tag in enumerate(tree.tags):
        parent = tree.parents[i]
        above = tree.sight[parent] if parent >= 0 else 0
        if tag == "!" or tag in DROPPED_TAGS:
            tree.sight.append(Sight.DROPPED)
            tree.idents.append("")
            continue
        items = tree.nodes[i].items()
        if parent in painted:
            painted.add(i)
        if not items:
            tree.sight.append(above)
            tree.idents.append("")
            continue
        ident = classes = ""
        attributes: dict[str, str] = {}
        for name, value in items:
            if name == "class":
                classes = str(value)
            elif name == "id":
                ident = str(value)
            elif name in _LOOKS:
                attributes[name] = str(value)
        if attributes and _paints(tag, attributes):
            painted.add(i)
        if ident:
            by_id[ident].append(i)
        if ident or classes:
            ident = f"{ident} {classes}"
        tree.idents.append(ident)
        suspect = above == Sight.SEEN and (attributes or (ident and style.hidden))
        hidden = bool(suspect) and _is_hidden(tag, ident, attributes, style, painted=i in painted)
        tree.sight.append(Sight.HIDDEN if hidden else above)
        tree.pruned += hidden
    tree.injected = _injected(tree, by_id)
    tree.pruned += len(tree.injected)


def _page_style(tree: Tree) -> _Style:
    """What the page's own style sheets hide by one class or id; rules for print or narrow screens aside."""
    hidden: set[str] = set()
    paper = _WHITE
    for i, tag in enumerate(tree.tags):
        if tag == "style":
            _read_rules((tree.nodes[i].text or "")[:MAX_SHEET], hidden)
        elif tag == "body":
            node = tree.nodes[i]
            ground = node.get("bgcolor") or (_BACKGROUND.search(node.get("style") or "") or ("", ""))[1]
            if ground and ground.lower() not in _WHITE:
                paper = frozenset({ground.lower()})
    return _Style(frozenset(hidden), paper)


def _read_rules(css: str, hidden: set[str]) -> None:
    for pattern in _SHEET_HIDING:
        for found in pattern.finditer(css):
            start = css.rfind("{", 0, found.start())
            # a rule within @media stands one brace deeper
            if start < 0 or css.count("{", 0, start) > css.count("}", 0, start):
                continue
            for selector in css[max(css.rfind("}", 0, start), css.rfind("*/", 0, start)) + 1 : start].split(","):
                simple = _SELECTOR.match(selector.strip(" \t\r\n/"))
                if simple:
                    hidden.add(simple[1])


@lru_cache(maxsize=4096)
def _hides(css: str) -> bool:
    """Whether an inline style takes its element out of sight; pages repeat a few styles thousands of times."""
    return bool(_HIDING.search(css)) or ("overflow" in css and "hidden" in css and bool(_NO_SIZE.search(css)))


@lru_cache(maxsize=4096)
def _text_colour(css: str) -> str:
    found = _COLOUR.search(css) if "color" in css else None
    return found[1].lower() if found else ""


def _paints(tag: str, attributes: dict[str, str]) -> bool:
    """Whether an element lays a background of its own under its text."""
    if "background" in attributes.get("style", ""):
        return True
    return ("bgcolor" in attributes or "background" in attributes) and tag not in {"html", "body"}


def _is_hidden(tag: str, ident: str, attributes: dict[str, str], style: _Style, *, painted: bool) -> bool:
    css = attributes.get("style", "")
    if css and _hides(css):
        # a script shows the body of WeChat pages and their like when it has run
        return not (_FADED.search(css) and container_name(tag, ident))
    if style.hidden and ident:
        first, *classes = ident.split(" ")
        if f"#{first}" in style.hidden or any(f".{name}" in style.hidden for name in classes):
            return True
    if not painted and (_text_colour(css) or attributes.get("color", "").lower()) in style.paper:
        return True
    return "hidden" in attributes


def _injected(tree: Tree, by_id: dict[str, list[int]]) -> frozenset[int]:
    """Empty elements of several kinds under one id: the skeletons that mirror sites strew over a page."""
    found: set[int] = set()
    for places in by_id.values():
        # three of two kinds: no author repeats an id so, the mirrors do it up to 1,810 times a page
        if len(places) >= 3 and len({tree.tags[i] for i in places}) >= 2:
            same = set(places)
            found.update(i for i in places if _is_empty(tree, i, same))
    return frozenset(found)


def _is_empty(tree: Tree, i: int, same: set[int]) -> bool:
    """Whether an element holds no text and no element but such of the same id."""
    if tree.stops[i] - i > 20 or (tree.nodes[i].text or "").strip():
        return False
    inner = range(i + 1, tree.stops[i])
    return all(k in same and not f"{tree.nodes[k].text or ''}{tree.nodes[k].tail or ''}".strip() for k in inner)


def text_of(node: etree._Element) -> str:
    """All the text in an element, white space folded; hidden text and scripts are not told apart.

    >>> text_of(etree.fromstring("<a>附件 <b>一</b>\\n</a>"))
    '附件 一'
    """
    return " ".join("".join(str(piece) for piece in node.itertext()).split())
