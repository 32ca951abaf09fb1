"""Nanfang gkmlpt (南方网, Guangdong's 信息公开目录平台): a tree of categories in the page, JSON lists of each."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from govscrape.cms.addresses import path_of, query_of, with_query
from govscrape.cms.links import json_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import Json, assigned, at, balanced, entries, number, read_json

NAME = "nfcms_gkmlpt"

TREE = re.compile(r"""["']?TREE["']?\s*[:=]\s*(?=\[)""")


def detect(url: str, html: str) -> bool:
    """Say whether a page is one of gkmlpt.

    >>> detect("http://a.cn/gkmlpt/index", ""), detect("", "window._CONFIG = {SID: '12', TREE: []}")
    (True, True)
    """
    config = "_CONFIG" in html and TREE.search(html) and "SID" in html
    return "/gkmlpt/index" in path_of(url) or "/gkmlpt/index" in html or bool(config)


def read_list(reply: Reply) -> ListPage:
    """Read an answer of the platform; from the page itself, take a list for each category that has no others below.

    Categories that only lead elsewhere are left alone. An address that ends in `#` and a category's number stands for
    that category alone.

    >>> page = Reply("http://a.cn/gkmlpt/index", 'window._CONFIG = {SID: "12", TREE: [{"id": 5, "children": []}]}')
    >>> [ask.url for ask in read_list(page).asks]
    ['http://a.cn/gkmlpt/api/all/5?page=1&sid=12']
    """
    if "/gkmlpt/api/" not in reply.ask.url:
        return _read_tree(reply)
    data = read_json(reply.text)
    links = json_links(reply.column_url, entries(data, "articles"), "url", "display_publish_time", "date")
    onwards = with_query(reply.ask.url, page=int(query_of(reply.ask.url)["page"]) + 1)
    asks = (Ask(onwards, headers=reply.ask.headers),) if links else ()
    return ListPage(links, asks, number(at(data, "classify", "post_count")))


def _read_tree(reply: Reply) -> ListPage:
    start = TREE.search(reply.text)
    tree = read_json(balanced(reply.text, start.end())) if start else None
    only = urlsplit(reply.ask.url).fragment
    categories = [only] if only.isdigit() else list(dict.fromkeys(_leaves(tree if isinstance(tree, list) else ())))
    base = reply.url.partition("/gkmlpt")[0] + "/gkmlpt/api/all"
    sid = assigned(reply.text, "SID")
    headers = {"Referer": reply.url.partition("#")[0]}
    return ListPage(asks=tuple(Ask(f"{base}/{category}?page=1&sid={sid}", headers=headers) for category in categories))


def _leaves(nodes: Iterable[Json]) -> Iterator[str]:
    for node in nodes:
        below = at(node, "children")
        if isinstance(below, list) and below:
            yield from _leaves(below)
        elif at(node, "id") is not None and not at(node, "jump_url"):
            yield str(node["id"])
