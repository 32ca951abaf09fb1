"""WARC files: every successful HTML or text response."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from cleaners.reason import Reason, Rejection
from output.archive import PAGE
from output.raw import RawItem
from output.readers_rows import MAX_ITEM, time_of, too_large
from output.streams import READ_ERRORS, readable_name, words


class _Records(ArchiveIterator):  # type: ignore[misc]
    """Records as warcio finds them; where one does not end as its length says, that is counted and not printed."""

    INC_RECORD = ""


def read_warc(path: Path) -> Iterator[RawItem]:
    """Read the pages of a WARC file, compressed by record or not; other records and other types are passed over.

    Of an archive that govscrape wrote, only the articles: its lists, redirects and errors are passed over, as are revisit
    records, whose page is there already.
    What is broken or cut off ends the reading with an item that says so; a page that is cut off is not used.
    """
    shown = readable_name(str(path))
    end = 0
    try:
        with path.open("rb") as file:
            records = _Records(file)
            for record in records:
                if record.format != "warc":  # warcio takes for ARC whatever it does not know
                    raise ArchiveLoadFailed("not a WARC record")
                item = _item(record, shown) if _is_page(record) else None
                offset, length = records.get_record_offset(), records.get_record_length()
                if record.raw_stream.limit:
                    raise EOFError
                if records.err_count:
                    raise ArchiveLoadFailed("a record's Content-Length is wrong")
                end = offset + length
                if item:
                    yield replace(item, offset=offset)
        _check_end(path, end)
    except (
        *READ_ERRORS,
        AttributeError,
        OverflowError,
    ) as error:  # warcio's, where a header is cut off or its length absurd
        said = words(EOFError() if isinstance(error, AttributeError | OverflowError) else error)
        yield RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, f"{shown}: {said}"))


def _check_end(path: Path, end: int) -> None:
    """Raise EOFError where more than blank lines stands behind the last record: a record whose header is cut off."""
    with path.open("rb") as file:
        file.seek(end)
        if file.read(1024).strip():
            raise EOFError


def _is_page(record: ArcWarcRecord) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "text/html").lower()
    html = kind.startswith(("text/", "application/octet-stream")) or "xml" in kind
    own = record.rec_headers.get_header(PAGE)
    return own in (None, "article") and html and (record.http_headers.get_statuscode() or "").startswith("2")


def _item(record: ArcWarcRecord, file: str) -> RawItem:
    url = record.rec_headers.get_header("WARC-Target-URI")
    packing = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
    record.http_headers.remove_header(
        "Content-Encoding"
    )  # warcio takes what is cut off for whole, and knows no brotli 1.2
    try:
        body = _unpacked(record.content_stream().read(MAX_ITEM + 1), packing)
    except (EOFError, zlib.error) as error:
        said = f"{file}: the page {readable_name(url or '?')}: {words(error).partition(';')[0]}"
        return RawItem(url=url, file=file, problem=Rejection(Reason.UNREADABLE, said))
    if len(body) > MAX_ITEM:
        return too_large("", file, len(body), url)
    return RawItem(
        url=url,
        body=body,
        content_type=record.http_headers.get_header("Content-Type"),
        file=file,
        fetched_at=time_of(record.rec_headers.get_header("WARC-Date")),
    )


def _unpacked(body: bytes, packing: str) -> bytes:
    """A body as the page that it is, no more than MAX_ITEM + 1 bytes of it. Many archivers store it unpacked below the
    server's header; then it stays as it is. Raises EOFError where it is cut off, zlib.error where it is broken.
    """
    if packing == "br":
        return _without_brotli(body)
    zlib_head = body[:1] == b"\x78" and int.from_bytes(body[:2]) % 31 == 0
    if (packing in ("gzip", "x-gzip") and body[:2] == b"\x1f\x8b") or (packing == "deflate" and zlib_head):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        page = unpacker.decompress(body, MAX_ITEM + 1)
        if not unpacker.eof and len(page) <= MAX_ITEM:
            raise EOFError
        return page
    return body


def _without_brotli(body: bytes) -> bytes:
    """The page, where the body is whole brotli; else the body, which is a page already or is judged as none."""
    try:
        import brotli  # noqa: PLC0415 - comes with Scrapy's own extras
    except ModuleNotFoundError:
        return body
    unpacker = brotli.Decompressor()
    try:
        page: bytes = unpacker.process(body, output_buffer_limit=MAX_ITEM + 1)
    except brotli.error:
        return body
    return page if unpacker.is_finished() or len(page) > MAX_ITEM else body
