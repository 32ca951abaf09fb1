"""The command line: clean dumps, crawl sites, explain what was changed."""

import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from govscrape.namesakes import NamesakeError, check_namesakes

if TYPE_CHECKING:
    from output.writer import RunWriter

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
        help="Pages (.html .htm .shtml), texts (.txt), .jsonl[.gz|.zst], folders of these, or - for JSONL on stdin."
    ),
]


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
    out: Annotated[str, typer.Option("-o", "--out", help="x.jsonl for one file, a folder for shards, - for stdout.")],
    *,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run of the same command.")
    ] = False,
) -> None:
    """Clean pages and texts: every input becomes a record, or a line of rejects.jsonl with its reason.

    JSONL input has `id` or `url` if known and one of `html`, `text`, `body_base64`, `file` (a path relative to the JSONL).
    Exit code 1: some input failed; the rest is written.
    """
    from output.readers import check_inputs
    from output.writer import OutputError, RunWriter

    usable, problems = check_inputs(inputs)
    for problem in problems:
        _complain(problem)
    if not usable:
        raise typer.Exit(1)
    try:
        writer = RunWriter(out, resume=resume)
        failed = _clean_into(writer, usable, out)
    except OutputError as error:
        _complain(str(error))
        raise typer.Exit(1) from None
    raise typer.Exit(int(failed or bool(problems)))


def _complain(line: str) -> None:
    errors.print(line, style="red", soft_wrap=True, highlight=False, markup=False)


def _clean_into(writer: "RunWriter", inputs: list[str], out: str) -> bool:
    """Run the dump; returns whether an input failed or the run was interrupted."""
    from govscrape.show import progress, show_summary
    from output.readers import read_inputs
    from output.writer import OutputError
    from pipelines.dump import Summary, run_dump

    summary = Summary()
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with progress(errors) as watch:
            run_dump(read_inputs(inputs), writer, summary, watch)
        written = writer.finish()
    except KeyboardInterrupt:
        parts = " and ".join(str(part) for part in writer.abort())
        _complain(f"interrupted after {writer.done} inputs; they are kept in {parts}")
        _complain(f"to go on: govscrape clean {' '.join(inputs)} -o {out} --resume")
        return True
    except OSError as error:
        writer.abort()
        raise OutputError(
            f"{out}: {(error.strerror or str(error)).lower()}; what was finished is kept, --resume goes on from there"
        ) from error
    show_summary(errors, summary, time.monotonic() - started)
    files = ", ".join(str(file) for file in written.files)
    if files:
        errors.print(f"written: {files}", soft_wrap=True, highlight=False, markup=False)
    return bool(summary.failures)


@app.command()
def explain(
    inputs: Inputs,
    only: Annotated[str | None, typer.Option("--id", help="Only the input with this id.")] = None,
) -> None:
    """Show each change in its place, cleaner by cleaner, with how a page was read and where its metadata come from."""
    from cleaners.reason import Rejection
    from govscrape.show import show_clean
    from output.build import clean_core
    from output.readers import check_inputs, read_inputs

    console = Console(highlight=False)
    usable, problems = check_inputs(inputs)
    for problem in problems:
        _complain(problem)
    shown = 0
    for item in read_inputs(usable):
        if only is not None and item.id != only:
            continue
        shown += 1
        name = item.id or item.url or f"{item.file}, line {(item.offset or 0) + 1}"
        cleaned = clean_core(item)
        if isinstance(cleaned, Rejection):
            console.print(f"{name}: rejected as {cleaned.reason.value}: {cleaned.detail}", markup=False, soft_wrap=True)
        else:
            show_clean(console, name, cleaned)
    if not shown and only is not None:
        _complain(f"no input has the id {only!r}; the ids of files in a folder are their paths without suffix")
    raise typer.Exit(int(bool(problems) or not shown))


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
    from govscrape.spiders.sites import Wanted
    from output.writer import OutputError

    console = Console(stderr=True, highlight=False)
    try:
        specs = [load_site(name) for name in sites]
        with live_numbers(console) as watch:
            wanted = Wanted(since.date() if since else None, limit)
            summary = run_crawl(specs, out, wanted, watch=watch)
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    except OutputError as error:
        _complain(str(error))
        raise typer.Exit(1) from None
    console.print(summary_table(summary))
    raise typer.Exit(summary.exit_code)


@sites_app.callback(invoke_without_command=True)
def sites(context: typer.Context) -> None:
    """Show the configured sites, check one against what its server gives, draft the spec of a new one."""
    if context.invoked_subcommand is None:
        list_sites()


@sites_app.command("list")
def list_sites() -> None:
    """List the configured sites: hosts, columns, CMS family, when each was last checked."""
    from govscrape.crawl_view import sites_table
    from govscrape.site_specs import all_sites

    Console(highlight=False).print(sites_table(all_sites()))


@sites_app.command("check")
def check_site(
    site: Annotated[str, typer.Argument(help="A configured site, or a spec file (.toml).")],
) -> None:
    """Ask each column's list and one article of it: do they still match the spec? Nothing is written.

    Exit code 3: a column gives no articles, or its article cannot be read.
    """
    from govscrape import site_check
    from govscrape.crawl_view import check_table
    from govscrape.errors import UsageError
    from govscrape.site_specs import load_site

    try:
        checks = site_check.check_site(load_site(site))
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    Console(highlight=False).print(check_table(checks))
    raise typer.Exit(3 if any(check.problem for check in checks) else 0)


@sites_app.command("new")
def new_site(
    url: Annotated[str, typer.Argument(help="The first list page of a column.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write x.toml instead of showing it.")] = None,
    *,
    private: Annotated[bool, typer.Option("--private", help="The host lies at a private or loopback address.")] = False,
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
        draft = draft_spec(url, private=private)
    except UsageError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    if draft.problem:
        _complain(f"{url}: {draft.problem}")
    if not draft.toml:
        raise typer.Exit(3)
    if out is None:
        sys.stdout.write(draft.toml)
    else:
        out.write_text(draft.toml, "utf-8")
        errors.print(f"written: {out}", soft_wrap=True, highlight=False, markup=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    from output.schema import record_schema

    sys.stdout.write(record_schema())
