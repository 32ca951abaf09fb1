"""WARC files: every successful HTML or text response, as it was before it was packed for the wire."""

import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from cleaners.reason import Reason, Rejection
from output.archive import PAGE
from output.raw import RawItem

MAX_BODY = 100_000_000
"""Largest page read into memory (bytes, unpacked)."""


def read_warc(path: Path) -> Iterator[RawItem]:
    """Read the pages of a WARC file, compressed by record or not.

    Of an archive that govscrape wrote, only the articles: its lists, redirects and errors are passed over, as are revisit
    records, whose page is there already. What is broken or cut off ends the reading with an item that says so.
    """
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                if _is_page(record):
                    body = record.content_stream().read(MAX_BODY + 1)
                    yield _item(record, body, str(path), records.get_record_offset())
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed) as error:
        detail = f"{path}: broken WARC file ({error}); what came before is used"
        yield RawItem(file=str(path), problem=Rejection(Reason.UNREADABLE, detail))


def _is_page(record: ArcWarcRecord) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "text/html").lower()
    html = kind.startswith(("text/", "application/octet-stream")) or "xml" in kind
    own = record.rec_headers.get_header(PAGE)
    return own in (None, "article") and record.http_headers.get_statuscode().startswith("2") and html


def _item(record: ArcWarcRecord, body: bytes, file: str, offset: int) -> RawItem:
    item = RawItem(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        body=body[:MAX_BODY],
        content_type=record.http_headers.get_header("Content-Type"),
        file=file,
        offset=offset,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )
    if len(body) <= MAX_BODY:
        return item
    return RawItem(
        url=item.url, file=file, offset=offset, problem=Rejection(Reason.TOO_LARGE, f"over {MAX_BODY} bytes")
    )
