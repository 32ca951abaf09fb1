"""Epoint (国泰新点) 信息公开: the site's ids in a script file, then lists as JSON by POST.

The address of a column names office and category: `…/govInfoPub.html?deptcode=…&categorynum=…`.
"""

import json
import re
from collections.abc import Mapping

from govscrape.cms.addresses import query_of, root_of
from govscrape.cms.links import json_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import assigned, at, entries, number, read_json

NAME = "epoint_ewb"

COMMON = "/js/webBuilderCommon.js"
LIST = "/rest/lightfrontaction/getgovinfolist"
SITE_INFO = re.compile(r"siteInfo\s*=\s*(\{.*?\})", re.DOTALL)
DAY_KEYS = ("infodate", "webdate", "publishdate")
PAGE_SIZE = 50


def detect(url: str, html: str) -> bool:
    """Say whether a page is one of Epoint's.

    >>> detect("http://a.cn/zwgk/govInfoPub.html?deptcode=1&categorynum=2", "")
    True
    """
    return "EWB-FRONT" in html or "govInfoPub" in url


def read_list(reply: Reply) -> ListPage:
    """Read an answer of the list service; before it, ask for the script file that knows the site's ids.

    >>> script = Reply("", 'var siteInfo={"siteGuid":"g","projectName":"/EP"}', Ask("http://a.cn/js/webBuilderCommon.js",
    ...     headers={"Referer": "http://a.cn/govInfoPub.html?deptcode=1&categorynum=2"}, memo={"deptcode": "1", "categorynum": "2"}))
    >>> read_list(script).asks[0].url
    'http://a.cn/EP/rest/lightfrontaction/getgovinfolist'
    """
    if reply.ask.body:
        return _read_answer(reply)
    if reply.ask.memo:
        info = SITE_INFO.search(reply.text)
        site = info[1] if info else ""
        base = root_of(reply.ask.url) + assigned(site, "projectName") + LIST
        body = {**reply.ask.memo, "siteGuid": assigned(site, "siteGuid"), "pageIndex": 1, "pageSize": PAGE_SIZE}
        return ListPage(asks=(_ask(base, body, reply.column_url),) if info else ())
    query = query_of(reply.ask.url or reply.url)
    memo = {key: query.get(key) or assigned(reply.text, key) for key in ("deptcode", "categorynum")}
    return ListPage(asks=(Ask(root_of(reply.url) + COMMON, headers={"Referer": reply.url}, memo=memo),))


def _read_answer(reply: Reply) -> ListPage:
    custom = at(read_json(reply.text), "custom")
    links = json_links(root_of(reply.url) + "/", entries(custom, "data"), "infourl", *DAY_KEYS)
    body = json.loads(reply.ask.body)
    body["pageIndex"] += 1
    total = number(at(custom, "total"))
    onwards = _ask(reply.ask.url, body, reply.column_url, probe=(total or reply.total) is None)
    return ListPage(links, (onwards,) if links else (), total)


def _ask(url: str, body: Mapping[str, object], referer: str, *, probe: bool = False) -> Ask:
    headers = {"Content-Type": "application/json", "Referer": referer}
    return Ask(url, "POST", headers, json.dumps(body, ensure_ascii=False), probe=probe)
