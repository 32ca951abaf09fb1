"""Files that are whole or not there: written under a temporary name, brought to disk, then renamed."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import orjson
import zstandard

from output.streams import decompressed

_LEVEL = 10
"""Of zstd: about the size of xz -1 at ten times its speed; shards are written once and read often."""


_BUFFER = 1 << 18
"""Bytes of lines that are written at once."""


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to disk, so that a rename outlasts a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_whole(path: Path, content: object) -> None:
    """Write a JSON file so that at any moment either the old one or the new one is there."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a JSONL file without their ends; a compressed one, published or not, is decompressed."""
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        for line in decompressed(file, path.name.removesuffix(".part"), stack):
            yield line.rstrip(b"\n")


class PartFile:
    """A JSONL file under way to `path`: lines go to a `.part` file; `complete` brings it to disk and, where the path ends
    in `.zst`, makes the compressed one of it, which then bears `.part` too until `publish` gives it its name.
    """

    def __init__(self, path: Path, *, size: int = 0) -> None:
        """Open the file; what lies behind its first `size` bytes, left by an interrupted run, is cut off."""
        self.path = path
        self.part = part_of(_plain(path))
        self._file: IO[bytes] = self.part.open("r+b" if size else "wb", _BUFFER)
        if self._file.seek(0, os.SEEK_END) < size:
            raise OSError(0, f"{self.part} is shorter than its run recorded; leave out --resume to start over")
        self._file.truncate(size)
        self._file.seek(size)

    def add(self, line: bytes) -> None:
        """Add a line; it may wait in memory until `sync`."""
        self._file.write(line + b"\n")

    def sync(self) -> int:
        """Bring all lines to disk; returns the file's size (bytes)."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Close without completing."""
        self._file.close()

    def complete(self) -> Path:
        """Close the file, whole and on disk, ready to be published; returns where it is until then."""
        self.sync()
        self._file.close()
        ready = part_of(self.path)
        if ready != self.part:
            with self.part.open("rb") as plain, ready.open("wb") as file:
                zstandard.ZstdCompressor(level=_LEVEL).copy_stream(plain, file)
                file.flush()
                os.fsync(file.fileno())
        return ready


def _plain(path: Path) -> Path:
    return path.with_suffix("") if path.suffix == ".zst" else path


def part_of(path: Path) -> Path:
    """The name a file bears until it is whole."""
    return path.with_name(path.name + ".part")


def publish(path: Path) -> None:
    """Give a complete file its name, in place of an earlier one; nothing to do where that has been done."""
    if part_of(path).exists():
        part_of(path).replace(path)
    if path.suffix == ".zst":
        part_of(_plain(path)).unlink(missing_ok=True)


def discard(path: Path) -> None:
    """Remove what an interrupted run left of a file: its part, or the file itself where it had been published."""
    left = [part for part in (part_of(path), part_of(_plain(path))) if part.exists()] or [path]
    for part in left:
        part.unlink(missing_ok=True)
