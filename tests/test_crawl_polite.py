"""Manners, shown by the server's own log: how often and how many at a time it is asked, and when it is left alone."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from govscrape.crawl import CrawlSummary
from govscrape.guards import challenge_by
from govscrape.site_specs import parse_site
from tests.sim.crawling import path_of, read_lines, run_apart
from tests.sim.many_pages import Hit, QuickSite, article, site_pages
from tests.sim.server import Page
from tests.sim.specs import spec_of

ARTICLES = [article(number) for number in range(12)]
PAGES = site_pages(ARTICLES, 20)
SLACK = 0.1  # seconds that a request may take more or less on its way than the one before
CHALLENGE = Page(b"<html><script>var arg1='ABC';document.cookie='acw_sc__v2='+arg1;location.reload()</script></html>")


@pytest.fixture
def site() -> Iterator[QuickSite]:
    with QuickSite(dict(PAGES)) as quick:
        yield quick


def crawl(site: QuickSite, folder: Path, delay: float = 0, concurrency: int = 1, **options: Any) -> CrawlSummary:
    text = spec_of(site.root, delay=delay, concurrency=concurrency)
    return run_apart([parse_site(text, Path("sim.toml"))], folder, **options)


def gaps(hits: list[Hit]) -> list[float]:
    return [later.began - sooner.began for sooner, later in pairwise(hits)]


def robots(*lines: str) -> Page:
    return Page("\n".join(["User-agent: *", *lines, ""]).encode(), "text/plain")


def test_crawl_delay_is_kept_where_it_is_longer_than_the_spec(site: QuickSite, tmp_path: Path) -> None:
    site.pages["robots.txt"] = robots("Crawl-delay: 0.4")
    crawl(site, tmp_path, delay=0.1, concurrency=4, limit=4)
    assert min(gaps(site.hits[1:])) > 0.4 - SLACK


def test_the_specs_delay_is_kept_where_it_is_longer_than_crawl_delay(site: QuickSite, tmp_path: Path) -> None:
    site.pages["robots.txt"] = robots("Crawl-delay: 0.01")
    crawl(site, tmp_path, delay=0.3, concurrency=4, limit=4)
    assert min(gaps(site.hits)) > 0.3 - SLACK


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_requests_at_a_time_than_the_spec_says(site: QuickSite, tmp_path: Path, concurrency: int) -> None:
    site.wait = 0.1
    crawl(site, tmp_path, concurrency=concurrency)
    at_a_time = [sum(other.began <= hit.began < other.ended for other in site.hits) for hit in site.hits]
    assert max(at_a_time) == concurrency


def test_lists_and_redirects_keep_to_it_too(site: QuickSite, tmp_path: Path) -> None:
    site.wait = 0.05
    site.pages |= {f"tz{n}/index.html": PAGES["zwyw/index.html"] for n in range(6)}
    site.pages |= {each.path: Page(b"", status=302, headers={"Location": "/moved.html"}) for each in ARTICLES[:4]}
    columns = ", ".join(f'{{name = "通知{n}", url = "{site.root}tz{n}/index.html"}}' for n in range(6))
    text = spec_of(site.root, concurrency=2)
    text = text.replace("columns = [", f"columns = [{columns}, ")
    run_apart([parse_site(text, Path("sim.toml"))], tmp_path)
    assert sum("index" in hit.path for hit in site.hits) == 7
    at_a_time = [sum(other.began <= hit.began < other.ended for other in site.hits) for hit in site.hits]
    assert max(at_a_time) == 2
    assert site.most_connections <= 2


def test_robots_txt_holds_for_all_that_is_asked_for_at_first(site: QuickSite, tmp_path: Path) -> None:
    site.pages["robots.txt"] = robots("Disallow: /tz")
    columns = ", ".join(f'{{name = "通知{n}", url = "{site.root}tz{n}/index.html"}}' for n in range(5))
    text = spec_of(site.root).replace("columns = [", f"columns = [{columns}, ")
    run_apart([parse_site(text, Path("sim.toml"))], tmp_path, limit=1)
    assert [hit.path for hit in site.hits] == ["/robots.txt", "/zwyw/index.html", f"/{ARTICLES[0].path}"]
    assert len(read_lines(tmp_path / "rejects.jsonl")) == 5


def test_sites_that_share_a_host_share_its_manners(site: QuickSite, tmp_path: Path) -> None:
    slow = spec_of(site.root, delay=0.2, concurrency=1)
    quick = spec_of(site.root, column="tz/index.html")
    site.pages["tz/index.html"] = PAGES["zwyw/index.html"]
    specs = [parse_site(slow, Path("slow.toml")), parse_site(quick, Path("quick.toml"))]
    run_apart(specs, tmp_path, limit=3)
    assert min(gaps(site.hits)) > 0.2 - SLACK


def test_a_server_that_asks_to_wait_is_waited_for(site: QuickSite, tmp_path: Path) -> None:
    busy = ARTICLES[1].path
    page = site.pages[busy]
    site.pages[busy] = Page(b"", status=503, headers={"Retry-After": "1"})

    def recover() -> None:
        while not any(hit.status == 503 for hit in site.hits):
            time.sleep(0.01)
        site.pages[busy] = page

    from threading import Thread

    Thread(target=recover, daemon=True).start()
    summary = crawl(site, tmp_path)
    assert summary.verdict == "ok"
    asked = [number for number, hit in enumerate(site.hits) if hit.status == 503]
    assert gaps(site.hits)[asked[0]] > 1 - SLACK
    assert max(gaps(site.hits)[asked[0] + 1 :]) < 0.9


def test_pauses_double_while_a_host_refuses_and_then_it_is_left_alone(site: QuickSite, tmp_path: Path) -> None:
    site.pages |= {each.path: Page(b"no", status=403) for each in ARTICLES}
    summary = crawl(site, tmp_path)
    refused = [hit for hit in site.hits if hit.status == 403]
    assert len(refused) == 5
    assert all(later > 1.6 * sooner for sooner, later in pairwise(gaps(refused)))
    assert (summary.verdict, summary.exit_code) == ("blocked", 3)
    assert summary.sites["sim"].numbers.left == len(ARTICLES) - 5
    assert "parked: 127.0.0.1 failed 5 times in a row (HTTP 403)" in summary.tally.warnings[0]


def test_a_browser_check_is_no_article(site: QuickSite, tmp_path: Path) -> None:
    site.pages |= dict.fromkeys((each.path for each in ARTICLES), CHALLENGE)
    summary = crawl(site, tmp_path)
    assert summary.verdict == "blocked"
    reject = read_lines(tmp_path / "rejects.jsonl")[0]
    assert reject["detail"] == "blocked: HTTP 200 with a browser check (Aliyun)"
    assert path_of(reject["url"]) == ARTICLES[0].path


def test_an_article_about_firewalls_is_no_browser_check() -> None:
    assert challenge_by("关于防范访问被拦截等网络安全风险的通知".encode()) == ""


def test_a_crawl_that_may_take_only_so_long_goes_on_the_next_time(site: QuickSite, tmp_path: Path) -> None:
    site.wait = 0.4
    first = crawl(site, tmp_path, minutes=0.05)
    assert (first.verdict, first.exit_code) == ("interrupted", 1)
    site.wait = 0.0
    assert crawl(site, tmp_path).resumed
    assert len(read_lines(tmp_path / "part-00000.jsonl")) == len(ARTICLES)
