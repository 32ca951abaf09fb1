"""What a run as a whole must keep to: its bounds, its manners, and an honest end."""

import gzip
import hashlib
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from govscrape.crawl import run_crawl
from govscrape.site_specs import load_site, parse_site
from output.writer import OutputError
from tests.sim.crawling import crawl, path_of, read_lines, run_apart
from tests.sim.demo_site import good_articles
from tests.sim.server import Page, SimSite
from tests.sim.specs import spec_of
from tests.sim.trs_site import Section, article_page, list_pages

NEWS = [article for article in good_articles() if article.kind == "news"]  # newest first: 18 March to 19 February 2024
SECTION = Section("zwyw", "要闻", articles=NEWS)
PAGES = dict(list_pages(SECTION, a_page=3)) | {article.path: article_page(SECTION, article) for article in NEWS}


def test_limit_bounds_the_articles_asked_for(tmp_path: Path) -> None:
    crawled = crawl(PAGES, tmp_path / "out.jsonl", limit=4)
    assert crawled.paths() == sorted(article.path for article in NEWS[:4])
    assert "/zwyw/index_2.html" not in [asked.path for asked in crawled.asked]
    assert crawled.summary.exit_code == 0


def test_since_leaves_out_older_articles_and_older_list_pages(tmp_path: Path) -> None:
    crawled = crawl(PAGES, tmp_path / "out.jsonl", since=date(2024, 3, 12))
    assert crawled.paths() == sorted(article.path for article in NEWS[:3])
    assert "/zwyw/index_2.html" not in [asked.path for asked in crawled.asked]
    assert crawled.summary.tally.older.total() == 3


def test_a_list_shorter_than_it_says_ends_with_a_warning(tmp_path: Path) -> None:
    pages = {path: page for path, page in PAGES.items() if path != "zwyw/index_2.html"}
    crawled = crawl(pages, tmp_path / "out.jsonl")
    assert crawled.paths() == sorted(article.path for article in NEWS[:6])
    (warning,) = crawled.summary.tally.warnings
    assert "list page 3 of 要闻" in warning
    assert crawled.rejects == []


def test_a_list_that_ignores_the_page_number_ends_with_a_warning(tmp_path: Path) -> None:
    first = PAGES["zwyw/index.html"]
    endless = replace(first, body=first.body.replace(b"createPageHTML(3,", b"createPageHTML(9999,"))
    crawled = crawl(PAGES | {f"zwyw/index{n}.html": endless for n in ("", "_1", "_2")}, tmp_path / "out.jsonl")
    assert crawled.paths() == sorted(article.path for article in NEWS[:3])
    assert len([asked for asked in crawled.asked if "index" in asked.path]) == 2
    assert "the same articles" in crawled.summary.tally.warnings[0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>网站维护中</p>", "no article links"),
        ("网站维护中", "no known CMS"),
        ('<script>createPageHTML(1, 0, "index", "html")</script>', "no article links"),
    ],
)
def test_a_site_that_gives_nothing_is_a_bad_verdict(tmp_path: Path, body: str, said: str) -> None:
    crawled = crawl({"zwyw/index.html": Page(body.encode())}, tmp_path / "out.jsonl")
    assert said in crawled.reject("zwyw/index.html")["detail"]
    assert crawled.summary.exit_code == 3
    assert crawled.summary.verdict == "empty"


def test_private_addresses_are_refused_without_a_request(tmp_path: Path) -> None:
    crawled = crawl(PAGES, tmp_path / "out.jsonl", private=False)
    assert crawled.asked == []
    assert "127.0.0.1, which is no public address" in crawled.reject("zwyw/index.html")["detail"]


def test_a_host_is_asked_no_faster_than_its_spec_says(tmp_path: Path) -> None:
    crawled = crawl(PAGES, tmp_path / "out.jsonl", delay=0.3, limit=2)
    times = [asked.at for asked in crawled.asked if asked.path != "/robots.txt"]
    assert min(later - sooner for sooner, later in pairwise(times)) > 0.2
    assert all(asked.agent.startswith("govscrape/") for asked in crawled.asked)


def test_a_record_points_to_its_response_in_the_archive(tmp_path: Path) -> None:
    crawled = crawl(PAGES, tmp_path, limit=2)
    for record in crawled.records:
        with (tmp_path / record["raw"]["file"]).open("rb") as file:
            file.seek(record["raw"]["offset"])
            response = next(iter(ArchiveIterator(file)))
            assert response.rec_headers["WARC-Target-URI"] == record["url"]
            assert response.content_stream().read() == PAGES[path_of(record["url"])].body


