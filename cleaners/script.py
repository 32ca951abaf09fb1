"""A6: traditional to simplified, only where the text is traditional."""

import functools
import re
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import opencc

from cleaners.diff import edits_between
from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import lines_of
from cleaners.script_table import NAME_CHARACTERS, VARIANTS, WORDS, ZHE_AFTER, ZHU_AFTER, ZHU_AT_BORDER, ZHU_BEFORE

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANS = re.compile(r"[\u3400-\u9fff]+")
_VARIANT = re.compile(f"[{''.join(VARIANTS)}]")
_WORDS = re.compile("|".join(WORDS))
_ZHU = re.compile("著")
_CLAUSE_END = re.compile(r"$|[，。；、！？：）】》”\s的]")
_ZHU_AFTER = re.compile(ZHU_AFTER)


MIN_SHARE = 0.1
"""Share of traditional-only characters among the Han of a traditional text: running text has .3 and more; a simplified sentence with a name in traditional characters stays below."""


MIN_LINE = 20
"""Shortest line (characters) that is converted on a simplified page: a shorter one may be a row of names."""


class Script(StrEnum):
    """The script of a Chinese text; `none` where there is no Han character at all."""

    HANS = "hans"
    HANT = "hant"
    MIXED = "mixed"
    NONE = "none"


class Counts(NamedTuple):
    """How many characters of a text only traditional, and only simplified writing has."""

    traditional: int
    simplified: int


@functools.cache
def _converter() -> opencc.OpenCC:
    # By full path: OpenCC looks for a bare "t2s.json" in the current directory first.
    config = Path(opencc.__file__).parent / "clib" / "share" / "opencc" / "t2s.json"
    return opencc.OpenCC(str(config))


@functools.cache
def _traditional_only() -> re.Pattern[str]:
    """Characters that t2s changes and GB2312 does not have, so that no simplified text holds them in good order."""
    block = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simplified = _converter().convert("\n".join(block)).translate(str.maketrans(VARIANTS)).split("\n")
    pairs = zip(block, simplified, strict=True)
    found = [c for c, s in pairs if c != s and c not in NAME_CHARACTERS and not _in_charset(c, "gb2312")]
    return re.compile(f"[{''.join(found)}]")


@functools.cache
def _simplified_only() -> re.Pattern[str]:
    """Characters of GB2312 that Big5 does not have."""
    block = map(chr, range(0x4E00, 0xA000))
    found = [c for c in block if _in_charset(c, "gb2312") and not _in_charset(c, "big5")]
    return re.compile(f"[{''.join(found)}]")


def _in_charset(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def count_script(text: str) -> Counts:
    """Count the characters that tell the scripts apart.

    >>> count_script("國务院")
    Counts(traditional=1, simplified=1)
    """
    return Counts(len(_traditional_only().findall(text)), len(_simplified_only().findall(text)))


def script_of(text: str) -> Script:
    """Name the script of a text; one in ten characters of the other kind is not yet `mixed` (names, quotations).

    >>> script_of("國務院辦公廳"), script_of("国务院办公厅"), script_of("2024")
    (<Script.HANT: 'hant'>, <Script.HANS: 'hans'>, <Script.NONE: 'none'>)
    """
    if not _HAN.search(text):
        return Script.NONE
    if not _traditional_only().search(text):
        return Script.HANS
    traditional, simplified = count_script(text)
    if traditional > 9 * simplified:
        return Script.HANT
    return Script.HANS if simplified > 9 * traditional else Script.MIXED


def simplify_script(text: str, _evidence: Evidence) -> list[Edit]:
    """Convert traditional lines to simplified ones, character forms only.

    Left alone: simplified pages (a name or a quoted word in traditional characters stays as its author wrote it),
    Japanese lines, and words: Hong Kong and Taiwan terms are not replaced. A line is converted where its page is
    traditional, or where it is itself, being long enough to tell.

    >>> simplify_script("國務院著力", Evidence())
    [Edit(start=0, end=2, new='国务', likely=False), Edit(start=3, end=4, new='着', likely=False)]
    >>> simplify_script("作家张愛玲的书", Evidence())
    []
    """
    if not _traditional_only().search(text):
        return []
    page_is_traditional = _is_traditional(text, MIN_SHARE)
    tells_zhe_from_zhu = "着" in text
    lines = [
        line
        for line in lines_of(text)
        if (page_is_traditional or (len(line.text) >= MIN_LINE and _is_traditional(line.text, 2 * MIN_SHARE)))
        and not _is_japanese(line.text)
    ]
    simple = simplify("\n".join(line.text for line in lines), keep_zhu=tells_zhe_from_zhu).split("\n")
    return [
        edit for line, new in zip(lines, simple, strict=False) for edit in edits_between(line.text, new, line.start)
    ]


def _is_traditional(text: str, share: float) -> bool:
    traditional = len(_traditional_only().findall(text))
    if not traditional or traditional <= len(_simplified_only().findall(text)):
        return False
    return traditional >= share * sum(map(len, _HANS.findall(text)))


def _is_japanese(line: str) -> bool:
    # の alone is a fashion in Chinese names; Japanese prose has a kana to every two or three characters.
    return _KANA.search(line) is not None and len(_KANA.findall(line)) * 5 > len(_HAN.findall(line))


def simplify(text: str, *, keep_zhu: bool = False) -> str:
    """Convert a traditional text; with `keep_zhu` 著 is changed only where it can't be zhù (the page writes 着 too).

    >>> simplify("顯著，名著，著作，著力，隨著，意味著作出，他所著的"), simplify("隨著", keep_zhu=True)
    ('显著，名著，著作，着力，随着，意味着作出，他所著的', '随著')
    """
    new = _VARIANT.sub(lambda variant: VARIANTS[variant[0]], _converter().convert(text))
    new = _WORDS.sub(lambda word: WORDS[word[0]], new)
    return _ZHU.sub(lambda zhu: _zhe_or_zhu(zhu.string, zhu.start(), keep_zhu=keep_zhu), new)


def _zhe_or_zhu(text: str, at: int, *, keep_zhu: bool) -> str:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if after and after in ZHE_AFTER and before not in ("显", "卓", "土"):
        return "着"
    if keep_zhu or (before and before in ZHU_BEFORE) or _ZHU_AFTER.match(text, at + 1):
        return "著"
    if before and before in ZHU_AT_BORDER and _CLAUSE_END.match(text, at + 1):
        return "著"
    return "着"
