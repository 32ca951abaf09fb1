"""Text to a flat tree: parsed, with what is no text dropped and what a reader does not see marked."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from lxml import etree

from cleaners.html.containers import container_name
from cleaners.reason import Reason, Rejection

MAX_TAGS = 150_000
"""At 12 µs an element, the speed measured, this is 2 s of work; a table of 30,000 cells is within it."""

MAX_DEPTH = 2000
"""libxml2 2.14 stops at 2048 levels and drops the rest without a word."""

MAX_VALUE = 1000
"""Characters of an attribute that are looked at; what is longer is the page behind a quotation mark that never closes."""

MAX_SHEET = 100_000
"""Characters of a style sheet that are looked at."""

DROPPED_TAGS = frozenset({
    "script", "style", "noscript", "template", "iframe", "frame", "object", "embed", "svg", "canvas", "video", "audio",
    "map", "select", "button", "input", "textarea", "datalist", "rt", "rp", "head", "link", "meta", "base", "applet",
    "bgsound", "math", "dialog", "!",
})  # fmt: skip
"""Elements whose text is no text of the page, and comments. `form` stays (ASP.NET and VSB put the whole page into one), `nav`,
`header`, `footer` stay (they are weighed, not trusted)."""

_CLOSER = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_INLINE = re.compile(rb"</?(?:font|b|i|u|span|strong|em|small|big|nobr|center)\b[^>]*>", re.IGNORECASE)
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

_VOID_BY_ID = re.compile(rb"<(track|wbr|col|source|param|area|keygen)\s+id=[\"']?([\w-]+)[\"']?\s*/?>", re.IGNORECASE)
_PAIR_BY_ID = re.compile(rb"<(\w+)\s+id=[\"']?([\w-]+)[\"']?\s*>\s*</\1\s*>", re.IGNORECASE)
_SKELETON = 20
"""Elements of one injected skeleton at most."""

_TAG_OF = attrgetter("tag")
_NO_LOOKS: dict[str, str] = {}
_LOOKS = frozenset({"style", "color", "bgcolor", "background", "hidden"})
"""Attributes that have a say in what is seen."""

_SHEET_SHOWING = re.compile(r"display\s*:\s*(?:block|inline|flex|table|grid)")
_SHEET_UNNUMBERED = re.compile(r"list-style(?:-type)?\s*:\s*none")
_SHOWN = re.compile(r"display\s*:\s*[a-z]", re.IGNORECASE)
_SELECTOR = re.compile(r"([a-z0-9]*)([.#][\w-]+)", re.IGNORECASE)
_COMPOUND = re.compile(r"[a-z0-9]*(?:[.#][\w-]+){2,}", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_NO_TAGS: frozenset[str] = frozenset()
_MOST_SHOWN = 200
"""Rules that show an element again: a page has a handful."""

_LISTS = frozenset({"ol", "li", "*"})


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
    named: list[int] = field(default_factory=list)
    """The nodes that have an id or a class."""
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The nodes of each tag."""
    injected: frozenset[int] = frozenset()
    pruned: int = 0
    unnumbered: bool = False
    """Whether the page's own style takes the numbers off its lists."""

    def depth(self) -> int:
        """The levels above the deepest node."""
        levels: list[int] = []
        for parent in self.parents:
            levels.append(levels[parent] + 1 if levels else 0)
        return max(levels, default=0)


@dataclass(frozen=True, slots=True)
class _Style:
    hidden: dict[str, frozenset[str]]
    """Simple selectors (`.a`, `#b`) that the page's own style rules hide, and the tags they do it for ("" for all)."""
    bare: frozenset[str]
    """Their names without the sign."""
    sheets: list[str]
    """The style sheets not looked through yet for what shows an element again, and what the others say."""
    shown: list[set[str]]
    paper: frozenset[str]
    """The page's background colour, in its spellings."""
    known: dict[str, frozenset[str]]
    """What has been asked of `tags`, by id and classes: a page has few names."""

    def tags(self, ident: str) -> frozenset[str]:
        """The tags whose elements a rule hides where they have this id and these classes, "" for any; nearly always none."""
        first, *classes = ident.split(" ")
        if first not in self.bare and self.bare.isdisjoint(classes):
            self.known[ident] = _NO_TAGS
            return _NO_TAGS
        names = [*([f"#{first}"] if first else ()), *(f".{name}" for name in classes)]
        hit = [name for name in names if name in self.hidden]
        tags = _NO_TAGS.union(*(self.hidden[name] for name in hit)) if hit else _NO_TAGS
        # one name hides a panel, two together show it (`.panel.on`)
        if hit and len(names) > 1 and any(together.issubset(names) for together in self._together()):
            tags = _NO_TAGS
        self.known[ident] = tags
        return tags

    def _together(self) -> list[set[str]]:
        while self.sheets:
            last = (selector.split(" ")[-1] for selector in _selectors(self.sheets.pop(), _SHEET_SHOWING))
            self.shown.extend(set(_NAME.findall(compound)) for compound in last if _COMPOUND.fullmatch(compound))
        del self.shown[_MOST_SHOWN:]
        return self.shown


