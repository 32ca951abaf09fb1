"""A10: what a page template puts around a text: navigation, tools, notices, lists of other pages."""

import re
from collections.abc import Iterable, Iterator

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.furniture_table import LINE, NOTICE, NOTICE_BESIDE, NOTICE_SIGN, OTHERS, TOOL, TOOL_SIGN
from cleaners.lines import Line, lines_of, without_lines

_TOOL = re.compile(TOOL)
_TOOL_SIGN = re.compile(TOOL_SIGN)
_LINE = re.compile(LINE)
_NOTICE = re.compile(NOTICE, re.IGNORECASE)
_NOTICE_SIGN = re.compile(NOTICE_SIGN)
_NOTICE_BESIDE = re.compile(NOTICE_BESIDE)
_ITEM = re.compile(r"[（(]?[一二三四五六七八九十\d]+[）)、.．]|第.{1,4}条")
_OTHERS = re.compile(OTHERS)
_SENTENCE_END = re.compile(r"[。！？；][”’）》]?$")
_MAX = 120
"""Longest furniture line (characters): a longer one is prose."""
_EDGE = 10
"""Notices are looked for in this many lines at the text's start and end; an article may speak of copyright."""


def furniture(text: str, _evidence: Evidence) -> list[Edit]:
    r"""Remove lines of the page's template: tools, breadcrumbs, notices, and the list of other articles at the end.

    A line goes only as a whole. Left alone: sentences, whatever they speak of; notices in mid-text; captions and
    notes of the author (`（文/某某 图/某某）`); a heading like 相关链接 that prose follows.

    >>> text = "首页>新闻>正文\n某市召开会议。\n【打印本页】【关闭窗口】\n版权所有 某ICP备1号"
    >>> [text[e.start:e.end] for e in furniture(text, Evidence())]
    ['首页>新闻>正文\n', '\n【打印本页】【关闭窗口】', '\n版权所有 某ICP备1号']
    """
    lines = list(lines_of(text))
    end = _others_from(lines)
    tools = {line for line in lines[:end] if _is_tool(line.text)}
    found = tools | set(_notices(lines[:end], tools)) | set(_notices(lines[:end][::-1], tools))
    found |= set(_beside(lines[:end], found)) | set(_beside(lines[:end][::-1], found))
    return without_lines(text, [line for line in lines[:end] if line in found] + lines[end:])


def _is_tool(line: str) -> bool:
    if not line or len(line) > _MAX or line[-1] in "。；，：":
        return False
    return bool(_TOOL_SIGN.search(line) and _TOOL.fullmatch(line)) or _LINE.fullmatch(line) is not None


def _is_notice(line: str) -> bool:
    if not line or len(line) > _MAX or line[-1] in "。；，：" or _ITEM.match(line):
        return False
    return _NOTICE_SIGN.search(line) is not None and _NOTICE.search(line) is not None


def _beside(lines: list[Line], notices: set[Line]) -> Iterator[Line]:
    """Footer lines that follow a notice directly (in the order given)."""
    in_footer = False
    for line in lines:
        if in_footer and line not in notices and _NOTICE_BESIDE.search(line.text) and len(line.text) <= _MAX:
            yield line
        else:
            in_footer = line in notices and _is_notice(line.text)


def _notices(lines: Iterable[Line], tools: set[Line]) -> Iterator[Line]:
    """Notices from one end of the text inwards, up to so many lines of text."""
    others = 0
    for line in lines:
        if _is_notice(line.text):
            yield line
        elif line not in tools and (others := others + 1) >= _EDGE:
            return


def _others_from(lines: list[Line]) -> int:
    """Index of the line from which on nothing but other pages' titles follows; the number of lines if there is none."""
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i].text
        if i and _OTHERS.fullmatch(line):
            return i
        if len(line) > _MAX or _SENTENCE_END.search(line):
            break
    return len(lines)
