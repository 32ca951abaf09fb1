"""Hanweb in its three ages: jpage with XML records, xxgk with one search for all columns, jpaas with built units."""

import json
from collections.abc import Callable
from html import escape
from itertools import count

from tests.sim.families.sim import Sim, answer, article_pages, cut, meta, page, rows_of, text
from tests.sim.server import Page, Sent
from tests.sim.stories import Story, make_stories

COLUMN = "1229563387"
OTHER = "1229560001"
EMPTY = b"<datastore><recordset></recordset></datastore>\r\n\r\n\r\n\r\n"  # 54 bytes
ROW = "<li><a href='/{path}' title='{title}' target='_blank'>{title}</a><span>{day}</span></li>"
PROXY = "module/web/jpage/dataproxy.jsp"


def article(story: Story) -> Page:
    """An article between Hanweb's marks."""
    body = f"""<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/col/col{COLUMN}/">通知公告</a></div>
<div class="art"><p class="title">{escape(story.title)}</p>
<table class="xx"><tr><td>发布日期：{story.day} {story.clock}</td><td>信息来源：{story.source}</td>
<td>浏览次数：<script src="/module/visitcount/visit.jsp?type=3"></script></td><td>字体：[ 大 中 小 ]</td></tr></table>
<div id="zoom" class="bt-content"><!--ZJEG_RSS.content.begin-->{story.body}<!--ZJEG_RSS.content.end--></div>
<div class="gn"><a href="javascript:window.print()">打印本页</a> <a href="javascript:window.close()">关闭窗口</a></div></div>"""
    return page(story.title, body, head=meta(story) + f'<meta name="Maketime" content="{story.day}">')


def path_of(story: Story, column: str = COLUMN) -> str:
    return f"art/{story.day.year}/{story.day.month}/{story.day.day}/art_{column}_{58000000 + story.number}.html"


def _articles(kind: str) -> dict[str, Story]:
    return {path_of(story): story for story in make_stories(kind)}


def _records(rows: list[tuple[str, Story]]) -> str:
    return "".join(f"<record><![CDATA[{rows_of([row], ROW)}]]></record>\n" for row in rows)


def _jpage(
    kind: str, program: Callable[[list[tuple[str, Story]], Sent], Page], *, column: str = COLUMN, group: bool
) -> Sim:
    """A page with two lists: one of another column, which must be left alone, and its own, the first 45 of it."""
    articles = _articles(kind)
    rows = list(articles.items())
    others = [(path_of(story, OTHER), story) for story in make_stories(kind + "另", 6)]
    query = f"webid=3096&path=/&columnid={column}&unitid=u7&webname=%E4%BA%91%E5%B7%9D&permissiontype=0"
    href = f"<nextgroup><![CDATA[<a href='/{PROXY}?page=1&amp;{query}'></a>]]></nextgroup>" if group else ""
    unit = "<div id='{id}'><script type='text/xml'><datastore>{group}<recordset>{records}</recordset></datastore></script></div>"
    call = """<script>$('#{id}').jpage({{openCookies:false, perPage:15, totalRecord:{total}, proxyUrl:'/{proxy}',
ajaxParam:{{col:1, appid:'1', webid:3096, path:'/', columnid:'{column}', unitid:'{id}', webname:'云川市', permissiontype:0}}}})</script>"""
    body = unit.format(id="u3", group="", records=_records(others))
    body += call.format(id="u3", total=400, proxy=PROXY, column=OTHER)
    body += unit.format(id="u7", group=href, records=_records(rows[:45]))
    body += call.format(id="u7", total=len(rows), proxy=PROXY, column=column)
    pages = {f"col/col{COLUMN}/index.html": page("通知公告", f'<div class="list">{body}</div>')}

    def run(sent: Sent) -> Page | None:
        return program(rows, sent) if sent.path == PROXY else None

    return Sim("hanweb_jpage", f"col/col{COLUMN}/index.html", articles, pages | article_pages(articles, article), run)


def jpage_by_page() -> Sim:
    """The server goes by `page` alone and gives 20 records at most."""

    def run(rows: list[tuple[str, Story]], sent: Sent) -> Page:
        size = min(int(sent.query["perpage"]), 20)
        first = (int(sent.query["page"]) - 1) * size
        return _xml(rows[first : first + size], len(rows))

    return _jpage("页", run, group=False)


def jpage_by_record() -> Sim:
    """The server goes by `startrecord` alone and gives 10 records at most."""

    def run(rows: list[tuple[str, Story]], sent: Sent) -> Page:
        first, last = int(sent.query["startrecord"]) - 1, int(sent.query["endrecord"])
        return _xml(rows[first : min(last, first + 10)], len(rows))

    return _jpage("条", run, group=False)


def jpage_encrypted() -> Sim:
    """The ids are encrypted, so that only the server's own link to the next group works."""
    return _jpage("密", _by_group, column="aGFud2Vi==", group=True)


