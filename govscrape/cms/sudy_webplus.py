"""Sudy WebPlus (苏迪): static pages `list.htm`, `list2.htm` …, with counts in the paging bar."""

import re
from urllib.parse import urljoin

from parsel import Selector

from govscrape.cms.addresses import absolute, path_of
from govscrape.cms.links import find_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import number

NAME = "sudy_webplus"

MADE_BY = re.compile(r"""wp_paging_w\d+|wp_articlecontent|sudyfile-attr|sudy-wp-context""")
ARTICLE = re.compile(r"/page\.(?:htm|psp)$|/c\d+a\d+/page\w*\.htm$")


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a page was made by WebPlus.

    >>> detect("", '<div id="wp_paging_w6">')
    True
    """
    return bool(MADE_BY.search(html))


def read_list(reply: Reply) -> ListPage:
    """Read a list page; the next one is where 下一页 leads, else counted on to the number of pages that the bar gives.

    >>> page = "<a href='/2024/0305/c1a2/page.htm'>甲</a><div id='wp_paging_w6'><em class='all_pages'>3</em></div>"
    >>> read_list(Reply("http://a.cn/tzgg/list.htm", page)).asks[0].url
    'http://a.cn/tzgg/list2.htm'
    """
    links = find_links(reply.url, reply.text, lambda url: ARTICLE.search(path_of(url)))
    page = Selector(reply.text or "<html/>", "html")
    total = number(page.css("em.all_count::text").get("").strip())
    onwards = _onwards(reply, page) if links else None
    return ListPage(links, (Ask(onwards),) if onwards else (), total)


def _onwards(reply: Reply, page: Selector) -> str | None:
    href = page.css("a.next::attr(href)").get()
    if href:
        return None if href.startswith("javascript") else absolute(reply.url, href)
    pages = number(page.css("em.all_pages::text").get("").strip()) or 0
    return urljoin(reply.url, f"list{reply.number + 2}.htm") if reply.number + 2 <= pages else None
