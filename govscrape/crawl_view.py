"""A crawl's numbers and the configured sites, for the terminal."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from govscrape.crawl import CrawlSummary
from govscrape.site_check import ColumnCheck
from govscrape.site_specs import SiteSpec
from pipelines.crawl import Tally


def summary_table(summary: CrawlSummary) -> Table:
    """Lay out a crawl's numbers: pages, records, rejects by reason, repairs by cleaner, and what failed."""
    tally = summary.tally
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(style="dim")
    pages = f"{tally.list_pages} of lists; {tally.articles.total()} articles asked for; {summary.seconds:.1f} s"
    table.add_row("pages", str(tally.responses), pages)
    table.add_row("records", Text(str(tally.records.total()), "green"), str(summary.out))
    if tally.older:
        table.add_row("older", str(tally.older.total()), "left out by --since")
    table.add_row("rejects", Text(str(tally.rejects.total()), "yellow"), str(summary.rejects_at))
    for reason, count in tally.rejects.most_common():
        table.add_row(f"  {reason}", str(count))
    table.add_row("repairs", str(tally.repairs.total()), "edits, by cleaner")
    for cleaner, count in tally.repairs.most_common():
        table.add_row(f"  {cleaner}", str(count))
    for warning in tally.warnings:
        table.add_row(Text("warning", "yellow"), "", warning)
    for failure in tally.failures:
        table.add_row(Text("not fetched", "yellow"), "", failure)
    if summary.interrupted:
        parts = " ".join(map(str, summary.files))
        table.add_row(Text("interrupted", "red"), "", f"what was finished is in {parts}; the same command starts anew")
    return table


@contextmanager
def live_numbers(console: Console) -> Iterator[Callable[[Tally], None]]:
    """Give a `watch` for `run_crawl` that shows the numbers in one line on a terminal, and nothing elsewhere."""
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("asking for the lists …") as status:
        yield lambda tally: status.update(
            f"{tally.responses} pages · [green]{tally.records.total()} records[/] · "
            f"[yellow]{tally.rejects.total()} rejects[/] · {tally.articles.total()} articles listed"
        )


def sites_table(specs: Sequence[SiteSpec]) -> Table:
    """Lay out the configured sites: name, hosts, columns, CMS, and when each was last checked."""
    table = Table("site", "name", "hosts", "columns", "cms", "verified", box=None, header_style="bold", pad_edge=False)
    for spec in specs:
        columns = " ".join(column.name for column in spec.columns)
        verified = spec.verified.isoformat() if spec.verified else "never"
        table.add_row(spec.id, spec.name, " ".join(spec.hosts), columns, spec.cms, verified)
    return table


def check_table(checks: Sequence[ColumnCheck]) -> Table:
    """Lay out what a check of a site found, column by column."""
    table = Table("column", "cms", "links", "newest", "one article", box=None, header_style="bold", pad_edge=False)
    for check in checks:
        article = Text(f"{check.title} ({check.chars} characters)", "green")
        if check.problem:
            article = Text(f"{check.problem} {check.article}".strip(), "red")
        newest = check.newest.isoformat() if check.newest else "undated"
        table.add_row(check.column, check.family, str(check.links), newest if check.links else "", article)
    return table
