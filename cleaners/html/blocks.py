"""The flat tree as lines: a paragraph, heading, list entry, table row or caption each."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from cleaners.html.tree import Sight, Tree

BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "marquee", "menu", "nav", "ol", "option", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ucapcontent", "ucaptitle", "ul",
})  # fmt: skip
"""Elements that begin and end a line; all others stand within one."""

_PRE_TAGS = frozenset({"pre", "xmp", "listing", "plaintext"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HARD_WRAP = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff\uff00-\uffef])")
FILE_TYPES = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "csv", "txt")
_FILE_LINK = re.compile(rf"\.({'|'.join(FILE_TYPES)})(?:$|[?#&])|downfile\.jsp\?|/download(?:\.|/|\?)", re.IGNORECASE)


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


class _Builder:
    """Collects the text of a page into lines while the walk opens and closes nodes."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.lines: list[Line] = []
        self.starts = [0] * len(tree.nodes)
        self.ends = [0] * len(tree.nodes)
        self.pieces: list[str] = []
        self.linked = self.files = 0
        self.first = -1
        self.hidden = False
        self.links = 0
        self.pre = 0
        self.blocks = [0]
        self.marker = ""

    def add(self, text: str, node: int, *, hidden: bool) -> None:
        if hidden != self.hidden:
            self.flush()
            self.hidden = hidden
        if self.pre and "\n" in text:
            first, *rest = text.split("\n")
            self._piece(first, node)
            for line in rest:
                self.flush()
                self._piece(line, node)
        else:
            self._piece(text, node)

    def _piece(self, text: str, node: int) -> None:
        if self.first < 0:
            if text.isspace() or not text:
                return
            self.first = node
        self.pieces.append(text)
        if self.links:
            self.linked += len(text.strip())

    def flush(self) -> None:
        """End the line that is being collected."""
        if self.first < 0:
            return
        text = "".join(self.pieces)
        if "\n" in text:
            text = _HARD_WRAP.sub("", text)
        text = " ".join(text.split())
        if self.marker:
            text, self.marker = self.marker + text, ""
        self.lines.append(Line(text, self.blocks[-1], self.first, self.linked, self.files, self.hidden))
        self.pieces = []
        self.linked = self.files = 0
        self.first = -1


def read_lines(tree: Tree) -> Lines:
    """Cut the page into lines, hidden ones included and marked; scripts and their like are left out.

    White space is folded as a browser shows it (a source line break between two Han characters is nothing); inline
    elements and injected skeletons do not cut a line. Widths, spacing inside a line, and wording are left alone.

    >>> from cleaners.html.tree import parse
    >>> [line.text for line in read_lines(parse("<p>第一条<b> 为了</b></p><ol><li>甲<br>乙")).lines]
    ['第一条 为了', '1. 甲', '乙']
    """
    build = _Builder(tree)
    stack: list[int] = []
    i, count = 0, len(tree.nodes)
    while i < count:
        parent = tree.parents[i]
        while stack and stack[-1] != parent:
            _close(build, stack.pop())
        if tree.sight[i] == Sight.DROPPED:
            i = _skip(build, i)
            continue
        stack.append(i)
        _open(build, i)
        i += 1
    while stack:
        _close(build, stack.pop())
    build.flush()
    return Lines(build.lines, build.starts, build.ends)


def _skip(build: _Builder, i: int) -> int:
    """Pass over a node that is no text, but not over what follows it."""
    tree = build.tree
    build.starts[i] = build.ends[i] = len(build.lines)
    tail = tree.nodes[i].tail
    if tail:
        build.add(tail, tree.parents[i], hidden=tree.sight[tree.parents[i]] == Sight.HIDDEN)
    return tree.stops[i]


def _open(build: _Builder, i: int) -> None:
    tree = build.tree
    tag = tree.tags[i]
    if (tag in BLOCK_TAGS and i not in tree.injected) or tag == "br":
        build.flush()
        if tag != "br":
            build.blocks.append(i)
        if tag in _PRE_TAGS:
            build.pre += 1
        elif tag == "li":
            build.marker = _list_number(tree, i)
    elif tag == "a":
        build.links += 1
        if _FILE_LINK.search(tree.nodes[i].get("href") or ""):
            build.files += 1
    build.starts[i] = len(build.lines)
    text = tree.nodes[i].text
    if text:
        build.add(text, i, hidden=tree.sight[i] == Sight.HIDDEN)


def _close(build: _Builder, i: int) -> None:
    tree = build.tree
    tag = tree.tags[i]
    if tag in BLOCK_TAGS and i not in tree.injected:
        build.flush()
        build.blocks.pop()
        build.marker = ""
        if tag in _PRE_TAGS:
            build.pre -= 1
    elif tag == "a":
        build.links -= 1
    build.ends[i] = len(build.lines)
    tail = tree.nodes[i].tail
    if tail and i:
        parent = tree.parents[i]
        build.add(tail, parent, hidden=tree.sight[parent] == Sight.HIDDEN)


def _list_number(tree: Tree, i: int) -> str:
    """The number a browser puts before an entry of a numbered list."""
    parent = tree.parents[i]
    if parent < 0 or tree.tags[parent] != "ol":
        return ""
    node = tree.nodes[parent]
    if "list-style" in (node.get("style") or "") or (node.get("type") or "1") != "1":
        return ""
    start = node.get("start") or "1"
    place = sum(1 for sibling in tree.nodes[i].itersiblings("li", preceding=True))
    return f"{(int(start) if start.isdigit() else 1) + place}. "
