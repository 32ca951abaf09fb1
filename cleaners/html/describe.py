"""The official metadata of a page: every place that gives a field, in order of trust, and which one was believed."""

import re
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from typing import NamedTuple
from urllib.parse import urljoin

from cleaners.bylines import read_byline
from cleaners.html.blocks import FILE_TYPES, Line, Lines
from cleaners.html.dates import date_in_url, read_date
from cleaners.html.docno import read_doc_no
from cleaners.html.head import Head
from cleaners.html.locate import Region
from cleaners.html.reporters import is_person, read_author, read_reporter, read_signature
from cleaners.html.table_fields import Fields
from cleaners.html.titles import Title
from cleaners.html.tree import Sight, Tree
from cleaners.html.trim import is_byline, is_furniture, letters
from cleaners.meta import Attachment, Meta

_DATES = frozenset({"published_at", "written_on", "effective_on", "repealed_on"})
_VALIDITY = (
    ("废止", "废止"), ("失效", "失效"), ("无效", "失效"), ("修改", "已修改"), ("修订", "已修改"), ("尚未", "尚未施行"), ("未生效", "尚未施行"), ("有效", "有效"),
    ("是", "有效"), ("否", "失效"), ("现行", "有效"),
)  # fmt: skip
"""What a value of 有效性 holds and what it means, the first that fits; by the enumeration of the record."""

_KEYWORD_GAP = re.compile(r"[,;，；、|/\s]+")
_SOURCE = re.compile(r"(?:来源|稿源)\s*[:：]\s*([\u4e00-\u9fffA-Za-z0-9《》·-]{2,24})(?=\s|$|[|（(【\[])")
_AFTER_DATE = re.compile(r"(?:https?://|www\.)\S+\s.*\d\d:\d\d\s+([\u4e00-\u9fff《》]{3,16})$")
"""`http://site date time Source`, the header of news sites of the 2000s."""

_DATE_LABEL = re.compile(r"(?:时间|日期)\s*[:：]")
_SOURCE_LABEL = re.compile(r"^(?:来源|稿源|文章来源|信息来源)\s*[:：]\s*")
_HEADER = 16
"""Lines before the text in which by-lines are looked for where the title is not seen above it."""
_FOOTER = 8


class Described(NamedTuple):
    """The metadata and, by field, the rule that found it (and what another place says against it)."""

    meta: Meta
    provenance: Mapping[str, str]


class _Claims:
    """What the places say, field by field, in order of trust."""

    def __init__(self) -> None:
        self.said: dict[str, list[tuple[str, str]]] = {}

    def add(self, field: str, value: str | None, rule: str) -> None:
        value = _normal(field, value) if value else None
        if value:
            self.said.setdefault(field, []).append((value, rule))

    def add_byline(self, line: str, rule: str) -> bool:
        meta = read_byline(line)
        if meta is None:
            return False
        for spec in dataclass_fields(meta):
            value = getattr(meta, spec.name)
            if isinstance(value, str):
                self.add(spec.name, value, rule)
        return True

    def settle(self) -> tuple[dict[str, str], dict[str, str]]:
        values, rules = {}, {}
        for field, said in self.said.items():
            value, rule = said[0]
            other = next(((v, r) for v, r in said[1:] if not _agree(field, value, v)), None)
            values[field] = value
            rules[field] = rule + (f"; {other[1]} says {other[0][:80]}" if other else "")
        return values, rules


def describe(
    tree: Tree, lines: Lines, region: Region, head: Head, fields: Fields | None, title: Title | None, url: str | None
) -> Described:
    """Put together what the page officially says of itself.

    Order of trust: information table, by-lines around the text, the text's own signs (document number under the title,
    reporters, signature), meta tags, JSON-LD, the date in the address. A time of day that a by-line shows on the
    table's day completes it. A field nobody gives stays None.
    """
    claims = _Claims()
    header = _header_lines(lines, region, title)
    claims.add("title", *(title or _line_above(header)))
    for field, value in fields.values.items() if fields else ():
        claims.add(field, value, "information table")
    _read_header(claims, tree, lines, header)
    after = [line for line in lines.lines[region.last : region.last + _FOOTER] if len(line.text) < 80]
    body = [line for line in lines.lines[region.first : region.last] if not line.hidden]
    for line in [*after, *body[-3:]]:
        # a bare date down there belongs to a list of other articles, or is the signature's
        if not read_date(line.text) or _DATE_LABEL.search(line.text):
            claims.add_byline(line.text.strip("[]【】（）() "), "by-line after the text")
    _read_body(claims, body)
    for field, value in head.values.items():
        if field not in {"author", "editor"} or is_person(value):
            claims.add(field, value, head.rules[field])
    claims.add("published_at", date_in_url(url) if url else None, "address")
    _prefer_time(claims)
    _prefer_exact_source(claims)
    values, rules = claims.settle()
    if values.get("author") and values.get("author") == values.get("editor") and rules["author"].startswith("meta"):
        del values["author"], rules["author"]
    keywords = tuple(dict.fromkeys(filter(None, _KEYWORD_GAP.split(values.pop("keywords", "")))))[:20]
    attachments = _attachments(tree, lines, region, url)
    if attachments:
        rules["attachments"] = "links in the text"
    return Described(Meta(**values, keywords=keywords, attachments=attachments), rules)  # type: ignore[arg-type]


def _header_lines(lines: Lines, region: Region, title: Title | None) -> list[Line]:
    """The lines between the title above the text and the text, and the hidden ones among them."""
    wanted = letters(title.text) if title else ""
    start = max(0, region.first - _HEADER)
    for n in range(region.first - 1, max(-1, region.first - 40), -1):
        if wanted and letters(lines.lines[n].text) == wanted:
            start = n + 1
            break
    return lines.lines[start : region.first]


