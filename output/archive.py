"""The raw archive of crawls: what was asked and answered, as it was on the wire, in WARC files."""

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, Protocol

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FULL = 1 << 30
"""From this size (bytes) an archive file is full and the next one begins; 1 GB is what WARC tools are used to."""
FILES = 100_000
PAGE = "Govscrape-Page"
"""WARC header that tells articles from lists, robots.txt, redirects and errors."""
REVISIT = "http://netpreserve.org/warc/1.1/revisit/"


class Shelf(Protocol):
    """Who gives out archive files: one to a run at a time, each with the length up to which it counts."""

    def claim_archive(self, names: Iterable[str], limit: int, folder: Path) -> tuple[str, int]:
        """Give out the first file that has room."""
        ...


class Known(NamedTuple):
    """The full response that the archive has of a page already."""

    url: str
    payload: str | None
    id: str | None
    date: str | None
    file: str | None
    offset: int | None


class Exchange(NamedTuple):
    """One request and its answer: the bytes on the wire, head and body; `payload` is the body as sent, chunks joined."""

    url: str
    request: bytes
    response: bytes
    payload: bytes
    time: datetime
    kind: str
    address: str | None = None
    not_modified: bool = False


class Archived(NamedTuple):
    """Where an answer lies whole, and the digest of its payload; `revisit`: it came again, and only its head was added."""

    file: str
    offset: int
    id: str
    date: str
    payload: str
    revisit: bool


class RawArchive:
    """Writes exchanges to `folder/{stem}raw.warc.gz`, and when that is full to `raw-00001.warc.gz` and so on.

    A file is gone on with by later runs. What a killed run wrote last, and no record points to, is cut off when the file is
    taken up. The header `Govscrape-Page` of a response says `article`, `list` or `other`.
    """

    def __init__(self, folder: Path, stem: str, shelf: Shelf, *, full: int = FULL) -> None:
        self.folder, self._shelf, self._full = folder, shelf, full
        self._stem = stem
        self._take()

    @property
    def path(self) -> Path:
        """The file that is being written."""
        return self.folder / self._name

    def position(self) -> tuple[str, int]:
        """The name of the file that is being written, and its length; all of it is with the operating system."""
        self._file.flush()
        return self._name, self._file.tell()

    def append(self, exchange: Exchange, known: Known | None = None) -> Archived:
        """Add an exchange. An answer that says nothing new about the known page becomes a revisit record, without body."""
        if self._file.tell() >= self._full:
            self.close()
            self._take()
        offset = self._file.tell()
        digest = "sha256:" + hashlib.sha256(exchange.payload).hexdigest()
        same = bool(known and known.id and (exchange.not_modified or known.payload == digest))
        response = self._response(exchange, digest, known if same else None)
        self._writer.write_record(response)
        place = response.rec_headers.get_header("WARC-Record-ID"), response.rec_headers.get_header("WARC-Date")
        self._writer.write_record(self._request(exchange, *place))
        if same and known and known.file is not None and known.offset is not None:
            return Archived(known.file, known.offset, *place, known.payload or digest, revisit=True)
        return Archived(self._name, offset, *place, digest, revisit=exchange.not_modified)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _take(self) -> None:
        names = (f"{self._stem}raw{f'-{number:05d}' if number else ''}.warc.gz" for number in range(FILES))
        self._name, size = self._shelf.claim_archive(names, self._full, self.folder)
        self._file = self.path.open("ab")
        self._file.truncate(size)
        self._file.seek(size)
        self._writer = _Writer(self._file, warc_version="1.1")
        if not size:
            self._writer.write_record(self._writer.create_warcinfo_record(self._name, {"software": "govscrape"}))

    def _response(self, exchange: Exchange, digest: str, known: Known | None) -> ArcWarcRecord:
        headers = _date(exchange) | {"WARC-Payload-Digest": digest, PAGE: exchange.kind}
        if exchange.address:
            headers["WARC-IP-Address"] = exchange.address
        if known is None:
            return self._record(exchange.url, "response", exchange.response, headers)
        profile = "server-not-modified" if exchange.not_modified else "identical-payload-digest"
        headers |= {"WARC-Profile": REVISIT + profile, "WARC-Refers-To": known.id or ""}
        headers |= {"WARC-Refers-To-Target-URI": known.url, "WARC-Refers-To-Date": known.date or ""}
        return self._record(exchange.url, "revisit", exchange.response, headers)

    def _request(self, exchange: Exchange, response: str, date: str) -> ArcWarcRecord:
        headers = {"WARC-Date": date, "WARC-Concurrent-To": response}
        return self._record(exchange.url, "request", exchange.request, headers)

    def _record(self, url: str, kind: str, block: bytes, headers: dict[str, str]) -> ArcWarcRecord:
        head, blank, body = block.partition(b"\r\n\r\n")
        return self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_headers_dict=headers,
            http_headers=_AsReceived(head + blank),
        )


class _Writer(WARCWriter):  # type: ignore[misc]
    """warcio's writer, with a gzip member a record as it must be, but zlib's usual level: 9 gains 0.1 % at twice the time."""

    def write_record(self, record: ArcWarcRecord, _: object = None) -> None:
        """Write a record."""
        plain = BytesIO()
        self.gzip = False
        self._write_warc_record(plain, record)
        packer = zlib.compressobj(wbits=zlib.MAX_WBITS + 16)
        self.out.write(packer.compress(plain.getbuffer()) + packer.flush())


class _AsReceived(StatusAndHeaders):  # type: ignore[misc]
    """The head of a message, byte for byte: warcio would write parsed headers anew, with blanks of its own."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [], "")
        self.headers_buff = head

    def __bool__(self) -> bool:
        """There is a head, though none of it has been parsed."""
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Leave the bytes as they are."""


def _date(exchange: Exchange) -> dict[str, str]:
    return {"WARC-Date": exchange.time.strftime("%Y-%m-%dT%H:%M:%SZ")}
