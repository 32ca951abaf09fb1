"""JSONL and what has rows like it: a row is an object with `id` or `url` if known and one of four forms of content."""

import base64
import binascii
import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from cleaners.reason import Reason, Rejection
from output.raw import RawItem
from output.streams import NO_FILE, readable_name, words

PAGE_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
TEXT_SUFFIXES = frozenset({".txt"})
MAX_ITEM = 100_000_000
"""Largest page, text or JSONL line read into memory (bytes)."""
FORMS = ("html", "text", "body_base64", "file")
FIELDS = ("id", "url", "content_type", "fetched_at", *FORMS)
"""What is read of a row; other columns may bear these names by `columns`."""


class Place(NamedTuple):
    """Where a row lies: the file as it is shown, the row's number from 0, what a row is called (`line`, `row`), and the
    folder that `file` paths start from; None where there is none, as on standard input of an archive's member.
    """

    file: str
    number: int
    word: str = "line"
    folder: Path | None = Path()


class Row(NamedTuple):
    """A line of JSONL as it stands: to parse it costs more than to hand it over. A `file` it names is read with it."""

    line: bytes
    place: Place
    columns: Mapping[str, str]

    @property
    def size(self) -> int:
        """The line's length (bytes)."""
        return len(self.line)

    def read(self) -> RawItem:
        """Read the row; a line that is no good becomes an item with its problem."""
        return _read_line(self.line, self.place, self.columns)


def read_jsonl(lines: BinaryIO, place: Place, columns: Mapping[str, str]) -> Iterator[Row | RawItem]:
    """Cut JSONL into its lines; blank ones are passed over, one that is too long becomes an item with its problem."""
    number = -1
    while line := lines.readline(MAX_ITEM + 1):
        number += 1
        line = line.removeprefix(BOM_UTF8) if number == 0 else line
        if len(line) > MAX_ITEM:
            while line and not line.endswith(b"\n"):
                line = lines.readline(MAX_ITEM)
            problem = Rejection(Reason.TOO_LARGE, f"line {number + 1} is longer than {MAX_ITEM} bytes")
            yield RawItem(file=place.file, offset=number, problem=problem)
        elif not line.isspace():
            yield Row(line, place._replace(number=number), columns)


def _read_line(line: bytes, place: Place, columns: Mapping[str, str]) -> RawItem:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        said = "is not UTF-8" if "not valid UTF-8" in str(error) else f"is no JSON: {error}"
        return bad_row(line, place, said)
    if not isinstance(row, dict):
        return bad_row(line, place, "is no JSON object")
    item = read_row(row, place, columns)
    return replace(item, body=line) if item.problem and not item.body and not item.sha256 else item


def bad_row(line: bytes, place: Place, what: str) -> RawItem:
    """The item of a row that is no good."""
    detail = f"{place.word} {place.number + 1} {what}"
    return RawItem(body=line, file=place.file, offset=place.number, problem=Rejection(Reason.BAD_INPUT, detail))


def read_row(row: Mapping[str, object], place: Place, columns: Mapping[str, str]) -> RawItem:
    """Read one row. `columns` gives the row's own name for a field where it differs (`{"text": "content"}`).

    `html` may be bytes (in Parquet), and is then decoded as a page from the web is.

    >>> read_row({"nr": 7, "text": "某市"}, Place("a.jsonl", 0), {"id": "nr"}).id
    '7'
    """
    values = {name: row.get(columns.get(name, name)) for name in FIELDS}
    given = [form for form in FORMS if isinstance(values[form], str | bytes)]
    if len(given) != 1:
        return bad_row(b"", place, f"needs exactly one of {', '.join(FORMS)}; it has {len(given)}")
    if not isinstance(values["id"], str | int | None) or isinstance(values["id"], bool):
        return bad_row(b"", place, f"has the id {values['id']!r}; an id is a string or a whole number below 2^63")
    item = RawItem(
        id="" if values["id"] is None else str(values["id"]),
        url=_filled(values["url"]),
        content_type=_filled(values["content_type"]),
        fetched_at=time_of(values["fetched_at"]),
        file=place.file,
        offset=place.number,
    )
    return _with_content(item, given[0], values[given[0]], place)


def _filled(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def time_of(value: object) -> datetime | None:
    """A time as it is given, or in ISO 8601; None where it is neither."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) else None


def _with_content(item: RawItem, form: str, value: object, place: Place) -> RawItem:
    if isinstance(value, bytes):
        return replace(item, body=value, content_type=item.content_type or ("text/plain" if form == "text" else None))
    content = str(value)
    if form == "text":
        return replace(item, text=content)
    if form == "html":
        return replace(item, body=content.encode("utf-8", "surrogatepass"), content_type="text/html; charset=utf-8")
    if form == "body_base64":
        try:
            return replace(item, body=base64.b64decode(content, validate=True))
        except (binascii.Error, ValueError) as error:
            return replace(item, problem=_bad(place, f"body_base64 is no base64: {error}"))
    if place.folder is None:
        return replace(item, problem=_bad(place, "a row inside an archive cannot name a file"))
    path = place.folder / content
    if "\0" in content or not path.resolve().is_relative_to(place.folder.resolve()):
        return replace(item, problem=_bad(place, f"file {content!r} lies outside the folder of {place.file}"))
    found = read_file(path, item.id, item.url)
    if found.problem:
        said = f"{found.problem.detail}; {place.file} names it in {place.word} {place.number + 1}"
        found = replace(found, problem=replace(found.problem, detail=said))
    return replace(found, fetched_at=item.fetched_at)


def _bad(place: Place, what: str) -> Rejection:
    return Rejection(Reason.BAD_INPUT, f"{place.word} {place.number + 1}: {what}")


def read_file(path: Path, item_id: str, url: str | None = None) -> RawItem:
    """Read one page or text from a file of its own."""
    shown = readable_name(str(path))
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise OSError(0, NO_FILE)
        size = path.stat().st_size
        if size > MAX_ITEM:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            return replace(too_large(item_id, shown, size, url), sha256=digest)
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        said = words(error) if isinstance(error, OSError) else str(error)
        problem = Rejection(Reason.UNREADABLE, f"{shown}: {said}")
        return RawItem(id=item_id, url=url, file=shown, problem=problem)
    return page_or_text(body, shown, item_id, url)


def page_or_text(body: bytes, file: str, item_id: str, url: str | None = None) -> RawItem:
    """An item of a file's bytes: a text where the file's suffix says so, else a page."""
    is_text = Path(file).suffix.lower() in TEXT_SUFFIXES
    return RawItem(id=item_id, url=url, body=body, content_type="text/plain" if is_text else None, file=file)


def too_large(item_id: str, file: str, size: int, url: str | None = None) -> RawItem:
    """An item that is not read because of its size (bytes)."""
    problem = Rejection(Reason.TOO_LARGE, f"{size} bytes, the limit is {MAX_ITEM}")
    return RawItem(id=item_id, url=url, file=file, problem=problem)
