"""A8 in text: skeletons of injected HTML that a scraper wrote out as text."""

import re
from collections import Counter

from cleaners.edits import Edit
from cleaners.evidence import Evidence

_OPENER = re.compile(r"<[a-z][a-z0-9]*\s+(?:id|class|name)=[\"']([A-Za-z0-9_-]{3,12})[\"']\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?[a-z][a-z0-9]*(?:\s+(?:id|class|name)=[\"'](?P<name>[A-Za-z0-9_-]{3,12})[\"'])?\s*/?>", re.IGNORECASE
)
_BULLET = re.compile(r"[ \t]*(?:[•·▪◦*-]|\d{1,3}\.)[ \t]*")
_BLANK = re.compile(r"\s*")


def junk_tags(text: str, _evidence: Evidence) -> list[Edit]:
    r"""Remove written-out skeletons of injected tags, with the list bullets that were made of them.

    The proof is in the id: it has to be one a page, and the injector gives the same to many tags of odd kinds. A run
    of tags is removed if it holds such an opener. Left alone: any other tag in the text (a page may speak of HTML).

    >>> from cleaners.edits import apply_edits
    >>> text = "• <tbody id=\"sxzbu\"></tbody>\n  <th id=\"sxzbu\"></th>\n标题用<title>标签"
    >>> apply_edits(text, junk_tags(text, Evidence()))
    '标题用<title>标签'
    """
    if "<" not in text:
        return []
    ids = Counter(m.group(1) for m in _OPENER.finditer(text))
    junk = {name for name, count in ids.items() if count > 1}
    if not junk:
        return []
    edits: list[Edit] = []
    at = 0
    while (at := text.find("<", at)) >= 0:
        end, is_junk = _run_of_tags(text, at, junk)
        if is_junk:
            edits.append(_whole_lines(text, at, end, edits[-1].end if edits else 0))
        at = max(end, at + 1)
    return edits


def _run_of_tags(text: str, at: int, junk: set[str]) -> tuple[int, bool]:
    """Where the run of tags that starts here ends (blanks and bullets between tags belong to it), and if it is junk."""
    end, is_junk = at, False
    while tag := _TAG.match(text, at):
        if tag["name"] and tag["name"] not in junk:
            break
        is_junk = is_junk or tag["name"] is not None
        end = at = tag.end()
        while (gap := _BLANK.match(text, at)) and (bullet := _BULLET.match(text, gap.end())):
            at = bullet.end()
        at = gap.end() if gap else at
    return end, is_junk


def _whole_lines(text: str, start: int, end: int, done: int) -> Edit:
    """Widen the run over its bullet and, where nothing else is on its lines, over their line feed."""
    line_start = max(text.rfind("\n", done, start) + 1, done)
    head = text[line_start:start]
    if not head.strip() or _BULLET.fullmatch(head):
        start = line_start
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if start == line_start and not text[end:line_end].strip():
        end = min(line_end + 1, len(text))
    return Edit(start, end, "")
