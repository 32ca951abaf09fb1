"""What kind of page it is: an article passes; a list, home, error, login, firewall or stub page is rejected."""

import re

from cleaners.html.dates import read_date
from cleaners.html.describe import Described
from cleaners.html.facts import Facts
from cleaners.html.locate import Region
from cleaners.html.tree import Tree
from cleaners.reason import Reason, Rejection

_ERROR = re.compile("|".join((
    r"(?:^|[^\d.])(?:404|403|500|502|503)(?:[^\d.]|$)", "not found", r"error\s*\d*", "bad gateway", "forbidden",
    "页面(?:不存在|未找到|找不到|已删除|没有找到|丢失|走丢)", "找不到(?:该|此|您|相关)?.{0,10}(?:页面|网页|文件|信息)",
    "(?:网页|页面|文章|信息|内容|文件|链接)(?:已经?)?(?:不存在|被删除|已删除|已下线)", "无法(?:访问|找到|显示)",
    "出错[啦了]", "访问(?:出错|错误|异常)", "系统(?:错误|异常|繁忙)", "服务器(?:错误|内部错误)",
    "没有(?:权限|访问权限)", "没有(?:找到|查到|查询到).{0,6}(?:页面|网页|信息|内容|文章|结果|数据)", "internal server error",
)), re.IGNORECASE)  # fmt: skip
_FIREWALL = re.compile("|".join((
    "安全验证", "人机验证", "访问(?:被|已被|受)(?:拦截|阻断|限制)", "请求(?:被|已被)?(?:拦截|阻断)",
    "疑似(?:黑客|攻击)", "防火墙", "攻击行为",
    "不合法(?:的)?(?:参数|请求)", r"(?:开启|启用|支持)\s*(?:javascript|js|cookie)", "浏览器(?:安全)?检查",
    "滑动.{0,6}验证", "验证码",
    r"\bwaf\b", "just a moment", "checking your browser",
)), re.IGNORECASE)  # fmt: skip
_REDIRECT = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|window\.open\s*\()", re.IGNORECASE
)
_PAGING = re.compile(
    r"createPage(?:HTML)?\s*\(|dataproxy\.jsp|<datastore>|<recordset>|getgovinfolist|unitbuild\.js|wp_paging_w\d"
)
_LIST_URL = re.compile(
    r"^https?://[^/]+/?$|/(?:index|list|default|main|home|more)(?:_?\d+)?\.(?:s?html?|jsp|asp|aspx|php)$|/col/col\d+/?(?:index\.html)?$|"
    r"/(?:common_)?(?:xxgk_)?list\.s?html?$|/$",
    re.IGNORECASE,
)
_ARTICLE_URL = re.compile(
    r"/t(?:19|20)\d{6}_\d+\.|/art_\w+|/content_\w+|/post_\d+|/info/\d+/\d+|/(?:19|20)\d{6}/[0-9a-f]{8,}|/\d{6,}\.s?html?|"
    r"[?&](?:id|newsid|articleid)=",
    re.IGNORECASE,
)
_VIEWED = re.compile(r"\.(?:pdf|ofd|docx?)\b", re.IGNORECASE)
UNSURE = 30
"""Characters of sentences: one sentence."""

_BRIEF = 40
"""Characters of a line that is nothing but an error's message; a notice of maintenance says more in one."""

MAX_NODES = 10_000
MAX_LEVELS = 150
LONG = 600
"""Characters of sentences; above it a page is an article whatever stands around it."""


def judge_kind(facts: Facts, described: Described) -> Rejection | None:
    """The rejection of a page that is no article, with its kind as the detail; None for an article.

    Stubs are known by what they say and how short they are; a list or home page by its links, its address and paging
    code; both against what speaks for an article (information table, by-line, article tags, a known container).

    >>> from cleaners.html.page import read_page
    >>> read_page("<title>安全验证</title><p>您的访问被拦截，请稍候再试。".encode())
    Rejection(reason=<Reason.NOT_ARTICLE: 'not_article'>, detail='firewall page')
    """
    if facts.region.score >= LONG:
        return None
    own, outer = _own_evidence(facts, described), _outer_evidence(facts, described)
    kind = _stub_kind(facts, own, own + outer) or _list_kind(facts, own + outer)
    body = [line for line in facts.lines.lines[facts.region.first : facts.region.last] if not line.hidden]
    # under 16 no line holds a sentence: a footer or a label, unless the page is an article in all else
    bare = facts.region.score <= 0 or (facts.region.score < 16 and own + outer < 2)
    if not kind and (not body or (bare and not any(line.files for line in body))):
        kind = "no text"
    return Rejection(Reason.NOT_ARTICLE, kind) if kind else None


