"""TRS WCM: static list pages counted from 0, articles named by their day.

`createPageHTML(T, cur, "index", "html")` stands for T pages: `index.html`, `index_1.html` … `index_{T-1}.html`. Another
family calls a function of the same name with a string first and counts from 1: only a number first is TRS.
"""

import re
from urllib.parse import urljoin, urlsplit

from govscrape.cms.list_page import Link, ListPage, day_of, find_links

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
MADE_BY = re.compile(r"createPage(?:HTML)?\(\s*\d+\s*,|TRS_Editor|TRS_UEDITOR|trs_editor_view|trs_paper_default")
ARTICLE = re.compile(r"/t(\d{4})(\d\d)(\d\d)_\d+\.s?html?$")


def detect(html: str) -> bool:
    """Say whether a page was made by TRS WCM.

    >>> detect('<script>createPageHTML(12, 0, "index", "html");</script>')
    True
    >>> detect("<script>createPageHTML('page_div', 12, 1, 'list', 'shtml', 100);</script>")
    False
    """
    return bool(MADE_BY.search(html) or re.search(r"""href=["'][^"']*/t\d{8}_\d+\.s?html?["']""", html))


def is_article(url: str) -> bool:
    """Say whether an address is one of an article.

    >>> is_article("http://a.cn/tzgg/202403/t20240305_1234.html"), is_article("http://a.cn/tzgg/index_1.html")
    (True, False)
    """
    return bool(ARTICLE.search(urlsplit(url).path))


def read_list(url: str, html: str, number: int) -> ListPage:
    """Read list page `number` (from 0); where the list shows no day for an article, the day in its address stands in.

    The page's own count of where it stands is not used: some sites write 0 on every page.

    >>> html = '<a href="./202403/t20240305_7.html">甲</a><script>createPageHTML(2, 0, "index", "html")</script>'
    >>> page = read_list("http://a.cn/x/", html, 0)
    >>> page.next_url, page.links[0].day
    ('http://a.cn/x/index_1.html', datetime.date(2024, 3, 5))
    """
    links = tuple(_dated(link) for link in find_links(url, html, is_article))
    paging = PAGING.search(html) or PAGER.search(html)
    if not paging or number + 1 >= int(paging["pages"]):
        return ListPage(links)
    return ListPage(links, urljoin(url, f"{paging['stem']}_{number + 1}.{paging['ext']}"))


def _dated(link: Link) -> Link:
    in_address = ARTICLE.search(urlsplit(link.url).path)
    return link if link.day or not in_address else Link(link.url, day_of(*in_address.groups()))
