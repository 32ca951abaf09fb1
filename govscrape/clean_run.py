"""One dump run from beginning to end: the function behind `govscrape clean`."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console

from cleaners.reason import Reason
from govscrape.errors import UsageError
from govscrape.out_names import misplaced
from govscrape.show import progress, show_summary
from output.build import own_version
from output.manifest import REJECTS
from output.raw import Input
from output.readers import changes_of, check_inputs, passed_over, paths_of, read_inputs, stream_inputs
from output.readers_rows import FIELDS
from output.select import Selection, select
from output.shards import sha256_of, write_whole
from output.writer import ONE_FILE, OutputError, RunWriter, Written
from pipelines.dump import DumpRun, Engine, Summary, learn_furniture
from pipelines.furniture_learned import SAMPLE, read_learned
from pipelines.job import Job
from pipelines.on_dask import DaskEngine
from pipelines.parts_run import join_parts, take_up
from pipelines.workers import LocalEngine, WorkersError


@dataclass
class CleanOptions:
    """What the user asked for; see `govscrape clean --help`."""

    inputs: list[str]
    out: str
    selection: Selection = field(default_factory=Selection)
    columns: tuple[str, ...] = ()
    compress: bool = False
    unique: bool = True
    resume: bool = False
    workers: int | None = None
    dask: str | None = None
    time_limit: float = 60.0
    learn: bool = False
    furniture: Path | None = None

    def items(self) -> Iterator[Input]:
        """The inputs, found anew from their beginning; for a cluster read here, where the files lie that rows may name."""
        columns = dict(pair.split("=", 1) for pair in self.columns)
        inputs = (read_inputs if self.dask else stream_inputs)(self.inputs, columns)
        return select(inputs, self.selection)

    def plan(self) -> dict[str, Any]:
        """What decides the output's bytes. `cleaned_at` is the run's start, or SOURCE_DATE_EPOCH where that is set."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC).replace(microsecond=0)
        options: dict[str, Any] = {**asdict(self.selection), "columns": self.columns}
        options |= {
            "unique": self.unique,
            "compress": self.compress,
            "time_limit": self.time_limit,
            "learn": self.learn,
        }
        options["furniture"] = sha256_of(self.furniture) if self.furniture else None
        options = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
        return {
            "inputs": list(changes_of(self.inputs)),
            "options": options,
            "version": own_version(),
            "cleaned_at": now.isoformat(),
        }


def run_clean(options: CleanOptions, console: Console) -> bool:
    """Clean what was asked for, telling the console how it goes; returns whether an input failed or the run was cut short.

    Raises UsageError where the options make no sense.
    """
    _check(options)
    usable, problems = check_inputs(options.inputs)
    for problem in problems:
        _complain(console, problem)
    if not usable:
        return True
    options.inputs = usable
    _tell_passed_over(options, console)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if (
            options.resume
            and options.out != "-"
            and take_up(Path(options.out), options.plan(), compress=options.compress)
        ):
            return bool(problems)
        writer = RunWriter(options.out, resume=options.resume, plan=options.plan(), compress=options.compress)
        return _run(options, writer, console) or bool(problems)
    except (OutputError, WorkersError) as error:
        _complain(console, str(error))
    return True


def _check_out(options: CleanOptions) -> None:
    """The output must not lie where an input does or inside one, nor where its own rejects go."""
    if options.out == "-":
        return
    out = Path(options.out)
    one_file = options.out.endswith((".jsonl", ".jsonl.zst"))
    rejects = (out.parent if one_file else out) / REJECTS
    if wrong := misplaced(options.out, ONE_FILE):
        raise UsageError(wrong)
    if out.name == REJECTS:
        raise UsageError(f"-o {out}: {REJECTS} is where the rejects go; give the records another name")
    for path in map(Path.resolve, paths_of(options.inputs)):
        for written in (out.resolve(), rejects.resolve()):
            if path == written or (not one_file and path.is_relative_to(written)):
                raise UsageError(f"-o {out}: would overwrite the input {path}; write somewhere else")
            if written.is_relative_to(path) and (not one_file or written.exists()):
                raise UsageError(
                    f"-o {out}: lies inside the input {path}, which would be read again; write somewhere else"
                )


