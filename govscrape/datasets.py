"""What is done with a written dataset: counts, near-duplicates, exports; the functions behind these commands."""

import sys
from collections.abc import Callable
from pathlib import Path

import orjson
from pydantic import ValidationError
from rich.console import Console

from govscrape.show import print_table
from output.build import own_version
from output.manifest import REJECTS, DatasetError, record_files
from output.record import Record, Rejected
from output.shards import read_lines
from output.stats import LENGTHS, Stats, stats_of
from output.writer import OutputError

_TOP = 20
"""Hosts shown on a terminal; the JSON has them all."""


def run_stats(place: Path, console: Console, errors: Console, *, as_json: bool) -> int:
    """Print the counts of a dataset; returns the exit code."""

    def work() -> None:
        stats = stats_of(place)
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(stats.as_json(), option=orjson.OPT_INDENT_2) + b"\n")
            sys.stdout.buffer.flush()
        else:
            _show(stats, console)

    return _told(work, errors, place)


def run_dedup(folder: Path, threshold: float, errors: Console) -> int:
    """Take near-duplicates out of a folder; returns the exit code."""

    def work() -> None:
        try:
            from pipelines.near_run import dedup_folder  # noqa: PLC0415 - needs an optional extra
        except ModuleNotFoundError as error:
            raise DatasetError(
                f"dedup needs {error.name}; install it with: .venv/bin/pip install -e '.[dedup]'"
            ) from None
        done = dedup_folder(folder, threshold)
        said = f"{done.records} records, {done.clusters} clusters of near-duplicates, {done.moved} moved to the rejects"
        _tell(
            errors,
            said + (f", {done.damaged} of them with damage that the copy that stays has not" if done.damaged else ""),
        )

    return _told(work, errors, folder)


def run_export(folder: Path, out: Path | None, errors: Console, *, hf: bool) -> int:
    """Export a folder; returns the exit code."""

    def work() -> None:
        try:
            from output.export import export_hf, export_parquet  # noqa: PLC0415 - needs an optional extra
        except ModuleNotFoundError as error:
            raise DatasetError(
                f"export needs {error.name}; install it with: .venv/bin/pip install -e '.[parquet]'"
            ) from None
        kind = "hf" if hf else "parquet"
        files = (export_hf if hf else export_parquet)(
            folder, out or folder.with_name(f"{folder.resolve().name}-{kind}")
        )
        _tell(errors, f"written: {', '.join(map(str, files))}")

    return _told(work, errors, folder)


def _told(work: Callable[[], None], errors: Console, place: Path) -> int:
    try:
        work()
    except (DatasetError, OutputError) as error:
        _tell(errors, str(error), style="red")
        return 1
    except OSError as error:
        _tell(errors, f"{error.filename or 'output'}: {(error.strerror or str(error)).lower()}", style="red")
        return 1
    except (ValueError, KeyError, TypeError):
        broken = _first_broken(place)
        if not broken:
            raise
        _tell(errors, broken, style="red")
        return 1
    return 0


def _first_broken(place: Path) -> str:
    """The first line of a dataset that is no record, or no reject, of this version; "" where all are."""
    files: list[tuple[Path, type[Record | Rejected]]]
    files = [(path, Record) for path in ([place] if place.is_file() else record_files(place))]
    rejects = (place.parent if place.is_file() else place) / REJECTS
    for path, kind in [*files, *([(rejects, Rejected)] if rejects.exists() else [])]:
        for number, line in enumerate(read_lines(path), 1):
            try:
                kind.model_validate_json(line)
            except ValidationError:
                return f"{path}: line {number} is no {'record' if kind is Record else 'reject'} as govscrape {own_version()} writes them"
    return ""


def _tell(console: Console, line: str, style: str = "") -> None:
    console.print(line, style=style, soft_wrap=True, highlight=False, markup=False)


def _show(stats: Stats, console: Console) -> None:
    first, last = stats.published or ("?", "?")
    console.print(
        f"{stats.records} records, {stats.chars} characters, published {first} to {last}; {stats.rejects} rejects"
    )
    console.print(f"{stats.unresolved} damaged places not certain, in {stats.damaged} records")
    made = stats.as_json()
    hosts = [(host, c["records"], c["chars"], c["unresolved"], c["rejects"]) for host, c in made["hosts"].items()]
    print_table(console, ("host", "records", "characters", "unresolved", "rejects"), hosts[:_TOP])
    if len(hosts) > _TOP:
        console.print(f"{len(hosts) - _TOP} more hosts; --json has them all")
    cleaners = [(name, c["documents"], c["edits"]) for name, c in made["cleaners"].items()]
    print_table(console, ("cleaner", "documents", "edits"), cleaners)
    most = max(stats.lengths.values(), default=1)
    lengths = [(f"{low}+", stats.lengths[low], "█" * round(40 * stats.lengths[low] / most)) for low in LENGTHS]
    print_table(console, ("characters", "records", ""), lengths)
    for head, counts in (("script", stats.scripts), ("encoding", stats.encodings), ("rejected as", stats.reasons)):
        print_table(console, (head, "inputs"), counts.most_common())
