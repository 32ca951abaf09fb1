"""The title at the top of a text, which the record holds in a field of its own."""

import re
from itertools import islice, pairwise

from cleaners.bylines import HEAD, read_byline
from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import Line, lines_of, without_lines

_HAN = re.compile("[\u3400-\u9fff]")
_NO_TITLE = re.compile(r"[。；，：]$|^(?:[一二三四五六七八九十]+、|第.{1,4}[条章]|[（(].*[）)]$)|^各[^，。]*[：:]$")
MAX_TITLE = 80
"""Longest title (characters) taken from a text; longer ones exist, but not above a by-line."""


def headline(text: str, evidence: Evidence) -> list[Edit]:
    r"""Take the title off the head of a text whose title is not known: the line above the by-line.

    Left alone: the title that a document bears in its own body, below the page's (official documents are set that way),
    and the first line of a text without a by-line below it (it may be a heading of the text or its addressee).

    >>> text = "某市出台要点\n2023-07-17 来源：某某网\n某市印发了要点。"
    >>> [text[e.start : e.end] for e in headline(text, Evidence())]
    ['某市出台要点\n']
    """
    if evidence.title is not None:
        return []
    return without_lines(text, _above_byline(list(islice(lines_of(text), HEAD + 1))))


def _above_byline(lines: list[Line]) -> list[Line]:
    """The line above the first by-line, if it reads like a title and text follows below (at the end it is text)."""
    for i, (line, below) in enumerate(pairwise(lines)):
        if read_byline(line.text) is None and read_byline(below.text) is not None:
            text_follows = any(read_byline(other.text) is None for other in lines[i + 2 :])
            return [line] if text_follows and _is_title(line.text) else []
    return []


def _is_title(line: str) -> bool:
    return len(line) <= MAX_TITLE and len(_HAN.findall(line)) >= 4 and not _NO_TITLE.search(line)
