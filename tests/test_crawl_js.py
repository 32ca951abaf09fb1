"""Lists that only a script makes: rendered where Chromium and scrapy-playwright are, with the crawl's own rules."""

import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import pytest

from govscrape.browser import NAMES, browser_settings
from govscrape.crawl import CrawlSummary, run_crawl
from govscrape.errors import UsageError
from govscrape.site_specs import SiteSpec, load_site, parse_site
from output.readers_warc import read_warc
from tests.sim.crawling import TODAY, path_of, read_lines, run_apart
from tests.sim.js_site import ARTICLES, greedy_page, js_pages, rows
from tests.sim.server import Page, Sent, SimSite
from tests.sim.specs import spec_of

SHARE = 0.8  # of the time that all waits take together: a busy machine may hold the first request up
no_browser = find_spec("scrapy_playwright") is None or not any(map(shutil.which, NAMES))
rendering = pytest.mark.skipif(no_browser, reason="no Chromium, or not the extra js")


def spec(root: str, *, js: bool = True, delay: float = 0) -> SiteSpec:
    return parse_site(
        spec_of(root, delay=delay, concurrency=1, column="zwyw/list.html", js=js, cms="generic"), Path("sim.toml")
    )


def answer(sent: Sent) -> Page | None:
    return rows(int(sent.query["page"])) if sent.path == "zwyw/rows.json" and sent.method == "POST" else None


@rendering
def test_a_list_made_by_its_script_is_read_to_its_end_and_as_gently_as_any(tmp_path: Path) -> None:
    with SimSite(js_pages(), answer) as site:
        summary = run_apart([spec(site.root, delay=0.1)], tmp_path)
    assert summary.verdict == "ok"
    assert summary.tally.warnings == []
    found = read_lines(tmp_path / "part-00000.jsonl")
    assert sorted(path_of(record["url"]) for record in found) == sorted(each.path for each in ARTICLES)
    asked = [asked.path for asked in site.asked]
    assert [path for path in asked if "rows" in path] == [f"/zwyw/rows.json?page={n}" for n in (1, 2, 3)]
    assert not any(path.endswith((".css", ".png", ".ico")) for path in asked)
    assert all(asked.agent.startswith("govscrape/") for asked in site.asked)
    assert site.asked[-1].at - site.asked[0].at > SHARE * 0.1 * (len(asked) - 1)
    assert len(list(read_warc(tmp_path / "raw.warc.gz"))) == len(ARTICLES)


def test_without_the_key_no_script_is_run(tmp_path: Path) -> None:
    with SimSite(js_pages(), answer) as site:
        summary = run_apart([spec(site.root, js=False)], tmp_path)
    assert (summary.verdict, summary.tally.records.total()) == ("empty", 0)


@rendering
def test_the_browser_reaches_nothing_but_what_the_crawl_fetches(tmp_path: Path) -> None:
    with _listener() as (address, knocks), SimSite(js_pages() | {"zwyw/list.html": greedy_page(address)}) as site:
        summary = run_apart([spec(site.root)], tmp_path)
    assert knocks == []
    assert summary.tally.records.total() == 1
    refused = [warning for warning in summary.tally.warnings if "not on the site's hosts" in warning]
    assert any("http://localhost:" in warning for warning in refused)
    assert any("169.254.169.254" in warning for warning in refused)


@rendering
@pytest.mark.parametrize(
    ("script", "longest", "said"),
    [
        ("while (true) {}", 3, "its scripts did not end within 3 s"),
        ("document.body.dataset.x = 'x'.repeat(17e6)", 60, "its scripts made a page of 17"),
    ],
)
def test_a_page_without_bounds_is_a_failure_in_one_line(tmp_path: Path, script: str, longest: float, said: str) -> None:
    html = f"<html><body><a href='/{ARTICLES[0].path}'>甲</a><script>{script}</script></body></html>"
    pages = js_pages() | {"zwyw/list.html": Page(html.encode())}
    with SimSite(pages) as site, ProcessPoolExecutor(1, get_context("spawn")) as pool:
        summary = pool.submit(impatient, spec(site.root), tmp_path, longest).result(timeout=60)
    assert summary.verdict == "empty"
    (reject,) = read_lines(tmp_path / "rejects.jsonl")
    assert said in reject["detail"]


def impatient(site: SiteSpec, out: Path, longest: float) -> CrawlSummary:
    import govscrape.rendering

    govscrape.rendering.LONGEST = longest
    return run_crawl([site], out, today=TODAY)


def test_a_missing_browser_or_extra_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    site = spec("http://127.0.0.1/")
    assert browser_settings([load_site("mof")]) == {}
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("govscrape.browser.find_spec", lambda _: object())
    with pytest.raises(UsageError, match="sim: 要闻 has js = true, which needs a Chromium: there is none"):
        browser_settings([site])
    monkeypatch.setenv("GOVSCRAPE_CHROMIUM", "/no/such/browser")
    with pytest.raises(UsageError, match="GOVSCRAPE_CHROMIUM names '/no/such/browser', which is no program"):
        browser_settings([site])
    monkeypatch.setattr("govscrape.browser.find_spec", lambda _: None)
    with pytest.raises(UsageError, match="needs the extra js: pip install scrapy-playwright"):
        browser_settings([site])


@contextmanager
def _listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server beside the site's that notes who knocks, at loopback by both its names."""
    knocks: list[bytes] = []
    server = socket.create_server(("", 0))
    server.settimeout(0.1)
    end = threading.Event()

    def listen() -> None:
        while not end.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(0.5)
                knocks.append(connection.recv(200))

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}", knocks
    finally:
        end.set()
        thread.join()
        server.close()
