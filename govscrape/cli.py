"""The command line: clean dumps, crawl sites, explain what was changed."""

import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from govscrape.namesakes import NamesakeError, check_namesakes
from govscrape.out_names import crawl_place

if TYPE_CHECKING:
    from govscrape.crawl import CrawlSummary
    from govscrape.spiders.sites import Wanted
    from govscrape.state import RunBook

T = TypeVar("T")

app = typer.Typer(
    name="govscrape",
    help="Crawl, repair and validate Chinese government-affairs web text: pages in, traceable JSONL out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
sites_app = typer.Typer()
app.add_typer(sites_app, name="sites")
errors = Console(stderr=True)

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Pages (.html .htm .shtml), texts (.txt), .jsonl, .warc, .wacz, .zip, .tar, .parquet (compressed too), "
        "folders of these, patterns, @FILE with one input a line, or - for JSONL on stdin."
    ),
]
Folder = Annotated[Path, typer.Argument(help="A folder written by govscrape clean -o FOLDER/.")]


def main() -> None:
    """Entry point: check that the packages are this project's own, then run the command."""
    try:
        check_namesakes()
    except NamesakeError as error:
        sys.exit(f"govscrape: {error}")
    app()


@app.command()
def clean(
    inputs: Inputs,
    out: Annotated[
        str, typer.Option("-o", "--out", help="x.jsonl[.zst] for one file, a folder for shards, - for stdout.")
    ],
    *,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run of the same command.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Worker processes; as many as cores if not given.")] = None,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler (tcp://…) to work instead.")] = None,
    include: Annotated[
        list[str] | None, typer.Option(help="Only inputs whose URL, id or file matches (*.gov.cn/*).")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Not the inputs whose URL, id or file matches.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many inputs.")] = None,
    sample: Annotated[float, typer.Option(min=0, max=1, help="Share of the inputs to take, the same each time.")] = 1.0,
    column: Annotated[list[str] | None, typer.Option(help="A field's name in rows: text=content, url=link.")] = None,
    compress: Annotated[bool, typer.Option("--compress", help="Shards as .jsonl.zst.")] = False,
    keep_duplicates: Annotated[bool, typer.Option("--keep-duplicates", help="Keep records of the same text.")] = False,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that one input may take.")] = 60.0,
    learn_furniture: Annotated[
        bool, typer.Option("--learn-furniture", help="Learn each host's repeated lines first, and leave them out.")
    ] = False,
    furniture: Annotated[Path | None, typer.Option(help="A reviewed list of learned lines to leave out.")] = None,
) -> None:
    """Clean pages and texts: every input becomes a record, or a line of rejects.jsonl with its reason.

    JSONL input has `id` or `url` if known and one of `html`, `text`, `body_base64`, `file` (a path relative to the JSONL).
    Exit code 1: some input failed; the rest is written.
    """
    from govscrape.clean_run import CleanOptions, run_clean
    from govscrape.errors import UsageError
    from output.select import Selection

    chosen = Selection(tuple(include or ()), tuple(exclude or ()), sample, limit)
    options = CleanOptions(inputs, out, chosen, tuple(column or ()), compress=compress, unique=not keep_duplicates)
    options.resume, options.workers, options.dask, options.time_limit = resume, workers, dask, time_limit
    options.learn, options.furniture = learn_furniture, furniture
    try:
        failed = run_clean(options, errors)
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    raise typer.Exit(int(failed))


def _complain(line: str) -> None:
    errors.print(line, style="red", soft_wrap=True, highlight=False, markup=False)


@app.command()
def explain(
    inputs: Annotated[list[str], typer.Argument(help="Pages, texts, JSONL, WARC … as for clean; or addresses.")],
    only: Annotated[str | None, typer.Option("--id", help="Only the input with this id.")] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A host beside those of the configured sites that may be asked.")
    ] = None,
    site: Annotated[list[str] | None, typer.Option(help="A spec file (.toml) whose hosts may be asked.")] = None,
) -> None:
    """Show each change in its place, cleaner by cleaner, with how a page was read and where its metadata come from.

    An address (http…) is asked for once, under the rules of a crawl; given beside a WARC file, it is looked up there.
    """
    from govscrape.explain import Explained, run_explain

    wanted = Explained(inputs, only, allow_host or (), site or ())
    failed = _or_exit(lambda: run_explain(wanted, Console(highlight=False), _complain))
    raise typer.Exit(int(failed))


