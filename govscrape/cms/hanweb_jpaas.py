"""Hanweb jpaas (大汉, new): the list is built by the server, a piece of markup in JSON, from a unit the page describes.

Most servers go by `paramJson`, some by a bare `pageNo`; both are sent. Some networks give page 1 to every request: the
walk ends there with a warning.
"""

import html as markup
import json
import re
from urllib.parse import urlencode

from govscrape.cms.addresses import query_of, root_of
from govscrape.cms.links import find_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import assigned, at, number, read_json

NAME = "hanweb_jpaas"

BUILD = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY_DATA = re.compile(r"""queryData\s*=\s*(?:"([^"]*)"|'(\{.*?\})')""")
IDS = ("webId", "tplSetId", "tagId", "pageId")
COUNT = re.compile(r"""\bcount\s*=\s*["'](\d+)""")
ARTICLE = re.compile(r"/art/.*art_\w+\.s?html?$")
PAGE_SIZE = 15


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a list page has its list built by jpaas.

    >>> detect("", '<script src="/script/unitbuild.js" queryData="{\\'webId\\':\\'1\\'}"></script>')
    True
    """
    return "jpaas-publish-server" in html or "unitbuild.js" in html


def read_list(reply: Reply) -> ListPage:
    """Read a built unit. Of several units on the page the one whose name says list is taken.

    >>> page = Reply("http://a.cn/col/col7/", '<script queryData="{\\'webId\\':\\'1\\',\\'tplSetId\\':\\'2\\',\\'pageId\\':\\'3\\'}">')
    >>> read_list(page).asks[0].url.partition("?")[2][:64]
    'parseType=bulidstatic&pageType=column&editType=null&webId=1&tplS'
    """
    if BUILD not in reply.ask.url:
        unit = _unit(reply.text)
        return ListPage(asks=(_ask(root_of(reply.url) + BUILD, unit, 1, reply.url),) if unit else ())
    data = at(read_json(reply.text), "data")
    html = data if isinstance(data, str) else str(at(data, "html") or "")
    links = find_links(reply.column_url, html, ARTICLE.search)
    total = number(count[1]) if (count := COUNT.search(html)) else reply.total
    asked = query_of(reply.ask.url)
    base, page = reply.ask.url.partition("?")[0], int(asked["pageNo"]) + 1
    onwards = _ask(base, asked, page, reply.column_url, probe=total is None)
    return ListPage(links, (onwards,) if links else (), total)


def _unit(html: str) -> dict[str, str]:
    """The parameters of the page's list, from the `queryData` of a script element, else from the page's script."""
    units = [data for found in QUERY_DATA.finditer(html) if (data := _data(found[1] or found[2]))]
    named = {key: value for key in IDS if (value := assigned(html, key))}
    fits = [unit for unit in (*units, named) if {"webId", "tplSetId", "pageId"} <= unit.keys()]
    unit = max(
        fits, key=lambda unit: bool(re.search("list|列表|分页", unit.get("tagId", ""), re.IGNORECASE)), default={}
    )
    usual = {"parseType": "bulidstatic", "pageType": "column", "editType": "null"}  # the misspelling is theirs
    return usual | unit if unit else {}


def _data(text: str) -> dict[str, str]:
    """Read JSON that is quoted with single quotes, as it must be inside an attribute."""
    read = read_json(markup.unescape(text).replace("'", '"'))
    return {key: str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def _ask(base: str, unit: dict[str, str], page: int, referer: str, *, probe: bool = False) -> Ask:
    paging = {"paramJson": json.dumps({"pageNo": page, "pageSize": PAGE_SIZE}, separators=(",", ":")), "pageNo": page}
    return Ask(f"{base}?{urlencode(unit | paging)}", headers={"Referer": referer}, probe=probe)
