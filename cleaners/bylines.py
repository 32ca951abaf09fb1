"""By-lines: lines that hold nothing but where a text comes from, who wrote it and when."""

import functools
import re
from collections.abc import Iterable, Iterator

from cleaners.bylines_table import COUNTS, FIELDS, NOISE, OUTLET, PEOPLE, TOOLS
from cleaners.dates import find_date
from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import Line, lines_of, without_lines
from cleaners.meta import Meta

_LABELS = {label: field for field, labels in FIELDS.items() for label in labels.split("|")}
_PEOPLE, _COUNTS, _TOOLS = (frozenset(labels.split("|")) for labels in (PEOPLE, COUNTS, TOOLS))
_KNOWN = (*_LABELS, *_PEOPLE, *_COUNTS, *_TOOLS)


def _padded(label: str) -> str:
    """A label as pages set it: `索 引 号` is 索引号."""
    return r"\s*".join(label)


_LABEL = re.compile(
    "(?:(?<=^)|(?<=[\\s　|｜·•/，,（(\\[【】）)\\d日])|(?<=网)|(?<=报)|(?<=社))"
    f"(?P<label>{'|'.join(map(_padded, sorted(_KNOWN, key=len, reverse=True)))})"
    r"(?:\s*[：:]\s*|(?<=[载转摘]自)(?=《))"
)
_NOISE = re.compile(NOISE)
_NAMES = re.compile(
    "(?:[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)+)(?:[\\s、，,/]+[\u3400-\u9fff·]{2,8}){0,7}"
)
_USER = re.compile(r"[A-Za-z0-9_.@-]+")
_COUNT = re.compile(r"[\d\s次人]*")
_OUTLET = re.compile(OUTLET)
_PAPER = re.compile("《([^《》]+)》[）)]?")
_PLACE = re.compile(r"地\s*点|参[会加]|主\s*持|议\s*[题程]|出席|会议")
_BARE_TIMES = frozenset({"时间", "日期"})
_SITE = re.compile(
    "[\u3400-\u9fffA-Za-z·]{2,16}(?:网|报|社|在线|频道|客户端|日报|晚报|时报|台|中心|政府|局|厅|委|办|办公室)"
)
_VALUE_END = re.compile(r"\s*[|｜]\s*|\s+·\s+|　+| {2,}|\s(?=\d+人|\[|【|字号|字体|（?大)")
_SENTENCE = re.compile(r"[。！？；]\S|[，].{12}")
_MEANINGLESS = frozenset({"", "无", "暂无", "未知", "-", "--", "admin", "null", "本站", "原创", "转载"})

HEAD, TAIL = 6, 6
"""By-lines are looked for in the first and last lines, this many; in mid-text `来源：` is a part of what is told."""

MAX_BYLINE = 160
"""Longest by-line (characters); a longer line is text that happens to hold a label."""


def read_byline(line: str) -> Meta | None:
    """Read a line that is nothing but labels, values and page tools; None where the line is anything else.

    The line has to be clean already (simplified, full-width marks). Dates need no label, a name of a site or an
    organisation may stand before the first label. Left alone: lines that speak in sentences, lines with other text
    beside the labels, every label that carries no value, and a bare `2022年5月8日`, which is a signature.

    >>> meta = read_byline("2023-07-17 来源：某某网 作者：王某某 责任编辑：李某")
    >>> meta.published_at, meta.source, meta.author, meta.editor
    ('2023-07-17', '某某网', '王某某', '李某')
    >>> read_byline("来源：有关部门介绍，资金来源：财政拨款，今年以来共投入三千万元。") is None
    True
    """
    line = line.strip()
    if not line or len(line) > MAX_BYLINE or line[-1] in "。；" or _SENTENCE.search(line):
        return None
    return _read_short(line)


@functools.lru_cache(maxsize=256)
def _read_short(line: str) -> Meta | None:
    values: dict[str, str] = {}
    may_have_label = ":" in line or "：" in line or "自《" in line
    if not may_have_label and find_date(line) is None:
        return None
    labels = list(_LABEL.finditer(line)) if may_have_label else []
    names = {"".join(label["label"].split()) for label in labels}
    if names and names <= _BARE_TIMES and "年" in line:
        return None
    rest = line[: labels[0].start()] if labels else line
    # the day of publication before that of a change, whichever is written first
    for label, value in sorted(_values(line, labels), key=lambda pair: pair[0]["label"].startswith("更")):
        left = _take("".join(label["label"].split()), value, values)
        if left is None:
            return None
        rest += " " + left
    return _finish(values, rest, labelled=bool(labels))


