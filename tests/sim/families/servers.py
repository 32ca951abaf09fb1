"""Sites whose lists come from a server as JSON: TrueCMS, gkmlpt, Epoint, www.gov.cn, MIIT's search."""

import json
from datetime import UTC, datetime
from html import escape

from tests.sim.families.sim import Sim, answer, article_pages, meta, page, rows_of, text
from tests.sim.server import NOT_FOUND, Page, Sent
from tests.sim.stories import Story, make_stories

ROW = "<li><a href='/{path}' title='{title}'>{title}</a><span>{day}</span></li>"


def truecms(largest: int = 10, *, refusal: Page = NOT_FOUND, kind: str = "真") -> Sim:
    """Records as XML in JSONP; without a Referer, or for a window above the largest, there is nothing."""
    articles = {f"tongzhou/tzgg/content/{s.number:08x}-19d4-4c6b.html": s for s in make_stories(kind)}
    rows = list(articles.items())
    script = "<script>$.getData({columnId:'8a69b1', proxyUrl:'/truecms/messageController/getMessage.do', perPage:15})</script>"
    pages = {"tongzhou/tzgg/tzgg.html": page("通知公告", f"<div id='list'></div>{script}")}

    def run(sent: Sent) -> Page | None:
        if not sent.path.endswith("getMessage.do"):
            return None
        first, last = int(sent.query["startrecord"]) - 1, int(sent.query["endrecord"])
        if "Referer" not in sent.headers or last - first > largest:
            return refusal
        records = "".join(f"<record><![CDATA[{rows_of([row], ROW)}]]></record>" for row in rows[first:last])
        xml = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{records}</recordset></datastore>"
        return text(f"{sent.query['callback']}({json.dumps({'result': xml})})", "text/javascript;charset=UTF-8")

    return Sim("truecms", "tongzhou/tzgg/tzgg.html", articles, pages | article_pages(articles, _plain), run)


def truecms_empty() -> Sim:
    """Too large a window gets an empty result instead of a 404."""
    return truecms(20, refusal=text("cb()", "text/javascript"), kind="窗")


def gkmlpt() -> Sim:
    """Three categories, of which one has others below and one leads elsewhere; the body is in the page's script."""
    news, plans = make_stories("规", 41), make_stories("划", 21)
    of = {5: _posts(5, news), 7: _posts(7, plans)}
    tree = [
        {"id": 3, "name": "政策文件", "children": [{"id": 5, "name": "规范性文件", "children": []}]},
        {"id": 7, "name": "规划计划"},
        {"id": 8, "name": "机构概况", "jump_url": "http://elsewhere.example/", "children": []},
    ]
    config = f"<script>window._CONFIG = {{\n SID: '760', TREE: {json.dumps(tree, ensure_ascii=False)}, SERVICE_AREA_ID: 1\n}};</script>"
    articles = of[5] | of[7]

    def run(sent: Sent) -> Page | None:
        if not sent.path.startswith("gkmlpt/api/all/"):
            return None
        assert sent.query["sid"] == "760"
        rows = list(of[int(sent.path.rpartition("/")[2])].items())
        number = int(sent.query["page"])
        entries = [
            {"title": s.title, "url": f"/{path}", "display_publish_time": _seconds(s), "is_expired": False}
            for path, s in rows[(number - 1) * 20 : number * 20]
        ]
        return answer({"classify": {"post_count": len(rows)}, "articles": entries})

    pages = {"gkmlpt/index": page("政府信息公开目录", config)} | article_pages(articles, _in_script)
    return Sim("nfcms_gkmlpt", "gkmlpt/index", articles, pages, run)


def epoint() -> Sim:
    """Lists by POST of JSON; the site's ids are in a script file; the days are not in the lists' rows."""
    articles = {f"zwgk/xxgk/{s.compact_day}/{s.number:08x}-8c1f.html": s for s in make_stories("点")}
    rows = list(articles.items())
    site_info = 'var siteInfo={"siteGuid":"7eb5f7f1-9041","projectName":"/EpointWebBuilder"};'
    pages = {
        "zwgk/govInfoPub.html": page(
            "信息公开", '<div id="EWB-FRONT"></div><script src="/js/webBuilderCommon.js"></script>'
        ),
        "js/webBuilderCommon.js": text(site_info, "application/javascript"),
    }

    def run(sent: Sent) -> Page | None:
        if sent.path != "EpointWebBuilder/rest/lightfrontaction/getgovinfolist":
            return None
        asked = json.loads(sent.body)
        if (asked["siteGuid"], asked["deptcode"], asked["categorynum"]) != ("7eb5f7f1-9041", "014", "002001"):
            return answer({"custom": {"data": []}})
        first = (asked["pageIndex"] - 1) * asked["pageSize"]
        found = rows[first : first + asked["pageSize"]]
        return answer(
            {"custom": {"data": [{"infourl": f"/{p}", "title": s.title[:12], "realtitle": s.title} for p, s in found]}}
        )

    column = "zwgk/govInfoPub.html?deptcode=014&categorynum=002001"
    return Sim("epoint_ewb", column, articles, pages | article_pages(articles, _plain), run)


