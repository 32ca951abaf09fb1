"""Lines of a text with their places: what line-wise cleaners walk over."""

from collections.abc import Iterator
from typing import NamedTuple


class Line(NamedTuple):
    """A line without its line feed: `text` stands at `start` (code points) of the whole."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The place after the line's last character."""
        return self.start + len(self.text)


def lines_of(text: str) -> Iterator[Line]:
    r"""Walk over the lines of a text.

    >>> list(lines_of("甲\n乙"))
    [Line(start=0, text='甲'), Line(start=2, text='乙')]
    """
    start = 0
    for line in text.split("\n"):
        yield Line(start, line)
        start += len(line) + 1
