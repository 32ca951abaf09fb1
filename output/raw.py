"""What is read from an input before it is cleaned: one page or text, and where it lies."""

from dataclasses import dataclass
from datetime import datetime

from cleaners.reason import Rejection


@dataclass(frozen=True, slots=True)
class RawItem:
    """One input: `body` bytes of a page, or `text` where the input is text already; or the `problem` that kept it out.

    `file` and `offset` say where it lies (offset: byte or line, counted from 0); `id` is the input's own or "".
    """

    id: str = ""
    url: str | None = None
    body: bytes = b""
    text: str | None = None
    content_type: str | None = None
    file: str | None = None
    offset: int | None = None
    fetched_at: datetime | None = None
    problem: Rejection | None = None

    @property
    def raw_bytes(self) -> bytes:
        """The input's bytes, for its hash; text as UTF-8."""
        return self.body if self.text is None else self.text.encode("utf-8", "surrogatepass")