def parse(page: str | bytes) -> Tree | Rejection:
    """Parse a page (text, or that in UTF-8) and mark what is not shown; total: a page too big or too deep is rejected, never half read.

    Text after a stray `</body>` or `</html>` stays (libxml2 2.14 drops it in silence), as do the page's metadata in
    hidden blocks: hidden nodes are marked, not cut. Injected empty elements that share one id are marked too.

    >>> tree = parse('<p>甲</body><p style="display:none">乙')
    >>> [(tag, int(seen)) for tag, seen in zip(tree.tags, tree.sight)]
    [('html', 0), ('body', 0), ('p', 0), ('p', 1)]
    """
    page = page.encode("utf-8", "replace") if isinstance(page, str) else page
    page = _without_closers(page.replace(b"\0", b""))
    if len(page) > MAX_TAGS and page.count(b"<") > MAX_TAGS:
        return Rejection(Reason.TOO_LARGE, f"more than {MAX_TAGS} tags")
    tree = _flatten(_parse(page))
    if tree is None:
        # pages of old editors open fonts by the thousand and close none
        tree = _flatten(_parse(_INLINE.sub(b"", page)))
    if tree is None:
        return Rejection(Reason.UNPARSEABLE, f"nested deeper than {MAX_DEPTH}")
    _mark(tree)
    return _without_skeletons(page, tree) if tree.injected else tree


def _without_skeletons(page: bytes, tree: Tree) -> Tree:
    """The page read again without its injected elements as they are written: a list or table of them ends the paragraph
    it is strewn into, and the parser never joins the halves. Those that are not written as empty pairs stay marked."""
    ids = {(tree.nodes[i].get("id") or "").encode() for i in tree.injected}
    for pattern in (_VOID_BY_ID, *(_PAIR_BY_ID,) * _SKELETON):
        left = pattern.sub(lambda found: b"" if found[2] in ids else found[0], page)
        if left == page and pattern is _PAIR_BY_ID:
            break
        page = left
    again = _flatten(_parse(page))
    if again is None:
        return tree
    _mark(again)
    again.pruned += len(tree.nodes) - len(again.nodes)
    return again


def _without_closers(page: bytes) -> bytes:
    """The page with a blank for each end of body and document: what follows the first one is lost to the parser."""
    return _CLOSER.sub(b" ", page)


def _parse(page: bytes) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(page, parser)
    except etree.XMLSyntaxError:
        root = None
    # nothing but comments or declarations: an empty page
    return etree.Element("html") if root is None or not isinstance(root.tag, str) else root


def _flatten(root: etree._Element) -> Tree | None:
    """The tree as lists; None where it is so deep that the parser has dropped the rest."""
    nodes = list(root.iter())
    count = len(nodes)
    parents, stops = [-1] * count, list(range(1, count + 1))
    # from the end of the page, so that the children of a node are the last that have found no parent yet
    orphans: list[int] = []
    for i, children in zip(range(count - 1, -1, -1), map(len, reversed(nodes)), strict=True):
        if children:
            stops[i] = stops[orphans[-children]]
            for child in orphans[-children:]:
                parents[child] = i
            del orphans[-children:]
        orphans.append(i)
    tree = Tree(nodes, [tag if isinstance(tag, str) else "!" for tag in map(_TAG_OF, nodes)], parents, stops)
    if count > MAX_DEPTH and tree.depth() >= MAX_DEPTH:
        return None
    places = tree.places
    for i, tag in enumerate(tree.tags):
        places[tag].append(i)
    return tree


def _mark(tree: Tree) -> None:
    """Fill `sight`, `idents`, `named`, `injected` and `pruned` in one walk."""
    style = _page_style(tree)
    known, sheets = style.known, bool(style.hidden)
    count = len(tree.nodes)
    sight, idents = tree.sight, tree.idents = [Sight.SEEN] * count, [""] * count
    by_id: dict[str, list[int]] = defaultdict(list)
    painted: set[int] = set()
    for i, (tag, node, parent) in enumerate(zip(tree.tags, tree.nodes, tree.parents, strict=True)):
        if tag in DROPPED_TAGS:
            sight[i] = Sight.DROPPED
            continue
        sight[i] = above = sight[parent]
        on_ground = parent in painted
        if on_ground:
            painted.add(i)
        items: Any = node.items()
        if not items:
            continue
        ident, classes, looks = "", "", _NO_LOOKS
        for name, value in items:
            if name == "class":
                classes = value
            elif name == "id":
                ident = value
                by_id[ident].append(i)
            elif name in _LOOKS and (name != "style" or _look(value[:MAX_VALUE]).matters):
                looks = {**looks, name: value[:MAX_VALUE]}
        if looks and not on_ground and _paints(tag, looks):
            painted.add(i)
            on_ground = True
        if ident or classes:
            ident = idents[i] = f"{ident} {classes}"[:MAX_VALUE]
            tree.named.append(i)
        ruled = False
        if sheets and ident and (tags := known[ident] if ident in known else style.tags(ident)):
            look = _look((node.get("style") or "")[:MAX_VALUE])
            ruled = ("" in tags or tag in tags) and not look.shows
        suspect = (looks or ruled) and above == Sight.SEEN
        if suspect and _is_hidden(tag, ident, looks, style.paper, painted=on_ground, ruled=ruled):
            sight[i] = Sight.HIDDEN
            tree.pruned += 1
    tree.injected = _injected(tree, by_id)
    tree.pruned += len(tree.injected)


