"""Writing a run: records and rejects, under a temporary name until whole."""

import hashlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from output.record import SCHEMA_VERSION, Record, Rejected

SHARD_ROWS = 50_000
"""Records in one shard of a folder output."""
REJECTS = "rejects.jsonl"


class OutputError(Exception):
    """The output can't be written; the message names the place and says why."""


class Written(NamedTuple):
    """What a whole run wrote: the files, records first."""

    files: tuple[Path, ...]
    records: int
    rejects: int


class _PartFile:
    """A JSONL file that bears `.part` behind its name until it is whole."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path = path
        self.part = path.with_name(path.name + ".part")
        self.rows = _whole_rows(self.part) if resume else 0
        self._file: IO[bytes] = self.part.open("ab" if resume else "wb")

    def add(self, line: bytes) -> None:
        self._file.write(line + b"\n")
        self.rows += 1

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def finish(self) -> None:
        self._file.close()
        self.part.replace(self.path)


def _whole_rows(part: Path) -> int:
    """Count the whole lines of a part file and cut off a last one that was not finished."""
    if not part.exists():
        return 0
    rows = whole = 0
    with part.open("r+b") as file:
        for line in file:
            if line.endswith(b"\n"):
                rows, whole = rows + 1, whole + len(line)
        file.truncate(whole)
    return rows


class RunWriter:
    """Writes the records and rejects of one run.

    `out` ending in `.jsonl` is one file; `-` is standard output; anything else a folder of shards with `manifest.json`.
    Rejects go beside it as `rejects.jsonl` (with `-`: in the current folder, only if there are any). Files get their
    final names in `finish`; after `abort` the finished lines stay in `.part` files, where `resume=True` takes them up.

    Raises OutputError where the place can't be written.
    """

    def __init__(self, out: Path | str, *, resume: bool = False, shard_rows: int = SHARD_ROWS) -> None:
        self.out = Path(out)
        self.to_stdout = str(out) == "-"
        self.one_file = self.to_stdout or self.out.suffix == ".jsonl"
        self.shard_rows = shard_rows
        self.folder = Path() if self.to_stdout else self.out.parent if self.one_file else self.out
        self.records = 0
        self._resume = resume
        self._shards: list[_PartFile] = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._rejects = _PartFile(self.folder / REJECTS, resume=resume)
            self._open_shards()
        except OSError as error:
            raise OutputError(f"{self.out}: cannot be written: {(error.strerror or str(error)).lower()}") from error

    @property
    def rejects(self) -> int:
        """Number of rejects written so far."""
        return self._rejects.rows

    @property
    def done(self) -> int:
        """Number of inputs written so far, taken up ones included."""
        return self.records + self.rejects

    def _open_shards(self) -> None:
        if self.to_stdout:
            return
        self._shards.append(_PartFile(self._shard_path(0), resume=self._resume))
        while (
            self._resume
            and not self.one_file
            and self._shard_path(len(self._shards)).with_suffix(".jsonl.part").exists()
        ):
            self._shards.append(_PartFile(self._shard_path(len(self._shards)), resume=True))
        self.records = sum(shard.rows for shard in self._shards)

    def _shard_path(self, number: int) -> Path:
        return self.out if self.one_file else self.out / f"part-{number:05d}.jsonl"

    def write(self, record: Record) -> None:
        """Add a record."""
        line = record.model_dump_json().encode()
        self.records += 1
        if self.to_stdout:
            sys.stdout.buffer.write(line + b"\n")
            return
        if not self.one_file and self._shards[-1].rows >= self.shard_rows:
            self._shards[-1].flush()
            self._shards.append(_PartFile(self._shard_path(len(self._shards)), resume=False))
        self._shards[-1].add(line)

    def reject(self, rejected: Rejected) -> None:
        """Add a reject."""
        self._rejects.add(rejected.model_dump_json().encode())

    def finish(self) -> Written:
        """Give the files their final names; a folder gets its manifest."""
        files = [shard.path for shard in self._shards]
        for shard in self._shards:
            shard.finish()
        if self.to_stdout:
            sys.stdout.buffer.flush()
        if self.to_stdout and not self.rejects:
            self._rejects.close()
            self._rejects.part.unlink()
        else:
            self._rejects.finish()
            files.append(self._rejects.path)
        if not self.one_file:
            files.append(self._write_manifest(files))
        return Written(tuple(files), self.records, self.rejects)

    def abort(self) -> tuple[Path, ...]:
        """Stop before the run is whole; returns the `.part` files that hold what was finished."""
        parts = [*self._shards, self._rejects]
        for part in parts:
            with suppress(OSError):
                part.close()
        return tuple(part.part for part in parts)

    def _write_manifest(self, files: list[Path]) -> Path:
        rows = {shard.path: shard.rows for shard in self._shards} | {self._rejects.path: self.rejects}
        resources = [{"path": f.name, "rows": rows[f], "sha256": _sha256(f)} for f in files]
        manifest = {"name": self.out.name, "schema_version": SCHEMA_VERSION, "resources": resources}
        path = self.out / "manifest.json"
        part = path.with_suffix(".json.part")
        part.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return part.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
