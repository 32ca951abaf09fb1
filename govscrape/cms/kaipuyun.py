"""Kaipuyun UCAP (开普云): static pages counted from 1, or a JSON search by the channel's id.

`createPageHTML('page_div', T, cur, 'name', 'shtml', S)` stands for T pages: `name.shtml`, `name_2.shtml` … `name_T.shtml`.
TRS calls a function of the same name with a number first and counts from 0.
"""

import re
from urllib.parse import urlencode, urljoin

from govscrape.cms.addresses import path_of, query_of, root_of, with_query
from govscrape.cms.links import find_links, json_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import at, entries, number, read_json

NAME = "kaipuyun"

PAGING = re.compile(
    r"""createPageHTML\(\s*["'][^"']*["']\s*,\s*(?P<pages>\d+)\s*,\s*\d+\s*,\s*["'](?P<stem>[\w/-]+)["']\s*,"""
    r"""\s*["'](?P<ext>\w+)["']\s*(?:,\s*["']?(?P<total>\d+))?"""
)
CHANNEL = re.compile(
    r"""<meta[^>]+name=["']channelid["'][^>]*content=["']([0-9a-f]{32})["']"""
    r"""|<meta[^>]+content=["']([0-9a-f]{32})["'][^>]*name=["']channelid["']""",
    re.IGNORECASE,
)
MADE_BY = re.compile(r"<ucap(?:content|title)>|<publishtime>|createPageHTML\(\s*[\"']", re.IGNORECASE)
LIST = re.compile(r"/c\d+/(?:common_|common_xq_|xxgk_)?list(?:_\d+)?\.s?html?$")
ARTICLE = re.compile(r"/\d{6}/(?:[0-9a-f]{32}|c?\d{4,}|t\d{8}_\d+)(?:/\w+)?\.s?html?$|/c\d+/c\d+/content\.s?html?$")
SEARCHES = ("common/search", "searchList", "search")
PAGE_SIZE = 18  # what the sites' own pages ask for; some servers give 20 at most


def detect(url: str, html: str) -> bool:
    """Say whether a list page was made by UCAP.

    >>> detect("", "createPageHTML('page_div', 12, 1, 'list', 'shtml', 230);"), detect("", 'createPageHTML(12, 0, "index"')
    (True, False)
    """
    return bool(CHANNEL.search(html) or MADE_BY.search(html) or LIST.search(path_of(url)))


def read_list(reply: Reply) -> ListPage:
    """Read a static list page where the page counts its pages, else an answer of the channel's search.

    >>> page = "<a href='./202403/0123456789abcdef0123456789abcdef.shtml'>甲</a>createPageHTML('p', 3, 1, 'list', 'shtml', 50)"
    >>> read_list(Reply("http://a.cn/c1/list.shtml", page)).asks[0].url
    'http://a.cn/c1/list_2.shtml'
    """
    if "_isJson=true" in reply.ask.url:
        return _read_search(reply)
    links = find_links(reply.url, reply.text, lambda url: ARTICLE.search(path_of(url)))
    paging, channel = PAGING.search(reply.text), CHANNEL.search(reply.text)
    if paging:
        page = reply.number + 2
        onwards = urljoin(reply.url, f"{paging['stem']}_{page}.{paging['ext']}")
        asks = (Ask(onwards),) if links and page <= (number(paging["pages"]) or 0) else ()
        return ListPage(links, asks, number(paging["total"]))
    if channel and reply.number == 0:
        return ListPage(asks=_searches(reply.url, channel[1] or channel[2], SEARCHES))
    return ListPage(links)


def _searches(referer: str, channel: str, paths: tuple[str, ...]) -> tuple[Ask, ...]:
    """The first page of the first search of `paths`; the memo keeps the others, should there be nothing."""
    if not paths:
        return ()
    query = {
        "_isAgg": "true",
        "_isJson": "true",
        "_pageSize": PAGE_SIZE,
        "_template": "index",
        "_rangeTimeGte": "",
        "_channelName": "",
        "page": 1,
    }
    url = f"{root_of(referer)}/{paths[0]}/{channel}?{urlencode(query)}"
    return (Ask(url, headers={"Referer": referer}, memo={"channel": channel, "others": " ".join(paths[1:])}),)


def _read_search(reply: Reply) -> ListPage:
    data = at(read_json(reply.text), "data")
    links = json_links(reply.column_url, entries(data, "results"), "url", "publishedTimeStr", "publishedTime")
    page, memo = int(query_of(reply.ask.url)["page"]), reply.ask.memo
    if not links:
        others = tuple(memo["others"].split()) if page == 1 else ()
        return ListPage(asks=_searches(reply.column_url, memo["channel"], others))
    onwards = Ask(with_query(reply.ask.url, page=page + 1), headers=reply.ask.headers, memo=memo)
    return ListPage(links, (onwards,), number(at(data, "total")))
