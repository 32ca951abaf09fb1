"""Where the main text begins and ends among the lines of the node it stands in."""

import re
import unicodedata
from typing import NamedTuple

from cleaners.html.blocks import HEADINGS, Line, Lines
from cleaners.html.tree import Tree

_BRACKETS = r"[【\[（(＞>·★※■◆●\s]*"
_TOOLS = r"(?:本页|本稿|窗口|此页|该页|页面|首页|顶部|列表|上页|此文|[到至]|[：:】\]\s|]|$)"
_STARTS = "|".join((
    r"(?:您|你|当前|现在|目前|所在)(?:当前|现在|目前|所在|所处|栏目|页面|的)*位置", r"首页\s*[>»›|｜]", f"(?:打印|关闭|收藏|分享|返回|推荐|纠错){_TOOLS}",
    "上一[篇条页章]", "下一[篇条页章]", "扫一扫", "相关(?:链接|阅读|文章|新闻|报道|专题|稿件|推荐)", "推荐阅读", "延伸阅读",
    "热门(?:文章|新闻|推荐|排行|点击|搜索|标签|评论|话题)", "网友评论", "我要评论", "发表评论", "版权所有", "版权声明", "免责声明",
    "主办(?:单位)?[：:]", "承办(?:单位)?[：:]", "技术支持", "联系我们", "关于我们", "网站地图", "copyright", "©", "责任编辑", "责编",
    r"编辑\s*[：:]", "本版编辑", r"字[号体]\s*[：:]?\s*[【\[（(]?\s*[大小]",
    r"(?:来源|稿源|发布时间|发布日期|浏览次数|点击数|点击量|阅读量|访问量|信息来源|文章来源|作者)\s*[：:]",
))  # fmt: skip
_OPENING = re.compile(f"{_BRACKETS}(?:{_STARTS})", re.IGNORECASE)
# Each alternative begins with a literal and the case is spelled out: so a search skips at once what can begin none.
_ANYWHERE = re.compile("|".join((
    "ICP[备证]", "icp[备证]", "公网安备", "版权所有", "网站标识码", "copyright", "Copyright", "COPYRIGHT", r"【(?:打印|关闭|大 中 小)",
    r"\[(?:打印|关闭|大 中 小)", "未经.{0,12}(?:授权|许可|同意).{0,12}(?:转载|不得)",
)))  # fmt: skip
_DISCLAIMER_SIGN = re.compile("声明|凡本|凡注明|不代表|不意味|转载此文|以上内容|所有|侵权")
"""What every disclaimer holds one of."""

_DISCLAIMER = re.compile("|".join((
    "^(?:特别|免责|版权|郑重)?声明[：:]", "^凡(?:本[网站]|注明)", "(?:并?不代表|并不意味着).{0,6}(?:本[网站]|赞同|其)", "转载此文.{0,16}目的",
    "以上内容.{0,30}上传", "(?:版权|著作权)(?:归|属于?).{0,12}所有", "(?:如有|涉及).{0,6}侵权.{0,20}(?:联系|删除)",
)))  # fmt: skip
_DATE = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
_BYLINE = re.compile("|".join((
    rf"{_DATE}[\sT]*\d{{1,2}}[:：]\d\d", r"^\s*\d{1,2}日\s*\d\d:\d\d",
    rf"{_DATE}\s*(?:来源|作者|阅读|浏览|点击|编辑|字[号体])", rf"{_DATE}\s+(?:本报|本网)?(?:记者|通讯员)\s",
    rf"(?:^|[\s|])(?:发[布表稿文]|更新|录入|添加|上传)?(?:时间|日期)\s*[：:]\s*{_DATE}",
    r"(?:来源|稿源|作者|浏览次数|浏览量|阅读次数|点击数|点击量|阅读量|访问量|字[号体]|编辑|责编|发布人|发布者|发布机构|供稿|分享到?|原创)\s*[：:]",
    r"阅读\d+次", r"^\S{0,16}\s*(?:本报)?(?:记者|通讯员)[\s\u3000]+\S{1,30}(?:\s\S{1,10}){0,4}$", r"^(?:www\.|https?://)\S+$",
)))  # fmt: skip
_BARE_DATE = re.compile(rf"^[\[\s]*(?:https?://\S+|www\.\S+)?\s*{_DATE}[\s\]]*$")
_SPEECH = re.compile("[。；！？]|，.")
_TAIL = re.compile(f"^{_BRACKETS}(?:" + "|".join((
    "相关(?:链接|阅读|文章|新闻|报道|专题|稿件|推荐|资料)", "推荐阅读", "延伸阅读", "更多(?:新闻|精彩|内容)",
    "热门(?:文章|推荐|新闻)", "上一[篇条]",
    "下一[篇条]", "网友评论", "参考资料", "版权声明", "版权与免责", "免责声明", "特别声明", "声明[：:]",
    "凡本[网站]", "凡注明",
    r"\S{2,12}(?:版权与)?免责声明", "扫一扫", "分享[到让]", "我要评论", "发表评论",
)) + ")")  # fmt: skip
_HEAD_ZONE = 60
"""Lines looked at for a header inside the node: navigation by scripts, title, by-lines, tools."""