Sites = Annotated[list[str], typer.Argument(help="Names of configured sites (govscrape sites), or spec files (.toml).")]
OUT_HELP = "x.jsonl for one file, or a folder; the state lies beside it."
Out = Annotated[Path, typer.Option("-o", "--out", parser=crawl_place, metavar="<path>", help=OUT_HELP)]
Minutes = Annotated[float | None, typer.Option(min=0.1, help="Stop after so long; the same command goes on.")]
AsJson = Annotated[bool, typer.Option("--json", help="The summary as JSON on standard output.")]
DATA = Path("data")


@app.command()
def crawl(
    sites: Sites,
    out: Out = DATA,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out what is older.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many articles a site.")] = None,
    minutes: Minutes = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Crawl sites: fetch what is new or changed, clean it, write records, rejects and the raw responses (WARC).

    A crawl that was killed or stopped goes on with the same command. Exit code 1: something could not be fetched, or the
    crawl was stopped; 3: a site is blocked, empty, stale or redesigned.
    """
    from govscrape.spiders.sites import Wanted

    _crawl(sites, out, Wanted(since.date() if since else None, limit), minutes, as_json=as_json)


@app.command()
def retry(
    site: Annotated[str, typer.Argument(help="Name of a site, or its spec file (.toml).")],
    out: Out = DATA,
    *,
    show: Annotated[bool, typer.Option("--list", help="Only list them, with reason and count.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask again for the pages of a site that could not be fetched, and for nothing else."""
    from govscrape.crawl_view import dead_letters_table, plain_console
    from govscrape.site_specs import load_site
    from govscrape.spiders.sites import Wanted

    spec = _or_exit(lambda: load_site(site))
    book = _run_book(out)
    letters = _or_exit(lambda: book.dead_letters(spec.id))
    if not letters:
        errors.print(f"nothing of {spec.id} failed", highlight=False)
    elif show:
        plain_console().print(dead_letters_table(spec.id, letters))
    else:
        _crawl([site], out, Wanted(lists=False), as_json=as_json)


@app.command()
def runs(
    site: Annotated[str | None, typer.Argument(help="Only this site.")] = None,
    out: Out = DATA,
    last: Annotated[int, typer.Option(min=1, help="At most so many runs of each site.")] = 20,
) -> None:
    """List the runs of each site: the last one's verdict and numbers, and a sparkline of what was new or changed."""
    from govscrape.crawl_view import plain_console, runs_table

    book = _run_book(out)
    history = _or_exit(
        lambda: [run for name in book.sites() if site in (None, name) for run in book.history(name, last)]
    )
    if not history:
        _complain(f"{out}: no run" + (f" of {site!r}" if site else ""))
        raise typer.Exit(1)
    plain_console().print(runs_table(history))


@app.command()
def schedule(
    sites: Sites,
    at: Annotated[str, typer.Option("--at", help="Time of day, in China.")] = "03:00",
    out: Out = DATA,
    folder: Annotated[Path, typer.Option("--to", help="Where the files go.")] = Path("schedule"),
) -> None:
    """Write a systemd timer and a cron line that crawl the sites each day."""
    from govscrape.schedule import write_schedule
    from govscrape.site_specs import load_site

    written = _or_exit(lambda: ([load_site(name) for name in sites], write_schedule(sites, out, at, folder))[1])
    console = Console(highlight=False)
    units = f"{written.service} {written.timer}"
    console.print(f"systemd: cp {units} ~/.config/systemd/user/", soft_wrap=True)
    console.print(f"         systemctl --user enable --now {written.timer.name}", soft_wrap=True)
    console.print(f"or cron: (crontab -l; cat {written.cron}) | crontab -", soft_wrap=True)
    console.print(f"         {written.cron_line}", soft_wrap=True, markup=False)


def _crawl(
    names: list[str], out: Path, wanted: "Wanted", minutes: float | None = None, *, as_json: bool = False
) -> NoReturn:
    from govscrape.crawl import run_crawl
    from govscrape.crawl_view import live_numbers, plain_console, summary_table
    from govscrape.site_specs import load_site

    console = plain_console(stderr=True)

    def run() -> "CrawlSummary":
        specs = [load_site(name) for name in names]
        with live_numbers(console) as watch:
            return run_crawl(specs, out, wanted, minutes=minutes, watch=watch)

    summary = _or_exit(run)
    console.print(summary_table(summary))
    if as_json:
        sys.stdout.write(summary.as_json() + "\n")
    raise typer.Exit(summary.exit_code)


def _run_book(out: Path) -> "RunBook":
    from govscrape.places import Places
    from govscrape.state import RunBook, open_state

    path = Places.of(out).state
    if not path.exists():
        _complain(f"{path}: no such state file; a crawl into {out} makes it (another place is given with -o)")
        raise typer.Exit(1)
    return _or_exit(lambda: RunBook(open_state(path)))


def _or_exit(ask: Callable[[], T]) -> T:
    """The answer, or an end with the reason in one line: wrong usage is 2, all else 1."""
    from govscrape.errors import UsageError, in_words
    from govscrape.state import LockedError, StateError
    from output.writer import OutputError

    try:
        return ask()
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    except sqlite3.DatabaseError as error:
        _complain(f"state file: {error}")
        raise typer.Exit(1) from None
    except (OutputError, LockedError, StateError, OSError) as error:
        _complain(in_words(error))
        raise typer.Exit(1) from None


@sites_app.callback(invoke_without_command=True)
def sites(context: typer.Context) -> None:
    """Show the configured sites, check one against what its server gives, draft the spec of a new one."""
    if context.invoked_subcommand is None:
        list_sites()


@sites_app.command("list")
def list_sites() -> None:
    """List the configured sites: hosts, columns, CMS family, when each was last checked."""
    from govscrape.crawl_view import plain_console, sites_table
    from govscrape.site_specs import all_sites

    plain_console().print(sites_table(all_sites()))


@sites_app.command("check")
def check_site(
    site: Annotated[str, typer.Argument(help="A configured site, or a spec file (.toml).")],
) -> None:
    """Ask each column's list and one article of it: do they still match the spec? Nothing is written.

    Exit code 3: a column gives no articles, or its article cannot be read.
    """
    from govscrape import site_check
    from govscrape.crawl_view import check_table, plain_console
    from govscrape.errors import UsageError
    from govscrape.site_specs import load_site

    try:
        checks = site_check.check_site(load_site(site))
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    plain_console().print(check_table(checks))
    raise typer.Exit(3 if any(check.problem for check in checks) else 0)


@sites_app.command("new")
def new_site(
    url: Annotated[str, typer.Argument(help="The first list page of a column.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write x.toml instead of showing it.")] = None,
    *,
    private: Annotated[bool, typer.Option("--private", help="The host lies at a private or loopback address.")] = False,
    js: Annotated[bool, typer.Option("--js", help="Only a script makes the list: run it in a browser.")] = False,
) -> None:
    """Find out which CMS made a list page, and write a first spec for its site.

    Exit code 3: no articles were found there, so there is nothing to write.
    """
    from govscrape.errors import UsageError
    from govscrape.site_check import draft_spec

    if out and out.exists():
        _complain(f"{out} is there already; it is left as it is")
        raise typer.Exit(2)
    try:
        draft = draft_spec(url, private=private, js=js)
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    if draft.problem:
        _complain(draft.problem if url in draft.problem else f"{url}: {draft.problem}")
    if not draft.toml:
        raise typer.Exit(3)
    if out is None:
        sys.stdout.write(draft.toml)
    else:
        _or_exit(lambda: out.write_text(draft.toml, "utf-8"))
        errors.print(f"written: {out}", soft_wrap=True, highlight=False, markup=False)


@app.command()
def dedup(
    folder: Folder,
    threshold: Annotated[float, typer.Option(min=0.5, max=1, help="How alike two texts must be.")] = 0.75,
) -> None:
    """Take near-duplicates out of a folder: the best of each cluster stays, the others go to its rejects.jsonl."""
    from govscrape.datasets import run_dedup

    raise typer.Exit(run_dedup(folder, threshold, errors))


@app.command()
def export(
    folder: Folder,
    *,
    parquet: Annotated[bool, typer.Option("--parquet", help="Parquet files.")] = False,
    hf: Annotated[
        bool, typer.Option("--hf", help="A folder for datasets.load_dataset, with card and Croissant.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Where to; FOLDER-parquet or -hf if not given.")
    ] = None,
) -> None:
    """Export a folder's records: --parquet, --hf."""
    from govscrape.datasets import run_export

    if parquet == hf:
        raise typer.BadParameter("say what to export: --parquet or --hf")
    raise typer.Exit(run_export(folder, out, errors, hf=hf))


@app.command()
def stats(
    place: Annotated[Path, typer.Argument(help="A folder or a .jsonl file written by govscrape clean.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="All numbers as JSON.")] = False,
) -> None:
    """Count what a dataset holds: by host, cleaner, length, script, encoding and reason of rejection."""
    from govscrape.datasets import run_stats

    raise typer.Exit(run_stats(place, Console(highlight=False), errors, as_json=as_json))


@app.command()
def fixture(page: Path, url: Annotated[str | None, typer.Option(help="The page's address.")] = None) -> None:
    """Make a saved page a test page: its bytes go to tests/pages, and beside them what is read now, for review."""
    from govscrape.fixture import write_fixture

    written = _or_exit(lambda: write_fixture(page, Path("tests/pages"), url))
    sys.stdout.write(f"review what should be read: {written}\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    from output.schema import record_schema

    sys.stdout.write(record_schema())