def _line_above(header: list[Line]) -> Title:
    """The line over the by-lines, or over the text, for a page without a title anywhere else."""
    n = len(header)
    for n, line in enumerate(header):
        if is_byline(line.text):
            break
    for line in reversed(header[:n]):
        if 6 <= len(line.text) <= 60 and not line.linked and not is_furniture(line.text) and not read_date(line.text):
            return Title(line.text, "line above the text")
    return Title("", "")


def _read_header(claims: _Claims, tree: Tree, lines: Lines, header: list[Line]) -> None:
    rest = []
    for line in header:
        if len(line.text) < 160:
            spaced = _spaced(tree, lines, line)
            if not (claims.add_byline(spaced, "by-line") or claims.add_byline(line.text, "by-line")):
                rest.append(spaced)
    for text in rest:
        claims.add("author", read_author(text) or read_reporter(text), "by-line")
        source = _SOURCE.search(text) or _AFTER_DATE.search(text)
        claims.add("source", source[1].strip("《》") if source and len(text) < 100 else None, "by-line")
        claims.add("doc_no", read_doc_no(text), "line under the title")
    if "published_at" in claims.said:
        return
    for n in range(len(rest)):
        for joined in (rest[n], " ".join(rest[n : n + 2]), " ".join(rest[n : n + 3])):
            if len(joined) < 60 and (date := read_date(joined)):
                claims.add("published_at", date, "date in the header")
                return


def _spaced(tree: Tree, lines: Lines, line: Line) -> str:
    """A header line with a space between its inline elements, which style sheets keep apart (`<span>甲</span><span>乙`)."""
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


def _read_body(claims: _Claims, body: list[Line]) -> None:
    for line in body[:8]:
        claims.add("doc_no", read_doc_no(line.text), "line of the text")
    for line in body[:3]:
        claims.add("author", read_reporter(line.text), "reporter in the text")
    if body:
        claims.add(
            "author", read_signature(body[-1].text) or read_reporter(body[-1].text[-60:]), "signature of the text"
        )


def _prefer_time(claims: _Claims) -> None:
    """Where the first to name a day names no time and another place gives one on that day, take that."""
    said = claims.said.get("published_at", [])
    if said and "T" not in said[0][0]:
        timed = next((c for c in said if c[0].startswith(said[0][0]) and "T" in c[0] and c[1] == "by-line"), None)
        if timed:
            said.insert(0, timed)


def _prefer_exact_source(claims: _Claims) -> None:
    """Where the shown source runs into what follows it, and the meta tag holds its beginning, take that.

    A person named as source beside a paper or site is the author.
    """
    said = claims.said.get("source", [])
    for value, rule in [c for c in said if is_person(c[0])] if any(not is_person(v) for v, _ in said) else []:
        said.remove((value, rule))
        claims.add("author", value, rule)
    exact = next((c for c in said[1:] if c[1].startswith("meta") and said[0][0].startswith(c[0])), None)
    if exact:
        said.insert(0, exact)


def _normal(field: str, value: str) -> str | None:
    value = value.strip(" \u3000:：|")
    if field in _DATES:
        date = read_date(value)
        return date[:10] if date and field != "published_at" else date
    if field == "doc_no":
        return "".join(value.split()) if any(c.isdigit() for c in value) or "号" in value else None
    if field == "validity":
        return next((meaning for sign, meaning in _VALIDITY if sign in value), value[:20] or None)
    if field == "source":
        return _SOURCE_LABEL.sub("", value) or None
    if field == "index_no":
        return value.split(" ")[0] or None
    return value or None


def _agree(field: str, one: str, other: str) -> bool:
    if field == "published_at":
        return one[:10] == other[:10]
    if field == "title":
        return letters(one) in letters(other) or letters(other) in letters(one)
    return letters(one) == letters(other)


def _attachments(tree: Tree, lines: Lines, region: Region, url: str | None) -> tuple[Attachment, ...]:
    """The files that the text, or the lines just after it, link to."""
    found: dict[str, Attachment] = {}
    last = min(region.last + _FOOTER, len(lines.lines))
    if not any(line.files for line in lines.lines[region.first : last]):
        return ()
    for i, tag in enumerate(tree.tags):
        if tag != "a" or not (region.first <= lines.starts[i] < last):
            continue
        href = (tree.nodes[i].get("href") or "").strip()
        kind = file_type(href)
        if kind is None:
            continue
        address = _absolute(url, href)
        name = " ".join("".join(tree.nodes[i].itertext()).split()) or tree.nodes[i].get("title") or None
        found.setdefault(address, Attachment(address, name, kind or None))
    return tuple(found.values())


def file_type(href: str) -> str | None:
    """The type of the file that a link leads to, "" for a download of unknown type, None for no file.

    >>> file_type("/P020.pdf"), file_type("/download/downfile.jsp?filename=a.DOCX"), file_type("/a.html")
    ('pdf', 'docx', None)
    """
    lower = href.lower()
    path, _, query = lower.partition("?")
    for part in (query, path) if "down" in path else (path,):
        suffix = re.search(r"\.([a-z]{2,4})(?:$|[&#])", part)
        if suffix and suffix[1] in FILE_TYPES:
            return suffix[1]
    return "" if "downfile" in path or path.endswith("/download") else None


def _absolute(url: str | None, href: str) -> str:
    try:
        return urljoin(url, href) if url else href
    except ValueError:
        return href