def govcn_feed() -> Sim:
    """A page whose script names the JSON file with all of the column."""
    articles = _documents("国", "zhengce/202403/content_{n}.htm")
    feed = [{"TITLE": s.title, "URL": f"/{path}", "DOCRELPUBTIME": str(s.day)} for path, s in articles.items()]
    pages = {
        "zhengce/zuixin/index.html": page("最新政策", "<script>$.get('./ZUIXINZHENGCE.json', show)</script>"),
        "zhengce/zuixin/ZUIXINZHENGCE.json": answer(feed),
    }
    return Sim("govcn", "zhengce/zuixin/", articles, pages | article_pages(articles, _state_council), cms="govcn")


def govcn_library() -> Sim:
    """The policy library's search: pages of 20 with a total, titles with marks of the search in them."""
    articles = _documents("库", "zhengce/content/202403/content_{n}.htm")
    rows = list(articles.items())

    def run(sent: Sent) -> Page | None:
        if sent.path != "search-gov/data":
            return None
        number, size = int(sent.query["p"]), int(sent.query["n"])
        found = [
            {"title": f"<em>{s.title[:2]}</em>{s.title[2:]}", "url": f"/{path}", "pubtime": _seconds(s) * 1000}
            for path, s in rows[(number - 1) * size : number * size]
        ]
        return answer({"code": 200, "searchVO": {"totalCount": len(rows), "totalpage": 4, "listVO": found}})

    column = "search-gov/data?t=zhengcelibrary_gw&q=&sort=pubtime&sortType=1&p=1&n=20"
    return Sim("govcn", column, articles, article_pages(articles, _state_council), run, cms="govcn")


def search_front() -> Sim:
    """The page names a search; its answers nest each article's data one level deeper."""
    articles = {f"zwgk/zcwj/art/{s.day.year}/art_{s.number:032x}.html": s for s in make_stories("工")}
    rows = list(articles.items())
    url = "/search-front-server/api/search/info?websiteid=110&amp;scope=basic&amp;q=&amp;pg=10&amp;cateid=57&amp;p=1"
    pages = {"zwgk/zcwj/index.html": page("政策文件", f"<div id='list' data-url='{url}'></div>")}

    def run(sent: Sent) -> Page | None:
        if sent.path != "search-front-server/api/search/info":
            return None
        number, size = int(sent.query["p"]), int(sent.query["pg"])
        found = [
            {"groupData": [], "data": {"title_text": s.title, "url": f"/{path}", "deploytime": str(_seconds(s) * 1000)}}
            for path, s in rows[(number - 1) * size : number * size]
        ]
        return answer({"success": True, "data": {"searchResult": {"totalCount": len(rows), "dataResults": found}}})

    return Sim("search_front", "zwgk/zcwj/index.html", articles, pages | article_pages(articles, _ministry), run)


def _documents(kind: str, form: str) -> dict[str, Story]:
    return {form.format(n=6930000 + s.number): s for s in make_stories(kind)}


def _posts(category: int, stories: list[Story]) -> dict[str, Story]:
    return {f"gkmlpt/content/9/{category}/post_{category}{s.number:06d}.html": s for s in stories}


def _seconds(story: Story) -> int:
    return int(datetime(story.day.year, story.day.month, story.day.day, 2, tzinfo=UTC).timestamp())


def _plain(story: Story) -> Page:
    """An article in a container of the site's own."""
    body = f"""<div class="loc">当前位置：<a href="/">首页</a> &gt; <a href="./">通知公告</a></div>
<div class="ewb-article"><h2>{escape(story.title)}</h2>
<div class="ewb-info">信息来源：{story.source}　发布时间：{story.day} {story.clock}　浏览次数：<span id="hits">12</span></div>
<div class="ewb-article-info" id="articleContent">{story.body}</div></div>"""
    return page(story.title, body, head=meta(story))


def _in_script(story: Story) -> Page:
    """An article of gkmlpt: nothing but data for its script."""
    detail = {
        "title": story.title,
        "publisher": story.source,
        "display_publish_time": f"{story.day} {story.clock}:00",
        "content": story.body,
    }
    config = {"SID": "760", "DETAIL": detail}
    return page(
        story.title, f"<div id='app'></div><script>window._CONFIG = {json.dumps(config)};</script>", head=meta(story)
    )


def _state_council(story: Story) -> Page:
    """An article in the manner of www.gov.cn, which has neither ArticleTitle nor PubDate."""
    head = f'<meta name="firstpublishedtime" content="{story.day}-{story.clock}:00"><meta name="manuscriptId" content="{story.number}">'
    body = f"""<div class="article oneColumn"><h1 id="ti">{escape(story.title)}</h1>
<div class="pages-date">{story.day} {story.clock}<span class="font">来源： {story.source}</span></div>
<div class="pages_content" id="UCAP-CONTENT"><div class="trs_editor_view">{story.body}</div></div></div>"""
    return page(f"{story.title}_中国政府网", body, head=head)


def _ministry(story: Story) -> Page:
    """An article with the container that Hanweb's newest templates have."""
    body = f"""<h1 id="con_title">{escape(story.title)}</h1>
<p class="cinfo"><span>发布时间：{story.day} {story.clock}</span><span>来源：{story.source}</span></p>
<div ergodic="article" class="art-con">{story.body}</div>"""
    return page(story.title, body, head=meta(story))