def _take(label: str, value: str, values: dict[str, str]) -> str | None:
    """Take a label's value into `values`; returns what is left of it, None where it is no value for such a label."""
    if label in _TOOLS:
        return value
    if label in _COUNTS:
        return _COUNT.sub("", value, count=1)
    if label in _PEOPLE:
        return "" if not value or _NAMES.fullmatch(value) or _USER.fullmatch(value) else None
    field = _LABELS[label]
    kept, left = _split_value(field, value)
    if field in ("author", "editor") and _USER.fullmatch(kept):
        return left
    if kept not in _MEANINGLESS:
        if field in ("author", "editor") and not _NAMES.fullmatch(kept):
            return None
        values.setdefault(field, kept)
    return left


def bylines(text: str, _evidence: Evidence) -> list[Edit]:
    """Take by-lines out of the head and the tail of a text; what they say is read from what was taken out.

    Left alone: a label in mid-text, a signature (issuer and date at the end), an author's note in brackets, and a
    text that would be nothing but by-lines.

    >>> text = "来源：某某网\\n某市召开会议。\\n责任编辑：李某"
    >>> [text[e.start : e.end] for e in bylines(text, Evidence())]
    ['来源：某某网\\n', '\\n责任编辑：李某']
    """
    lines = list(lines_of(text))
    found = [line for line in byline_lines(lines) if not _is_told(line, lines)]
    return [] if len(found) == len(lines) else without_lines(text, found)


def byline_lines(lines: list[Line]) -> list[Line]:
    """The by-lines at the head and the tail of a text, in order; other lines count for the edge, by-lines do not."""
    found = set(_at_edge(lines, HEAD)) | set(_at_edge(lines[::-1], TAIL))
    return [line for line in lines if line in found]


def _is_told(line: Line, lines: list[Line]) -> bool:
    """Whether what looks like a by-line is told: a reporter's turn in an interview, the time beside the place."""
    if line.text.startswith("记者"):
        return sum(other.text.startswith(("记者：", "答：", "问：")) for other in lines) > 1
    if line.text.startswith(("时间", "日期")):
        at = lines.index(line)
        return any(_PLACE.match(other.text) for other in lines[max(at - 2, 0) : at + 3])
    return False


def _at_edge(lines: Iterable[Line], depth: int) -> Iterator[Line]:
    others = 0
    for line in lines:
        if read_byline(line.text) is not None:
            yield line
        elif (others := others + 1) >= depth:
            return


def _values(line: str, labels: list[re.Match[str]]) -> Iterator[tuple[re.Match[str], str]]:
    ends = [label.start() for label in labels[1:]] + [len(line)]
    for label, end in zip(labels, ends[: len(labels)], strict=True):
        yield label, line[label.end() : end].strip(" 　|｜·（([【")


def _split_value(field: str, value: str) -> tuple[str, str]:
    """The part of the text after a label that is the field's value, and what is left of it."""
    date = find_date(value)
    if field in ("published_at", "written_on", "effective_on", "repealed_on"):
        return (date.iso, value[: date.start] + value[date.end :]) if date else ("", value)
    if date and field not in ("doc_no", "index_no"):
        value, left = value[: date.start], " " + value[date.start :]
    else:
        left = ""
    kept, *more = re.split(_VALUE_END, value, maxsplit=1)
    kept = kept.strip(" ]】,，。·")
    if paper := _PAPER.fullmatch(kept):
        return paper[1], "".join(more) + left
    # a bracket that opened before the label
    return kept if "（" in kept or "(" in kept else kept.strip(" ）)]】,，。·"), "".join(more) + left


def _finish(values: dict[str, str], rest: str, *, labelled: bool) -> Meta | None:
    date = find_date(rest)
    date_text = rest[date.start : date.end] if date else ""
    if date:
        values.setdefault("published_at", date.iso)
        rest = rest[: date.start] + " " + rest[date.end :]
    rest = _NOISE.sub(" ", rest).strip()
    if rest and not (labelled and _SITE.fullmatch(rest)):
        return None
    if not labelled and (date is None or ("T" not in date.iso and "年" in date_text)):
        return None
    source = values.get("source", "")
    if len(source) > 40 or (list(values) == ["source"] and not _OUTLET.search(source)):
        return None
    return Meta(**values)  # type: ignore[arg-type]
