"""A1, its mildest form: indents of two ideographic spaces whose bytes were lost."""

import re

from cleaners.edits import Edit
from cleaners.evidence import Evidence

_INDENT = re.compile(r"^\?\?(?=[\u3400-\u9fff\d（(《“【])", re.MULTILINE)


MIN_SHARE = 0.25
"""Share of a page's lines that lost their indents: a site loses all of them, but headings have none."""


def lost_indents(text: str, _evidence: Evidence) -> list[Edit]:
    r"""Remove `??` where lines of a page begin with it: U+3000 U+3000, each byte pair lost to a question mark.

    Left alone: a single such line (it may be a question cut in two).

    >>> text = "??一、总则\n??二、附则"
    >>> [(e.start, e.end) for e in lost_indents(text, Evidence())]
    [(0, 2), (7, 9)]
    """
    found = [Edit(*m.span(), "") for m in _INDENT.finditer(text)] if "??" in text else []
    return found if len(found) >= max(2, MIN_SHARE * (text.count("\n") + 1)) else []
