"""The second pass over a run's output: the parts of an article that are all there become one record."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

import orjson

from cleaners.reason import Reason
from output.build import quality_of
from output.manifest import REJECTS, record_files
from output.record import EditCount, MetaEntry, Record, Rejected
from output.shards import read_lines
from output.writer import RunWriter, Written, state_path

_WHOLE = b'"part":null'
"""What a line of a whole article holds, and no text within a line (there the quotation marks are escaped)."""


class Joined(NamedTuple):
    """What a pass did: articles put together, parts moved to the rejects for them, and the files written."""

    articles: int
    moved: int
    written: Written


class _Parts:
    """The lines of all parts of a run, on disk where they are many; the database goes with the process."""

    def __init__(self, files: list[Path]) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.execute("CREATE TABLE part (first TEXT, of INTEGER, number INTEGER, line BLOB)")
        for line in _lines(files):
            if _WHOLE not in line:
                part = orjson.loads(line)["part"]
                self._base.execute("INSERT INTO part VALUES (?, ?, ?, ?)", (*_article(part), part["number"], line))
        self._base.execute("CREATE INDEX place ON part (first, of, number)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def complete(self) -> set[tuple[str, int]]:
        """The articles of which each part is there once, by the first part's address and the number of parts."""
        rows = self._base.execute("SELECT first, of, count(*), count(DISTINCT number) FROM part GROUP BY first, of")
        return {(first, of) for first, of, count, different in rows if count == different == of}

    def records(self, first: str, of: int) -> list[Record]:
        """The parts of an article, in order."""
        rows = self._base.execute("SELECT line FROM part WHERE first = ? AND of = ? ORDER BY number", (first, of))
        return [Record.model_validate_json(line) for (line,) in rows]


def join_parts(out: Path, plan: Mapping[str, Any], *, compress: bool) -> Joined | None:
    """Put the articles together whose parts are all in a run's output; its files are replaced when all are whole.

    The whole stands in the place of its first part and bears its id, address and raw place; the others go to the rejects
    and name it. Left alone: parts of an article that is not all there, or of which a part is there twice: they stay
    records, each with its number. None where there is nothing to join.
    """
    files = [out] if out.is_file() else record_files(out)
    with _Parts(files) as parts:
        articles = parts.complete()
        if not articles:
            return None
        # what is read is what is replaced at the end
        writer = RunWriter(out, plan={**plan, "joined": len(articles)}, compress=compress)
        try:
            moved = _write(writer, writer.folder / REJECTS, files, parts, articles)
            return Joined(len(articles), moved, writer.finish())
        except BaseException:
            writer.abort()
            raise


def take_up(out: Path, plan: Mapping[str, Any], *, compress: bool) -> bool:
    """Bring a pass to its end that was interrupted after the run of this plan; False where none was."""
    path = state_path(out)
    try:
        state = orjson.loads(path.read_bytes()) if path.exists() else {"plan": {}}
        started = {key: value for key, value in state["plan"].items() if key != "joined"}
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    if "joined" not in state["plan"] or {**started, "cleaned_at": None} != {**plan, "cleaned_at": None}:
        return False
    if state["publishing"]:
        RunWriter(out, resume=True, plan=state["plan"]).finish()
    else:
        join_parts(out, started, compress=compress)
    return True


def _article(part: dict[str, Any]) -> tuple[str, int]:
    """What names an article: the address of its first part and their number."""
    return part["addresses"][0], len(part["addresses"])


def _lines(files: list[Path]) -> Iterator[bytes]:
    return (line for path in files for line in read_lines(path))


def _write(writer: RunWriter, rejects: Path, files: list[Path], parts: _Parts, articles: set[tuple[str, int]]) -> int:
    for line in read_lines(rejects):
        writer.add_reject(line)
    moved = 0
    for line in _lines(files):
        part = None if _WHOLE in line else orjson.loads(line)["part"]
        if part is None or _article(part) not in articles:
            writer.add(line)
        elif part["number"] == 1:
            writer.write(whole_of(parts.records(*_article(part))))
        else:
            first = parts.records(*_article(part))[0]
            writer.reject(_rejected(Record.model_validate_json(line), first.id))
            moved += 1
    return moved


def whole_of(parts: list[Record]) -> Record:
    """The record of an article from those of its parts, in order: their texts, edits and attachments together, of other
    metadata what the first of them gives.
    """
    first = parts[0]
    text = "\n".join(part.text for part in parts)
    edits = Counter[str]()
    for edit in (edit for part in parts for edit in part.edits):
        edits[edit.cleaner] += edit.count
    given: dict[str, Any] = {
        name: next(filter(None, (getattr(part.meta, name) for part in parts)), None) for name in MetaEntry.model_fields
    }
    given["keywords"] = given["keywords"] or []
    files = {file.url: file for part in parts for file in part.meta.attachments}
    scripts = {part.script for part in parts}
    return first.model_copy(
        update={
            "text": text,
            "part": None,
            "meta": MetaEntry(**{**given, "attachments": list(files.values())}),
            "script": scripts.pop() if len(scripts) == 1 else "mixed",
            "edits": [EditCount(cleaner=name, count=count) for name, count in edits.items()],
            "quality": quality_of(text, sum(part.quality.unresolved for part in parts)),
        }
    )


def _rejected(record: Record, whole: str) -> Rejected:
    part = record.part
    detail = f"part {part.number} of {len(part.addresses)} of {whole}" if part else ""
    return Rejected(id=record.id, url=record.url, reason=Reason.PART, detail=detail, raw=record.raw, duplicate_of=whole)
