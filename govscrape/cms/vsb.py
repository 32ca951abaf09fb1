"""VSB (博达): static pages that count down, so that the address of an old page never changes.

Page 1 is `slug.htm`, page 2 of T is `slug/{T-1}.htm`, the last is `slug/1.htm`.
"""

import re

from parsel import Selector

from govscrape.cms.addresses import absolute, path_of
from govscrape.cms.links import find_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import number

NAME = "vsb"

MADE_BY = re.compile(
    r"""id=["']vsb_content|v_news_content|_newscontent_fromname|id=["']line_u\d|/system/resource/js/"""
    r"""|class=["']p_next p_fun|href=["'][^"']*info/\d+/\d+\.htm["']"""
)
ARTICLE = re.compile(r"/info/\d+/\d+\.htm$|/content\.jsp$")


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a page was made by VSB.

    >>> detect("", '<li id="line_u10_0"><a href="info/1023/4567.htm">甲</a></li>')
    True
    """
    return bool(MADE_BY.search(html))


def read_list(reply: Reply) -> ListPage:
    """Read a list page; the next one is where 下页 leads, else it is counted down from the highest page number.

    >>> page = "<a href='info/1/2.htm'>甲</a><span class='p_pages'><span class='p_no'><a href='tzgg/1.htm'>140</a></span></span>"
    >>> read_list(Reply("http://a.cn/tzgg.htm", page)).asks[0].url
    'http://a.cn/tzgg/139.htm'
    """
    links = find_links(reply.url, reply.text, lambda url: ARTICLE.search(path_of(url)))
    onwards = _onwards(reply) if links else None
    return ListPage(links, (Ask(onwards, memo={"column": _column(reply)}),) if onwards else ())


def _onwards(reply: Reply) -> str | None:
    page = Selector(reply.text or "<html/>", "html")
    if page.css(".p_next_d"):
        return None
    href = page.css(".p_next a::attr(href), a.p_next::attr(href)").get()
    if href and not href.startswith(("javascript", "#")):
        return absolute(reply.url, href)
    shown = [number(text) or 0 for text in page.css(".p_no a::text, .p_no_d::text, a.p_no::text").getall()]
    left = max(shown, default=0) - reply.number - 1
    return f"{_column(reply).removesuffix('.htm')}/{left}.htm" if left >= 1 else None


def _column(reply: Reply) -> str:
    return reply.ask.memo.get("column", reply.url)
