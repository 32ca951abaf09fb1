"""Reading inputs of every kind alike, streamed: a broken one becomes an item with its problem."""

import glob
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from cleaners.reason import Reason, Rejection
from output.raw import Input, RawItem
from output.readers_archives import JSONL_SUFFIXES, read_tar, read_wacz, read_zip
from output.readers_parquet import read_parquet
from output.readers_rows import PAGE_SUFFIXES, TEXT_SUFFIXES, Place, read_file, read_jsonl
from output.readers_warc import read_warc
from output.streams import NO_FILE, READ_ERRORS, open_stream, readable_name, words

TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".txz", ".tar.bz2")
WARC_SUFFIXES = (".warc", ".warc.gz")
_NO_COLUMNS: Mapping[str, str] = {}


class Checked(NamedTuple):
    """Inputs that can be read, and a line for each that can't: what is wrong with it and what to do."""

    usable: list[str]
    problems: list[str]


def check_inputs(inputs: list[str]) -> Checked:
    """Look at the inputs before the run: do they exist, are they of a known kind. The lines of a list file are not."""
    problems = {name: _problem_with(name) for name in inputs if name != "-"}
    return Checked([name for name in inputs if not problems.get(name)], [p for p in problems.values() if p])


def _problem_with(name: str) -> str | None:
    path = Path(name.removeprefix("@") if _is_list(name) else name)
    shown = readable_name(str(path))
    if not name.strip():
        return f"{name!r}: no name of a file or folder"
    try:
        exists = path.exists()
    except OSError as error:
        return f"{shown}: {words(error)}"
    if exists and not (path.is_file() or path.is_dir()):
        return f"{shown}: {NO_FILE}; a stream is read as JSONL from standard input (-)"
    if not exists:
        if "://" in name:
            return f"{name}: an address, and no file; govscrape explain shows one page, govscrape crawl reads a site"
        if glob.has_magic(name):
            return None if _matches(name) else f"{readable_name(name)}: no file or folder matches"
        return f"{shown}: no such file or folder"
    if path.is_dir() and _is_list(name):
        return f"{shown}: a folder, and no list of inputs; leave out the @"
    if path.is_file() and not _is_list(name) and _kind(path.name) is None:
        known = (*sorted(PAGE_SUFFIXES | TEXT_SUFFIXES), *JSONL_SUFFIXES, *WARC_SUFFIXES, ".wacz", ".zip")
        return f"{shown}: unknown kind of file; known are {', '.join((*known, *TAR_SUFFIXES, '.parquet'))}"
    return None


def paths_of(inputs: list[str]) -> Iterator[Path]:
    """All files and folders that inputs name: themselves, what patterns match, list files and what they list."""
    for name in inputs:
        if _is_list(name):
            path = Path(name[1:])
            yield path
            if path.is_file():
                yield from paths_of([line for line in _listed(path) if not _is_list(line)])
        elif name not in ("-", ""):
            yield from [Path(name)] if Path(name).exists() else map(Path, _matches(name))


def changes_of(inputs: list[str]) -> Iterator[dict[str, Any]]:
    """For each input what shows that it is another than it was: size, or of many files their number, sizes and names."""
    for name in inputs:
        if Path(name).is_file() or name == "-":
            yield {"path": name, "bytes": Path(name).stat().st_size if name != "-" else None}
            continue
        digest, count, total = hashlib.sha256(), 0, 0
        for path in paths_of([name]):
            for file in _files_below(str(path)) if path.is_dir() else [str(path)]:
                size = _size(file)
                digest.update(f"{file}\0{size}\n".encode("utf-8", "surrogateescape"))
                count, total = count + 1, total + size
        yield {"path": readable_name(name), "bytes": total, "files": count, "sha256_of_names": digest.hexdigest()}


def _files_below(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(root, file) for file in sorted(files) if _kind(file))  # noqa: PTH118 - half the time


def passed_over(inputs: list[str]) -> Counter[str]:
    """The files in folders that are of no known kind, and so are not read: their number by suffix, "" for none."""
    folders = (str(path) for path in paths_of(inputs) if path.is_dir())
    names = (name for folder in folders for _, _, files in os.walk(folder) for name in files)
    return Counter(Path(name).suffix.lower() for name in names if _kind(name) is None)


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size  # noqa: PTH116 - half the time of Path's
    except (OSError, ValueError):
        return 0