def is_furniture(text: str) -> bool:
    """Whether a line is a page's furniture: where you are, tools, by-line labels, copyright and so on.

    >>> is_furniture("您当前的位置：首页 > 政策"), is_furniture("来源于群众的意见，要及时回应。")
    (True, False)
    """
    return len(text) < 80 and (_OPENING.match(text) or _ANYWHERE.search(text)) is not None


class Span(NamedTuple):
    """A stretch of lines: `first` up to `last`."""

    first: int
    last: int


def is_disclaimer(text: str) -> bool:
    """Whether a line is a site's own statement on rights and opinions, which stands under every article.

    >>> is_disclaimer("声明：本站登载此文出于传递信息之目的，并不意味着赞同其观点。"), is_disclaimer("会议声明，各方将加强合作。")
    (True, False)
    """
    return len(text) < 400 and _DISCLAIMER_SIGN.search(text) is not None and _DISCLAIMER.search(text) is not None


def is_byline(text: str) -> bool:
    """Whether a line of a header says when, from where or by whom, in whatever form.

    >>> is_byline("2005年03月31日03:18 某某晨报"), is_byline("会议指出，要抓好落实。")
    (True, False)
    """
    return len(text) < 120 and not _SPEECH.search(text) and _BYLINE.search(text) is not None


def trim(tree: Tree, lines: Lines, weights: list[float], span: Span, title: str | None) -> Span:
    """Cut the header (title, by-lines, tools) and the trailer (related lists, editors, disclaimers) off a node's lines.

    `title` is the page's where the header can stand in the node, None where a known container holds the text alone: a
    document's own title within its text stays, as do 落款, dates under it and attachment lines.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse("<h1>通知书</h1>来源：县报<p>请抓好落实，按时报送总结。<p>县政府<p>责任编辑：何苗")
    >>> trim(tree, read_lines(tree), [0.3, -5, 13, 0.3, -7], Span(0, 5), "通知书")
    Span(first=2, last=4)
    """
    first = _after_header(tree, lines.lines, weights, span.first, span.last, title)
    return Span(first, _before_trailer(lines.lines, weights, first, span.last))


def _after_header(tree: Tree, lines: list[Line], weights: list[float], first: int, last: int, title: str | None) -> int:
    start = first
    wanted = letters(title or "")
    gained = 0.0
    total = sum(w for w in weights[first:last] if w > 0)
    for n in range(first, min(last, first + _HEAD_ZONE)):
        line = lines[n]
        if line.hidden:
            continue
        text = letters(line.text) if wanted and len(line.text) <= 2 * len(title or "") else ""
        heading = bool(text) and tree.tags[line.node] in HEADINGS and _same_title(text, wanted)
        if heading or (text and text == wanted and gained < 16):
            start, wanted = n + 1, wanted if heading else ""
            continue
        if (
            (gained < 16 and _BARE_DATE.match(line.text))
            or is_byline(line.text)
            or (weights[n] < 0 and gained <= 0.05 * total)
        ):
            start = n + 1
        gained += max(weights[n], 0.0)
        # a title of two lines weighs up to 80; behind a paragraph, or most of the text, a label is the text's own
        if gained > 80 or gained > 0.5 * total:
            break
    return start


def _before_trailer(lines: list[Line], weights: list[float], first: int, last: int) -> int:
    rest = total = sum(w for w in weights[first:last] if w > 0)
    for n in range(first, last):
        text = lines[n].text
        # a heading that opens the trailer stands in the last third; a tool or an editor's line after all sentences
        closes = rest < 0.4 * total and _TAIL.match(text) and (len(text) <= 30 or text.startswith("凡"))
        if not lines[n].files and (closes or (rest < 0.1 * total and rest < 60 and is_furniture(text))):
            last = n
            break
        rest -= max(weights[n], 0.0)
    while last > first and (weights[last - 1] < 0 or lines[last - 1].hidden or len(letters(lines[last - 1].text)) < 2):
        last -= 1
    return last


def _same_title(line: str, title: str) -> bool:
    return len(line) > 3 and (line == title or (len(line) > 7 and (line in title or title in line)))


def letters(text: str) -> str:
    """The letters and digits of a text alone, to compare titles by.

    >>> letters("关于印发《方案》 的通知")
    '关于印发方案的通知'
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
