"""The files that a page links to beside its text."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin

from cleaners.html.blocks import FILE_TYPES, Lines
from cleaners.html.tree import MAX_VALUE, Tree, text_of
from cleaners.html.trim import Span
from cleaners.meta import Attachment

_SUFFIX = re.compile(r"\.([a-z]{2,4})(?:$|[&#])")
_NAMED = re.compile(rf"\.({'|'.join(sorted(FILE_TYPES, key=len, reverse=True))})(?![a-z])", re.IGNORECASE)
_SERVICE = re.compile(r"downfile|/download(?:\.\w+)?$")
_VIEWED = re.compile(r"[?&]file=([^&#]+)")
_PLAYER_TITLE = re.compile(r"[\"']title[\"']\s*:\s*[\"']([^\"']+)")


def read_attachments(tree: Tree, lines: Lines, span: Span, url: str | None) -> tuple[Attachment, ...]:
    """The files linked or shown in a stretch of lines: absolute address where the page's is known, shown name, type.

    A file linked twice counts once; links to pages are left.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse('<p><a href="P01.doc">附件1</a></p>')
    >>> read_attachments(tree, read_lines(tree), Span(0, 1), "http://a.gov.cn/x/t1.html")
    (Attachment(url='http://a.gov.cn/x/P01.doc', name='附件1', type='doc'),)
    """
    found: dict[str, Attachment] = {}
    base = next((href for i in tree.places.get("base", ()) if (href := tree.nodes[i].get("href"))), None)
    url = _absolute(url, base) if base else url
    linked = any(line.files for line in lines.lines[span.first : span.last])
    for i in tree.places.get("a", ()) if linked else ():
        if not span.first <= lines.starts[i] < span.last:
            continue
        node = tree.nodes[i]
        href = (node.get("href") or "").strip()
        kind = file_type(href)
        if kind is not None:
            address = _absolute(url, href)
            name = text_of(node) or (node.get("title") or "").strip() or None
            named = _NAMED.search(name or "")
            found.setdefault(address, Attachment(address, name, kind or (named[1].lower() if named else None)))
    for i, href, name in _shown(tree):
        if span.first <= lines.starts[i] <= span.last and (kind := file_type(href)):
            address = _absolute(url, href)
            found.setdefault(address, Attachment(address, name, kind))
    return tuple(found.values())


def _shown(tree: Tree) -> Iterator[tuple[int, str, str | None]]:
    """The files that a page shows within itself: the node, the address, and a name if there is one."""
    for tag in ("iframe", "embed", "object"):
        for i in tree.places.get(tag, ()):
            shown = (tree.nodes[i].get("src") or tree.nodes[i].get("data") or "").strip()
            viewed = _VIEWED.search(shown[:MAX_VALUE])
            yield i, unquote(viewed[1]) if viewed else shown, None
    for i in tree.named if "pdf_player" in "\n".join(tree.idents) else ():
        if "pdf_player" in tree.idents[i] and (shown := tree.nodes[i].get("pdfsrc") or ""):
            title = _PLAYER_TITLE.search(tree.nodes[i].get("sudyfile-attr") or "")
            yield i, shown, title[1] if title else None


def file_type(href: str) -> str | None:
    """The type of the file that a link leads to, "" for a download of unknown type, None for no file.

    >>> file_type("/P020.pdf"), file_type("/download/downfile.jsp?filename=a.DOCX"), file_type("/a.html")
    ('pdf', 'docx', None)
    """
    path, _, query = href.lower().partition("?")
    for part in (query, path) if "down" in path else (path,):
        suffix = _SUFFIX.search(part)
        if suffix and suffix[1] in FILE_TYPES:
            return suffix[1]
    return "" if _SERVICE.search(path) else None


def _absolute(url: str | None, href: str) -> str:
    try:
        return urljoin(url, href) if url else href
    except ValueError:
        return href
