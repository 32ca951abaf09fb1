"""TrueCMS (Jiangsu): records as XML inside JSONP from `getMessage.do`, which wants a Referer.

Each server has a largest window of its own; above it the answer is empty or HTTP 404. So a large one is tried first, and
a smaller one wherever nothing comes.
"""

import re
from urllib.parse import urlencode

from govscrape.cms.addresses import absolute, query_of
from govscrape.cms.links import find_links, row_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import RECORD, assigned, at, read_json, total_record

NAME = "truecms"

ARTICLE = re.compile(r"/content/[0-9a-f-]{8,}\.html?$")
WINDOWS = (50, 20, 10)  # what the servers seen take: 50, 20 or fewer


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a list page asks `getMessage.do` for its records.

    >>> detect("", "proxyUrl:'/truecms/messageController/getMessage.do'")
    True
    """
    return "messageController/getMessage.do" in html


def read_list(reply: Reply) -> ListPage:
    """Read an answer of `getMessage.do`; where nothing came, ask for the same records in a smaller window.

    >>> page = Reply("http://a.cn/x/", "columnId:'7', proxyUrl:'/truecms/messageController/getMessage.do'")
    >>> read_list(page).asks[0].url.partition("?")[2]
    'callback=cb&startrecord=1&endrecord=50&perpage=50&columnId=7'
    """
    asked = query_of(reply.ask.url)
    if reply.number == 0 or "startrecord" not in asked:
        return _read_page(reply)
    start, size = int(asked["startrecord"]), int(asked["perpage"])
    result = str(at(read_json(reply.text), "result") or "")
    records = RECORD.findall(result)
    if records:
        start += len(records)
    else:
        size = next((smaller for smaller in WINDOWS if smaller < size), 0)
    total = total_record(result) or reply.total
    base = reply.ask.url.partition("?")[0]
    onwards = _ask(base, asked["columnId"], start, size, reply.column_url, probe=total is None and start > 1)
    return ListPage(row_links(reply.column_url, records), (onwards,) if size else (), total)


def _read_page(reply: Reply) -> ListPage:
    """The records inside the page, if it has any, and the request for those after them."""
    inline = row_links(reply.url, RECORD.findall(reply.text)) or find_links(reply.url, reply.text, ARTICLE.search)
    total = total_record(reply.text)
    proxy, column = assigned(reply.text, "proxyUrl"), assigned(reply.text, "columnId")
    base = absolute(reply.url, proxy or "/truecms/messageController/getMessage.do")
    asks = (_ask(base, column, len(inline) + 1, WINDOWS[0], reply.url),) if base and column else ()
    return ListPage(inline, asks, total)


def _ask(base: str, column: str, start: int, size: int, referer: str, *, probe: bool = False) -> Ask:
    query = {
        "callback": "cb",
        "startrecord": start,
        "endrecord": start + size - 1,
        "perpage": size,
        "columnId": column,
    }
    return Ask(f"{base}?{urlencode(query)}", headers={"Referer": referer}, probe=probe)
