"""Sites whose lists are static pages: Kaipuyun (and its search), TRS, VSB, Sudy, and homes of no known make."""

from collections.abc import Sequence
from html import escape

from tests.sim.families.sim import Sim, answer, article_pages, cut, meta, page, rows_of
from tests.sim.server import Page, Sent
from tests.sim.stories import Story, make_stories

ROW = '<li><a href="/{path}" target="_blank" title="{title}">{title}</a><span>{day}</span></li>'
PAGE_SIZE = 15
Rows = Sequence[tuple[str, Story]]


def kaipuyun_static() -> Sim:
    """Pages counted from 1: `common_list.shtml`, `common_list_2.shtml` …; `createPageHTML` has a string first."""
    articles = _ucap("开")
    pages = _kaipuyun_lists("zwgk/c100021/common_list", articles)
    return Sim("kaipuyun", "zwgk/c100021/common_list.shtml", articles, pages | article_pages(articles, _ucap_article))


def _kaipuyun_lists(stem: str, articles: dict[str, Story]) -> dict[str, Page]:
    lists = cut(list(articles.items()), PAGE_SIZE)
    name = stem.rpartition("/")[2]
    call = "<script>createPageHTML('page_div', {total}, {now}, '{name}', 'shtml', {all});</script>"
    return {
        f"{stem}{'' if now == 1 else f'_{now}'}.shtml": page(
            "通知公告", _list(rows) + call.format(total=len(lists), now=now, name=name, all=len(articles))
        )
        for now, rows in enumerate(lists, 1)
    }


def kaipuyun_search() -> Sim:
    """A list by the channel's search; of its three addresses only the second works, and it gives 16 rows at most."""
    articles = _ucap("普")
    rows = list(articles.items())
    channel = "9f1c2b3a4d5e6f708192a3b4c5d6e7f8"
    head = f'<meta name="channelid" content="{channel}">'
    pages = {"zwgk/tzgg/index.shtml": page("通知公告", "<div id='list'></div>", head=head)}

    def run(sent: Sent) -> Page | None:
        if sent.path != f"searchList/{channel}":
            return None
        size, number = min(int(sent.query["_pageSize"]), 16), int(sent.query["page"])
        found = [
            {"title": s.title, "url": f"/{path}", "publishedTimeStr": f"{s.day} {s.clock}:00", "publishedTime": 0}
            for path, s in rows[(number - 1) * size : number * size]
        ]
        return answer({"data": {"total": len(rows), "page": number, "rows": size, "results": found}})

    return Sim("kaipuyun", "zwgk/tzgg/index.shtml", articles, pages | article_pages(articles, _ucap_article), run)


def trs_with_stubs() -> Sim:
    """Pages counted from 0, the number of records before that of pages; the last two of seven are stubs."""
    articles = _trs("海", "zwgk/tzgg/{month}/t{day}_{n}.html")
    lists = cut(list(articles.items()), PAGE_SIZE)
    call = '<script>createPageHTML(98, {total}, 0, "index", "html");</script>'
    stub = page("通知公告", "<p>该页已归档</p>" + call.format(total=len(lists) + 2))
    pages = {
        f"zwgk/tzgg/{_zero_based('index', now)}.html": page("通知公告", _list(rows) + call.format(total=len(lists) + 2))
        for now, rows in enumerate(lists)
    }
    pages |= {f"zwgk/tzgg/index_{now}.html": stub for now in (len(lists), len(lists) + 1)}
    return Sim(
        "trs",
        "zwgk/tzgg/",
        articles,
        pages | article_pages(articles, _trs_article),
        warning="no articles; the list was",
    )


def trs_count_page() -> Sim:
    """The ministry of ecology's way: `countPage`, and the page's id in the names of the lists."""
    articles = _trs("环", "xxgk/xxgk01/{month}/t{day}_{n}.html")
    lists = cut(list(articles.items()), PAGE_SIZE)
    script = (
        '<script>var currentPage = 0; var countPage = {total}; var PAGEID = "6311"; // <a href="index_6311_"+</script>'
    )
    pages = {
        f"xxgk/xxgk01/{'index' if now == 0 else f'index_6311_{now}'}.shtml": page(
            "部门文件", _list(rows) + script.format(total=len(lists))
        )
        for now, rows in enumerate(lists)
    }
    return Sim("trs", "xxgk/xxgk01/index.shtml", articles, pages | article_pages(articles, _trs_article))


