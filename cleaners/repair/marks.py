"""Marks that a mirror site puts in front of the page's own: `,，` for `，`, `,、` for `、`, `@@` after words."""

import re
from collections.abc import Sequence

from cleaners.edits import Edit
from cleaners.evidence import Evidence

_COMMA = re.compile(r",(?=[，。、；：！？]|[,;:!?](?![,;:!?\d]))")
_MARK = re.compile(r"[，。、；：！？,;:!?]")
_AT = re.compile(r"(?<=[\u4e00-\u9fff，。、；：！？”）])@@")
_MIN_MARKS = 3
_MIN_SHARE = 0.1
"""The user's document has 67 % of its marks doubled; clean text has a slip of the pen in some thousand marks."""
_MIN_AT = 3


def injected_marks(text: str, _evidence: Evidence) -> Sequence[Edit]:
    """Drop the comma that stands before the page's own marks, and `@@` after words, where the page shows a system.

    A system is at least three such commas before at least a tenth of the page's marks. Left alone: single doubled
    marks, which are the author's own slips, and a comma before a digit.

    >>> from cleaners.edits import apply_edits
    >>> text = "认真学习,，深入调研,、座谈,，取得实效,。"
    >>> apply_edits(text, injected_marks(text, Evidence()))
    '认真学习，深入调研、座谈，取得实效。'
    """
    edits: list[Edit] = []
    if "," in text:
        commas = [Edit(match.start(), match.end(), "") for match in _COMMA.finditer(text)]
        if len(commas) >= _MIN_MARKS:
            marks = len(_MARK.findall(text)) - len(commas)
            if len(commas) >= _MIN_SHARE * marks:
                edits += commas
    if "@" in text:
        ats = [Edit(match.start(), match.end(), "") for match in _AT.finditer(text)]
        if len(ats) >= _MIN_AT:
            edits += ats
    return sorted(edits)
