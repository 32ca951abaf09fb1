"""The demo's site: 13 good articles in two encodings, and everything that can be wrong with a page beside them."""

import tomllib
from dataclasses import replace
from pathlib import Path

from tests.sim.damage import SPAM_LINES, damage_text, junk_tags
from tests.sim.server import NOT_FOUND, Page
from tests.sim.trs_site import Article, Section, article_html, article_page, list_pages, robots

PAGES = Path(__file__).with_name("pages")

SPEC = """\
name = "云川市人民政府（模拟）"
hosts = ["127.0.0.1"]
cms = "auto"
private_addresses = true
stale_after = 100000

[politeness]
delay = 0.05
concurrency = 2

[[columns]]
name = "政务要闻"
url = "{root}zwyw/index.html"

[[columns]]
name = "通知公告"
url = "{root}tzgg/index.html"
"""

SPAM = Article(
    "zwyw/202403/t20240314_1011.html",
    "2024年今晚新澳门开奖结果查询_管家婆一码一肖实施方案的通知",
    """
　　2024年今晚新澳门开奖结果查询,管家婆一码一肖100准,澳门六合彩资料大全,本期必中特码三肖六码
　　各单位：为落实新澳门今晚开奖号码实施方案，注册即送88元，下载APP每日签到领彩金，真人在线百家乐、棋牌、电子游艺应有尽有
　　香港马会资料免费公开_四不像图_天下彩免费资料大全_49图库_澳门精准一肖一码
　　精选资料：澳门金牛网, 王中王心水论坛, 白小姐中特网, 黄大仙救世网, 天线宝宝心水报
""",
    source="澳门彩票网",
)
MISSING = Article("zwyw/202402/t20240226_1013.html", "我市召开第一季度安全生产例会", "")
NOT_AN_ARTICLE = Article("zwyw/202403/t20240301_1012.html", "专题：优化营商环境", "")


def good_articles() -> list[Article]:
    """The articles that must come out whole, the one that a mirror damaged (`mirror_article`) not among them."""
    return [Article(**entry) for entry in _data()["article"]]


def mirror_article() -> Article:
    """The article behind the hacked page, as it was before."""
    return Article(**_data()["mirror"])


def demo_pages() -> dict[str, Page]:
    """All pages of the site by their path."""
    good = good_articles()
    first = good[0]
    double = replace(first, path="zwyw/202403/t20240316_1014.html")
    news = [a for a in good if a.path.startswith("zwyw/")] + [SPAM, MISSING, NOT_AN_ARTICLE, double, mirror_article()]
    zwyw = Section("zwyw", "政务要闻", articles=sorted(news, key=lambda a: a.day, reverse=True))
    tzgg = Section("tzgg", "通知公告", "gbk", [a for a in good if a.path.startswith("tzgg/")])
    pages = dict([*list_pages(zwyw), *list_pages(tzgg)])
    pages |= {a.path: article_page(tzgg if a.encoding == "gbk" else zwyw, a) for a in [*good, SPAM, double]}
    pages[mirror_article().path] = hacked_page(zwyw, mirror_article())
    pages[NOT_AN_ARTICLE.path] = pages["zwyw/index.html"]
    pages[MISSING.path] = NOT_FOUND
    pages["robots.txt"] = robots()
    return pages


def hacked_page(section: Section, article: Article) -> Page:
    """The article as a hacked mirror shows it: damaged text, spam in the title and between, junk tags all over."""
    paragraphs = [damage_text(p) for p in article.paragraphs]
    paragraphs.insert(2, SPAM_LINES[1])
    damaged = replace(article, title=damage_text(article.title), text="\n".join([SPAM_LINES[0], *paragraphs]))
    html = article_html(section, damaged).replace("<title>", f"<title>{SPAM_LINES[0]}-")
    return Page(junk_tags(html).encode(), "text/html; charset=utf-8")


def _data() -> dict[str, list[dict[str, str]] | dict[str, str]]:
    return tomllib.loads((PAGES / "demo.toml").read_text("utf-8"))
