"""The command line: clean dumps, crawl sites, explain what was changed."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from govscrape.namesakes import NamesakeError, check_namesakes

app = typer.Typer(
    name="govscrape",
    help="Crawl, repair and validate Chinese government-affairs web text: pages in, traceable JSONL out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
    inputs: Inputs,
    only: Annotated[str | None, typer.Option("--id", help="Only the input with this id.")] = None,
) -> None:
    """Show each change in its place, cleaner by cleaner, with how a page was read and where its metadata come from."""
    from cleaners.reason import Rejection
    from govscrape.show import show_clean
    from output.build import clean_safely
    from output.readers import check_inputs, read_inputs

    console = Console(highlight=False)
    usable, problems = check_inputs(inputs)
    for problem in problems:
        _complain(problem)
    shown, failed = 0, bool(problems)
    for item in read_inputs(usable):
        if only is not None and item.id != only:
            continue
        shown += 1
        name = item.id or item.url or f"{item.file}, line {(item.offset or 0) + 1}"
        cleaned = clean_safely(item)
        failed = failed or item.problem is not None
        if isinstance(cleaned, Rejection):
            console.print(f"{name}: rejected as {cleaned.reason.value}: {cleaned.detail}", markup=False, soft_wrap=True)
        else:
            show_clean(console, name, cleaned)
    if not shown and only is not None:
        _complain(f"no input has the id {only!r}; the ids of files in a folder are their paths without suffix")
    raise typer.Exit(int(failed or not shown))


@app.command()
def crawl(
    sites: Annotated[
        list[str], typer.Argument(help="Names of configured sites (govscrape sites), or spec files (.toml).")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="x.jsonl for one file, or a folder.")],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out what is older.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many articles a site.")] = None,
) -> None:
    """Crawl sites: fetch their columns' articles, clean them, write records, rejects and the raw responses (WARC).

    Exit code 1: something could not be fetched; 3: not one record.
    """
    from govscrape.crawl import run_crawl
    from govscrape.crawl_view import live_numbers, summary_table
    from govscrape.errors import UsageError
    from govscrape.site_specs import load_site
    from output.writer import OutputError

    console = Console(stderr=True, highlight=False)
    try:
        specs = [load_site(name) for name in sites]
        with live_numbers(console) as watch:
            summary = run_crawl(specs, out, since=since.date() if since else None, limit=limit, watch=watch)
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    except OutputError as error:
        _complain(str(error))
        raise typer.Exit(1) from None
    console.print(summary_table(summary))
    raise typer.Exit(summary.exit_code)


@app.command()
def sites(
    action: Annotated[str, typer.Argument(help="list: what is configured.")] = "list",
) -> None:
    """List the configured sites: hosts, columns, CMS family, when each was last checked."""
    from govscrape.crawl_view import sites_table
    from govscrape.site_specs import all_sites

    if action != "list":
        raise typer.BadParameter(f"'{action}' is no action of sites; there is: list")
    Console(highlight=False).print(sites_table(all_sites()))


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
def schema() -> None:
    """Print the JSON Schema of a record."""
    from output.schema import record_schema

    sys.stdout.write(record_schema())
