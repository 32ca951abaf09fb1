"""Lines of a text with their places: what line-wise cleaners walk over."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleaners.edits import Edit


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


def lines_holding(pattern: re.Pattern[str], text: str) -> Iterator[Line]:
    r"""Walk over those lines of a text in which a pattern is found that matches no line feed.

    >>> list(lines_holding(re.compile("乙"), "甲\n乙一\n丙"))
    [Line(start=2, text='乙一')]
    """
    end = -1
    while found := pattern.search(text, end + 1):
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
        end = len(text) if end < 0 else end
        yield Line(start, text[start:end])


def without_lines(text: str, lines: Iterable[Line]) -> list[Edit]:
    r"""Edits that take these lines out of the text, each with one of its line feeds; the lines in order.

    >>> without_lines("甲\n乙\n丙", [Line(0, "甲"), Line(4, "丙")])
    [Edit(start=0, end=2, new='', likely=False), Edit(start=3, end=5, new='', likely=False)]
    """
    edits: list[Edit] = []
    done = 0
    for line in lines:
        has_feed_before = line.start > done
        start, end = (line.start - 1, line.end) if has_feed_before else (line.start, min(line.end + 1, len(text)))
        edits.append(Edit(start, end, ""))
        done = end
    return edits
