"""The flat tree as lines: a paragraph, heading, list entry, table row or caption each."""

import re
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

from cleaners.html.tree import Sight, Tree

BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "marquee", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ucapcontent", "ucaptitle", "ul",
})  # fmt: skip
"""Elements that begin and end a line; all others stand within one."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HARD_WRAP = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff\uff00-\uffef])")
FILE_TYPES = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "csv", "txt")
_FILE_SUFFIX = re.compile(rf"\.(?:{'|'.join(FILE_TYPES)})(?:$|[?#&])", re.IGNORECASE)
_DOWNLOAD = re.compile(r"downfile\.jsp\?|/download(?:\.|/|\?)", re.IGNORECASE)


_NUMBERED = re.compile(
    r"(?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})\s*[.．、)）](?!\d)|[（(](?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）]|第[\d一二三四五六七八九十百]{1,5}条|[①-⒛㈠-㈩]"
)
"""A number that an author wrote into an entry that the list numbers already; such lists are shown without their own."""


class Line(NamedTuple):
    """A line of a page. `node` is the innermost block it stands in, `first` the node its text begins in; `linked`
    counts its characters in links, `files` its links to files."""

    text: str
    node: int
    first: int
    linked: int
    files: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of a page in reading order. Node i holds the lines `starts[i]` up to `ends[i]`."""

    lines: list[Line]
    starts: list[int]
    ends: list[int]

    def hide(self, places: frozenset[int]) -> "Lines":
        """The same lines with those at `places` taken for hidden."""
        if not places:
            return self
        lines = [line._replace(hidden=True) if n in places else line for n, line in enumerate(self.lines)]
        return Lines(lines, self.starts, self.ends)


class _Kind:
    """What an element does to the line it stands in. Plain numbers, as in `Sight`."""

    INLINE = 0
    LINK = 1
    BREAK = 2
    BLOCK = 3
    ENTRY = 4
    PRE = 5


_TEXT_OF, _TAIL_OF = attrgetter("text"), attrgetter("tail")
_KINDS = {
    **dict.fromkeys(BLOCK_TAGS, _Kind.BLOCK),
    "li": _Kind.ENTRY,
    "pre": _Kind.PRE,
    "br": _Kind.BREAK,
    "a": _Kind.LINK,
}


_SCRIPTS = {
    "sup": str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"),
    "sub": str.maketrans("0123456789+-n", "₀₁₂₃₄₅₆₇₈₉₊₋ₙ"),
}


class _Builder:
    """Collects the text of a page into lines while the walk opens and closes nodes."""

    __slots__ = (
        "entries",
        "files",
        "first",
        "hidden",
        "kinds",
        "lines",
        "linked",
        "links",
        "marker",
        "pieces",
        "pre",
        "tree",
    )

    def __init__(self, tree: Tree, kinds: list[int]) -> None:
        self.tree = tree
        self.kinds = kinds
        self.lines: list[Line] = []
        self.pieces: list[str] = []
        self.linked = self.files = 0
        self.first = -1
        self.hidden = False
        self.links = 0
        self.pre = 0
        self.marker = ""
        self.entries: dict[int, int] = {}

    def add(self, text: str, node: int) -> None:
        """Put the text that stands in a node to the line; in preformatted text its line feeds end lines."""
        if self.pre and "\n" in text:
            for piece in text.split("\n"):
                self.flush(node)
                self.add(piece, node)
            return
        if self.first < 0 and (not text or text.isspace()):
            return
        if (self.tree.sight[node] == Sight.HIDDEN) != self.hidden:
            self.flush(node)
            self.hidden = not self.hidden
        if self.first < 0:
            self.first = node
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self, node: int) -> None:
        """End the line that is being collected; it stands in the innermost block around `node`."""
        if self.first < 0:
            return
        while node and self.kinds[node] < _Kind.BLOCK:
            node = self.tree.parents[node]
        text = "".join(self.pieces)
        if "\n" in text:
            text = _HARD_WRAP.sub("", text)
        text = " ".join(text.split())
        if self.marker:
            text = text if _NUMBERED.match(text) else self.marker + text
            self.marker = ""
        self.lines.append(Line(text, node, self.first, self.linked, self.files, self.hidden))
        self.pieces = []
        self.linked = self.files = 0
        self.first = -1

    def open(self, i: int, kind: int) -> None:
        """Begin an element that is neither inline nor a plain block."""
        if kind == _Kind.LINK:
            self.links += 1
            if _leads_to_file(self.tree.nodes[i].get("href") or ""):
                self.files += 1
        elif kind == _Kind.ENTRY:
            self.marker = self._number(i)
        elif kind == _Kind.PRE:
            self.pre += 1

    def close(self, i: int, kind: int) -> None:
        """End an element that is not inline."""
        if kind == _Kind.LINK:
            self.links -= 1
        elif kind != _Kind.BREAK:
            if self.first >= 0:
                self.flush(i)
            self.marker = ""
            if kind == _Kind.PRE:
                self.pre -= 1

    def _number(self, i: int) -> str:
        """The number a browser puts before an entry of a numbered list."""
        parent = self.tree.parents[i]
        if parent < 0 or self.tree.tags[parent] != "ol":
            return ""
        node = self.tree.nodes[parent]
        if parent not in self.entries:
            styled = "list-style" in (node.get("style") or "") or self.tree.unnumbered
            self.entries[parent] = -1 if styled else _whole(node.get("start"), 1)
        if self.entries[parent] < 0:
            return ""
        number = _whole(self.tree.nodes[i].get("value"), self.entries[parent])
        self.entries[parent] = number + 1
        return f"{_counted(number, node.get('type') or '1')}. "


