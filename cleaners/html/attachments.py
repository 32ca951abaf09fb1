"""The files that a page links to beside its text."""

import re
from urllib.parse import urljoin

from cleaners.html.blocks import FILE_TYPES, Lines
from cleaners.html.tree import Tree, text_of
from cleaners.html.trim import Span
from cleaners.meta import Attachment

_SUFFIX = re.compile(r"\.([a-z]{2,4})(?:$|[&#])")


def read_attachments(tree: Tree, lines: Lines, span: Span, url: str | None) -> tuple[Attachment, ...]:
    """The files linked in a stretch of lines: absolute address where the page's is known, shown name, type.

    A file linked twice counts once; links to pages are left.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse('<p><a href="P01.doc">附件1</a></p>')
    >>> read_attachments(tree, read_lines(tree), Span(0, 1), "http://a.gov.cn/x/t1.html")
    (Attachment(url='http://a.gov.cn/x/P01.doc', name='附件1', type='doc'),)
    """
    if not any(line.files for line in lines.lines[span.first : span.last]):
        return ()
    found: dict[str, Attachment] = {}
    for i in tree.places.get("a", ()):
        if not span.first <= lines.starts[i] < span.last:
            continue
        node = tree.nodes[i]
        href = (node.get("href") or "").strip()
        kind = file_type(href)
        if kind is not None:
            address = _absolute(url, href)
            name = text_of(node) or (node.get("title") or "").strip() or None
            found.setdefault(address, Attachment(address, name, kind or None))
    return tuple(found.values())


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
    return "" if "downfile" in path or path.endswith("/download") else None


def _absolute(url: str | None, href: str) -> str:
    try:
        return urljoin(url, href) if url else href
    except ValueError:
        return href
