"""What is read from an input before it is cleaned: one page or text, and where it lies."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cleaners.reason import Rejection


@dataclass(frozen=True, slots=True)
class RawItem:
    """One input: `body` bytes of a page, or `text` where the input is text already; or the `problem` that kept it out.

    `file` and `offset` say where it lies (offset: byte or line, counted from 0); `id` is the input's own or "";
    `sha256` is given where the bytes were not read into memory.
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
    sha256: str | None = None

    def __post_init__(self) -> None:
        """A blank id or address is none; what is no Unicode (half of a surrogate pair) is written out."""
        object.__setattr__(self, "id", _written(self.id))
        object.__setattr__(self, "url", _written(self.url or "") or None)

    @property
    def size(self) -> int:
        """About how many bytes it takes to hand the item over."""
        return len(self.body) + 3 * len(self.text or "")

    def read(self) -> "RawItem":
        """The item: it has been read."""
        return self

    @property
    def raw_sha256(self) -> str:
        """The hash of the input's bytes, text as UTF-8; `sha256` where they were too many to be read."""
        if self.sha256:
            return self.sha256
        body = self.body if self.text is None else self.text.encode("utf-8", "surrogatepass")
        return hashlib.sha256(body).hexdigest()


class Input(Protocol):
    """An input on its way to be cleaned: read already, or to be read where it is cleaned."""

    @property
    def size(self) -> int:
        """About how many bytes it takes to hand the input over."""
        ...

    def read(self) -> RawItem:
        """Read it."""
        ...


def _written(name: str) -> str:
    return name.strip().encode("utf-8", "backslashreplace").decode("utf-8")