def _whole(value: str | None, other: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else other


def _counted(number: int, kind: str) -> str:
    """A number of a list of this type as a browser writes it: letters from 1 to 26, Roman numerals to 39, digits beyond."""
    if kind in "aA" and 0 < number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in "iI" and 0 < number < 40:
        ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        roman = "x" * (number // 10) + ones
        return roman.upper() if kind == "I" else roman
    return str(number)


def _leads_to_file(href: str) -> bool:
    return _FILE_SUFFIX.search(href) is not None or ("down" in href.lower() and _DOWNLOAD.search(href) is not None)


def _kinds(tree: Tree) -> list[int]:
    """What each element does to its line; injected ones nothing."""
    kinds = [*map(_KINDS.get, tree.tags, repeat(_Kind.INLINE))]
    for i in tree.injected:
        kinds[i] = _Kind.INLINE
    return kinds


def _texts(tree: Tree) -> list[str | None]:
    """The text that each element begins with, digits and signs of `<sup>` and `<sub>` in their raised and lowered forms:
    10 to the 4th is not 104."""
    texts: list[str | None] = [*map(_TEXT_OF, tree.nodes)]
    for tag, forms in _SCRIPTS.items():
        for i in tree.places.get(tag, ()):
            text = texts[i] or ""
            texts[i] = text if text.strip("0123456789+-n ") else text.translate(forms)
    return texts


def read_lines(tree: Tree) -> Lines:
    """Cut the page into lines, hidden ones included and marked; scripts and their like are left out.

    White space is folded as a browser shows it (a source line break between two Han characters is nothing); inline
    elements and injected skeletons do not cut a line. Widths, spacing inside a line, and wording are left alone.

    >>> from cleaners.html.tree import parse
    >>> [line.text for line in read_lines(parse("<p>第一条<b> 为了</b></p><ol><li>甲<br>乙")).lines]
    ['第一条 为了', '1. 甲', '乙']
    """
    kinds, texts, tails = _kinds(tree), _texts(tree), [*map(_TAIL_OF, tree.nodes)]
    build = _Builder(tree, kinds)
    sight, lines = tree.sight, build.lines
    starts, ends = [0] * len(kinds), [0] * len(kinds)
    inside, i = -1, 0
    # the end of the page closes all that is open
    parents = [*tree.parents, -1]
    while True:
        parent = parents[i]
        while inside != parent:
            if (kind := kinds[inside]) and (kind != _Kind.BLOCK or build.marker or build.first >= 0):
                build.close(inside, kind)
            ends[inside] = len(lines)
            text, inside = tails[inside], parents[inside]
            if text and inside >= 0 and (build.first >= 0 or not text.isspace()):
                build.add(text, inside)
        if i == len(kinds):
            break
        if sight[i] == Sight.DROPPED:
            starts[i] = ends[i] = len(lines)
            text, i = tails[i], tree.stops[i]
        else:
            if kind := kinds[i]:
                if kind >= _Kind.BREAK and build.first >= 0:
                    build.flush(inside)
                if kind != _Kind.BLOCK:
                    build.open(i, kind)
            starts[i] = len(lines)
            text, inside, i = texts[i], i, i + 1
        if text and (build.first >= 0 or not text.isspace()):
            build.add(text, inside)
    return Lines(lines, starts, ends)


def spaced(tree: Tree, lines: Lines, line: Line) -> str:
    """A line's text with a space between inline elements that the style sheet keeps apart; of a part of a block as it is.

    >>> from cleaners.html.tree import parse
    >>> tree = parse("<p><i>甲</i><i>乙</i></p>")
    >>> spaced(tree, lines := read_lines(tree), lines.lines[0])
    '甲 乙'
    """
    node = line.node
    if lines.ends[node] - lines.starts[node] != 1 or tree.stops[node] - node < 3:
        return line.text
    pieces: list[str] = []
    for i in range(node, tree.stops[node]):
        if tree.sight[i] < Sight.DROPPED:
            pieces.append(tree.nodes[i].text or "")
        if i > node:
            pieces.append(tree.nodes[i].tail or "")
    return " ".join(" ".join(pieces).split())
