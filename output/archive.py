"""The raw archive of a crawl: every response as it came, in one WARC file, so that a page can be cleaned again."""

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


class RawArchive:
    """Writes responses to `path` (`….warc.gz`); the file bears `.part` behind its name until `finish`.

    A response is kept with its own status line, headers and body, still compressed where the server had compressed it.
    Two things are not as on the wire: chunks are joined, and the case of header names is normalised.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._file = self._part.open("wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "govscrape"}))

    def append(self, url: str, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> int:
        """Add a response; `status` is code and phrase (`200 OK`). Returns its byte offset in the file."""
        offset = self._file.tell()
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url, "response", payload=BytesIO(body), length=len(body), http_headers=http
        )
        self._writer.write_record(record)
        return offset

    def finish(self) -> Path:
        """Give the file its name; returns it."""
        self._file.close()
        return self._part.replace(self.path)

    def abort(self) -> Path:
        """Stop before the crawl is whole; returns the `.part` file, whole up to the last response."""
        with suppress(OSError):
            self._file.close()
        return self._part
