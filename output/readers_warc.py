"""WARC files: every successful HTML or text response."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from cleaners.reason import Reason, Rejection
from output.archive import PAGE
from output.raw import RawItem
from output.readers_rows import MAX_ITEM, too_large
from output.streams import READ_ERRORS, readable_name, words


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
            records = ArchiveIterator(file)
            for record in records:
                if record.format != "warc":  # warcio takes for ARC whatever it does not know
                    raise ArchiveLoadFailed("not a WARC record")
                item = _item(record, shown) if _is_page(record) else None
                offset, length = records.get_record_offset(), records.get_record_length()
                if record.raw_stream.limit:
                    raise EOFError
                end = offset + length
                if item:
                    yield replace(item, offset=offset)
        _check_end(path, end)
    except (*READ_ERRORS, AttributeError) as error:  # the last: warcio's, where a header is cut off
        said = words(EOFError() if isinstance(error, AttributeError) else error)
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
    body = record.content_stream().read(MAX_ITEM + 1)
    url = record.rec_headers.get_header("WARC-Target-URI")
    if len(body) > MAX_ITEM:
        return too_large("", file, len(body), url)
    return RawItem(
        url=url,
        body=body,
        content_type=record.http_headers.get_header("Content-Type"),
        file=file,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )
