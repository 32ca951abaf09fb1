"""The official fields of a 政府信息公开 block: a table, a definition list, a list or rows of divs, labels padded or not."""

import re
from typing import NamedTuple

from cleaners.html.blocks import Line, Lines
from cleaners.html.tree import Tree

FIELDS: dict[str, str] = {
    "索引号": "index_no", "信息索引号": "index_no", "信息索取号": "index_no", "索取号": "index_no",
    "主题分类": "topic", "组配分类": "topic", "分类": "topic", "体裁分类": "topic", "信息分类": "topic", "主题": "topic", "所属主题": "topic",
    "发文机关": "issuer", "发布机构": "issuer", "发文单位": "issuer", "制发机关": "issuer", "发布单位": "issuer", "发布机关": "issuer",
    "联合发文单位": "issuer", "发文机构": "issuer", "公开主体": "issuer", "制定机关": "issuer", "信息公开单位": "issuer", "制发单位": "issuer",
    "发文字号": "doc_no", "文号": "doc_no", "文件编号": "doc_no", "发文文号": "doc_no", "文件字号": "doc_no", "公文文号": "doc_no", "文件号": "doc_no",
    "成文日期": "written_on", "生成日期": "written_on", "印发日期": "written_on", "发文日期": "written_on", "发文时间": "written_on",
    "成文时间": "written_on", "制发日期": "written_on", "签发日期": "written_on", "产生日期": "written_on",
    "发布日期": "published_at", "发布时间": "published_at", "公开日期": "published_at", "公开时间": "published_at", "公布日期": "published_at",
    "实施日期": "effective_on", "施行日期": "effective_on", "生效日期": "effective_on", "开始实施日期": "effective_on",
    "废止日期": "repealed_on", "失效日期": "repealed_on", "失效时间": "repealed_on", "废止时间": "repealed_on", "终止日期": "repealed_on",
    "有效性": "validity", "效力状态": "validity", "是否有效": "validity", "时效": "validity", "时效性": "validity", "文件状态": "validity", "有效状态": "validity",
    "主题词": "keywords", "关键词": "keywords", "关键字": "keywords",
    "标题": "title", "名称": "title", "文件名称": "title", "信息名称": "title", "公文名称": "title", "文件标题": "title", "信息标题": "title",
    "来源": "source", "信息来源": "source", "文章来源": "source",
    "内容概述": "", "统一编号": "", "公开方式": "", "公开范围": "", "公开形式": "", "公开类别": "", "信息类别": "", "文件类型": "", "文种": "",
    "责任部门": "", "责任单位": "", "服务对象": "", "公开时限": "", "载体类型": "", "效力": "", "体裁": "", "分类号": "", "登记号": "", "解读": "",
}  # fmt: skip
"""Labels, without padding, and the field of `Meta` they fill; an empty field is a label that only ends another value."""

_STRONG = frozenset({"index_no", "doc_no", "issuer", "written_on", "topic", "validity"})
_PAD = r"[\s\u3000]{0,6}"
_LABEL = re.compile(
    rf"(?:^|(?<=[\s\]】|]))[\[【]?({'|'.join(_PAD.join(label) for label in sorted(FIELDS, key=len, reverse=True))}){_PAD}[\]】]?{_PAD}([:：]|$)"
)
_WINDOW = 8
"""Lines between two labels of one block: a long value, an empty row."""

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
        if len(line.text) > 400 or ("：" not in line.text and ":" not in line.text and len(line.text) > 12):
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
    found = list(_LABEL.finditer(line.text))
    if not found or found[0].start() > 2:
        return []
    pairs = []
    for label, following in zip(found, [*found[1:], None], strict=True):
        name = "".join(label[1].split())
        value = line.text[label.end() : following.start() if following else None].strip(" |;；\u3000")
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