def _stub_kind(facts: Facts, own: int, evidence: int) -> str | None:
    """What stub a page is, where little within it speaks for an article: an error is told at an article's address, too,
    under a title of any length, but briefly."""
    if own >= 3:
        return None
    tree, lines = facts.tree, facts.lines.lines
    shown = sum(len(line.text) for line in lines if not line.hidden)
    scripts = [tree.nodes[i].text or "" for i in tree.places.get("script", ())]
    if tree.places.get("frameset") and shown < 300:
        return "frameset"
    if shown < 120 and (_refreshes(tree) or any(_REDIRECT.search(script) for script in scripts)):
        return "redirect stub"
    if facts.region.score < 120 and shown < 600:
        told = [line.text for line in lines[:12] if not line.hidden and (evidence < 3 or len(line.text) <= _BRIEF)]
        opening = " ".join([facts.head.title_tag, *told])[:600]
        if _FIREWALL.search(opening):
            return "firewall page"
        if _ERROR.search(opening):
            return "error page"
    if facts.region.score < 120 and _asks_password(tree):
        return "login page"
    if facts.region.score < 16 and _views_file(tree):
        return "attachment viewer"
    return None


def _refreshes(tree: Tree) -> bool:
    return any(
        (tree.nodes[i].get("http-equiv") or "").lower() == "refresh"
        and "url" in (tree.nodes[i].get("content") or "").lower()
        for i in tree.places.get("meta", ())
    )


def _asks_password(tree: Tree) -> bool:
    return any((tree.nodes[i].get("type") or "").lower() == "password" for i in tree.places.get("input", ()))


def _views_file(tree: Tree) -> bool:
    return any(
        _VIEWED.search(tree.nodes[i].get("src") or tree.nodes[i].get("data") or "")
        for tag in ("iframe", "embed", "object")
        for i in tree.places.get(tag, ())
    )


def _list_kind(facts: Facts, evidence: int) -> str | None:
    region = facts.region
    linked = [
        line for line in facts.lines.lines if not line.hidden and line.linked >= 8 and line.linked * 2 > len(line.text)
    ]
    dated = _dated(facts)
    home = facts.url is not None and re.match(r"^https?://[^/]+/?(?:index\.\w+)?$", facts.url) is not None
    signs = (
        (len(linked) >= 12)
        + (len(linked) >= 50)
        + 2 * (dated >= 6)
        + 2 * bool(facts.url and _LIST_URL.search(facts.url))
        + 2 * any(_PAGING.search(facts.tree.nodes[i].text or "") for i in facts.tree.places.get("script", ()))
        + 2 * (region.score < 150)
        + (region.score < 60)
        + (region.share < 0.4)
    )
    if len(linked) >= (3 if region.score < 16 else 8) and signs - evidence >= 3:
        return "home page" if home else "list page"
    return None


def _dated(facts: Facts) -> int:
    """How many lines are a linked title with its date, or the date alone in a cell of its own."""
    return sum(
        not line.hidden and (line.linked > 0 or len(line.text) <= 20) and read_date(line.text[-24:]) is not None
        for line in facts.lines.lines
    )


def _own_evidence(facts: Facts, described: Described) -> int:
    """What speaks for an article in what stands in it."""
    meta, rules = described
    body = facts.lines.lines[facts.region.first : facts.region.last]
    linked = sum(line.linked for line in body)
    plain = sum(len(line.text) for line in body) - linked
    # the dates of a list read like by-lines, but have no time of day and no source beside them
    when, timed = rules.get("published_at", ""), "T" in (meta.published_at or "")
    alone = _dated(facts) < 6 or timed or rules.get("source", "").startswith("by-line")
    return (
        3 * (plain >= 400 and plain > 2 * linked)
        + 3 * (facts.fields is not None)
        + 3 * (facts.head.rules.get("title") == "meta articletitle")
        + 2 * facts.region.extractor.startswith("container")
        + 2 * (alone and when.startswith(("by-line", "information", "date in")))
    )


def _outer_evidence(facts: Facts, described: Described) -> int:
    """What speaks for an article around it."""
    return (
        # the heading or title of a column is shorter
        2 * (facts.title is not None and len(facts.title.text) >= 10)
        + described.provenance.get("title", "").startswith("heading, as in <title>")
        + bool(facts.url and _ARTICLE_URL.search(facts.url))
    )


def is_unsure(region: Region, tree: Tree) -> bool:
    """Whether another extractor should be asked: no known container, and hardly a sentence found.

    Not for a short article, where the other one takes in the lists around it (seen on pages cut to one sentence); not
    for a tree so large or deep that the other one, which is slower and recursive, would not come back.

    >>> is_unsure(Region(0, 9, frozenset(), "container:#zoom", 20.0, 0.1), Tree([]))
    False
    >>> is_unsure(Region(0, 9, frozenset(), "scored", 20.0, 0.1), Tree([]))
    True
    """
    unsure = region.extractor == "scored" and region.score < UNSURE
    return unsure and len(tree.nodes) < MAX_NODES and tree.depth() < MAX_LEVELS
