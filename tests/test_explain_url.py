"""`govscrape explain URL`: one page under the rules of a crawl, or out of a crawl's archive."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from govscrape.errors import UsageError
from govscrape.explain import Explained, run_explain
from govscrape.site_specs import parse_site
from tests.sim.crawling import run_apart
from tests.sim.demo_site import demo_pages, good_articles, mirror_article
from tests.sim.server import Page, SimSite
from tests.sim.specs import spec_of
from tests.sim.trs_site import robots


def explain(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "govscrape", "explain", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_an_address_is_fetched_and_explained_under_the_rules_of_a_crawl(tmp_path: Path) -> None:
    bad = {
        "robots.txt": robots(["/secret/"]),
        "away.html": Page(b"", status=302, headers={"Location": "http://elsewhere.example/"}),
        "a.pdf": Page(b"%PDF", "application/pdf"),
    }
    with SimSite(demo_pages() | bad) as site:
        (tmp_path / "sim.toml").write_text(spec_of(site.root), "utf-8")
        urls = [
            site.root + path for path in (mirror_article().path, "none.html", "secret/a.html", "away.html", "a.pdf")
        ]
        done = explain(*urls, "--site", tmp_path / "sim.toml")
    assert done.stderr == ""
    assert done.returncode == 1
    page = done.stdout.partition(urls[1])[0]
    assert page.splitlines()[0].startswith(urls[0])
    assert f"title: {mirror_article().title}" in page
    assert "pinyin: " in page
    assert "-]" in page
    for url, said in zip(
        urls[1:],
        (
            "fetch_failed: HTTP 404",
            "fetch_failed: Forbidden by robots.txt",
            "elsewhere.example/ is not on the site's hosts",
            "not_html: application/pdf",
        ),
        strict=True,
    ):
        (line,) = (line for line in done.stdout.splitlines() if line.startswith(f"{url}: rejected"))
        assert said in line
    assert [asked.path for asked in site.asked if "secret" in asked.path] == []


def test_an_address_given_beside_an_archive_is_looked_up_there(tmp_path: Path) -> None:
    with SimSite(demo_pages()) as site:
        run_apart([parse_site(spec_of(site.root), Path("sim.toml"))], tmp_path, limit=3)
    article = good_articles()[0]
    console = Console(file=StringIO(), width=200)
    inputs = [site.root + article.path, site.root + "none.html", str(tmp_path / "raw.warc.gz")]
    assert run_explain(Explained(inputs), console, pytest.fail)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert said.count("decoded as") == 1
    assert f"title: {article.title}" in said
    assert "none.html: rejected as unreadable: not in" in said


def test_a_host_that_no_site_names_has_to_be_allowed() -> None:
    with pytest.raises(UsageError, match=r"--allow-host www\.example\.cn lets it be asked"):
        run_explain(Explained(["http://www.example.cn/a.html"]), None, print)  # type: ignore[arg-type]


def test_an_allowed_host_may_still_not_lie_in_the_own_network() -> None:
    done = explain("http://127.0.0.1:9/a.html", "--allow-host", "127.0.0.1")
    assert done.returncode == 1
    assert "refused: 127.0.0.1 is at 127.0.0.1, which is no public address" in done.stdout
