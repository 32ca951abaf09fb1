"""Crawls of simulated sites for tests: each in a process of its own, for Scrapy's reactor runs once in a process."""

import json
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from govscrape.crawl import CrawlSummary, run_crawl
from govscrape.site_specs import SiteSpec, parse_site
from govscrape.spiders.sites import Wanted
from tests.sim.server import Asked, Page, SimSite
from tests.sim.specs import spec_of

TODAY = date(2024, 3, 20)  # the articles of the simulated sites were fresh then


@dataclass(frozen=True)
class Crawled:
    """What a crawl left behind, and what the server saw of it."""

    summary: CrawlSummary
    records: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    asked: Sequence[Asked]

    def paths(self) -> list[str]:
        """The paths of the records, in order of their names."""
        return sorted(path_of(record["url"]) for record in self.records)

    def reject(self, path: str) -> dict[str, Any]:
        """The one reject of a path."""
        (found,) = (reject for reject in self.rejects if path_of(reject["url"]) == path)
        return found


def crawl(pages: Mapping[str, Page], out: Path, *, private: bool = True, delay: float = 0, **options: Any) -> Crawled:
    """Serve the pages, crawl them from `zwyw/index.html` on, and read what was written."""
    with SimSite(pages) as site:
        text = spec_of(site.root, private=private, delay=delay)
        summary = run_apart([parse_site(text, Path("sim.toml"))], out, **options)
    records = read_lines(summary.files[0]) if summary.files else []
    return Crawled(summary, records, read_lines(summary.rejects_at), site.asked)


def run_apart(
    specs: Sequence[SiteSpec],
    out: Path,
    since: date | None = None,
    limit: int | None = None,
    today: date = TODAY,
    lists: bool = True,
    **options: Any,
) -> CrawlSummary:
    """Call `run_crawl` in a new process; its errors are raised here."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        wanted = Wanted(since, limit, lists)
        return pool.submit(run_crawl, specs, out, wanted, today=today, **options).result(timeout=120)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL file; one that is not there has no lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def path_of(url: str) -> str:
    """The path of an address, without its first slash."""
    return url.split("/", 3)[3]