def _page_style(tree: Tree) -> _Style:
    """What the page's own style sheets hide by one class or id; rules for print or narrow screens aside."""
    hidden: dict[str, frozenset[str]] = {}
    paper = _WHITE
    sheets = [(tree.nodes[i].text or "")[:MAX_SHEET] for i in tree.places["style"]]
    for sheet in sheets:
        for selector in (found for pattern in _SHEET_HIDING for found in _selectors(sheet, pattern)):
            if simple := _SELECTOR.fullmatch(selector):
                hidden[simple[2]] = hidden.get(simple[2], frozenset()) | {simple[1].lower()}
        tree.unnumbered |= "ol" in tree.places and not _LISTS.isdisjoint(_selectors(sheet, _SHEET_UNNUMBERED))
    for i in tree.places["body"]:
        node = tree.nodes[i]
        ground = node.get("bgcolor") or (_BACKGROUND.search(node.get("style") or "") or ("", ""))[1]
        if ground and ground.lower() not in _WHITE:
            paper = frozenset({ground.lower()})
    return _Style(hidden, frozenset(name[1:] for name in hidden), sheets, [], paper, {})


def _selectors(css: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The selectors of the rules with a declaration that the pattern finds, those within `@media` aside."""
    done = depth = 0
    for found in pattern.finditer(css):
        start = css.rfind("{", done, found.start())
        if start < 0:
            continue
        depth += css.count("{", done, start) - css.count("}", done, start)
        head = max(css.rfind("}", done, start) + 1, done)
        done = start
        # a rule within @media stands one brace deeper
        if depth <= 0:
            for selector in css[max(head, css.rfind("*/", head, start) + 1) : start].split(","):
                yield selector.strip(" \t\r\n/")


class _Look(NamedTuple):
    """What an inline style does: takes its element out of sight, lays a ground under its text, colours that."""

    hides: bool
    shows: bool
    paints: bool
    colour: str
    matters: bool


@lru_cache(maxsize=4096)
def _look(css: str) -> _Look:
    """Read an inline style; pages repeat a few of them thousands of times."""
    hides = bool(_HIDING.search(css)) or ("overflow" in css and "hidden" in css and bool(_NO_SIZE.search(css)))
    colour = _COLOUR.search(css) if "color" in css else None
    paints = "background" in css
    shows = not hides and "display" in css and bool(_SHOWN.search(css))
    return _Look(hides, shows, paints, colour[1].lower() if colour else "", hides or paints or colour is not None)


def _paints(tag: str, looks: dict[str, str]) -> bool:
    """Whether an element lays a background of its own under its text."""
    if "style" in looks and _look(looks["style"]).paints:
        return True
    return ("bgcolor" in looks or "background" in looks) and tag not in {"html", "body"}


def _is_hidden(
    tag: str, ident: str, looks: dict[str, str], paper: frozenset[str], *, painted: bool, ruled: bool
) -> bool:
    """Whether an element is out of sight by its own attributes, or by a rule of the page's (`ruled`)."""
    css = looks.get("style", "")
    look = _look(css)
    if look.hides:
        # a script shows the body of WeChat pages and their like when it has run
        return not (_FADED.search(css) and container_name(tag, ident))
    colour = look.colour or looks.get("color", "").lower()
    return ruled or (colour in paper and not painted) or "hidden" in looks


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
    if tree.stops[i] - i > _SKELETON or (tree.nodes[i].text or "").strip():
        return False
    inner = range(i + 1, tree.stops[i])
    return all(k in same and not f"{tree.nodes[k].text or ''}{tree.nodes[k].tail or ''}".strip() for k in inner)


def text_of(node: etree._Element) -> str:
    """All the text in an element, white space folded; hidden text and scripts are not told apart.

    >>> text_of(etree.fromstring("<a>附件 <b>一</b>\\n</a>"))
    '附件 一'
    """
    return " ".join("".join(str(piece) for piece in node.itertext()).split())
