"""Hanweb jpage (大汉 JCMS, 版通): records as XML, the first of them inside the page, the others from `dataproxy.jsp`.

Some servers go by `startrecord`, some only by `page`; both are sent, and where an answer is shorter than asked for, the
next request begins after what came. Where the ids are encrypted only the server's own link to the next group works.
"""

import html as markup
import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from govscrape.cms.addresses import absolute, path_of, query_of, with_query
from govscrape.cms.links import row_links
from govscrape.cms.list_page import Ask, Link, ListPage, Reply
from govscrape.cms.scripts import RECORD, assigned, total_record

NAME = "hanweb_jpage"

COLUMN = re.compile(r"/col/col(\w+)")
PROXY = re.compile(r"""["']([^"'?\s]*dataproxy\.jsp)""")
NEXT_GROUP = re.compile(r"<nextgroup>.*?href=[\"']([^\"']*dataproxy\.jsp[^\"']*)[\"']", re.DOTALL)
COPIED = {  # the parameters of a request, with what stands for one that the page does not give
    "col": "1",
    "appid": "1",
    "webid": "1",
    "path": "/",
    "columnid": "",
    "sourceContentType": "1",
    "unitid": "",
    "webname": "",
    "permissiontype": "0",
}
USUAL_SIZE = 45  # three pages of 15, which is what the pages' own script asks for
MAX_SIZE = 100  # servers cut what is above about 300


@dataclass(frozen=True, slots=True)
class _Unit:
    """One list on a page: its text, its records' markup, the parameters to ask for more."""

    text: str
    records: list[str]
    group: str
    query: dict[str, str]


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a list page is one of jpage.

    >>> detect("", "<script>var u = '/module/web/jpage/dataproxy.jsp';</script>"), detect("", "/module/xxgk/search.jsp")
    (True, False)
    """
    if "dataproxy.jsp" in html:
        return True
    inline = "<datastore>" in html or "<recordset>" in html or "<record><![CDATA[" in html
    return inline and "getMessage.do" not in html


def read_list(reply: Reply) -> ListPage:
    """Read the records of a page or of an answer of `dataproxy.jsp`, and say how to ask for the next ones.

    Of several lists on the page the one of the column in the address is taken, the others are left alone.

    >>> page = "totalRecord:90,proxyUrl:'/p/dataproxy.jsp',columnid:'7',unitid:'8'<record><![CDATA[<a href='/1'>]]></record>"
    >>> read_list(Reply("http://a.cn/col/col7/index.html", page)).asks[0].url[:66]
    'http://a.cn/p/dataproxy.jsp?startrecord=2&endrecord=2&perpage=1&pa'
    """
    return _read_answer(reply) if "dataproxy.jsp" in reply.ask.url else _read_page(reply)


def _read_page(reply: Reply) -> ListPage:
    column = COLUMN.search(path_of(reply.url))
    unit = _choose(_units(reply.text), column[1] if column else "")
    links = row_links(reply.url, unit.records)
    total = total_record(unit.text)
    headers = {"Referer": reply.url}
    group = (absolute(reply.url, unit.group) if unit.group else None) or ""
    if group and not unit.query["columnid"].isdigit():
        return ListPage(links, (Ask(group, headers=headers, probe=True),), total)
    proxy = absolute(reply.url, _proxy(reply.text))
    if proxy in (None, reply.url):
        return ListPage(links, total=total)
    size = min(len(unit.records) or USUAL_SIZE, MAX_SIZE)
    window = _window(start=len(unit.records) + 1, size=size, page=2 if unit.records else 1)
    url = f"{proxy}?{urlencode(window | unit.query)}"
    return ListPage(links, (Ask(url, headers=headers, memo={"group": group}, probe=total is None),), total)


def _read_answer(reply: Reply) -> ListPage:
    records = RECORD.findall(reply.text)
    links = row_links(reply.column_url, records)
    if "group" not in reply.ask.memo:
        return _read_group(reply, links)
    group = reply.ask.memo["group"]
    if not records:
        return ListPage(asks=(Ask(group, headers=reply.ask.headers, probe=True),) if group else ())
    asked = query_of(reply.ask.url)
    size = min(int(asked["perpage"]), len(records))
    window = _window(start=int(asked["startrecord"]) + len(records), size=size, page=int(asked["page"]) + 1)
    onwards = replace(reply.ask, url=with_query(reply.ask.url, **window))
    return ListPage(links, (onwards,), total_record(reply.text))


def _read_group(reply: Reply, links: tuple[Link, ...]) -> ListPage:
    """Follow the server's own link; the first group may be the page's own once more."""
    group = NEXT_GROUP.search(reply.text)
    href = absolute(reply.column_url, markup.unescape(group[1])) if group else None
    fresh = any(link.url not in reply.listed for link in links)
    moves_on = links and href and href != reply.ask.url
    return ListPage(links if fresh else (), (replace(reply.ask, url=href),) if href and moves_on else ())


def _units(html: str) -> list[_Unit]:
    starts = [found.start() for found in re.finditer("<datastore>", html)] or [0]
    return [_unit(html[start:end]) for start, end in zip(starts, [*starts[1:], len(html)], strict=True)]


def _unit(text: str) -> _Unit:
    group = NEXT_GROUP.search(text)
    href = markup.unescape(group[1]) if group else ""
    in_href = query_of(href)
    query = {key: in_href.get(key) or assigned(text, key) or usual for key, usual in COPIED.items()}
    return _Unit(text, RECORD.findall(text), href, query)


def _choose(units: list[_Unit], column: str) -> _Unit:
    def fit(unit: _Unit) -> tuple[bool, int, int]:
        return unit.query["columnid"] == column, unit.text.count(f"art_{column}_"), len(unit.records)

    return max(units, key=fit)


def _proxy(html: str) -> str:
    found = PROXY.search(html)
    return assigned(html, "proxyUrl") or (found[1] if found else "")


def _window(*, start: int, size: int, page: int) -> dict[str, str]:
    return {"startrecord": str(start), "endrecord": str(start + size - 1), "perpage": str(size), "page": str(page)}