def jpage_empty_body() -> Sim:
    """The ids look usable, but the answer is empty; the server's own link works."""
    return _jpage("空", _by_group, group=True)


def _by_group(rows: list[tuple[str, Story]], sent: Sent) -> Page:
    if "startrecord" in sent.query:
        return Page(EMPTY, "text/xml")
    number = int(sent.query["page"])
    group = rows[(number - 1) * 25 : number * 25]
    if not group:
        return Page(EMPTY, "text/xml")
    query = "&amp;".join(f"{key}={value}" for key, value in sent.query.items() if key != "page")
    href = f"<nextgroup><![CDATA[<a href='/{PROXY}?page={number + 1}&amp;{query}'></a>]]></nextgroup>"
    return text(f"<datastore>{href}<recordset>{_records(group)}</recordset></datastore>", "text/xml;charset=utf-8")


def _xml(rows: list[tuple[str, Story]], total: int) -> Page:
    records = f"<totalrecord>{total}</totalrecord><recordset>{_records(rows)}</recordset>"
    return text(f"<?xml version='1.0' encoding='UTF-8'?><datastore>{records}</datastore>", "text/xml;charset=utf-8")


def xxgk() -> Sim:
    """One search over all columns, by POST; a page of it may hold nothing of the column asked for."""
    articles = _articles("公")
    others = [(path_of(story, OTHER), story) for story in make_stories("他", 40)]
    rows = [*list(articles.items())[:15], *others, *list(articles.items())[15:]]
    frame = '<iframe src="/module/xxgk/tree.jsp?area=11330700&amp;divid=tree"></iframe>'
    pages = {f"col/col{COLUMN}/index.html": page("信息公开", frame)} | article_pages(articles, article)

    def run(sent: Sent) -> Page | None:
        if sent.path != "module/xxgk/search.jsp":
            return None
        if sent.method != "POST" or sent.query["area"] != "11330700":
            return Page(b"", status=405)
        number = int(sent.query["currpage"])
        return text(f"<table>{rows_of(rows[(number - 1) * 20 : number * 20], f'<tr><td>{ROW}</td></tr>')}</table>")

    return Sim("hanweb_xxgk", f"col/col{COLUMN}/index.html", articles, pages, run)


def jpaas_by_param() -> Sim:
    """The server goes by `paramJson`, and says how many articles there are."""
    return _jpaas("参", lambda sent: int(json.loads(sent.query["paramJson"])["pageNo"]), counted=True)


def jpaas_by_number() -> Sim:
    """The server goes by a bare `pageNo`, and does not say how many articles there are."""
    return _jpaas("裸", lambda sent: int(sent.query["pageNo"]), counted=False)


def jpaas_stuck() -> Sim:
    """Every request gets page 1, as happens in some networks; the first 15 articles are all that can be found."""
    return _jpaas("卡", lambda _: 1, counted=False, seen=15, warning="the same articles as on page 1")


def _jpaas(
    kind: str, number_of: Callable[[Sent], int], *, counted: bool, seen: int | None = None, warning: str = ""
) -> Sim:
    articles = {f"col/col9/art/{s.day.year}/art_{s.number:032x}.html": s for s in make_stories(kind)}
    built = cut(list(articles.items()), 15)
    units = [
        _query_data(tagId="右侧导航", pageId="nav"),
        _query_data(tagId="当前栏目list", pageId="QsEYSlCrONSfZWIdi077J"),
    ]
    scripts = "".join(
        f'<script src="/script/unitbuild.js" queryData="{unit}" url="/api-gateway/x"></script>' for unit in units
    )
    pages = {"col/col9/index.html": page("政策文件", scripts)} | article_pages(articles, article)
    counts = count()

    def run(sent: Sent) -> Page | None:
        if sent.path != "api-gateway/jpaas-publish-server/front/page/build/unit":
            return None
        assert next(counts) < 60, "an endless walk"
        if sent.query["pageId"] == "nav":
            return answer({"success": True, "data": {"html": "<ul></ul>"}})
        number = number_of(sent)
        rows = rows_of(built[number - 1], ROW) if number <= len(built) else ""
        total = f' count="{len(articles)}"' if counted else ""
        return answer({"success": True, "data": {"html": f"<ul>{rows}</ul><div class='page'{total}></div>"}})

    unlisted = frozenset(list(articles)[seen:]) if seen else frozenset()
    return Sim("hanweb_jpaas", "col/col9/index.html", articles, pages, run, warning=warning, unlisted=unlisted)


def _query_data(**ids: str) -> str:
    unit = {"parseType": "bulidstatic", "webId": "Nu", "tplSetId": "Lm", "pageType": "column", "editType": "null"} | ids
    return json.dumps(unit, ensure_ascii=False).replace('"', "'")