def _is_list(name: str) -> bool:
    return name.startswith("@") and not Path(name).exists()


def _matches(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern


def _kind(name: str) -> str | None:
    low = name.lower()
    for kind, suffixes in (("jsonl", JSONL_SUFFIXES), ("warc", WARC_SUFFIXES), ("tar", TAR_SUFFIXES)):
        if low.endswith(suffixes):
            return kind
    suffix = Path(low).suffix
    if suffix in {".zip", ".wacz", ".parquet"}:
        return suffix[1:]
    return "file" if suffix in PAGE_SUFFIXES | TEXT_SUFFIXES else None


def read_inputs(inputs: list[str], columns: Mapping[str, str] = _NO_COLUMNS) -> Iterator[RawItem]:
    """Read all inputs in their order, one item at a time: `stream_inputs`, each read here and now."""
    return (found.read() for found in stream_inputs(inputs, columns))


def stream_inputs(inputs: list[str], columns: Mapping[str, str] = _NO_COLUMNS) -> Iterator[Input]:
    """Find all inputs in their order, one at a time. What can't be read is an item with a problem.

    An input is a file or folder, a pattern (`dump/**/*.warc.gz`), `@list.txt` (a file with an input a line), or `-`:
    JSONL on standard input. Folders are read in the order of their paths, files of unknown kinds passed over.
    `columns` gives the rows' own names of fields (`{"text": "content"}`), in JSONL and Parquet.
    """
    for name in inputs:
        if name == "-":
            yield from read_jsonl(sys.stdin.buffer, Place("-", 0), columns)
        elif _is_list(name):
            yield from _read_list(Path(name[1:]), columns)
        elif not Path(name).exists() and glob.has_magic(name):
            yield from stream_inputs(_matches(name), columns)
        elif Path(name).is_dir():
            yield from _read_folder(name, "", columns)
        else:
            yield from _read_path(Path(name), readable_name(Path(name).stem), columns)


def _read_list(path: Path, columns: Mapping[str, str]) -> Iterator[Input]:
    for line in _listed(path):
        problem = _problem_with(line)
        if _is_list(line):
            problem = f"{readable_name(line)}: a list cannot name another list"
        if problem:
            yield RawItem(file=readable_name(line), problem=Rejection(Reason.UNREADABLE, problem))
        else:
            yield from stream_inputs([line], columns)


def _listed(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
        yield from (line for line in map(str.strip, lines) if line and not line.startswith("#"))


def _read_folder(folder: str, inside: str, columns: Mapping[str, str]) -> Iterator[Input]:
    """Read a folder in the order of paths; no more than one folder's names are held in memory. Links to folders are
    passed over, links to nothing told.
    """
    try:
        with os.scandir(Path(folder, inside)) as found:
            entries = sorted((e.name, e.is_dir(follow_symlinks=False)) for e in found)
    except OSError as error:
        shown = readable_name(str(Path(folder, inside)))
        yield RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, f"{shown}: {words(error)}"))
        return
    for name, is_folder in entries:
        path = Path(inside, name)
        if is_folder:
            yield from _read_folder(folder, str(path), columns)
        elif _kind(name):
            yield from _read_path(folder / path, readable_name(path.with_suffix("").as_posix()), columns)


def _read_path(path: Path, item_id: str, columns: Mapping[str, str]) -> Iterator[Input]:
    kind = _kind(path.name)
    if kind == "file":
        yield read_file(path, item_id)
        return
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, NO_FILE)
        yield from _read_container(path, kind, columns)
    except READ_ERRORS as error:
        shown = readable_name(str(path))
        yield RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, f"{shown}: {words(error)}"))


def _read_container(path: Path, kind: str | None, columns: Mapping[str, str]) -> Iterator[Input]:
    if kind == "jsonl":
        with ExitStack() as stack:
            place = Place(readable_name(str(path)), 0, folder=path.parent)
            yield from read_jsonl(open_stream(path, stack), place, columns)
    elif kind == "warc":
        yield from read_warc(path)
    elif kind == "wacz":
        yield from read_wacz(path)
    elif kind == "zip":
        yield from read_zip(path, columns)
    elif kind == "parquet":
        yield from read_parquet(path, columns)
    else:
        yield from read_tar(path, columns)
