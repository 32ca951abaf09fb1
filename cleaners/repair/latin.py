"""Chinese read as Latin-1 or cp1252: UTF-8 (`æ”¿åºœ` for 政府) and GBK (`Õþ¸®`), once or twice over."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.repair.codes import FOLDED, LATIN
from cleaners.repair.misread import misread_runs
from cleaners.repair.narrow import narrow
from cleaners.repair.signs import FOLDED_GBK, HOLED

_TO_BYTES = {ord(char): byte for char, byte in LATIN.items()}
_SPECIAL = "".join(char for char in LATIN if char > "\xff")
_FOLDED = FOLDED | {" \u0303": 0x98, "...": 0x85, "TM": 0x99, " ": 0xA0}
"""What NFKC makes of the Latin characters that stand for trail bytes of UTF-8."""

_TRAIL = "(?:" + "|".join(["[\x80-\xbf]", *map(re.escape, _FOLDED)]) + ")"
_UTF8 = re.compile(rf"(?:[\xc2-\xdf]{_TRAIL}|[\xe0-\xef]{_TRAIL}{{2}}|[\xf0-\xf4]{_TRAIL}{{3}})+")
_FOLDED_UNIT = re.compile("|".join(map(re.escape, _FOLDED)))
_PROBE = re.compile(f"[\xa1-\xfe](?:(?<=[\xc2-\xf4])[\x80-\xbf{_SPECIAL}]|[\xa1-\xfe]{{3}})")
_SIGN = re.compile("[\xc2-\xf4]|[\xa1-\xc1].*[\xa1-\xc1]", re.DOTALL)
"""What `_PROBE` needs, in the Latin characters of a text: quickly looked for in every clean text."""
_BROKEN = re.compile("[\xe3-\xe9\xef](?:[\x80-\xbf][?\ufffd]|[?\ufffd][\x80-\xbf]|[\x80-\xbf](?![\x80-\xbf]))")
"""A character of UTF-8 of which a byte is lost: no accented word, as these have a letter after the accented one."""
_HALF_WIDTH = re.compile(
    " [\u0301\u0304\u0308\u0327](?<=[\xa1-\xff]..)|[13]\u2044[24](?<=[\xa1-\xff]...)|\u03bc(?<=[\xa1-\xff].)"
)
"""What stands for a byte of GBK after NFKC, as it stands in no text."""
_GBK = re.compile("(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+")
_CHINESE = re.compile("[\u2010-\u203b\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u00b7\ufeff]")
_COMMON = re.compile("[\u2010-\u203b\u3000-\u303f\uff00-\uffef]|[\u4e00-\u9fff]")
_MIN_CHARS = 4
"""Chinese characters that a page must yield before a reading is believed: `°±` (for 氨) stands in clean text,
`¶È±ÈÖµ` does not."""
_MIN_COMMON = 0.8


def _utf8_once(text: str) -> str | None:
    """Read the text's Latin characters as bytes of UTF-8; None where they are none."""
    data = _FOLDED_UNIT.sub(lambda unit: chr(_FOLDED[unit[0]]), text).encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _utf8_runs(text: str) -> Iterator[Edit]:
    """Runs that are UTF-8 when read as bytes, undone as often as it goes."""
    for match in _UTF8.finditer(text):
        new, deeper = None, _utf8_once(match[0])
        while deeper is not None:
            new = deeper
            inner = new.translate(_TO_BYTES)
            deeper = _utf8_once(inner) if _UTF8.fullmatch(inner) else None
        if new is not None and _CHINESE.search(new):
            yield Edit(*match.span(), new)


@lru_cache(maxsize=1 << 13)
def _is_level_1(char: str) -> bool:
    """Whether a character is a mark or stands in the first, common level of GB2312."""
    data = char.encode("gbk", "ignore")
    return len(data) == 2 and (0xA1 <= data[0] <= 0xA3 or 0xB0 <= data[0] <= 0xD7) and data[1] >= 0xA1


def _gbk_runs(text: str) -> Iterator[Edit]:
    """Runs that are mostly common characters when read as GBK."""
    for match in _GBK.finditer(text):
        data = match[0].encode("latin-1")
        if len(set(data)) == 1:
            continue
        try:
            new = data.decode("gbk")
        except UnicodeDecodeError:
            continue
        if sum(map(_is_level_1, new)) >= _MIN_COMMON * len(new):
            yield Edit(*match.span(), new)


def _believable(runs: list[Edit]) -> bool:
    """Whether the runs together yield enough Chinese, in more than scattered pairs, to be no accident."""
    long = "".join(run.new for run in runs if len(run.new) > 1)
    return len(_COMMON.findall(long)) >= _MIN_CHARS and len(set(long)) >= _MIN_CHARS


def _longest(utf8: list[Edit], gbk: list[Edit]) -> list[Edit]:
    """Of runs that overlap, the longest: what is one encoding by accident is a stretch of a long run of the other.

    A run of UTF-8 counts double: hardly anything is UTF-8 by accident, and the pairs of GBK run on over its broken ends.
    """
    weighed = sorted([(run, 2 * (run.end - run.start)) for run in utf8] + [(run, run.end - run.start) for run in gbk])
    kept: list[tuple[Edit, int]] = []
    for run, weight in weighed:
        while kept and kept[-1][0].end > run.start and kept[-1][1] < weight:
            kept.pop()
        if not kept or kept[-1][0].end <= run.start:
            kept.append((run, weight))
    return [run for run, _ in kept]


def mojibake(text: str, _evidence: Evidence) -> Sequence[Edit]:
    """Undo Chinese read as Latin-1 or cp1252, run by run: UTF-8 or GBK, once or several times over, half-width folded
    or not.

    A run is undone only where its characters are exactly what that reading makes of the repaired ones. Left alone:
    accented words (`café`) and signs (`±`, `××××`, `20°±5°`). What was read with another code, and what lacks bytes, is left to
    `misread_runs`, which marks what is lost.

    >>> from cleaners.edits import apply_edits
    >>> text = "近日，æ”¿åºœåŠžå…¬室"
    >>> apply_edits(text, mojibake(text, Evidence()))
    '近日，政府办公室'
    """
    latin = narrow(text)
    if latin.isascii() or not (_SIGN.search(latin) and _PROBE.search(text)):
        return misread_runs(text)
    as_bytes = text.translate(_TO_BYTES)
    utf8, gbk = ([*runs] for runs in (_utf8_runs(as_bytes), _gbk_runs(as_bytes)))
    runs = _longest(utf8 if _believable(utf8) else [], gbk if _believable(gbk) else [])
    mostly_utf8 = 2 * len(set(runs) & set(utf8)) > len(runs)
    if runs and mostly_utf8 and _BROKEN.search(as_bytes):
        return misread_runs(text, HOLED)
    if not mostly_utf8 and _HALF_WIDTH.search(text):
        return misread_runs(text, FOLDED_GBK) or runs
    return runs or misread_runs(text)
