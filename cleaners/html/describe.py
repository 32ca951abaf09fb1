"""The official metadata of a page: every place that gives a field, in order of trust, and which one was believed."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import NamedTuple

from cleaners.html.attachments import read_attachments
from cleaners.html.blocks import Line, Lines, spaced
from cleaners.html.claims import Claims
from cleaners.html.dates import date_in_url, read_date
from cleaners.html.docno import read_doc_no
from cleaners.html.facts import Facts
from cleaners.html.head import Head
from cleaners.html.reporters import is_person, read_author, read_reporter, read_signature
from cleaners.html.table_fields import Fields
from cleaners.html.titles import Title
from cleaners.html.tree import Tree
from cleaners.html.trim import Span, is_byline, is_furniture, letters
from cleaners.meta import Meta

_KEYWORD_GAP = re.compile(r"[,;，；、|/\s]+")
_SOURCE = re.compile(r"(?:来源|稿源)\s*[:：]\s*([\u4e00-\u9fffA-Za-z0-9《》·-]{2,24})(?=\s|$|[|（(【\[])")
_AFTER_DATE = re.compile(r"(?:https?://|www\.)\S+\s.*\d\d:\d\d\s+([\u4e00-\u9fff《》]{3,16})$")
"""`http://site date time Source`, the header of news sites of the 2000s."""

_TIMED_OUTLET = re.compile(
    r"\d\d?:\d\d(?::\d\d)?\s+([\u4e00-\u9fff《》]{2,14}(?:[网报社台局厅委办]|政府|在线|频道))\s*$"
)
_DATED_OUTLET = re.compile(
    r"^([\u4e00-\u9fff《》]{2,14}(?:[网报社台局厅委办]|办公室|在线|频道))[\s|｜]+(?:19|20)\d\d[-/.年]\d"
)
_OUTLET_LAST = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+([\u4e00-\u9fff《》]{2,12}[网报社])$")
"""The same without the site, where what stands behind the time, or beside the date, is an outlet or an office by its name."""

_WEEKDAY = re.compile(r"\s*星期[一二三四五六日天]\s*")


_IN_TITLE = re.compile(r"[（(]([^（()）]+[〔\[【（(﹝]\s*(?:19|20)\d\d\s*[〕\]】）)﹞][^（()）]+号)[)）]$")
_LABEL_ALONE = re.compile(r"[\u4e00-\u9fff\s]{2,8}[:：]")
_DATE_LABEL = re.compile(r"(?:时间|日期)\s*[:：]")
_HEADER = 16
"""Lines before the text in which by-lines are looked for where the title is not seen above it."""

_DATE_SIZE = 16
"""Characters of a date with its time in short lines above a title."""

_FOOTER = 8
"""Lines after the text that can name editors and files."""


class Described(NamedTuple):
    """The metadata and, by field, the rule that found it (and what another place says against it)."""

    meta: Meta
    provenance: Mapping[str, str]


def describe(facts: Facts) -> Described:
    """Put together what the page officially says of itself.

    Order of trust: information table, by-lines around the text, the text's own signs (document number under the title,
    reporters, signature), meta tags, JSON-LD, the date in the address. A time of day that a by-line shows on the
    table's day completes it. A field nobody gives stays None.

    >>> from cleaners.html.page import read_page
    >>> page = read_page("<h1>关于放假的通知</h1>作者：王小明<p>根据安排，现将有关事项通知如下，请遵照执行。".encode())
    >>> page.meta.title, page.meta.author, page.meta.source
    ('关于放假的通知', '王小明', None)
    """
    claims = Claims()
    lines, region = facts.lines, facts.region
    title_line = _title_line(lines, region.first, facts.title)
    header = _header_lines(lines, region.first, title_line, facts.fields)
    claims.add("title", *(facts.title or _line_above(header)))
    for name, value in facts.fields.values.items() if facts.fields else ():
        claims.add(name, value, "information table")
    body = [line for line in lines.lines[region.first : region.last] if not line.hidden]
    _claim_header(claims, facts.tree, lines, header)
    if "published_at" not in claims.said and title_line > 0:
        claims.add("published_at", _date_above(facts, title_line), "date above the title")
    _claim_footer(claims, [*lines.lines[region.last : region.last + _FOOTER], *body[-3:]])
    _claim_body(claims, body)
    _claim_head(claims, facts.head)
    claims.add("published_at", date_in_url(facts.url) if facts.url else None, "address")
    number = _IN_TITLE.search(facts.title.text[-60:]) if facts.title else None
    claims.add("doc_no", read_doc_no(number[1]) if number else None, "title")
    _settle(claims)
    span = Span(region.first, min(region.last + _FOOTER, len(lines.lines)))
    attachments = read_attachments(facts.tree, lines, span, facts.url)
    values, rules = claims.believed(), claims.rules()
    keywords = tuple(dict.fromkeys(filter(None, _KEYWORD_GAP.split(values.pop("keywords", "")))))[:20]
    if attachments:
        rules["attachments"] = "links in the text"
    return Described(Meta(**values, keywords=keywords, attachments=attachments), rules)


def _title_line(lines: Lines, first: int, title: Title | None) -> int:
    """The line of the title above the text, -1 where it does not stand there."""
    wanted = letters(title.text) if title else ""
    near = range(first - 1, max(-1, first - 40), -1) if wanted else ()
    return next((n for n in near if letters(lines.lines[n].text) == wanted), -1)


def _header_lines(lines: Lines, first: int, title_line: int, fields: Fields | None) -> list[Line]:
    """The lines between the title above the text and the text, hidden ones among them, the information block aside."""
    start = title_line + 1 if title_line >= 0 else max(0, first - _HEADER)
    block = range(fields.first, fields.last) if fields else range(0)
    return [lines.lines[n] for n in range(start, first) if n not in block]


def _line_above(header: list[Line]) -> Title:
    """The line over the by-lines, or over the text, for a page without a title anywhere else."""
    end = next((n for n, line in enumerate(header) if is_byline(line.text)), len(header))
    for line in reversed(header[:end]):
        if 6 <= len(line.text) <= 60 and not line.linked and not is_furniture(line.text) and not read_date(line.text):
            return Title(line.text, "line above the text")
    return Title("", "")


def _claim_header(claims: Claims, tree: Tree, lines: Lines, header: list[Line]) -> None:
    rest = []
    label = ""
    for line in header:
        if len(line.text) < 160:
            # a label in a cell or line of its own
            wide, label = label + spaced(tree, lines, line), ""
            if _LABEL_ALONE.fullmatch(wide):
                label = wide
            elif not (claims.add_byline(wide, "by-line") or claims.add_byline(line.text, "by-line")):
                rest.append(wide)
    for text in rest:
        claims.add("author", read_author(text) or read_reporter(text), "by-line")
        source = _source_in(text) if len(text) < 100 else None
        claims.add("source", source[1].strip("《》") if source else None, "by-line")
        claims.add("doc_no", read_doc_no(text), "line under the title")
    if "published_at" not in claims.said:
        claims.add("published_at", _date_in(rest), "date in the header")


def _source_in(text: str) -> re.Match[str] | None:
    if "星期" in text:
        text = _WEEKDAY.sub(" ", text).strip()
    rules = (_SOURCE, _AFTER_DATE, _TIMED_OUTLET, _DATED_OUTLET, _OUTLET_LAST)
    return next(filter(None, (rule.search(text) for rule in rules)), None)


def _date_in(header: list[str]) -> str | None:
    """A date in a header line, or split over two or three of them."""
    for n in range(len(header)):
        for size in (1, 2, 3):
            date = _date_of(header[n : n + size])
            if date:
                timed = _date_of(header[n : n + size + 1]) if size < 3 else None
                return timed if timed and timed.startswith(date) else date
    return None


def _date_of(pieces: list[str]) -> str | None:
    joined = " ".join(pieces)
    return read_date(joined) if len(joined) < 60 else None


def _date_above(facts: Facts, title_line: int) -> str | None:
    """A date set in a box of its own beside the title, which the markup has just above it."""
    lines, block = facts.lines, facts.fields or Fields({}, 0, 0)
    above = (
        lines.lines[n] for n in range(title_line - 1, max(title_line - 4, -1), -1) if n >= block.last or n < block.first
    )
    pieces = list(takewhile(lambda line: not line.linked and len(line.text) <= _DATE_SIZE, above))
    return _date_in([spaced(facts.tree, lines, line) for line in reversed(pieces)])


def _claim_footer(claims: Claims, footer: list[Line]) -> None:
    for line in footer:
        # a bare date down there belongs to a list of other articles, or is the signature's
        if len(line.text) < 80 and (not read_date(line.text) or _DATE_LABEL.search(line.text)):
            claims.add_byline(line.text.strip("[]【】（）() "), "by-line after the text")


def _claim_body(claims: Claims, body: list[Line]) -> None:
    for line in body[:8]:
        claims.add("doc_no", read_doc_no(line.text), "line of the text")
    for line in body[:3]:
        claims.add("author", read_reporter(line.text), "reporter in the text")
    if body:
        last = body[-1].text
        claims.add("author", read_signature(last) or read_reporter(last[-60:]), "signature of the text")


def _claim_head(claims: Claims, head: Head) -> None:
    for name, value in head.values.items():
        if name not in {"author", "editor"} or is_person(value):
            claims.add(name, value, head.rules[name])


def _settle(claims: Claims) -> None:
    """Choose where a later claim completes or corrects an earlier one."""
    said = claims.said.get("published_at", [("", "")])
    if "T" not in said[0][0]:
        day = said[0][0]
        timed = (c for c in said if day and c[0].startswith(day) and "T" in c[0] and c[1] == "by-line")
        claims.prefer("published_at", next(timed, None))
    said = claims.said.get("source", [])
    # a person named as source beside a paper or site is the author
    persons = [claim for claim in said if is_person(claim[0])]
    for claim in persons if len(persons) < len(said) else ():
        said.remove(claim)
        claims.add("author", *claim)
    # where the shown source runs into what follows it, the meta tag holds its beginning
    exact = (c for c in said[1:] if c[1].startswith("meta") and said[0][0].startswith(c[0]))
    claims.prefer("source", next(exact, None))
    authors, editors = claims.said.get("author", []), claims.said.get("editor", [])
    # systems fill the meta tag with whoever entered the page
    if authors and editors and authors[0][1].startswith("meta") and authors[0][0] == editors[0][0]:
        del claims.said["author"]