def test_a_compressed_page_is_archived_as_it_came(tmp_path: Path) -> None:
    plain = PAGES[NEWS[0].path]
    packed = replace(plain, body=gzip.compress(plain.body, mtime=0), headers={"Content-Encoding": "gzip"})
    crawled = crawl(PAGES | {NEWS[0].path: packed}, tmp_path, limit=1)
    (record,) = crawled.records
    assert record["raw"]["sha256"] == hashlib.sha256(plain.body).hexdigest()
    with (tmp_path / "raw.warc.gz").open("rb") as file:
        file.seek(record["raw"]["offset"])
        assert next(iter(ArchiveIterator(file))).raw_stream.read() == packed.body


def test_a_place_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"):
        crawl(PAGES, tmp_path / "file" / "out")


@pytest.mark.parametrize("most", [10_000, 60_000])
def test_a_full_disk_ends_the_crawl_and_says_so(tmp_path: Path, most: int) -> None:
    script = f"from tests.test_crawl_runs import crawl_on_full_disk; crawl_on_full_disk({str(tmp_path)!r}, {most})"
    root = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stdout.startswith("OutputError: "), run.stderr
    assert "state.sqlite" in run.stdout
    assert run.stderr == ""
    assert not list(tmp_path.glob("*.jsonl"))


def crawl_on_full_disk(out: str, most: int) -> None:
    """Crawl where no file may grow beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    with SimSite(PAGES) as site:
        spec = parse_site(spec_of(site.root), Path("sim.toml"))
        try:
            run_crawl([spec], Path(out))
        except OutputError as error:
            print(f"OutputError: {error}")


def test_a_damaged_state_file_is_said_in_one_line_with_what_to_do(tmp_path: Path) -> None:
    crawl(PAGES, tmp_path, limit=2)
    state, nowhere = tmp_path / "state.sqlite", spec_of("http://127.0.0.1:9/")
    whole = state.read_bytes()
    state.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(OutputError, match=r"state.sqlite: .*malformed.*; move it away with its -wal"):
        run_crawl([parse_site(nowhere, Path("sim.toml"))], tmp_path)
    state.write_bytes(b"no database")
    with pytest.raises(OutputError, match=r"state.sqlite: .*not a database; move it away with its -wal"):
        run_crawl([parse_site(nowhere, Path("sim.toml"))], tmp_path)


def test_ctrl_c_keeps_what_was_finished_and_the_same_command_goes_on(tmp_path: Path) -> None:
    slow = {path: replace(page, wait=0.0 if "index" in path else 0.4) for path, page in PAGES.items()}
    with SimSite(slow) as site:
        (tmp_path / "sim.toml").write_text(spec_of(site.root, delay=0.4), "utf-8")
        (tmp_path / "out.jsonl").write_text("an earlier crawl's\n")
        script = f"""
from pathlib import Path
from govscrape.crawl import run_crawl
from govscrape.crawl import run_crawl
from govscrape.site_specs import load_site
summary = run_crawl([load_site({str(tmp_path / "sim.toml")!r})], Path({str(tmp_path / "out.jsonl")!r}))
print(summary.interrupted, summary.exit_code, summary.tally.records.total())
"""
        run = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while len(site.asked) < 5:
            assert run.poll() is None
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        said, errors = run.communicate(timeout=60)
        kept = (tmp_path / "out.jsonl").read_text()
        site.pages = PAGES
        resumed = run_apart([load_site(str(tmp_path / "sim.toml"))], tmp_path / "out.jsonl")
    interrupted, code, count = said.split()
    assert (interrupted, code) == ("True", "1")
    assert 0 < int(count) < len(NEWS)
    assert kept == "an earlier crawl's\n"
    assert "Traceback" not in errors
    assert len(read_lines(tmp_path / "out.jsonl")) == len(NEWS)
    assert resumed.tally.records.total() == len(NEWS)


def test_a_site_that_is_down_does_not_hide_behind_one_that_is_up(tmp_path: Path) -> None:
    with SimSite({}) as closed:
        pass
    with SimSite(PAGES) as site:
        specs = [
            parse_site(spec_of(root), Path(name)) for root, name in ((site.root, "up.toml"), (closed.root, "down.toml"))
        ]
        summary = run_apart(specs, tmp_path)
    assert summary.tally.records == {"up": len(NEWS)}
    assert {site: judged.verdict.value for site, judged in summary.sites.items()} == {"up": "ok", "down": "empty"}
    assert summary.exit_code == 3
    assert "list page 1 of 要闻 (down)" in read_lines(summary.rejects_at)[0]["detail"]


def test_a_second_crawl_confirms_what_the_first_one_found(tmp_path: Path) -> None:
    with SimSite(PAGES) as site:
        spec = parse_site(spec_of(site.root), Path("sim.toml"))
        first = run_apart([spec], tmp_path / "out.jsonl")
        second = run_apart([spec], tmp_path / "out.jsonl")
    assert first.tally.records == second.tally.records
    assert len(read_lines(tmp_path / "out.jsonl")) == len(NEWS)
