"""What a simulated site is, and the markup around everything that it shows."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.sim.server import Page, Program
from tests.sim.stories import Story

HTML = "text/html; charset=utf-8"
TOP = """<div class="top"><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/hdjl/">互动交流</a> <a href="/zwfw/">政务服务</a>
<form action="/search"><input name="q" value="请输入关键字"></form></div>"""
FOOT = """<div class="footer"><p>主办：云川市人民政府办公室　承办：云川市大数据中心</p>
<p>网站标识码：9911770001　云ICP备05000001号</p></div>"""


@dataclass(frozen=True)
class Sim:
    """A simulated site: the path of its column, the articles it has by their path, its pages and its program.

    `family` is what must be detected, `cms` what the spec says. `warning` is what the crawl must say of it.
    """

    family: str
    column: str
    articles: dict[str, Story]
    pages: dict[str, Page]
    program: Program = lambda _: None
    cms: str = "auto"
    warning: str = ""
    unlisted: frozenset[str] = field(default_factory=frozenset)

    @property
    def reachable(self) -> dict[str, Story]:
        """The articles that can be found, those that the server keeps back left out."""
        return {path: story for path, story in self.articles.items() if path not in self.unlisted}


def page(title: str, body: str, *, head: str = "") -> Page:
    """A page of the site."""
    return Page(
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}</title>\n{head}</head>'
        f"<body>{TOP}\n{body}\n{FOOT}</body></html>".encode(),
        HTML,
    )


def meta(story: Story) -> str:
    """The meta tags that the guidelines for government sites ask for."""
    values = {
        "SiteName": "云川市人民政府",
        "ArticleTitle": story.title,
        "PubDate": f"{story.day} {story.clock}",
        "ContentSource": story.source,
    }
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in values.items())


def answer(value: Any, kind: str = "application/json;charset=utf-8") -> Page:
    """An answer of a program, as JSON."""
    return Page(json.dumps(value, ensure_ascii=False).encode(), kind)


def text(value: str, kind: str = HTML) -> Page:
    """An answer of a program, as it is."""
    return Page(value.encode(), kind)


def article_pages(articles: dict[str, Story], template: Callable[[Story], Page]) -> dict[str, Page]:
    """The pages of all articles."""
    return {path: template(story) for path, story in articles.items()}


def cut(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Cut rows into pages."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def rows_of(articles: Iterable[tuple[str, Story]], form: str) -> str:
    """Rows of a list, by a form with `{path}`, `{title}`, `{day}`."""
    return "\n".join(form.format(path=path, title=escape(story.title), day=story.day) for path, story in articles)