def vsb() -> Sim:
    """Pages that count down, with 下页 to follow."""
    return _vsb("博", following=True)


def vsb_numbers() -> Sim:
    """Pages that count down, with numbers alone."""
    return _vsb("达", following=False)


def _vsb(kind: str, *, following: bool) -> Sim:
    articles = {f"info/1023/{4000 + s.number}.htm": s for s in make_stories(kind)}
    lists = cut(list(articles.items()), PAGE_SIZE)
    total = len(lists)
    pages = {}
    for now, rows in enumerate(lists, 1):
        up = "" if now == 1 else "../"
        row = f'<li id="line_u10_{now}"><a href="{up}{{path}}">{{title}}</a><span>{{day}}</span></li>'
        numbers = "".join(
            f'<span class="p_no_d">{n}</span>' if n == now else f'<span class="p_no"><a href="#">{n}</a></span>'
            for n in range(1, total + 1)
        )
        at = f"{up}tzgg/{total - now}.htm"
        onwards = (
            f'<span class="p_next p_fun"><a href="{at}">下页</a></span>'
            if now < total
            else '<span class="p_next_d p_fun_d">下页</span>'
        )
        bar = f'<div class="pb_sys_common">{numbers}{onwards if following else ""}</div>'
        name = "tzgg" if now == 1 else f"tzgg/{total - now + 1}"
        pages[f"{name}.htm"] = page("通知公告", f"<ul>{rows_of(rows, row)}</ul>{bar}")
    return Sim("vsb", "tzgg.htm", articles, pages | article_pages(articles, _vsb_article))


def sudy() -> Sim:
    """`list.htm`, `list2.htm` …; the last page's 下一页 is a script that does nothing."""
    articles = {f"2024/{s.day:%m%d}/c77a{s.number + 900}/page.htm": s for s in make_stories("苏")}
    lists = cut(list(articles.items()), PAGE_SIZE)
    pages = {}
    for now, rows in enumerate(lists, 1):
        href = f"/77/list{now + 1}.htm" if now < len(lists) else "javascript:void(0);"
        bar = f"""<div id="wp_paging_w6"><ul class="wp_paging"><li class="pages_count"><em class="per_count">15</em>
<em class="all_count">{len(articles)}</em></li><li class="page_nav"><a class="next" href="{href}">下一页</a></li>
<li class="page_jump"><em class="curr_page">{now}</em>/<em class="all_pages">{len(lists)}</em></li></ul></div>"""
        pages[f"77/list{now if now > 1 else ''}.htm"] = page("通知公告", _list(rows) + bar)
    return Sim("sudy_webplus", "77/list.htm", articles, pages | article_pages(articles, _sudy_article))


def generic_by_name() -> Sim:
    """No word on paging: the second page must be guessed; beside the list stand articles of another place."""
    articles = {f"tzgg/{s.day:%Y-%m}/{1000 + s.number}.html": s for s in make_stories("泛")}
    beside = [(f"xwzx/bdxw/2024-03/{n}55.html", s) for n, s in enumerate(make_stories("旁", 5), 10)]
    pages = {
        f"tzgg/list{f'_{now}' if now > 1 else ''}.html": page("通知", _list(rows) + f"<h3>本地新闻</h3>{_list(beside)}")
        for now, rows in enumerate(cut(list(articles.items()), PAGE_SIZE), 1)
    }
    return Sim("generic", "tzgg/list.html", articles, pages | article_pages(articles, _home_made))


def generic_by_anchor() -> Sim:
    """Pages of a program, by its anchors."""
    articles = {f"show.jsp?newsid={1000 + s.number}": s for s in make_stories("锚")}
    lists = cut(list(articles.items()), PAGE_SIZE)
    shown = {story_page.partition("=")[2]: _home_made(story) for story_page, story in articles.items()}

    def run(sent: Sent) -> Page | None:
        if sent.path == "show.jsp":
            return shown.get(sent.query["newsid"])
        if sent.path != "more.jsp":
            return None
        now = int(sent.query.get("PageIndex", "1"))
        onwards = f'<a href="more.jsp?col=3&amp;PageIndex={now + 1}">下一页 &gt;</a>' if now < len(lists) else "下一页"
        return page("通知", f'{_list(lists[now - 1])}<a href="more.jsp?col=3&amp;PageIndex=1">首页</a> {onwards}')

    return Sim("generic", "more.jsp?col=3", articles, {}, run)


