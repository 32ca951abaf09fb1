"""A5: characters that look like others or like nothing: radicals, compatibility forms, invisible and control characters."""

import functools
import re
import unicodedata

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.forms_table import RADICALS

# C0 but tab and line feed, C1, soft hyphen, Arabic letter mark, Hangul fillers, Mongolian vowel separator, zero-width
# and bidi marks, word joiner and invisible operators, deprecated formatting, the byte order mark, interlinear marks.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
_LINE_BREAK = "\x0b\x0c\r\x85\u2028\u2029"
_SPACE = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Full-width letters and digits; signs, which become ASCII beside a letter or digit (between Han they are the author's);
# vertical and small forms; half-width ideographic marks and katakana; compatibility ideographs.
_ALNUM_FORMS = "％０-９Ａ-Ｚａ-ｚ"
_SIGN_FORMS = "＃＄＆＊＋－．／＜＝＞＠［＼］＾＿｀｛｜｝"
_ALNUM = f"0-9A-Za-z{_ALNUM_FORMS}"
_OTHER_FORMS = "\ufe10-\ufe19\ufe30-\ufe44\ufe47-\ufe6b\uff61-\uff9f\uf900-\ufaff\U0002f800-\U0002fa1f"
_HALF_PAIRS = "\ud800-\udfff"
_RADICAL_RANGE = "\u2e80-\u2ef3\u2f00-\u2fd5"

_ANY = re.compile(
    f"\r\n|[{_INVISIBLE}{_LINE_BREAK}{_SPACE}{_ALNUM_FORMS}{_OTHER_FORMS}{_RADICAL_RANGE}{_HALF_PAIRS}]+"
    f"|(?<![{_SIGN_FORMS}])[{_SIGN_FORMS}]+(?=[{_ALNUM}])|(?<=[{_ALNUM}])[{_SIGN_FORMS}]+"
)
_SIGN = re.compile(
    f"[{_INVISIBLE}{_LINE_BREAK}{_SPACE}{_ALNUM_FORMS}{_SIGN_FORMS}{_OTHER_FORMS}{_RADICAL_RANGE}{_HALF_PAIRS}]"
)
_EMOJI_JOINER = re.compile(
    "(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])"
)


@functools.cache
def _plain(char: str) -> str:
    if char == "\n":
        return char
    if re.match(f"[{_INVISIBLE}]", char):
        return ""
    if re.match(f"[{_LINE_BREAK}]", char):
        return "\n"
    if re.match(f"[{_SPACE}]", char):
        return " "
    if re.match(f"[{_HALF_PAIRS}]", char):
        return "\ufffd"
    return RADICALS.get(char) or unicodedata.normalize("NFKC", char)


def character_forms(text: str, _evidence: Evidence) -> list[Edit]:
    r"""Bring odd forms of characters to the ordinary ones and drop those that show nothing.

    Kangxi radicals and the CJK radical supplement, compatibility ideographs, full-width letters, digits and signs,
    vertical and half-width forms; line separators become line feeds, other blanks a space; zero-width, bidirectional
    and control characters and soft hyphens go; half of a surrogate pair, which is no character, becomes U+FFFD. Left alone:
    full-width punctuation, full-width signs between Han (`甲－乙`), ㎡ ① Ⅱ and other signs that carry meaning in their form,
    joiners inside an emoji, and private use (a rare name may live there; it counts as unresolved).

    >>> character_forms("⼈民１２％\u200b①", Evidence())
    [Edit(start=0, end=1, new='人', likely=False), Edit(start=2, end=6, new='12%', likely=False)]
    """
    edits: list[Edit] = []
    at = 0
    # a search for the bare signs is many times as quick as one for what they stand in
    while sign := _SIGN.search(text, at):
        found = _ANY.match(text, sign.start())
        if not found:
            at = sign.end()
            continue
        at = found.end()
        new = "\n" if found.group() == "\r\n" else "".join(map(_plain, found.group()))
        if new == found.group() or _EMOJI_JOINER.match(text, found.start()):
            continue
        edits.append(Edit(found.start(), found.end(), new))
    return edits
