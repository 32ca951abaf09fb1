"""What a crawl must do with one site that has, beside good articles, everything that can go wrong with a fetch."""

import gzip
from dataclasses import replace

import pytest

from tests.sim.crawling import Crawled, crawl
from tests.sim.demo_site import good_articles
from tests.sim.server import Page
from tests.sim.trs_site import Article, Section, article_page, list_pages, robots

GOOD = [article for article in good_articles() if article.kind == "news"]
BAD = {
    "missing": Page(b"", status=404),
    "broken": Page(b"oops", status=500),
    "forbidden": article_page(Section("zwyw", "要闻"), GOOD[0]),
    "elsewhere": Page(b"", status=302, headers={"Location": "http://elsewhere.example/zwyw/t20240101_1.html"}),
    "refresh": Page(b'<html><meta http-equiv="refresh" content="0;url=http://elsewhere.example/"></html>'),
    "metadata": Page(b"", status=301, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
    "local_file": Page(b"", status=302, headers={"Location": "file:///etc/passwd"}),
    "loop": Page(b"", status=302, headers={"Location": "?again"}),
    "double": Page(b"", status=302, headers={"Location": "/" + GOOD[0].path}),
    "pdf": Page(b"%PDF-1.4 \x00\x01\x02", "application/pdf"),
    "large": Page(b"x", headers={"Content-Length": str(10**9)}),
    "bomb": Page(gzip.compress(bytes(64 << 20)), headers={"Content-Encoding": "gzip"}),
}


def path(name: str) -> str:
    """The address of a bad page, in the form that TRS gives its articles."""
    return f"zwyw/202401/{name}/t20240101_1.html"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    bad = [Article(path(name), name, "") for name in BAD]
    twice = replace(GOOD[0], title="同一篇再列一次")
    section = Section("zwyw", "要闻", articles=[*GOOD[:5], *bad[:4], twice, *GOOD[5:], *bad[4:]])
    pages = dict(list_pages(section)) | {article.path: article_page(section, article) for article in GOOD}
    pages |= {path(name): page for name, page in BAD.items()}
    pages["robots.txt"] = robots(["/zwyw/202401/forbidden/"])
    return crawl(pages, tmp_path_factory.mktemp("crawl") / "news.jsonl")


def test_every_article_comes_out_exactly_once(crawled: Crawled) -> None:
    assert crawled.paths() == sorted(article.path for article in GOOD)


def test_text_and_metadata_are_those_of_the_article(crawled: Crawled) -> None:
    for record in crawled.records:
        (article,) = (a for a in GOOD if record["url"].endswith(a.path))
        assert record["text"].splitlines() == article.paragraphs
        assert record["title"] == article.title
        assert record["meta"]["source"] == article.source
        assert record["meta"]["published_at"].startswith(article.day)


def test_no_page_is_asked_for_twice(crawled: Crawled) -> None:
    """Save those that are retried, or that redirects lead to."""
    asked = [asked.path.lstrip("/") for asked in crawled.asked if "?" not in asked.path]
    assert {p for p in asked if asked.count(p) > 1} == {path("broken"), GOOD[0].path}
    assert asked.count(GOOD[0].path) == 2
    assert asked.count(path("broken")) == 3


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("missing", "fetch_failed", "HTTP 404"),
        ("broken", "fetch_failed", "HTTP 500"),
        ("forbidden", "fetch_failed", "robots.txt"),
        ("elsewhere", "fetch_failed", "elsewhere.example"),
        ("refresh", "fetch_failed", "elsewhere.example"),
        ("metadata", "fetch_failed", "169.254.169.254"),
        ("local_file", "fetch_failed", "HTTP 302"),
        ("loop", "fetch_failed", "max redirections reached"),
        ("double", "duplicate", GOOD[0].path),
        ("pdf", "not_html", "application/pdf"),
        ("large", "too_large", ""),
        ("bomb", "too_large", "decompressed"),
    ],
)
def test_what_cannot_be_used_is_a_reject_with_its_reason(crawled: Crawled, name: str, reason: str, detail: str) -> None:
    reject = crawled.reject(path(name))
    assert reject["reason"] == reason
    assert detail in reject["detail"]


def test_every_page_asked_for_is_a_record_or_a_reject(crawled: Crawled) -> None:
    summary = crawled.summary
    assert summary.tally.articles.total() == len(GOOD) + len(BAD)
    assert len(crawled.records) + len(crawled.rejects) == summary.tally.articles.total()
    assert summary.tally.rejects.total() == len(crawled.rejects)
    assert summary.tally.records.total() == len(crawled.records)
    assert summary.exit_code == 1
