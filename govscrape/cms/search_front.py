"""The search of Hanweb's newer sites (`search-front-server`, MIIT): lists as JSON, by an address that the page names."""

import html as markup
import re

from govscrape.cms.addresses import absolute, query_of, with_query
from govscrape.cms.links import json_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import at, entries, number, read_json

NAME = "search_front"

SEARCH = re.compile(r"""["']([^"'\s]*search-front-server/api/search/info\?[^"'\s]+)["']""")
DAY_KEYS = ("deploytime", "cdate")


def detect(url: str, html: str) -> bool:
    """Say whether a list comes from this search; the address of a column may be the search's own.

    >>> detect("http://a.cn/search-front-server/api/search/info?websiteid=1&cateid=57&p=1", "{}")
    True
    """
    return "search-front-server" in url or "search-front-server" in html


def read_list(reply: Reply) -> ListPage:
    """Read an answer of the search, and ask for the next page until its total is reached.

    >>> page = Reply("http://a.cn/zwgk/", "var u = '/search-front-server/api/search/info?websiteid=1&amp;cateid=57&amp;p=1';")
    >>> read_list(page).asks[0].url
    'http://a.cn/search-front-server/api/search/info?websiteid=1&cateid=57&p=1'
    """
    result = at(read_json(reply.text), "data", "searchResult")
    if result is None:
        search = SEARCH.search(reply.text) if reply.number == 0 else None
        url = absolute(reply.url, markup.unescape(search[1])) if search else None
        return ListPage(asks=(Ask(url, headers={"Referer": reply.url}),) if url else ())
    found = (entry.get("data") for entry in entries(result, "dataResults"))
    rows = [data for data in found if isinstance(data, dict)]
    links = json_links(reply.column_url, rows, "url", *DAY_KEYS)
    page = number(query_of(reply.url).get("p")) or 1
    asks = (Ask(with_query(reply.url, p=page + 1), headers=reply.ask.headers),) if links else ()
    return ListPage(links, asks, number(at(result, "totalCount")))
