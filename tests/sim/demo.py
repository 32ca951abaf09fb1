"""`make demo`: a small government site on this machine, with everything that can be wrong, crawled and cleaned."""

import difflib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from lxml import html
from rich.console import Console
from rich.rule import Rule
from rich.text import Text
from warcio.archiveiterator import ArchiveIterator

from govscrape.crawl import CrawlSummary, run_crawl
from govscrape.crawl_view import live_numbers, summary_table
from govscrape.site_specs import parse_site
from output.writer import OutputError
from tests.sim.demo_site import SPEC, demo_pages, mirror_article
from tests.sim.server import SimSite

OUT = Path("demo-output")
SHOWN_PARAGRAPHS = 4
INTRODUCTION = """\
A simulated government site is up at {root}
4 list pages; 13 good articles in two encodings; one hacked mirror page, one spam page,
one list in an article's place, one missing page, one duplicate. Crawling it …
"""


def main() -> int:
    """Serve the site, crawl it, show what was found and repaired."""
    console = Console(highlight=False)
    shutil.rmtree(
        OUT, ignore_errors=True
    )  # the site is at another port each time: to an earlier run's state a new site
    with SimSite(demo_pages()) as site:
        console.print(INTRODUCTION.format(root=site.root), soft_wrap=True)
        spec = parse_site(SPEC.format(root=site.root), Path("yunchuan.toml"))
        try:
            with live_numbers(console) as watch:
                summary = run_crawl([spec], OUT, watch=watch)
        except OutputError as error:
            console.print(f"[red]{error}[/]")
            return 1
    console.print(summary_table(summary))
    _show_rejects(console, summary)
    _show_mirror(console, summary)
    console.print(f"\nAll files are in [bold]{OUT}/[/]:")
    for path, what in (
        (summary.files[0], "a clean page a line"),
        (summary.rejects_at, "what was left out, and why"),
        (summary.raw_at, "every response as it came (WARC)"),
        (summary.log_at, "the crawl's log"),
    ):
        console.print(f"  {path}  [dim]{what}[/]")
    return 0


def _show_rejects(console: Console, summary: CrawlSummary) -> None:
    console.print(Rule("left out, each with its reason", align="left"))
    for reject in _lines(summary.rejects_at):
        path = "/".join(reject["url"].split("/")[3:])
        console.print(f"  [yellow]{reject['reason']:<13}[/] {path}  [dim]{reject['detail']}[/]", soft_wrap=True)


def _show_mirror(console: Console, summary: CrawlSummary) -> None:
    """Show the hacked page's first paragraphs as served and as cleaned, with what was changed in colour."""
    path = mirror_article().path
    record = next((r for r in _lines(summary.files[0]) if r["url"].endswith(path)), None)
    if record is None:
        return
    before = _served(summary.raw_at, record["raw"]["offset"])
    after = record["text"].splitlines()
    console.print(Rule("one hacked page, as served", align="left"))
    removed, added = _coloured("\n".join(before[: SHOWN_PARAGRAPHS + 1]), "\n".join(after[:SHOWN_PARAGRAPHS]))
    console.print(removed)
    console.print(Rule("… and as it comes out", align="left"))
    console.print(added)
    edits = ", ".join(f"{edit['cleaner']} {edit['count']}" for edit in record["edits"])
    console.print(f"[dim]edits: {edits}[/]")


def _served(archive: Path, offset: int) -> list[str]:
    with archive.open("rb") as file:
        file.seek(offset)
        body = next(iter(ArchiveIterator(file))).content_stream().read()
    paragraphs = html.fromstring(body.decode()).xpath("//div[@class='TRS_Editor']//p")
    return [p.text_content().strip() for p in paragraphs]


def _coloured(before: str, after: str) -> tuple[Text, Text]:
    removed, added = Text(), Text()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed.append(before[i1:i2], None if tag == "equal" else "red")
        added.append(after[j1:j2], None if tag == "equal" else "green")
    return removed, added


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
