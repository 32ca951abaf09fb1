"""www.gov.cn: a JSON file with the newest of a column, or the library's search. Known by its host alone."""

import re
from urllib.parse import urlsplit

from govscrape.cms.addresses import absolute, path_of, query_of, with_query
from govscrape.cms.links import find_links, json_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import Json, at, entries, number, read_json

NAME = "govcn"

HOSTS = ("www.gov.cn", "sousuo.www.gov.cn")
FEED = re.compile(r"""["']([\w./-]*[A-Z]{5,}\.json)""")
NEWEST = "ZUIXINZHENGCE.json"
ARTICLE = re.compile(r"/content_\d+\.s?html?$")


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a page is one of www.gov.cn.

    >>> detect("https://www.gov.cn/zhengce/zuixin/", ""), detect("https://www.mee.gov.cn/", "")
    (True, False)
    """
    return urlsplit(url).hostname in HOSTS


def read_list(reply: Reply) -> ListPage:
    """Read the JSON of a column or of the library; from a page of markup, go to the file that its script names.

    The file of a column holds all there is: it has no next page. The library's address is asked with `p` one higher
    until its total is reached.

    >>> feed = '[{"TITLE": "甲", "URL": "https://www.gov.cn/zhengce/202403/content_7.htm", "DOCRELPUBTIME": "2024-03-05"}]'
    >>> read_list(Reply("https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json", feed)).links[0].day
    datetime.date(2024, 3, 5)
    """
    data = read_json(reply.text)
    if isinstance(data, list):
        return ListPage(json_links(reply.url, entries({"all": data}, "all"), "URL", "DOCRELPUBTIME", "DOC_REL_PUBTIME"))
    if data is not None:
        return _read_library(reply, data)
    links = find_links(reply.url, reply.text, lambda url: ARTICLE.search(path_of(url)))
    if reply.number:
        return ListPage(links)
    feed = FEED.search(reply.text)
    url = absolute(reply.url, feed[1] if feed else NEWEST)
    return ListPage(links, (Ask(url, probe=True),) if url else ())


def _read_library(reply: Reply, data: Json) -> ListPage:
    links = json_links(reply.url, entries(data, "searchVO", "listVO"), "url", "pubtime")
    page = number(query_of(reply.url).get("p")) or 0
    asks = (Ask(with_query(reply.url, p=page + 1)),) if links else ()
    return ListPage(links, asks, number(at(data, "searchVO", "totalCount")))
