"""Reading inputs: folders, single pages, texts and JSONL, streamed; a broken one becomes an item with its problem."""

import base64
import binascii
import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import orjson
import zstandard

from cleaners.reason import Reason, Rejection
from output.raw import RawItem
from output.readers_warc import read_warc

PAGE_SUFFIXES = {".html", ".htm", ".shtml", ".xhtml"}
TEXT_SUFFIXES = {".txt"}
WARC_SUFFIXES = (".warc", ".warc.gz")
JSONL_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
MAX_ITEM = 100_000_000
"""Largest page, text or JSONL line read into memory (bytes)."""
_FORMS = ("html", "text", "body_base64", "file")


class Checked(NamedTuple):
    """Inputs that can be read, and a line for each that can't: what is wrong with it and what to do."""

    usable: list[str]
    problems: list[str]


def check_inputs(inputs: list[str]) -> Checked:
    """Look at the inputs before the run: do they exist, are they of a known kind."""
    problems = {name: _problem_with(Path(name)) for name in inputs if name != "-"}
    return Checked([name for name in inputs if not problems.get(name)], [p for p in problems.values() if p])


def _problem_with(path: Path) -> str | None:
    if not path.exists():
        return f"{path}: no such file or folder"
    if path.is_file() and _kind(path) is None:
        known = ", ".join(sorted(PAGE_SUFFIXES | TEXT_SUFFIXES)) + ", " + ", ".join(JSONL_SUFFIXES + WARC_SUFFIXES)
        return f"{path}: unknown kind of file; known are {known}"
    return None


def _kind(path: Path) -> str | None:
    name = path.name.lower()
    if name.endswith(JSONL_SUFFIXES):
        return "jsonl"
    if name.endswith(WARC_SUFFIXES):
        return "warc"
    if path.suffix.lower() in PAGE_SUFFIXES:
        return "page"
    return "text" if path.suffix.lower() in TEXT_SUFFIXES else None


def read_inputs(inputs: list[str]) -> Iterator[RawItem]:
    """Read all inputs in their order; `-` is JSONL on standard input. What can't be read is an item with a problem."""
    for name in inputs:
        if name == "-":
            yield from _read_jsonl(sys.stdin.buffer, "-", Path())
        elif Path(name).is_dir():
            yield from _read_folder(Path(name))
        else:
            yield from _read_path(Path(name), Path(name).stem)


def _read_folder(folder: Path) -> Iterator[RawItem]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and _kind(p)):
        yield from _read_path(path, path.relative_to(folder).with_suffix("").as_posix())


def _read_path(path: Path, item_id: str) -> Iterator[RawItem]:
    if _kind(path) == "warc":
        yield from read_warc(path)
        return
    if _kind(path) != "jsonl":
        yield _read_file(path, item_id)
        return
    try:
        with ExitStack() as stack:
            yield from _read_jsonl(_open(path, stack), str(path), path.parent)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        yield RawItem(file=str(path), problem=Rejection(Reason.UNREADABLE, f"{path}: {_words(error)}"))


def _open(path: Path, stack: ExitStack) -> BinaryIO:
    file: BinaryIO = stack.enter_context(path.open("rb"))
    if path.suffix == ".gz":
        return cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file)))
    if path.suffix == ".zst":
        return stack.enter_context(io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file)))
    return file


def _words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, EOFError):
        return "the compressed file is cut off; what came before is used"
    return f"broken compressed file ({error}); what came before is used"


def _read_file(path: Path, item_id: str, url: str | None = None) -> RawItem:
    try:
        size = path.stat().st_size
        if size > MAX_ITEM:
            problem = Rejection(Reason.TOO_LARGE, f"{size} bytes, the limit is {MAX_ITEM}")
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            return RawItem(id=item_id, url=url, file=str(path), problem=problem, sha256=digest)
        body = path.read_bytes()
    except OSError as error:
        problem = Rejection(Reason.UNREADABLE, f"{path}: {_words(error)}")
        return RawItem(id=item_id, url=url, file=str(path), problem=problem)
    if _kind(path) == "text":
        return RawItem(id=item_id, url=url, body=body, content_type="text/plain", file=str(path))
    return RawItem(id=item_id, url=url, body=body, file=str(path))


def _read_jsonl(lines: BinaryIO, file: str, folder: Path) -> Iterator[RawItem]:
    number = -1
    while line := lines.readline(MAX_ITEM + 1):
        number += 1
        if len(line) > MAX_ITEM:
            while line and not line.endswith(b"\n"):
                line = lines.readline(MAX_ITEM)
            problem = Rejection(Reason.TOO_LARGE, f"line {number + 1} is longer than {MAX_ITEM} bytes")
            yield RawItem(file=file, offset=number, problem=problem)
        elif line.strip():
            yield _from_line(line, number, file, folder)


def _from_line(line: bytes, number: int, file: str, folder: Path) -> RawItem:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _bad_line(line, file, number, f"line {number + 1} is no JSON: {error}")
    if not isinstance(row, dict):
        return _bad_line(line, file, number, f"line {number + 1} is no JSON object")
    given = [form for form in _FORMS if isinstance(row.get(form), str)]
    if len(given) != 1:
        return _bad_line(
            line, file, number, f"line {number + 1} needs exactly one of {', '.join(_FORMS)}; it has {len(given)}"
        )
    item_id = str(row["id"]) if row.get("id") not in (None, "") else ""
    url = row.get("url") if isinstance(row.get("url"), str) and row.get("url") else None
    return _from_form(given[0], row[given[0]], RawItem(id=item_id, url=url, file=file, offset=number), folder)


def _bad_line(line: bytes, file: str, number: int, detail: str) -> RawItem:
    return RawItem(body=line, file=file, offset=number, problem=Rejection(Reason.BAD_INPUT, detail))


def _from_form(form: str, value: str, item: RawItem, folder: Path) -> RawItem:
    if form == "text":
        return replace(item, text=value)
    if form == "html":
        return replace(item, body=value.encode("utf-8", "surrogatepass"), content_type="text/html; charset=utf-8")
    if form == "body_base64":
        try:
            return replace(item, body=base64.b64decode(value, validate=True))
        except binascii.Error as error:
            return replace(item, problem=Rejection(Reason.BAD_INPUT, f"body_base64 is no base64: {error}"))
    path = folder / value
    if not path.resolve().is_relative_to(folder.resolve()):
        return replace(
            item, problem=Rejection(Reason.BAD_INPUT, f"file {value!r} lies outside the JSONL file's folder")
        )
    return _read_file(path, item.id, item.url)
