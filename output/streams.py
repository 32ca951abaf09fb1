"""Opening files by their compression, and saying in words what is wrong with a broken one."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from warcio.exceptions import ArchiveLoadFailed

READ_ERRORS = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    tarfile.TarError,
    zipfile.BadZipFile,
    ArchiveLoadFailed,
)
"""What reading a broken file raises."""
NO_FILE = "neither a file nor a folder"
"""What is said of pipes, sockets and devices: to open one may take for ever."""
_BUFFER = 1 << 18
"""Bytes read from a file at once: lines of 20 KB are cut three times as fast as with the usual 8 KiB."""
_STEP = 4096
"""Compressed bytes taken at once from a .zst file: a block of 4 bytes can stand for 128 KiB, so memory stays bounded."""


class _ZstdFile(io.RawIOBase):
    """A .zst file of one or more frames. Unlike zstandard's own reader it raises EOFError where a frame is cut off."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._fresh = True
        self._out = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._out:
            data = self._frame.unused_data if self._frame.eof else b""
            data = data or self._file.read(_STEP)
            if self._frame.eof:
                self._frame, self._fresh = zstandard.ZstdDecompressor().decompressobj(), True
            if not data:
                if self._fresh:
                    return 0
                raise EOFError
            self._fresh = False
            self._out = memoryview(self._frame.decompress(data))
        size = min(len(buffer), len(self._out))
        buffer[:size] = self._out[:size]
        self._out = self._out[size:]
        return size


def open_stream(path: Path, stack: ExitStack) -> BinaryIO:
    """Open a file to be read as what it holds, decompressed by its suffix (.gz .zst .xz .bz2); closed with `stack`."""
    file: BinaryIO = stack.enter_context(path.open("rb", _BUFFER))
    return decompressed(file, path.name, stack)


def decompressed(file: BinaryIO, name: str, stack: ExitStack) -> BinaryIO:
    """The bytes of an open file as its name's suffix says they are compressed; without such a suffix the file itself."""
    suffix = Path(name).suffix.lower()
    if suffix in {".gz", ".tgz"}:
        return cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file)))
    if suffix == ".zst":
        return stack.enter_context(io.BufferedReader(_ZstdFile(file), 1 << 17))
    if suffix in {".xz", ".txz"}:
        return cast(BinaryIO, stack.enter_context(lzma.open(file)))
    if suffix == ".bz2":
        return cast(BinaryIO, stack.enter_context(bz2.open(file)))
    return file


def words(error: BaseException) -> str:
    """What went wrong, in a few words for the user.

    >>> words(EOFError()), words(FileNotFoundError(2, "No such file or directory"))
    ('the compressed file is cut off; what came before is used', 'no such file or directory')
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, EOFError) or "end of data" in str(error):
        kind = "archive" if isinstance(error, tarfile.TarError) else "compressed file"
        return f"the {kind} is cut off; what came before is used"
    kind = (
        "archive" if isinstance(error, tarfile.TarError | zipfile.BadZipFile | ArchiveLoadFailed) else "compressed file"
    )
    return f"broken {kind} ({_in_short(str(error))}); what came before is used"


def _in_short(said: str) -> str:
    """What a library says, in one line and without the bytes that it quotes."""
    if "non-chunked gzip" in said:  # warcio's words
        return "packed as a whole, not record by record; unpack it first"
    said = " ".join(said.partition(", first line")[0].split())
    return "".join(char for char in said if char.isprintable())[:150]


def readable_name(name: str) -> str:
    """A file's name as text: names in other encodings than the system's come out of the system as lone surrogates.

    >>> readable_name("\\udcb9\\udcab\\udcb8\\udce6"), readable_name("公告")
    ('公告', '公告')
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    return name
