"""Fields of a 政府信息公开 block: a table, a definition list, a list or rows of divs, labels padded or not."""

import re
from typing import NamedTuple

from cleaners.html.blocks import Line, Lines, spaced
from cleaners.html.tree import Tree

_LABELS = {
    "index_no": "索引号 信息索引号 信息索取号 索取号",
    "topic": "主题分类 组配分类 分类 体裁分类 信息分类 主题 所属主题",
    "issuer": "发文机关 发布机构 发文单位 制发机关 发布单位 发布机关 联合发文单位 发文机构 公开主体 制定机关 "
    "信息公开单位 制发单位",
    "doc_no": "发文字号 文号 文件编号 发文文号 文件字号 公文文号 文件号",
    "written_on": "成文日期 生成日期 印发日期 发文日期 发文时间 成文时间 制发日期 签发日期 产生日期",
    "published_at": "发布日期 发布时间 公开日期 公开时间 公布日期",
    "effective_on": "实施日期 施行日期 生效日期 开始实施日期",
    "repealed_on": "废止日期 失效日期 失效时间 废止时间 终止日期",
    "validity": "有效性 效力状态 是否有效 时效 时效性 文件状态 有效状态",
    "keywords": "主题词 关键词 关键字",
    "title": "标题 名称 文件名称 信息名称 公文名称 文件标题 信息标题",
    "source": "来源 信息来源 文章来源",
    "": "内容概述 统一编号 公开方式 公开范围 公开形式 公开类别 信息类别 文件类型 文种 责任部门 责任单位 服务对象 "
    "公开时限 载体类型 效力 体裁 分类号 登记号 解读",
}
FIELDS = {label: field for field, labels in _LABELS.items() for label in labels.split()}
"""Labels, without padding, and the field of `Meta` they fill; an empty field only ends the value before it."""

_STRONG = frozenset({"index_no", "doc_no", "issuer", "written_on", "topic", "validity"})
_PAD = r"[\s\u3000]{0,6}"
_ANY = "|".join(_PAD.join(label) for label in sorted(FIELDS, key=len, reverse=True))
_FIRSTS, _SECONDS = ("".join(sorted({label[place] for label in FIELDS})) for place in (0, 1))
_BEGINS = rf"(?=[{_FIRSTS}]{_PAD}[{_SECONDS}])"
"""What any label begins with: spares a search most of the alternatives."""

_LABEL = re.compile(
    rf"(?:^|(?<=[\s\]】|]))(?:[\[【]{_BEGINS}({_ANY}){_PAD}[\]】]{_PAD}[:：]?|{_BEGINS}({_ANY}){_PAD}(?:[:：]|$))"
)
_BARE = re.compile(rf"{_BEGINS}({_ANY})(?=\s|[:：]|$)")
_OPENS = re.compile(rf".?.?[\[【]?{_BEGINS}(?:{_ANY})")
"""How a line of labels begins; a cheap first look."""

_WINDOW = 8
"""Lines between two labels of one block: a long value, an empty row."""

_LONGEST_BARE = 120
"""Characters of a line without a colon that can be a label and its value."""

_FENCES = frozenset({"table", "tbody", "tr", "dl", "ul", "ol", "body", "html", "form"})


class Fields(NamedTuple):
    """The values of an information block by field, and the lines it takes (`first` up to `last`)."""

    values: dict[str, str]
    first: int
    last: int


class _Pair(NamedTuple):
    line: int
    field: str
    value: str
    end: int


def read_fields(tree: Tree, lines: Lines) -> Fields | None:
    """Read the page's information block; None where it has none.

    A block is a run of labels of which two of the official kind stand close together: a label in running text or in a
    form of the body's own is left alone. Of two values for one label the first counts; an empty cell gives nothing.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse("<table><tr><td>索 引 号：<td>0143/2018-1<td>文　　号：<td><tr><td>发文机关<td>县政府</table>")
    >>> read_fields(tree, read_lines(tree)).values
    {'index_no': '0143/2018-1', 'issuer': '县政府'}
    """
    run: list[_Pair] = []
    for n, line in enumerate(lines.lines):
        if len(line.text) > (400 if "：" in line.text or ":" in line.text else _LONGEST_BARE):
            continue
        if not _OPENS.match(line.text):
            continue
        pairs = _pairs(tree, lines, n, line)
        if not pairs:
            continue
        if run and n - run[-1].end > _WINDOW:
            if _is_block(run):
                break
            run = []
        run += pairs
    if not _is_block(run):
        return None
    values: dict[str, str] = {}
    for pair in run:
        if pair.field and pair.value:
            values.setdefault(pair.field, pair.value)
    return Fields(values, run[0].line, run[-1].end)


def _is_block(run: list[_Pair]) -> bool:
    return len({pair.field for pair in run} & _STRONG) >= 2


def _pairs(tree: Tree, lines: Lines, n: int, line: Line) -> list[_Pair]:
    """The labels of one line with their values: after the label, or in the next cell."""
    text, found = line.text, list(_LABEL.finditer(line.text))
    # labels and values in inline elements of their own, which a style sheet keeps apart
    if (not found or text.count("：") + text.count(":") > len(found)) and (wide := spaced(tree, lines, line)) != text:
        if labels := list(_LABEL.finditer(wide)):
            text, found = (wide, labels) if len(labels) > len(found) else (text, found)
        elif label := _BARE.match(wide):
            name = "".join(label[1].split())
            return [_Pair(n, FIELDS[name], "".join(wide[label.end() :].split(" ", 1)), n + 1)]
    if not found or found[0].start() > 2:
        return []
    pairs = []
    for label, following in zip(found, [*found[1:], None], strict=True):
        name = "".join((label[1] or label[2]).split())
        value = text[label.end() : following.start() if following else None].strip(" |;；\u3000")
        end = n + 1
        if not value and following is None:
            value, end = _next_cell(tree, lines, n)
        pairs.append(_Pair(n, FIELDS[name], value, end))
    return pairs


def _next_cell(tree: Tree, lines: Lines, n: int) -> tuple[str, int]:
    """The text after a label that fills its line: the next line within the same row, unless that is a label itself."""
    node = lines.lines[n].node
    while lines.ends[node] == n + 1 and tree.tags[node] not in _FENCES and tree.parents[node] >= 0:
        node = tree.parents[node]
    if lines.ends[node] <= n + 1 or tree.tags[node] in {"table", "tbody", "body", "html", "form"}:
        return "", n + 1
    value = lines.lines[n + 1].text
    label = _LABEL.match(value)
    if label or len(value) > 300:
        return "", n + 1
    return value, n + 2
