"""By-lines: lines that hold nothing but where a text comes from, who wrote it and when."""

import re
from collections.abc import Iterable, Iterator

from cleaners.dates import find_date
from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import Line, lines_of, without_lines
from cleaners.meta import Meta

_FIELDS = {
    "source": "来源|稿源|信息来源|文章来源|稿件来源|新闻来源|转载自|摘自|转自",
    "author": "作者|记者|本报记者|全媒体记者|见习记者|通讯员|撰稿|撰文|供稿|供稿人|文字",
    "editor": "责任编辑|责编|本文编辑|网络编辑|编辑|责任校对",
    "published_at": "发布时间|发布日期|发表时间|发表日期|发稿时间|更新时间|更新日期|公开日期|日期|时间|发布于",
    "written_on": "成文日期|生成日期|印发日期|发文日期",
    "effective_on": "实施日期|生效日期|施行日期",
    "repealed_on": "废止日期|失效日期",
    "issuer": "发文机关|发布机构|发文单位|制发机关|发布单位|发文机构",
    "doc_no": "发文字号|文号|文件编号|发文号",
    "index_no": "索引号|信息索引号",
    "topic": "主题分类|组配分类",
    "validity": "有效性|效力状态|是否有效|时效",
    "column": "所属栏目|栏目",
}
_DROPPED = (
    "浏览次数|浏览量|阅读次数|阅读量|点击数|点击率|点击量|点击|访问量|访问次数|人气|阅读|浏览|字号|字体|字体大小|初审编辑|初审|复审|终审|编审|审核|审签|审校|校对|校审"
    "|监制|总监制|值班主任|值班编辑|排版|美编|制作|视觉|主编|总编辑|签发|来源链接|原文链接|分享|分享到|打印|保护视力色|视力保护色|背景色|版式"
)
_LABELS = {label: field for field, labels in _FIELDS.items() for label in labels.split("|")}


def _padded(label: str) -> str:
    """A label as pages set it: `索 引 号` is 索引号."""
    return r"\s*".join(label)


_LABEL = re.compile(
    "(?:(?<=^)|(?<=[\\s　|｜·•/，,（(\\[【】）)\\d日])|(?<=网)|(?<=报)|(?<=社))"
    f"(?P<label>{'|'.join(_padded(label) for label in sorted((*_LABELS, *_DROPPED.split('|')), key=len, reverse=True))})"
    r"\s*[：:]\s*"
)
_NOISE = re.compile(
    r"[\s　|｜·•（）()\[\]【】／/，,。；;—-]+|\d+\s*人(?:看过|阅读|浏览)|\d+\s*次(?:阅读|浏览)?|阅读\s*\d+|大|中|小|打印|关闭|分享|收藏|评论|放大|缩小|默认|超大|特大"
    r"|字号|字体|本页|窗口|【|】|A[+-]?|T[+-]?|纠错|复制链接|微信|微博|QQ空间|扫一扫|手机看|听新闻|投稿|举报"
)
_NAME = re.compile("[\u3400-\u9fff·.A-Za-z\\s、，,]{2,40}")
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
    if not line or len(line) > MAX_BYLINE or _SENTENCE.search(line):
        return None
    values: dict[str, str] = {}
    labels = list(_LABEL.finditer(line))
    rest = line[: labels[0].start()] if labels else line
    for label, value in _values(line, labels):
        field = _LABELS.get("".join(label["label"].split()), "")
        if not field:
            if len(value) > 24:
                return None
            continue
        kept, left = _split_value(field, value)
        if kept not in _MEANINGLESS:
            values.setdefault(field, kept)
        rest += " " + left
    return _finish(values, rest, labelled=bool(labels))


def bylines(text: str, _evidence: Evidence) -> list[Edit]:
    """Take by-lines out of the head and the tail of a text; what they say is read from what was taken out.

    Left alone: a label in mid-text, a signature (issuer and date at the end), an author's note in brackets, and a
    text that would be nothing but by-lines.

    >>> text = "来源：某某网\\n某市召开会议。\\n责任编辑：李某"
    >>> [text[e.start : e.end] for e in bylines(text, Evidence())]
    ['来源：某某网\\n', '\\n责任编辑：李某']
    """
    lines = list(lines_of(text))
    found = byline_lines(lines)
    return [] if len(found) == len(lines) else without_lines(text, found)


def byline_lines(lines: list[Line]) -> list[Line]:
    """The by-lines at the head and the tail of a text, in order; other lines count for the edge, by-lines do not."""
    found = set(_at_edge(lines, HEAD)) | set(_at_edge(lines[::-1], TAIL))
    return [line for line in lines if line in found]


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
    return kept.strip(" ）)]】,，。·"), "".join(more) + left


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
    if not _NAME.fullmatch(values.get("author", "某某")) or len(values.get("source", "")) > 40:
        return None
    if not _NAME.fullmatch(values.get("editor", "某某")):
        del values["editor"]
    return Meta(**values)  # type: ignore[arg-type]
