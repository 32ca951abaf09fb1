"""Pages in the manner of TRS WCM: list pages, news and notices, with the furniture that real pages have."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from tests.sim.server import Page


@dataclass(frozen=True)
class Article:
    """An article as its editors wrote it; `text` has a paragraph a line."""

    path: str
    title: str
    text: str
    kind: str = "news"
    encoding: str = "utf-8"
    source: str = ""
    author: str = ""
    editor: str = ""
    issuer: str = ""
    doc_no: str = ""
    index_no: str = ""
    topic: str = ""
    written: str = ""

    @property
    def day(self) -> str:
        """The day in the address, as YYYY-MM-DD."""
        digits = self.path.rpartition("/t")[2][:8]
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs without their indent."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Section:
    """A column: its folder and name."""

    folder: str
    name: str
    encoding: str = "utf-8"
    articles: Sequence[Article] = field(default_factory=tuple)


SITE_NAME = "云川市人民政府"
FOOTER = """<div class="footer"><p>主办：云川市人民政府办公室　承办：云川市大数据中心</p>
<p>网站标识码：9911770001　云ICP备05000001号　云公网安备 99110202000001号</p></div>
<script>document.write(unescape("%3Cspan id='_ideConac' %3E%3C/span%3E"));</script></body></html>
"""
SHARE = """<div class="fenxiang">分享到：<a href="javascript:;">微信</a> <a href="javascript:;">微博</a></div>
<div class="gn">字号：[<a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a> \
<a href="javascript:doZoom(14)">小</a>] <a href="javascript:window.print()">打印本页</a></div>"""


def list_pages(section: Section, a_page: int = 5) -> Iterator[tuple[str, Page]]:
    """The list pages of a section, counted from 0 as TRS does: index.html, index_1.html, …"""
    total = max(1, -(-len(section.articles) // a_page))
    for number in range(total):
        rows = "\n".join(_row(section, a) for a in section.articles[number * a_page : (number + 1) * a_page])
        paging = f'<script>createPageHTML({total}, {number}, "index", "html");</script>'
        body = f'<div class="list"><ul>\n{rows}\n</ul></div>\n<div class="page">{paging}</div>'
        name = f"index_{number}.html" if number else "index.html"
        html = _frame(section, section.name, _column_meta(section), body)
        yield f"{section.folder}/{name}", Page(html.encode(section.encoding), f"text/html; charset={section.encoding}")


def article_page(section: Section, article: Article) -> Page:
    """The page of an article. GBK pages declare gb2312, as most do, and only in the page."""
    html = article_html(section, article)
    kind = "text/html" if article.encoding == "gbk" else f"text/html; charset={article.encoding}"
    return Page(html.encode(article.encoding), kind)


def article_html(section: Section, article: Article) -> str:
    """The page of an article, as text."""
    body = "\n".join(f"<p>　　{escape(p)}</p>" if not _is_signature(p) else _signed(p) for p in article.paragraphs)
    styled = f'<div class="TRS_Editor"><style type="text/css">.TRS_Editor P{{line-height:2;}}</style>\n{body}\n</div>'
    head = _table(article) if article.kind == "notice" else _by_line(article)
    content = f'<div class="article"><h1>{escape(article.title)}</h1>\n{head}\n{SHARE}\n<div id="zoom">{styled}</div>'
    if article.editor:
        content += f'\n<p class="editor">责任编辑：{article.editor}</p>'
    content += '\n<div class="xg"><h3>相关链接</h3><ul><li><a href="../../zwyw/">政务要闻</a></li></ul></div></div>'
    return _frame(section, article.title, _article_meta(section, article), content, article.encoding)


def robots(disallow: Iterable[str] = ("/admin/",)) -> Page:
    """A robots.txt that forbids some folders."""
    return Page("\n".join(["User-agent: *", *(f"Disallow: {path}" for path in disallow), ""]).encode(), "text/plain")


def _row(section: Section, article: Article) -> str:
    href = "./" + article.path.removeprefix(f"{section.folder}/")
    title = escape(article.title)
    return f'<li><a href="{href}" target="_blank" title="{title}">{title}</a><span>{article.day}</span></li>'


def _frame(section: Section, title: str, meta: str, body: str, encoding: str | None = None) -> str:
    charset = "gb2312" if (encoding or section.encoding) == "gbk" else "utf-8"
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}" />
<title>{escape(title)}_{SITE_NAME}</title>
<meta name="SiteName" content="{SITE_NAME}" /><meta name="SiteDomain" content="www.yunchuan.example" />
<meta name="SiteIDCode" content="9911770001" /><meta name="ColumnName" content="{section.name}" />
{meta}<link rel="stylesheet" href="/images/style.css" /></head><body>
<div class="top"><a href="/">首页</a> <a href="/zwyw/">政务要闻</a> <a href="/tzgg/">通知公告</a> \
<a href="/zwfw/">政务服务</a>
<form action="/search"><input name="q" value="请输入关键字" /></form></div>
<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/{section.folder}/">{section.name}</a></div>
{body}
{FOOTER}"""


def _column_meta(section: Section) -> str:
    return f'<meta name="ColumnType" content="工作动态" /><meta name="ColumnDescription" content="{section.name}" />\n'


def _article_meta(section: Section, article: Article) -> str:
    values = {
        "ArticleTitle": article.title,
        "PubDate": f"{article.day} 09:30",
        "ContentSource": article.source or article.issuer,
        "Author": article.author,
    }
    return "".join(f'<meta name="{name}" content="{escape(value)}" />\n' for name, value in values.items() if value)


def _by_line(article: Article) -> str:
    parts = [f"发布时间：{article.day} 09:30", f"来源：{article.source}"]
    parts += [f"作者：{article.author}"] if article.author else []
    return '<div class="info">' + "　".join(f"<span>{part}</span>" for part in parts) + "</div>"


def _table(article: Article) -> str:
    pairs = [("索 引 号", article.index_no), ("主题分类", article.topic), ("发文机关", article.issuer)]
    pairs += [("成文日期", article.written), ("发文字号", article.doc_no), ("发布日期", article.day)]
    cells = [f"<td><b>{name}：</b></td><td>{escape(value)}</td>" for name, value in pairs]
    rows = "".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    return f'<table class="xxgk_table" width="100%">{rows}</table>'


def _is_signature(paragraph: str) -> bool:
    return len(paragraph) < 25 and not paragraph.endswith(("。", "：", "！", "？", "）"))


def _signed(paragraph: str) -> str:
    return f'<p align="right">{escape(paragraph)}</p>'
