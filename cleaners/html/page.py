"""One page, from bytes to main text and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass

from cleaners.html.blocks import read_lines
from cleaners.html.decode import Encoding, decode
from cleaners.html.describe import describe
from cleaners.html.facts import Facts
from cleaners.html.head import own_address, read_head
from cleaners.html.kinds import is_unsure, judge_kind
from cleaners.html.locate import LITTLE, locate
from cleaners.html.pager import Part, read_part
from cleaners.html.table_fields import read_fields
from cleaners.html.tables import read_rows
from cleaners.html.titles import find_title
from cleaners.html.tree import parse
from cleaners.html.unpack import unpack_script
from cleaners.html.weigh import sentence_size, unhide
from cleaners.meta import Meta
from cleaners.reason import Rejection


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page gives: `text`, a block a line, not yet cleaned; the official metadata and, by field, the rule that
    found it; how it was decoded; how many hidden or injected nodes were cut; which way found the text; which part of an
    article it is, where that is split over several addresses.
    """

    text: str
    meta: Meta
    provenance: Mapping[str, str]
    encoding: Encoding
    pruned: int
    extractor: str
    part: Part | None = None


def read_page(body: bytes, url: str | None = None, content_type: str | None = None) -> PageText | Rejection:
    """Read a page: decode, parse, find the main text and the metadata, or say why it is no article.

    The text comes as the page has it, a paragraph, heading, list entry or table row a line; repairs, widths and line-level
    furniture are the text cleaners' work. Title, by-lines and editors go to the metadata, a document's own title within
    its body stays. trafilatura is asked only where no container is known and hardly a sentence is found.

    >>> page = read_page("<title>通知_某县</title><h1>通知</h1><p>2025-03-01 来源：县报</p><p>会议要求，要抓好落实。".encode())
    >>> page.text, page.meta.source, page.provenance["published_at"]
    ('会议要求，要抓好落实。', '县报', 'by-line')
    >>> read_page(b"<title>404 Not Found</title>").detail
    'error page'
    """
    decoded = decode(body, content_type)
    if isinstance(decoded, Rejection):
        return decoded
    unpacked = unpack_script(decoded.text)
    tree = parse(decoded.utf8 if unpacked is decoded.text else unpacked)
    if isinstance(tree, Rejection):
        return tree
    lines = unhide(read_lines(tree))
    head = read_head(tree)
    url = url or own_address(tree)
    fields = read_fields(tree, lines)
    title = find_title(tree, lines, head, fields)
    region = locate(tree, lines, title.text if title else None, fields)
    facts = Facts(tree, lines, head, fields, title, region, url)
    described = describe(facts)
    rejection = judge_kind(facts, described)
    if rejection:
        return rejection
    text = "\n".join(line.text for line in read_rows(tree, lines.hide(region.inserts), region.first, region.last))
    extractor = region.extractor
    if is_unsure(region, tree):
        other = _ask_trafilatura(decoded.text)
        if sentence_size(other) > 2 * max(region.score, LITTLE):
            text, extractor = other, "trafilatura"
    part = read_part(tree, url)
    return PageText(text, described.meta, described.provenance, decoded.encoding, tree.pruned, extractor, part)


def _ask_trafilatura(text: str) -> str:
    from trafilatura import extract  # noqa: PLC0415

    return extract(text, include_comments=False, favor_recall=True) or ""