def generic_frame() -> Sim:
    """A shell around a frame of the same host that holds the list, which is of another make."""
    articles = _ucap("框")
    frames = '<iframe src="/login/box.html"></iframe><iframe width="100%" src="/inner/c9/list.shtml"></iframe>'
    pages = {"class/DJQJKPRN/": page("通知", frames)}
    pages["class/DJQJKPRN/index.html"] = pages.pop("class/DJQJKPRN/")
    pages |= _kaipuyun_lists("inner/c9/list", articles)
    return Sim("generic", "class/DJQJKPRN/", articles, pages | article_pages(articles, _ucap_article))


def _zero_based(stem: str, now: int) -> str:
    return f"{stem}_{now}" if now else stem


def _list(rows: Rows) -> str:
    return f'<div class="list"><ul>\n{rows_of(rows, ROW)}\n</ul></div>'


def _ucap(kind: str) -> dict[str, Story]:
    return {f"zwgk/c100021/{s.day:%Y%m}/{s.number + 7:032x}.shtml": s for s in make_stories(kind)}


def _trs(kind: str, form: str) -> dict[str, Story]:
    return {form.format(month=f"{s.day:%Y%m}", day=s.compact_day, n=1060000 + s.number): s for s in make_stories(kind)}


def _ucap_article(story: Story) -> Page:
    body = f"""<div class="location">当前位置：<a href="/">首页</a> &gt; 通知公告</div><div class="article">
<ucaptitle><h1>{escape(story.title)}</h1></ucaptitle>
<div class="pages-date">发布时间：<publishtime>{story.day} {story.clock}</publishtime>　来源：{story.source}</div>
<ucapcontent><div id="UCAP-CONTENT">{story.body}</div></ucapcontent></div>"""
    return page(story.title, body, head=meta(story))


def _trs_article(story: Story) -> Page:
    body = f"""<div class="dqwz">您所在的位置：首页 &gt; 通知公告</div><div class="xl"><h2 class="xl-title">{escape(story.title)}</h2>
<div class="xl-info"><span>时间：{story.day} {story.clock}</span><span>来源：{story.source}</span></div>
<div class="TRS_UEDITOR trs_paper_default"><style>.TRS_UEDITOR P{{line-height:2;}}</style>{story.body}</div></div>"""
    return page(story.title, body, head=meta(story))


def _vsb_article(story: Story) -> Page:
    body = f"""<form name="_newscontent_fromname"><div class="cont"><h1 align="center">{escape(story.title)}</h1>
<div class="sm">发布时间：{story.day} {story.clock}　来源：{story.source}　点击：[<script>_showDynClicks("wbnews", 1, {story.number})</script>]</div>
<div id="vsb_content"><div class="v_news_content">{story.body}</div></div></div>
<p>上一条：<a href="1.htm">较新的一条</a></p><p>下一条：<a href="2.htm">较旧的一条</a></p></form>"""
    return page(story.title, body, head=meta(story))


def _sudy_article(story: Story) -> Page:
    body = f"""<div class="article"><h1 class="arti_title">{escape(story.title)}</h1>
<p class="arti_metas"><span class="arti_publisher">来源：{story.source}</span><span class="arti_update">发布时间：{story.day}</span>
<span class="arti_views">浏览次数：<span class="WP_VisitCount">10</span></span></p>
<div class="entry"><div class="read"><div class="wp_articlecontent">{story.body}</div></div></div></div>"""
    return page(story.title, body)


def _home_made(story: Story) -> Page:
    body = f"""<div class="path"><a href="/">首页</a> &gt;&gt; 通知</div><div class="detail"><h3>{escape(story.title)}</h3>
<p class="sub">{story.day}　来源：{story.source}　【字号：大 中 小】</p><div class="txt">{story.body}</div></div>"""
    return page(story.title, body)
