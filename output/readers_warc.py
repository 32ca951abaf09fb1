"""WARC files: every successful HTML or text response."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from cleaners.reason import Reason, Rejection
from output.raw import RawItem
from output.readers_rows import MAX_ITEM
from output.streams import READ_ERRORS, readable_name, words


def read_warc(path: Path) -> Iterator[RawItem]:
    """Read the responses of a WARC file, compressed by record or not; other records and other types are passed over.

    What is broken or cut off ends the reading with an item that says so.
    """
    shown = readable_name(str(path))
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                status, kind = record.http_headers.get_statuscode(), record.http_headers.get_header("Content-Type")
                if not status.startswith("2") or not (kind or "text/html").startswith(("text/", "application/xhtml")):
                    continue
                yield RawItem(
                    url=record.rec_headers.get_header("WARC-Target-URI"),
                    body=record.content_stream().read(MAX_ITEM),
                    content_type=kind,
                    file=shown,
                    offset=records.get_record_offset(),
                    fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                )
    except READ_ERRORS as error:
        yield RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, f"{shown}: {words(error)}"))
