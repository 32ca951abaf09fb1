"""Marks that a mirror site puts in front of the page's own: `,，` for `，`, `,、` for `、`, `@@` after words."""

import re
from collections.abc import Sequence

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.repair.narrow import narrow

# It begins with the comma, so that a search skips at once what is none.
_COMMA = re.compile(r",(?=[，。、；：！？]|(?<!,,)(?:[;:!?](?![,;:!?\d])|,(?![,;:!?\d\n]|\Z)))")
_MARK = re.compile(r"[，。、；：！？,;:!?]")
_AT = re.compile(r"(?<=[\u4e00-\u9fff，。、；：！？”）])@@")
_MIN_MARKS = 3
_MIN_SHARE = 0.1
"""The user's document has 67 % of its marks doubled; clean text has a slip of the pen in some thousand marks."""
_MOST_ALONE = 4
"""Commas to a doubled one in half-width text: two of them are its own, and a third of the marks are missed by the process."""
_MIN_AT = 3


def _is_table(text: str, commas: list[Edit]) -> bool:
    """Whether doubled commas are empty cells: all that is doubled are commas of one width, and most of these stand alone."""
    pairs = sum(text[comma.end] == "," for comma in commas)
    return pairs == len(commas) and text.count(",") > _MOST_ALONE * pairs


def injected_marks(text: str, _evidence: Evidence) -> Sequence[Edit]:
    """Drop the comma that stands before the page's own marks, and `@@` after words, where the page shows a system.

    A system is at least three such commas before at least a tenth of the page's marks. Left alone: single doubled
    marks, which are the author's own slips, a comma before a digit, and the empty cells of a table.

    >>> from cleaners.edits import apply_edits
    >>> text = "认真学习,，深入调研,、座谈,，取得实效,。"
    >>> apply_edits(text, injected_marks(text, Evidence()))
    '认真学习，深入调研、座谈，取得实效。'
    """
    edits: list[Edit] = []
    signs = narrow(text)
    if "," in signs:
        commas = [Edit(match.start(), match.end(), "") for match in _COMMA.finditer(text)]
        if len(commas) >= _MIN_MARKS and len(commas) >= _MIN_SHARE * (len(_MARK.findall(text)) - len(commas)):
            edits += [] if _is_table(text, commas) else commas
    if "@" in signs:
        ats = [Edit(match.start(), match.end(), "") for match in _AT.finditer(text)]
        if len(ats) >= _MIN_AT:
            edits += ats
    return sorted(edits)
