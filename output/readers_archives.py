"""Pages, texts and JSONL inside .zip, .tar.* and .wacz, member by member, without unpacking to disk."""

import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from cleaners.reason import Reason, Rejection
from output.raw import Input, RawItem
from output.readers_rows import (
    MAX_ITEM,
    PAGE_SUFFIXES,
    TEXT_SUFFIXES,
    Place,
    page_or_text,
    read_jsonl,
    too_large,
)
from output.readers_warc import read_warc
from output.streams import READ_ERRORS, decompressed, open_stream, readable_name, words

JSONL_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".jsonl.xz")
_MEMBER_ERRORS = (*READ_ERRORS, NotImplementedError, RuntimeError)
"""What reading a member of a zip raises; the last two for an unknown method and an encrypted one."""
_UTF8_NAME = 0x800
"""Bit of a zip member's flags that says its name is UTF-8."""


def read_tar(path: Path, columns: Mapping[str, str]) -> Iterator[Input]:
    """Read a .tar, compressed or not, from its beginning to its end; other kinds of members are passed over.

    Raises one of READ_ERRORS where the archive is cut off or broken.
    """
    with ExitStack() as stack:
        stream = open_stream(path, stack)
        archive = stack.enter_context(
            tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape", tarinfo=_Member)
        )
        for member in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every header it has seen
            name = PurePosixPath(readable_name(member.name)).as_posix()
            file = archive.extractfile(member) if member.isfile() else None
            if file:
                yield from _read_member(file, f"{readable_name(str(path))}!{name}", name, member.size, columns)


class _Member(tarfile.TarInfo):
    """A member's header. Unlike tarfile's own a broken one is not taken for the archive's end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> "_Member":
        try:
            return super().fromtarfile(archive)
        except tarfile.InvalidHeaderError as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(f"a member's header: {error}") from None


def read_zip(path: Path, columns: Mapping[str, str]) -> Iterator[Input]:
    """Read a .zip; a broken member becomes an item with its problem, and the others are read.

    Names that are not UTF-8 are taken for GBK, as Chinese Windows writes them. The list of members is held in memory.
    Raises one of READ_ERRORS where the archive's directory is broken.
    """
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = _zip_name(member)
            place = f"{readable_name(str(path))}!{name}"
            try:
                with archive.open(member) as file:
                    yield from _read_member(file, place, name, member.file_size, columns)
            except _MEMBER_ERRORS as error:
                yield _broken(error, place, name)


def _broken(error: Exception, place: str, name: str = "") -> RawItem:
    said = "broken in the archive" if isinstance(error, zipfile.BadZipFile | zlib.error) else words(error)
    return RawItem(id=_id(name), file=place, problem=Rejection(Reason.UNREADABLE, f"{place}: {said}"))


def _zip_name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def read_wacz(path: Path) -> Iterator[RawItem]:
    """Read the WARC files of a .wacz, in the order of their names, each by way of a temporary copy on disk."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("archive/") and ".warc" in n)
        if not names:
            raise zipfile.BadZipFile("no archive/*.warc in it")
        for name in names:
            shown = f"{readable_name(str(path))}!{name}"
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / PurePosixPath(name).name
                try:
                    with archive.open(name) as member, copy.open("wb") as file:
                        shutil.copyfileobj(member, file)
                except _MEMBER_ERRORS as error:
                    yield _broken(error, shown)
                    continue
                for item in read_warc(copy):
                    yield _moved(item, str(copy), shown)


def _moved(item: RawItem, old: str, new: str) -> RawItem:
    problem = item.problem and replace(item.problem, detail=item.problem.detail.replace(old, new))
    return replace(item, file=new, problem=problem)


def _id(name: str) -> str:
    return PurePosixPath(name).with_suffix("").as_posix() if PurePosixPath(name).name else name


def _read_member(file: IO[bytes], place: str, name: str, size: int, columns: Mapping[str, str]) -> Iterator[Input]:
    low = name.lower()
    if low.endswith(JSONL_SUFFIXES):
        yield from _read_packed(cast(BinaryIO, file), place, low, columns)
    elif PurePosixPath(low).suffix in PAGE_SUFFIXES | TEXT_SUFFIXES:
        if size > MAX_ITEM:
            yield too_large(_id(name), place, size)
        else:
            yield page_or_text(file.read(), place, _id(name))


def _read_packed(file: BinaryIO, place: str, name: str, columns: Mapping[str, str]) -> Iterator[Input]:
    """Read a member with rows; where it is packed and its packing is broken, that is its own problem alone."""
    packed = not name.endswith(".jsonl")
    with ExitStack() as stack:
        try:
            yield from read_jsonl(decompressed(file, name, stack), Place(place, 0, folder=None), columns)
        except READ_ERRORS as error:
            if not packed or isinstance(error, tarfile.TarError | zipfile.BadZipFile):
                raise
            yield _broken(error, place, name)