def _check(options: CleanOptions) -> None:
    _check_out(options)
    for pair in options.columns:
        if pair.partition("=")[0] not in FIELDS or "=" not in pair:
            raise UsageError(f"--column {pair}: say FIELD=NAME, with one of the fields {', '.join(FIELDS)}")
    if options.learn and "-" in options.inputs:
        raise UsageError("--learn-furniture reads the inputs twice, and standard input can be read but once")
    if options.furniture and not options.furniture.exists():
        raise UsageError(f"--furniture {options.furniture}: no such file")


def _complain(console: Console, line: str) -> None:
    console.print(line, style="red", soft_wrap=True, highlight=False, markup=False)


def _run(options: CleanOptions, writer: RunWriter, console: Console) -> bool:
    started = time.monotonic()
    try:
        run = DumpRun(writer, unique=options.unique)
        with progress(console) as watch:
            run.write(options.items(), _engine(options, _job(options, writer)), watch)
        written = writer.finish()
    except KeyboardInterrupt:
        _tell_interrupted(writer, console)
        return True
    except WorkersError:
        writer.abort()
        raise
    except OSError as error:
        writer.abort()
        kept = "" if writer.to_stdout else "; what was finished is kept, --resume goes on from there"
        raise OutputError(f"{options.out}: {(error.strerror or str(error)).lower()}{kept}") from error
    try:
        written = _join_parts(run.summary, writer, options) or written
    except KeyboardInterrupt:
        _complain(console, "interrupted while split articles were put together; --resume goes on from there")
        return True
    except OSError as error:
        said = f"{(error.strerror or str(error)).lower()} while split articles were put together"
        raise OutputError(f"{options.out}: {said}; --resume goes on from there") from error
    show_summary(console, run.summary, time.monotonic() - started)
    _tell_written(written, console)
    return bool(run.summary.failed)


def _join_parts(summary: Summary, writer: RunWriter, options: CleanOptions) -> Written | None:
    """Put split articles together, where the run has met parts; standard output has no second pass."""
    if not summary.parts or writer.to_stdout:
        return None
    joined = join_parts(writer.out, writer.plan, compress=options.compress)
    if joined:
        summary.records -= joined.moved
        summary.reasons[Reason.PART] += joined.moved
    return joined.written if joined else None


def _tell_interrupted(writer: RunWriter, console: Console) -> None:
    parts = " and ".join(str(part) for part in writer.abort())
    _complain(console, f"interrupted after {writer.done} inputs; they are kept in {parts}")
    words = [word for word in sys.argv[1:] if word != "--resume"]
    _complain(console, f"to go on: {shlex.join(['govscrape', *words, '--resume'])}")


def _tell_passed_over(options: CleanOptions, console: Console) -> None:
    kinds = passed_over(options.inputs)
    if kinds:
        said = ", ".join(f"{count} {suffix or 'without suffix'}" for suffix, count in kinds.most_common(5))
        more = f" and {len(kinds) - 5} other kinds" if len(kinds) > 5 else ""
        console.print(
            f"files of unknown kinds in folders, passed over: {said}{more}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )


def _tell_written(written: Written, console: Console) -> None:
    if written.files:
        files = ", ".join(str(file) for file in written.files)
        console.print(f"written: {files}", soft_wrap=True, highlight=False, markup=False)


def _engine(options: CleanOptions, job: Job) -> Engine:
    if options.dask:
        return DaskEngine(job, options.dask)
    return LocalEngine(job, options.workers or len(os.sched_getaffinity(0)))


def _job(options: CleanOptions, writer: RunWriter) -> Job:
    job = Job(datetime.fromisoformat(writer.plan["cleaned_at"]), time_limit=options.time_limit)
    source = options.furniture
    if options.learn:
        stem = f"{writer.out.name}." if writer.one_file else ""
        source = writer.folder / f"{stem}furniture.json"
        if not writer.done:
            write_whole(source, learn_furniture(islice(options.items(), SAMPLE), _engine(options, job)))
    if not source:
        return job
    try:
        return replace(job, furniture=read_learned(source))
    except ValueError as error:
        raise OutputError(f"{source}: no list of furniture: {error}") from None
