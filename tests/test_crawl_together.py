"""Several crawls at once into one folder: each site's result is what it would be alone."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from govscrape.site_specs import parse_site
from govscrape.state import RunBook, open_state
from tests.sim.crawling import read_lines, run_apart
from tests.sim.many_pages import QuickSite, article, site_pages
from tests.sim.server import NOT_FOUND
from tests.sim.specs import spec_of

EACH = 30
TOGETHER = 4


@pytest.fixture
def sites() -> Iterator[list[QuickSite]]:
    """Each site has articles of its own, and one that is not there any more."""
    with ExitStack() as stack:
        served = []
        for first in range(0, EACH * TOGETHER, EACH):
            articles = [article(number) for number in range(first, first + EACH + 1)]
            pages = site_pages(articles, 10) | {articles[-1].path: NOT_FOUND}
            served.append(stack.enter_context(QuickSite(pages)))
        yield served


def test_crawls_at_once_into_one_folder_are_as_exact_as_alone(sites: list[QuickSite], tmp_path: Path) -> None:
    out = tmp_path / "out"
    wanted = {
        f"{site.root}{path}"
        for site in sites
        for path, page in site.pages.items()
        if "/t20" in path and page.status == 200
    }
    with ThreadPoolExecutor(TOGETHER) as pool:
        said = list(pool.map(lambda numbered: crawl(*numbered, tmp_path, out), enumerate(sites)))
    assert [(each["verdict"], each["new"], each["failed"]) for each in said] == [("partial", EACH, 1)] * TOGETHER
    records = read_lines(out / "part-00000.jsonl")
    assert Counter(record["url"] for record in records) == Counter(wanted)
    assert {record["change"] for record in records} == {"new"}
    assert len(read_lines(out / "rejects.jsonl")) == TOGETHER
    assert all(archived_url(out, record["raw"]) == record["url"] for record in records)
    assert json.loads((out / "crawl.json").read_text())["exit_code"] == 1
    with closing(open_state(out / "state.sqlite")) as db:
        history = Counter((run.site, run.verdict, run.numbers.records) for run in RunBook(db).history())
    assert history == {(f"site{number}", "partial", EACH): 1 for number in range(TOGETHER)}


def crawl(number: int, site: QuickSite, folder: Path, out: Path) -> dict[str, object]:
    """Crawl in a process of its own; its site's verdict and numbers."""
    spec = folder / f"site{number}.toml"
    spec.write_text(spec_of(site.root, concurrency=4, stale_after=100_000), "utf-8")
    command = [sys.executable, "-m", "govscrape", "crawl", str(spec), "-o", str(out), "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert run.stdout, run.stderr
    result: dict[str, object] = json.loads(run.stdout)["sites"][f"site{number}"]
    return result


def archived_url(out: Path, raw: dict[str, str | int]) -> str:
    with (out / str(raw["file"])).open("rb") as file:
        file.seek(int(raw["offset"]))
        return str(next(iter(ArchiveIterator(file))).rec_headers["WARC-Target-URI"])


def test_an_article_of_two_sites_is_one_record_whichever_is_crawled(sites: list[QuickSite], tmp_path: Path) -> None:
    text = spec_of(sites[0].root, concurrency=4, stale_after=100_000)
    for name, change in (("first", "new"), ("second", "unchanged"), ("first", "unchanged")):
        summary = run_apart([parse_site(text, Path(f"{name}.toml"))], tmp_path)
        assert summary.tally.changes[change] == {name: EACH}
        assert len(read_lines(tmp_path / "part-00000.jsonl")) == EACH


def test_many_may_make_the_state_file_at_once(tmp_path: Path) -> None:
    def make(number: int) -> int:
        with closing(open_state(tmp_path / f"{number % 5}.sqlite")) as db:
            return RunBook(db).begin([f"site{number}"], f"site{number}").id

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(make, range(40))) == sorted(list(range(1, 9)) * 5)
