"""TRS WCM: static list pages counted from 0, articles named by their day.

`createPageHTML(T, cur, "index", "html")` stands for T pages: `index.html`, `index_1.html` … `index_{T-1}.html`. Another
family calls a function of the same name with a string first and counts from 1: only a number first is TRS.
"""

import re
from typing import NamedTuple
from urllib.parse import urljoin

from govscrape.cms.addresses import path_of
from govscrape.cms.links import find_links
from govscrape.cms.list_page import Ask, ListPage, Reply
from govscrape.cms.scripts import assigned
from govscrape.cms.scripts import number as count_of

NAME = "trs"

# The number of records may stand before the number of pages: createPageHTML(records, T, cur, "index", "html").
PAGING = re.compile(
    r"""createPage(?:HTML)?\(\s*(?:\d+\s*,\s*)?(?P<pages>\d+)\s*,\s*\d+\s*,"""
    r"""\s*["'](?P<stem>[\w-]+)["']\s*,\s*["'](?P<ext>\w+)["']"""
)
PAGER = re.compile(  # the same count in newer templates: Pager({size:266, current:0, prefix:'index', suffix:'html'})
    r"""Pager\(\{\s*size\s*:\s*(?P<pages>\d+)\s*,\s*current\s*:\s*\d+\s*,"""
    r"""\s*prefix\s*:\s*["'](?P<stem>[\w-]+)["']\s*,\s*suffix\s*:\s*["'](?P<ext>\w+)["']"""
)
COUNT_PAGE = re.compile(r"\bcountPage\s*=\s*[\"']?(\d+)")
UNSURE = re.compile(r"pagination_script_config|\btotalData\b")  # whether pages or records are counted differs by site
MADE_BY = re.compile(r"createPage(?:HTML)?\(\s*\d+\s*,|TRS_Editor|TRS_UEDITOR|trs_editor_view|trs_paper_default")
ARTICLE = re.compile(
    r"/t\d{8}_\d+\.s?html?$|/content_\d+\.s?html?$|/c_\d+\.s?html?$|/\d{8}/[0-9a-f]{16,}/c\.html?$"
    r"|/web/.*/\d{12,}/index\.s?html?$"
)


class _Next(NamedTuple):
    """The name of the next list page, and whether it is but a guess that there is one."""

    name: str
    guess: bool = False


def detect(url: str, html: str) -> bool:  # noqa: ARG001
    """Say whether a page was made by TRS WCM.

    >>> detect("", '<script>createPageHTML(12, 0, "index", "html");</script>')
    True
    >>> detect("", "<script>createPageHTML('page_div', 12, 1, 'list', 'shtml', 100);</script>")
    False
    """
    return bool(MADE_BY.search(html) or re.search(r"""href=["'][^"']*/t\d{8}_\d+\.s?html?["']""", html))


def is_article(url: str) -> bool:
    """Say whether an address is one of an article.

    >>> is_article("http://a.cn/tzgg/202403/t20240305_1234.html"), is_article("http://a.cn/tzgg/index_1.html")
    (True, False)
    """
    return bool(ARTICLE.search(path_of(url)))


def read_list(reply: Reply) -> ListPage:
    """Read a list page; where the list shows no day for an article, the day in its address stands in.

    The page's own count of where it stands is not used: some sites write 0 on every page. A page without articles, as
    the stubs are that some sites keep for pages long gone, is the end.

    >>> html = '<a href="./202403/t20240305_7.html">甲</a><script>createPageHTML(2, 0, "index", "html")</script>'
    >>> page = read_list(Reply("http://a.cn/x/", html))
    >>> page.asks[0].url, page.links[0].day
    ('http://a.cn/x/index_1.html', datetime.date(2024, 3, 5))
    """
    links = find_links(reply.url, reply.text, is_article)
    onwards = _onwards(reply)
    moves_on = not onwards or not onwards.guess or any(link.url not in reply.listed for link in links)
    if not (onwards and links and moves_on):
        return ListPage(links)
    return ListPage(links, (Ask(urljoin(reply.url, onwards.name), probe=onwards.guess),))


def _onwards(reply: Reply) -> _Next | None:
    html, number = reply.text, reply.number + 1
    if paging := PAGING.search(html) or PAGER.search(html):
        return (
            _Next(f"{paging['stem']}_{number}.{paging['ext']}") if number < (count_of(paging["pages"]) or 0) else None
        )
    count = COUNT_PAGE.search(html)
    if not (count or UNSURE.search(html)) or (count and number >= (count_of(count[1]) or 0)):
        return None
    stem, suffix = _name(reply)
    return _Next(f"{stem}_{number}{suffix}", guess=not count)


def _name(reply: Reply) -> tuple[str, str]:
    """Stem and suffix of the list's pages; the ministry of ecology has the page's id between index and number."""
    file = path_of(reply.url).rpartition("/")[2]
    suffix = file[file.rindex(".") :] if "." in file else ".html"
    stem = (
        re.sub(r"_\d+$", "", file.removesuffix(suffix))
        if reply.number == 0
        else file.removesuffix(suffix).rpartition("_")[0]
    )
    page_id = assigned(reply.text, "PAGEID")
    return (f"index_{page_id}" if page_id else stem or "index"), suffix
