"""A10: what a page template puts around a text: navigation, tools, notices, lists of other pages."""

import re
from collections.abc import Iterable, Iterator

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import Line, lines_of, without_lines

_TOOL = re.compile(
    r"(?:[【\[（(〖]?\s*(?:打印(?:本页|此页|本文|页面)?|关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表|上页)?|字[号体](?:大小)?[：:]?|大|中|小|默认|收藏|加入收藏|设为首页|分享(?:到|至)?[：:]?"
    r"|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|朋友圈|豆瓣|复制链接|更多|纠错|我要纠错|评论|去评论|点赞|举报|推荐|投稿|登录|注册|语音播报|听全文|下载|上一[篇页条]|下一[篇页条]|首页|尾页|末页|没有了|无"
    r"|正文|相关链接|A[+-]|\d{1,4}/\d{1,4}\s*页|\d+\s*条记录)\s*[】\]）)〗]?[\s|｜、/>»·]*)+"
)
_TOOL_SIGN = re.compile(
    "打印|关闭|返回|字[号体]|分享|收藏|设为首页|[上下]一[篇页条]|评论|纠错|播报|全文|页|条记录|首页|微博"
)
_LINE = re.compile(
    r"(?:您?(?:现在|当前|所在)?的?(?:当前)?位置(?:是|在|为)?[：:]|首页\s*(?:>|»|-|/|→)).{0,80}"
    r"|(?:上一[篇条页]|下一[篇条页])\s*[：:].{0,80}|返回.{0,16}首页[>»\s]*|共\s*\d+\s*字，?需?(?:浏览|阅读).{0,12}分钟"
    r"|(?:扫一扫|扫码|扫描|长按|微信扫).{0,40}|.{0,12}(?:手机版|客户端)?二维码.{0,12}|分享(?:到|至).{0,40}|分享让更多人看到.{0,20}"
    r"|(?P<word>[\u3400-\u9fff]{2,6})(?:\s(?P=word))+|[0-9a-f]{16,64}\.(?:jpe?g|png|webp|gif)|\d+人(?:看过|阅读|浏览).{0,10}"
)
_NOTICE = re.compile(
    r"ICP[备证]|ICP\s*许可|公网安备|许可证(?:编?号)?[：:].*\d|增值电信|网站标识码|网安备|版权所有|Copyright|©|All\s*Rights?\s*Reserved|未经授权.{0,12}(?:复制|转载|镜像)|技术支持[：:]|网络支持[：:]"
    r"|建议使用.{0,20}(?:分辨率|浏览器)|部分内容.{0,6}网络转载|(?:如有|涉及)侵权.{0,20}(?:联系|删除)|免责声明|转载.{0,20}(?:并不代表|不代表)本[站网]|举报电话[：:]|广告(?:热线|服务)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"[【\[]?(?:相关(?:新闻|阅读|文章|资讯|链接|报道|内容|推荐)|推荐(?:阅读|新闻|文章)|延伸阅读|猜你喜欢|热门(?:新闻|文章|推荐|阅读)|热点(?:新闻|推荐|排行)|最新(?:新闻|文章|资讯)|更多新闻|友情链接|网友评论|今日推荐"
    r"|图片新闻|排行榜|点击排行|大家都在看|精彩推荐)[】\]]?[：:>»]*"
)
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
    notices = set(_notices(lines[:end])) | set(_notices(lines[:end][::-1]))
    found = [line for line in lines[:end] if _is_tool(line.text) or line in notices]
    return without_lines(text, found + lines[end:])


def _is_tool(line: str) -> bool:
    if not line or len(line) > _MAX:
        return False
    return bool(_TOOL_SIGN.search(line) and _TOOL.fullmatch(line)) or _LINE.fullmatch(line) is not None


def _notices(lines: Iterable[Line]) -> Iterator[Line]:
    """Notices from one end of the text inwards, up to so many lines of text."""
    others = 0
    for line in lines:
        if len(line.text) <= _MAX and _NOTICE.search(line.text) and not _SENTENCE_END.search(line.text):
            yield line
        elif not _is_tool(line.text) and (others := others + 1) >= _EDGE:
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
