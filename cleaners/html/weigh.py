"""What each line of a page speaks for: sentences for the text, links and furniture against it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from cleaners.html.blocks import Line, Lines
from cleaners.html.tree import Tree
from cleaners.html.trim import is_byline, is_disclaimer, is_furniture

_SENTENCE = re.compile(r"[，。；！？、：]|[,;!?.](?=[\u3400-\u9fff\s]|$)")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related?|recommend|hot|rank\w*|foot(?:er)?|copyright|shares?|bdshare\w*|side(?:bar)?|"
    r"breadcrumb|crumbs?|location|pagin\w+|\w*pager|page_?nav|navbar|nav|menu|top_?bar|search|login|toolbar|qrcode|"
    r"ewm|banner|advert\w*|ads?|disclaimer|prev|next|tags?|xgyd|xgwz|xgxw|friendlink|links)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_MORE = re.compile(r"(?:[\[【(（](?:详细|详情|全文|更多)[\]】)）]|(?:阅读|查看)(?:全文|详情))\s*[>»]*$")
"""How the summary of another article ends: in a link to it."""

_LEGAL = re.compile("ICP备|ICP证|icp备|公网安备|网站标识码|版权所有|Copyright|COPYRIGHT|©|主办[：:]|主办单位[：:]")
_CONTACT = re.compile(
    r"[【\[]?(?:(?:通讯|通信|联系|办公|单位)?地\s*址|邮\s*编|邮政编码|(?:联系|值班|办公|服务|监督|投诉|举报|技术支持)?(?:电\s*话|热线)|传\s*真|(?:电子)?邮箱|E-?mail|网址"
    r"|网站(?:管理|维护)|建议使用|推荐使用|您是第|访问(?:总)?量)",
    re.IGNORECASE,
)
_FOOTER, _FOOTER_TAGS, _LAST = 12, 400, 60
"""Lines and elements of a footer, and the last lines of a page among which it stands."""

_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})
_SENTENCE_SIZE = 16
_ITEM_SIZE = 200
_MINOR = 0.4
"""The outer `div#nav` around a whole page and the article in a block named side hold more than this of the text."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each line, in characters, the sums before each (`texts`: of those that speak for the text), and the lines
    in blocks of other matter by their name."""

    each: list[float]
    sums: list[float]
    texts: list[float]
    asides: frozenset[int]

    def of(self, first: int, last: int) -> float:
        """The weight of the lines from `first` up to `last`."""
        return self.sums[last] - self.sums[first]

    def positive(self, first: int, last: int) -> float:
        """The weight of those of the lines that speak for the text."""
        return self.texts[last] - self.texts[first]


def weigh(tree: Tree, lines: Lines) -> Weights:
    """Weigh each line in characters: sentences by their length, links and furniture against, short lines a tenth.

    Hidden lines and links to files weigh nothing. Summaries in lists of other articles and lines in blocks named
    comment, related, footer and so on weigh against, unless the greater part of the page's text stands in such a block.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse("<a href=/>网站首页</a><p>会议要求，各单位要认真抓好落实。<p>某县政府<p>上一篇：无")
    >>> weigh(tree, read_lines(tree)).each
    [-4.0, 16.0, 0.4, -5.0]
    """
    each = [_weight(line) for line in lines.lines]
    _discount_feeds(lines.lines, each)
    asides = _discount_asides(tree, lines, each)
    _discount_contacts(tree, lines, each)
    texts = accumulate([weight if weight > 0 else 0.0 for weight in each])
    return Weights(each, [0.0, *accumulate(each)], [0.0, *texts], asides)


def unhide(lines: Lines) -> Lines:
    """Take hidden lines for shown where the page hides most of its sentences, as some do until a script has run.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse('<p>请稍候</p><p style="display:none">会议要求，各单位要认真抓好落实。')
    >>> [line.hidden for line in unhide(read_lines(tree)).lines]
    [False, False]
    """
    shown = hidden = 0
    for line in lines.lines:
        if not line.linked and len(line.text) >= _SENTENCE_SIZE and _SENTENCE.search(line.text):
            hidden += len(line.text) if line.hidden else 0
            shown += 0 if line.hidden else len(line.text)
    if hidden <= shown:
        return lines
    return Lines([line._replace(hidden=False) for line in lines.lines], lines.starts, lines.ends)


def sentence_size(text: str) -> int:
    """The characters of those lines of a text that hold sentences and are no furniture.

    >>> sentence_size("会议要求，各单位要抓好工作落实，压实责任。"), sentence_size("通知公告")
    (21, 0)
    """
    lines = (line for line in text.split("\n") if len(line) >= _SENTENCE_SIZE and _SENTENCE.search(line))
    return sum(len(line) for line in lines if not (is_furniture(line) or is_byline(line) or is_disclaimer(line)))


def _weight(line: Line) -> float:
    text, size = line.text, len(line.text)
    if line.hidden or line.files:
        return 0.0
    if line.linked and (line.linked * 2 > size or line.linked * 2 > sum(map(str.isalnum, text))):
        return -float(line.linked)
    if is_furniture(text) or is_disclaimer(text) or (line.linked and size >= _SENTENCE_SIZE and _MORE.search(text)):
        return -float(size)
    if size >= 40 or (size >= _SENTENCE_SIZE and _SENTENCE.search(text)):
        return float(size - line.linked)
    return size * 0.1


def _discount_feeds(lines: list[Line], each: list[float]) -> None:
    """Summaries under linked titles, three and more on a page, belong to other articles."""
    items = [
        n
        for n in range(1, len(lines))
        if _SENTENCE_SIZE <= each[n] < _ITEM_SIZE and each[n - 1] < 0 and lines[n - 1].linked >= 6
    ]
    if len(items) >= 3:
        for n in items:
            each[n] *= -0.3


def _discount_asides(tree: Tree, lines: Lines, each: list[float]) -> frozenset[int]:
    found: list[int] = []
    sums = [0.0, *accumulate(max(weight, 0.0) for weight in each)]
    total = sums[-1]
    done = 0
    for i in sorted({*tree.named, *(place for tag in _ASIDE_TAGS for place in tree.places.get(tag, ()))}):
        if tree.tags[i] in _ASIDE_TAGS or _is_aside(tree.idents[i]):
            first, last = lines.starts[i], lines.ends[i]
            # what stands in a block already discounted is done
            if max(first, done) < last and sums[last] - sums[first] < _MINOR * total:
                for n in range(max(first, done), last):
                    each[n] = min(each[n], -0.5 * len(lines.lines[n].text))
                found += range(max(first, done), last)
                done = last
    return frozenset(found)


def _discount_contacts(tree: Tree, lines: Lines, each: list[float]) -> None:
    """Addresses and telephones in one block with a licence or a copyright line are the site's; a notice gives its own elsewhere."""
    start = max(len(each) - _LAST, 0)
    for line, weight in zip(lines.lines[start:], each[start:], strict=True):
        if weight < 0 and len(line.text) < 120 and _LEGAL.search(line.text):
            for near in _block_around(tree, lines, line.node):
                text = lines.lines[near].text
                if each[near] > 0 and len(text) < 120 and _CONTACT.match(text):
                    each[near] = -0.5 * len(text)


def _block_around(tree: Tree, lines: Lines, node: int) -> range:
    """The lines of the largest block of few lines and no heading around a node, at most three levels above it."""
    for _ in range(3):
        above = tree.parents[node]
        size, span = tree.stops[above] - above, lines.ends[above] - lines.starts[above]
        if above < 0 or span > _FOOTER or size > _FOOTER_TAGS or "h1" in tree.tags[above : above + size]:
            break
        node = above
    return range(lines.starts[node], lines.ends[node])


@lru_cache(maxsize=8192)
def _is_aside(ident: str) -> bool:
    return _ASIDE.search(ident) is not None
