"""Hanweb xxgk (大汉版通, 信息公开): one search over all columns of an office; this column's articles are picked out."""

import re
from urllib.parse import urlencode

from govscrape.cms.addresses import path_of, query_of, root_of, with_query
from govscrape.cms.links import find_links
from govscrape.cms.list_page import Ask, ListPage, Reply

NAME = "hanweb_xxgk"

AREA = re.compile(r"""tree\.jsp\?[^"']*\barea=([^&"'\s]+)""")
COLUMN = re.compile(r"/col/col(\d+)")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a list page is one of xxgk; one that speaks of `dataproxy.jsp` too is left to jpage.

    >>> detect("", '<iframe src="/module/xxgk/tree.jsp?area=0113">')
    True
    """
    return "module/xxgk/" in html and "dataproxy.jsp" not in html


def read_list(reply: Reply) -> ListPage:
    """Read an answer of `search.jsp`: the articles of the column in the address, all where it names none.

    >>> page = Reply("http://a.cn/col/col7/index.html", '<iframe src="/module/xxgk/tree.jsp?area=0113">')
    >>> read_list(page).asks[0].method, read_list(page).asks[0].memo["mark"]
    ('POST', '/art_7_')
    """
    if "search.jsp" not in reply.ask.url:
        return _read_page(reply)
    mark = reply.ask.memo["mark"]
    found = find_links(reply.column_url, reply.text, lambda url: "/art_" in url)
    links = tuple(link for link in found if mark in link.url)
    page = int(query_of(reply.ask.url)["currpage"])
    onwards = Ask(
        with_query(reply.ask.url, currpage=page + 1), "POST", reply.ask.headers, memo=reply.ask.memo, probe=True
    )
    return ListPage(links, (onwards,) if found else (), rows=tuple(link.url for link in found))


def _read_page(reply: Reply) -> ListPage:
    area = AREA.search(reply.text)
    if not area:
        return ListPage()
    column = COLUMN.search(path_of(reply.url))
    query = {"infotypeId": "", "vc_title": "", "vc_number": "", "area": area[1], "currpage": "1"}
    ask = Ask(
        f"{root_of(reply.url)}/module/xxgk/search.jsp?{urlencode(query)}",
        "POST",
        FORM | {"Referer": reply.url},
        memo={"mark": f"/art_{column[1]}_" if column else "/art_"},
    )
    return ListPage(asks=(ask,))
