"""Writing a run exactly once: records and rejects in their order, checkpoints to go on from, names given at the end."""

import fcntl
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from output.manifest import MANIFEST, REJECTS, manifest_of
from output.record import Record, Rejected
from output.shards import PartFile, discard, part_of, publish, read_lines, sha256_of, sync_folder, write_whole

SHARD_ROWS = 50_000
"""Records in one shard of a folder output."""
_CHECKPOINT_EVERY = 2.0
"""Seconds of work that a killed run loses at most; a checkpoint costs two fsyncs, some 10 ms."""
ONE_FILE = (".jsonl", ".jsonl.zst")


class OutputError(Exception):
    """The output can't be written; the message names the place and says why."""


class Written(NamedTuple):
    """What a whole run wrote: the files, records first."""

    files: tuple[Path, ...]
    records: int
    rejects: int


def state_path(out: Path) -> Path:
    """Where the state of an unfinished run into a place is kept."""
    return out.with_name(f"{out.name}.run.json") if out.name.endswith(ONE_FILE) else out / "run.json"


class RunWriter:
    """Writes the records and rejects of one run.

    `out` ending in `.jsonl` or `.jsonl.zst` is one file; `-` is standard output; anything else a folder of shards with
    `manifest.json`. Rejects go beside it as `rejects.jsonl` (with `-`: in the current folder, only if there are any).
    Files get their final names when they are whole; where an earlier output stands in their place, all at once in
    `finish`. After `abort` or a sudden end the lines are in `.part` files.

    `plan` says what the run is (JSON values): with it, checkpoints are kept in `run.json` (`….run.json` beside a single
    file), and `resume=True` takes up an interrupted run of the same plan; a `cleaned_at` in it is then the first start's.
    Each shard's entry there, and then in the manifest, is its completion record: rows, hash, the inputs it is made of.

    Raises OutputError where the place can't be written or the interrupted run had another plan.
    """

    def __init__(
        self,
        out: Path | str,
        *,
        resume: bool = False,
        shard_rows: int = SHARD_ROWS,
        plan: Mapping[str, Any] | None = None,
        compress: bool = False,
    ) -> None:
        self.out = Path(out)
        self.to_stdout = str(out) == "-"
        self.one_file = self.to_stdout or self.out.name.endswith(ONE_FILE)
        self.shard_rows = shard_rows
        self.folder = Path() if self.to_stdout else self.out.parent if self.one_file else self.out
        self.plan = dict(plan or {})
        self.records = self.rejects = 0
        self._suffix = ".jsonl.zst" if compress else ".jsonl"
        self._keeps_state = plan is not None and not self.to_stdout
        self._shards: list[dict[str, Any]] = []
        self._open: PartFile | None = None
        self._open_rows = self._open_from = 0
        self._next_checkpoint = time.monotonic() + _CHECKPOINT_EVERY
        self._lock = -1
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._own_place()
            self._rejects = self._take_up() if resume and self._keeps_state else self._begin()
        except OSError as error:
            self._leave_place()
            raise OutputError(f"{self.out}: cannot be written: {(error.strerror or str(error)).lower()}") from error
        except OutputError:
            self._leave_place()
            raise

    def _own_place(self) -> None:
        """Keep other runs out of the folder until this one ends, and see that its files' names can be given."""
        if self.to_stdout:
            return
        self._lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                f"{self.folder}: another run is writing there; wait for it, or write somewhere else"
            ) from None
        except OSError:
            pass  # a file system that knows no locks
        for path in (self.folder / REJECTS, self._state_path, self.folder / MANIFEST):
            if path.is_dir():
                raise OSError(0, f"{path.name} is a folder there")

    def _leave_place(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    @property
    def done(self) -> int:
        """Number of inputs written so far, taken up ones included: each gives one line."""
        return self.records + self.rejects

    @property
    def _state_path(self) -> Path:
        return state_path(self.out)

    def _begin(self) -> PartFile:
        """Start over: what an interrupted run left goes; a finished output stays until this run's is whole."""
        if self._state_path.exists() and not self.to_stdout:
            try:
                names = [Path(entry["path"]).name for entry in orjson.loads(self._state_path.read_bytes())["shards"]]
            except (ValueError, KeyError, TypeError):
                names = []  # broken: there is nothing to clear away by it
            for name in names:
                discard(self.folder / name)
            self._state_path.unlink()
        return PartFile(self.folder / REJECTS)

    def _take_up(self) -> PartFile:
        """Go back to the last checkpoint: what was written behind it is cut off, to be written again."""
        if not self._state_path.exists():
            return self._begin()
        try:
            state = orjson.loads(self._state_path.read_bytes())
            was = {**state["plan"], "cleaned_at": None}
        except (ValueError, KeyError, TypeError):
            raise OutputError(f"{self._state_path}: broken; leave out --resume to start over") from None
        if was != {**self.plan, "cleaned_at": None}:
            raise OutputError(
                f"{self.out}: the interrupted run was another one: {_difference(state['plan'], self.plan)}"
            )
        self.plan = state["plan"]
        self.records, self.rejects = state["records"], state["rejects"]
        self._shards = state["shards"]
        if state["open_bytes"]:
            self._open = PartFile(self._shard_path(len(self._shards)), size=state["open_bytes"])
        self._open_rows, self._open_from = state["open_rows"], state["open_from"]
        rejects = self.folder / REJECTS
        if state["publishing"] and not part_of(rejects).exists():
            rejects.replace(part_of(rejects))
        return PartFile(rejects, size=state["rejects_bytes"])

    def lines_so_far(self) -> Iterator[tuple[bool, bytes]]:
        """The lines taken up from an interrupted run, each with whether it is a record; rejects last."""
        whole = [self.folder / shard["path"] for shard in self._shards]
        paths = [part_of(path) if part_of(path).exists() else path for path in whole]
        for path in (*paths, *([self._open.part] if self._open else [])):
            yield from ((True, line) for line in read_lines(path))
        yield from ((False, line) for line in read_lines(self._rejects.part))

    def _shard_path(self, number: int) -> Path:
        return self.out if self.one_file else self.out / f"part-{number:05d}{self._suffix}"

    def write(self, record: Record) -> None:
        """Add a record."""
        self.add(record.model_dump_json().encode())

    def reject(self, rejected: Rejected) -> None:
        """Add a reject."""
        self.add_reject(rejected.model_dump_json().encode())

    def add(self, line: bytes) -> None:
        """Add a record's line."""
        self.records += 1
        if self.to_stdout:
            sys.stdout.buffer.write(line + b"\n")
            return
        if self._open is None:
            self._open = PartFile(self._shard_path(len(self._shards)))
        self._open.add(line)
        self._open_rows += 1
        if not self.one_file and self._open_rows >= self.shard_rows:
            self._complete_shard()

    def add_reject(self, line: bytes) -> None:
        """Add a reject's line."""
        self.rejects += 1
        self._rejects.add(line)

    def _complete_shard(self) -> None:
        if self._open is None:
            self._open = PartFile(self._shard_path(len(self._shards)))
        shard, self._open = self._open, None
        ready = shard.complete()
        entry = {"path": shard.path.name, "rows": self._open_rows, "inputs": [self._open_from, self.done]}
        self._shards.append({**entry, "bytes": ready.stat().st_size, "sha256": sha256_of(ready)})
        self._open_rows, self._open_from = 0, self.done
        self.checkpoint()
        if not self.one_file and not shard.path.exists():
            publish(shard.path)

    def checkpoint(self, *, publishing: bool = False) -> None:
        """Bring everything to disk and note how far the run has come."""
        if not self._keeps_state:
            return
        state = {
            "plan": self.plan,
            "records": self.records,
            "rejects": self.rejects,
            "rejects_bytes": self._rejects.sync(),
            "open_rows": self._open_rows,
            "open_from": self._open_from,
            "open_bytes": self._open.sync() if self._open else 0,
            "shards": self._shards,
            "publishing": publishing,
        }
        write_whole(self._state_path, state)
        self._next_checkpoint = time.monotonic() + _CHECKPOINT_EVERY

    def checkpoint_if_due(self) -> None:
        """Make a checkpoint if the last one is some seconds old."""
        if time.monotonic() >= self._next_checkpoint:
            self.checkpoint()

    def finish(self) -> Written:
        """Give the files their final names; a folder gets its manifest."""
        if self.to_stdout:
            return self._finish_stdout()
        if self._open or not self._shards:
            self._complete_shard()
        self.checkpoint(publishing=True)
        self._rejects.complete()
        paths = [self.folder / shard["path"] for shard in self._shards] + [self._rejects.path]
        stale = [] if self.one_file else self._stale(paths)
        for path in paths:
            publish(path)
        if not self.one_file:
            write_whole(self.folder / MANIFEST, self._manifest())
            paths.append(self.folder / MANIFEST)
        for path in (*stale, self._state_path):
            path.unlink(missing_ok=True)
        sync_folder(self.folder)
        self._leave_place()
        return Written(tuple(paths), self.records, self.rejects)

    def _finish_stdout(self) -> Written:
        sys.stdout.buffer.flush()
        self._rejects.complete()
        if not self.rejects:
            self._rejects.part.unlink()
            return Written((), self.records, 0)
        publish(self._rejects.path)
        return Written((self._rejects.path,), self.records, self.rejects)

    def _stale(self, paths: list[Path]) -> list[Path]:
        """Shards of an earlier output in the same folder that this one does not replace."""
        manifest = self.folder / MANIFEST
        try:
            named = orjson.loads(manifest.read_bytes())["resources"] if manifest.exists() else []
            found = [self.folder / Path(entry["path"]).name for entry in named]
        except (ValueError, KeyError, TypeError):
            return []  # broken, or not of our making
        return [path for path in found if path not in paths and path.name.startswith("part-")]

    def _manifest(self) -> dict[str, Any]:
        path = self._rejects.path
        entry = {"path": path.name, "rows": self.rejects, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
        return manifest_of(self.out.resolve().name, self.plan, self._shards, entry)

    def abort(self) -> tuple[Path, ...]:
        """Stop before the run is whole; returns the `.part` files that hold what was finished."""
        with suppress(OSError, ValueError):  # the latter where a file has been closed already
            self.checkpoint()
        self._leave_place()
        parts = [part for part in (self._open, self._rejects) if part]
        for part in parts:
            with suppress(OSError):
                part.close()
        return tuple(part.part for part in parts)


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Where two plans differ, for the user.

    >>> _difference({"options": {"limit": None, "sample": 1.0}}, {"options": {"limit": 300, "sample": 1.0}})
    'limit was None and is 300; give the same, or leave out --resume to start over'
    """
    return f"{', '.join(_changes(old, new))}; give the same, or leave out --resume to start over"


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*old, *new} - {"cleaned_at"}):
        was, now = old.get(name), new.get(name)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from _changes(was, now)
        elif was != now:
            yield f"{name} was {was!r} and is {now!r}"
