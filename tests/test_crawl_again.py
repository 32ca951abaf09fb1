"""Crawling again: only what is new or changed is downloaded, nothing is lost or doubled, whatever happened in between."""

import gzip
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from govscrape.crawl import CrawlSummary
from govscrape.site_specs import parse_site
from output.build import clean_item
from output.readers_warc import read_warc
from output.record import Record
from tests.sim.crawling import path_of, read_lines, run_apart
from tests.sim.many_pages import QuickSite, article, site_pages
from tests.sim.server import NOT_FOUND, Page
from tests.sim.specs import spec_of

FIRST = [article(number) for number in range(7, 67)]


def crawl(site: QuickSite, folder: Path, **options: Any) -> CrawlSummary:
    spec = parse_site(spec_of(site.root), Path("sim.toml"))
    site.hits.clear()
    return run_apart([spec], folder / "out.jsonl", **options)


def changes(folder: Path) -> Counter[str]:
    return Counter(record["change"] for record in read_lines(folder / "out.jsonl"))


@pytest.fixture(scope="module")
def site() -> Iterator[QuickSite]:
    with QuickSite(site_pages(FIRST, 20)) as quick:
        yield quick


@pytest.fixture(scope="module")
def crawled(site: QuickSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("again")
    site.pages = site_pages(FIRST, 20)
    assert crawl(site, folder).verdict == "ok"
    return folder


def test_a_first_crawl_finds_everything_new(crawled: Path) -> None:
    assert changes(crawled) == {"new": len(FIRST)}


def test_the_archive_holds_each_exchange_as_it_was_on_the_wire(site: QuickSite, crawled: Path) -> None:
    record = read_lines(crawled / "out.jsonl")[0]
    page = site.pages[path_of(record["url"])]
    packed = (crawled / "out.raw.warc.gz").read_bytes()
    plain = gzip.decompress(packed[record["raw"]["offset"] :])
    head, _, body = plain.partition(b"\r\n\r\n")
    assert head.startswith(b"WARC/1.1\r\n")
    assert b"WARC-IP-Address: 127.0.0.1" in head
    assert body.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nETag: ")
    assert body.partition(b"\r\n\r\n")[2].startswith(page.body)
    assert f"\r\n\r\nGET /{path_of(record['url'])} HTTP/1.1\r\n".encode() in plain


def test_cleaning_the_archive_gives_the_same_records(crawled: Path) -> None:
    again = [clean_item(item) for item in read_warc(crawled / "out.raw.warc.gz")]
    assert all(isinstance(record, Record) for record in again)
    ignored = {"cleaned_at", "change", "raw"}
    cleaned = {each.url: json.loads(each.model_dump_json(exclude=ignored)) for each in again}
    first = read_lines(crawled / "out.jsonl")
    assert cleaned == {each["url"]: {k: v for k, v in each.items() if k not in ignored} for each in first}
    places = {each.url: each.raw.offset for each in again if isinstance(each, Record)}
    assert places == {each["url"]: each["raw"]["offset"] for each in first}


def test_an_unchanged_site_is_not_downloaded_again(site: QuickSite, crawled: Path) -> None:
    site.pages = site_pages(FIRST, 20)
    before = {record["url"]: record["raw"] for record in read_lines(crawled / "out.jsonl")}
    summary = crawl(site, crawled)
    assert Counter(hit.status for hit in site.articles()) == {304: len(FIRST)}
    assert changes(crawled) == {"unchanged": len(FIRST)}
    assert summary.sites["sim"].numbers.unchanged == len(FIRST)
    assert {record["url"]: record["raw"] for record in read_lines(crawled / "out.jsonl")} == before
    with (crawled / "out.raw.warc.gz").open("rb") as file:
        revisits = [each.rec_headers for each in ArchiveIterator(file) if each.rec_type == "revisit"]
    assert len(revisits) == len(FIRST)
    assert all("server-not-modified" in each.get_header("WARC-Profile") for each in revisits)
    assert {each.get_header("WARC-Refers-To-Target-URI") for each in revisits} == set(before)


def test_new_changed_and_removed_articles_are_told_exactly(site: QuickSite, crawled: Path) -> None:
    kept = [each for number, each in enumerate(FIRST) if number % 12]
    changed = [article(number, version=1) for number in range(8, 18)]
    by_path = {each.path: each for each in [*kept, *changed]}
    site.pages = site_pages([*(article(number) for number in range(7)), *by_path.values()], 20)
    summary = crawl(site, crawled)
    assert summary.verdict == "ok"
    assert changes(crawled) == {"new": 7, "changed": 10, "gone": 5, "unchanged": len(FIRST) - 15}
    marked = {path_of(each["url"]): each["change"] for each in read_lines(crawled / "out.jsonl")}
    assert {path for path, change in marked.items() if change == "changed"} == {each.path for each in changed}
    assert {path for path, change in marked.items() if change == "gone"} == {each.path for each in FIRST[::12]}


def test_what_failed_is_a_dead_letter_until_a_retry_fetches_it(site: QuickSite, tmp_path: Path) -> None:
    broken = FIRST[3].path
    good = site_pages(FIRST[:10], 20)
    site.pages = good | {broken: Page(b"", status=500)}
    assert crawl(site, tmp_path).verdict == "partial"
    assert [path_of(each["url"]) for each in read_lines(tmp_path / "rejects.jsonl")] == [broken]
    site.pages = good
    command = [sys.executable, "-m", "govscrape"]
    listed = subprocess.run(
        [*command, "retry", "--list", _spec(site, tmp_path), "-o", str(tmp_path / "out.jsonl")],
        capture_output=True, text=True, check=True, env={"COLUMNS": "200"},
    )  # fmt: skip
    assert broken in listed.stdout
    assert "HTTP 500" in listed.stdout
    assert crawl(site, tmp_path, lists=False).verdict == "ok"
    assert [hit.path for hit in site.hits] == ["/robots.txt", f"/{broken}"]
    assert len(read_lines(tmp_path / "out.jsonl")) == 10
    assert read_lines(tmp_path / "rejects.jsonl") == []
    history = subprocess.run(
        [*command, "runs", "-o", str(tmp_path / "out.jsonl")],
        capture_output=True, text=True, check=True, env={"COLUMNS": "200"},
    ).stdout  # fmt: skip
    assert "sim" in history
    assert "ok" in history
    assert "█" in history


def test_a_page_that_a_redesign_made_unreadable_keeps_its_record(site: QuickSite, tmp_path: Path) -> None:
    site.pages = site_pages(FIRST[:8], 20)
    crawl(site, tmp_path)
    lists = {path: page for path, page in site.pages.items() if "index" in path}
    site.pages = lists | dict.fromkeys((each.path for each in FIRST[:8]), Page("<html>维护中</html>".encode()))
    summary = crawl(site, tmp_path)
    assert (summary.verdict, summary.exit_code) == ("empty", 3)
    assert changes(tmp_path) == {"unchanged": 8}
    assert len(read_lines(tmp_path / "rejects.jsonl")) == 8


def test_a_removed_article_whose_address_shows_something_else_is_gone(site: QuickSite, tmp_path: Path) -> None:
    site.pages = site_pages(FIRST[:8], 20)
    crawl(site, tmp_path)
    home = replace(NOT_FOUND, status=200)
    site.pages = site_pages(FIRST[1:8], 20) | {FIRST[0].path: home}
    assert crawl(site, tmp_path).verdict == "ok"
    assert changes(tmp_path) == {"unchanged": 7, "gone": 1}


def test_a_site_that_gives_its_articles_new_addresses_loses_none(site: QuickSite, tmp_path: Path) -> None:
    site.pages = site_pages(FIRST[:6], 20)
    crawl(site, tmp_path)
    moved = [replace(each, path=each.path.replace("_1000", "_2000")) for each in FIRST[:6]]
    site.pages = site_pages(moved, 20)
    crawl(site, tmp_path)
    assert changes(tmp_path) == {"new": 6, "gone": 6}


def test_a_limit_says_nothing_of_what_it_leaves_out(site: QuickSite, tmp_path: Path) -> None:
    site.pages = site_pages(FIRST[:8], 20)
    crawl(site, tmp_path)
    crawl(site, tmp_path, limit=2)
    assert len(list(site.articles())) == 2
    assert changes(tmp_path) == {"unchanged": 8}


@pytest.mark.parametrize("kill_at", [0, 25, 59])
def test_a_killed_crawl_goes_on_and_every_record_is_there_once(site: QuickSite, tmp_path: Path, kill_at: int) -> None:
    site.pages = site_pages(FIRST, 20)
    site.hits.clear()
    command = [sys.executable, "-m", "govscrape", "crawl", _spec(site, tmp_path), "-o", str(tmp_path / "out.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while not site.hits or len(list(site.articles())) < kill_at:
            assert run.poll() is None
            time.sleep(0.002)
        run.kill()
    asked = len(list(site.articles()))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env={"COLUMNS": "200"})
    assert done.returncode == 3, done.stderr  # the simulated site has been silent since 2024
    assert "stale" in done.stderr
    assert sorted(path_of(each["url"]) for each in read_lines(tmp_path / "out.jsonl")) == sorted(a.path for a in FIRST)
    assert len(list(site.articles())) - len(FIRST) <= min(asked, 16)
    assert json.loads((tmp_path / "out.crawl.json").read_text())["resumed"] is True


def test_two_runs_of_a_site_never_overlap(site: QuickSite, tmp_path: Path) -> None:
    site.pages = site_pages(FIRST[:12], 20)
    site.wait = 2.0
    site.hits.clear()
    command = [sys.executable, "-m", "govscrape", "crawl", _spec(site, tmp_path), "-o", str(tmp_path / "out.jsonl")]
    try:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while not site.hits:
                time.sleep(0.01)
            second = subprocess.run(command, capture_output=True, text=True, check=False, env={"COLUMNS": "200"})
            assert run.poll() is None
            run.kill()
    finally:
        site.wait = 0.0
    assert second.returncode == 1
    assert "a run of sim goes on already (process" in second.stderr


def _spec(site: QuickSite, folder: Path) -> str:
    (folder / "sim.toml").write_text(spec_of(site.root), "utf-8")
    return str(folder / "sim.toml")
