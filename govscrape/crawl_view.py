"""Crawls for the terminal: the live view, a run's summary, the history, and the configured sites."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from govscrape.crawl import CrawlSummary
from govscrape.site_check import ColumnCheck
from govscrape.site_specs import SiteSpec
from govscrape.state import SiteRun
from govscrape.state.verdict import Verdict
from pipelines.crawl import Change, Tally

Watch = Callable[[Tally], None]
COLOURS = {"ok": "green", "partial": "yellow", "interrupted": "yellow", "running": "cyan"}
BARS = "▁▂▃▄▅▆▇█"
PLAIN_EVERY = 30.0  # seconds between two plain lines
WIDE = 200  # columns
SHOW_EVERY = 0.25  # seconds between two pictures on a terminal


def plain_console(*, stderr: bool = False) -> Console:
    """Where tables are printed; what goes into a file or another program is not cut to the 80 columns of no terminal."""
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, WIDE)
    return console


def summary_table(summary: CrawlSummary) -> Table:
    """Lay out a crawl's numbers: verdicts, pages, records, rejects by reason, repairs by cleaner, and what failed."""
    tally = summary.tally
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(style="dim")
    for site, judged in summary.sites.items():
        table.add_row(site, _verdict(judged.verdict), judged.why)
    pages = f"{tally.list_pages} of lists; {tally.articles.total()} articles asked for; {summary.seconds:.1f} s"
    table.add_row("pages", str(tally.responses), pages + ("; taken up where it had stopped" * summary.resumed))
    changes = ", ".join(f"{count.total()} {change}" for change, count in tally.changes.items() if count.total())
    table.add_row("records", Text(str(tally.records.total()), "green"), f"{summary.out}: {changes or 'none'}")
    if tally.older:
        table.add_row("older", str(tally.older.total()), "left out by date")
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
        kept = f"what was finished is kept in {summary.places.state}; the same command goes on"
        table.add_row(Text("interrupted", "red"), "", kept)
    return _uncut(table)


@contextmanager
def live_numbers(console: Console) -> Iterator[Watch]:
    """Give a `watch` for `run_crawl`: a line a site that changes in its place on a terminal, now and then a line elsewhere."""
    clock = _Clock()
    if not console.is_terminal:
        yield clock.every(PLAIN_EVERY, lambda tally: console.print("\n".join(_lines(tally, clock)), soft_wrap=True))
        return
    with Live(Text("asking for the lists …"), console=console, transient=True, auto_refresh=False) as live:
        yield clock.every(SHOW_EVERY, lambda tally: live.update(_live_table(tally, clock), refresh=True))


class _Clock:
    """When the crawl began, and how fast each site goes."""

    def __init__(self) -> None:
        self.began = self._shown = time.monotonic()
        self._at_first: dict[str, int] = {}

    def every(self, seconds: float, show: Callable[[Tally], object]) -> Watch:
        def watch(tally: Tally) -> None:
            if time.monotonic() - self._shown >= seconds:
                self._shown = time.monotonic()
                show(tally)

        return watch

    def rate(self, site: str, settled: int) -> float:
        """Articles a second since the first look: what an earlier run settled counts for nothing."""
        first = self._at_first.setdefault(site, settled)
        return (settled - first) / max(time.monotonic() - self.began, 1e-9)


def _row(site: str, tally: Tally, clock: _Clock) -> list[str]:
    changes = {change: tally.changes[change][site] for change in Change}
    rejected, failed = tally.rejected[site], tally.failed[site] + tally.list_failures[site]
    settled = sum(changes.values()) + rejected + failed
    rate = clock.rate(site, settled)
    left = max(0, tally.articles[site] - settled)
    eta = _span(left / rate) if rate else "–"
    numbers = [tally.answers[site], *changes.values(), rejected, failed, left]
    return [site, *map(str, numbers), f"{rate:.1f}/s", eta]


HEADS = ("site", "fetched", *(change.value for change in Change), "rejected", "failed", "to do", "rate", "ETA")


def _live_table(tally: Tally, clock: _Clock) -> Table:
    table = Table(*HEADS, box=None, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for site in tally.answers:
        table.add_row(*_row(site, tally, clock))
    return table


def _lines(tally: Tally, clock: _Clock) -> list[str]:
    rows = [dict(zip(HEADS, _row(site, tally, clock), strict=True)) for site in tally.answers]
    return [f"{row.pop('site')}: " + ", ".join(f"{value} {head}" for head, value in row.items()) for row in rows]


def _span(seconds: float) -> str:
    """Seconds as hours, minutes and seconds.

    >>> _span(59), _span(3725)
    ('59 s', '1 h 02 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min" if minutes else f"{rest} s"


def runs_table(runs: Sequence[SiteRun]) -> Table:
    """Lay out the history: for each site its last run, and its runs as a sparkline of new and changed records."""
    heads = (
        "site",
        "last run",
        "verdict",
        "records",
        "new",
        "changed",
        "gone",
        "rejected",
        "failed",
        "newest",
        "runs",
        "",
    )
    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for site in sorted({run.site for run in runs}):
        own = [run for run in runs if run.site == site]
        last, n = own[-1], own[-1].numbers
        counts = map(str, (n.records, n.new, n.changed, n.gone, n.rejected, n.failed))
        line = sparkline([run.numbers.new + run.numbers.changed for run in own])
        bars = Text.assemble(*((bar, COLOURS.get(run.verdict, "red")) for bar, run in zip(line, own, strict=True)))
        time_of = last.started.replace("T", " ").removesuffix("Z")
        table.add_row(site, time_of, _verdict(last.verdict), *counts, n.newest or "–", bars, last.why)
    return _uncut(table)


def _uncut(table: Table) -> Table:
    """The table, with cells that go on in the next line where the terminal is narrow: a cut address helps nobody."""
    for column in table.columns:
        column.overflow = "fold"
    return table


def sparkline(numbers: Sequence[int]) -> str:
    """Numbers as a row of bars, the largest full; nothing is the lowest.

    >>> sparkline([0, 1, 4, 8])
    '▁▂▅█'
    """
    top = max(numbers, default=0) or 1
    return "".join(BARS[-(-number * (len(BARS) - 1) // top)] for number in numbers)


def dead_letters_table(site: str, letters: Sequence[tuple[str, int, str]]) -> Table:
    """Lay out what could not be fetched: address, failed runs in a row, reason."""
    table = Table(site, "failed runs", "why", box=None, pad_edge=False, header_style="bold")
    for url, tries, why in letters:
        table.add_row(url, str(tries), why)
    return _uncut(table)


def _verdict(verdict: str | Verdict) -> Text:
    return Text(str(verdict), COLOURS.get(str(verdict), "red"))


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
    return _uncut(table)
