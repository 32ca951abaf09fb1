"""Characters spelled out in ASCII: HTML entities, `\\uXXXX` and `%uXXXX` escapes, percent-encoding."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from html.entities import html5
from urllib.parse import unquote_to_bytes

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.repair.narrow import narrow

_AMP = r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)*"
_ENTITY = re.compile(
    _AMP + r"(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,30}));"
)
_ESCAPE = re.compile(r"[\\%]u[0-9a-fA-F]{4}(?:[\\%]u[0-9a-fA-F]{4})*")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})+")
_URL_BEFORE = re.compile(r"(?:://|www\.|\?|=|&|/)[^\s<>\"'，。；、（）《》]*$")
_MIN_ESCAPES = 3
"""Fewer escapes than this are quoted, as in a text about JSON, rather than damage."""
_CP1252 = {n: bytes([n]).decode("cp1252", "replace") for n in range(0x80, 0xA0)}


def _is_text(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs", "Cn", "Co"}


def _entity_char(match: re.Match[str]) -> str | None:
    """The characters that an entity stands for, or None where it stands for nothing printable."""
    if name := match["name"]:
        return html5.get(name + ";")
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    if code > 0x10FFFF:
        return None
    char = _CP1252.get(code) or chr(code)
    return char if _is_text(char) else None


def _has_han(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def _escape_chars(match: re.Match[str]) -> str | None:
    """The characters of a run of UTF-16 escapes, pairs of surrogates joined."""
    units = re.findall(r"[0-9a-fA-F]{4}", match[0].replace("\\u", " ").replace("%u", " "))
    try:
        chars = b"".join(int(unit, 16).to_bytes(2, "big") for unit in units).decode("utf-16-be")
    except UnicodeDecodeError:
        return None
    return chars if all(map(_is_text, chars)) else None


def _percent_chars(match: re.Match[str]) -> str | None:
    """The Chinese that a percent-encoded run outside an address stands for: UTF-8, else GBK."""
    if _URL_BEFORE.search(match.string, max(0, match.start() - 300), match.start()):
        return None
    data = unquote_to_bytes(match[0])
    for codec in ("utf-8", "gb2312"):
        try:
            chars = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _has_han(chars) and all(map(_is_text, chars)):
            return chars
    return None


def _edits(pattern: re.Pattern[str], chars: Callable[[re.Match[str]], str | None], text: str) -> list[Edit]:
    found = ((match, chars(match)) for match in pattern.finditer(text))
    return [Edit(*match.span(), new) for match, new in found if new is not None and new != match[0]]


def entities(text: str, _evidence: Evidence) -> Sequence[Edit]:
    r"""Turn spelled-out characters into the characters: `&ldquo;`, `&amp;ldquo;`, `&#22269;`, `\u56fd`, `%E5%9B%BD`.

    An entity escaped several times over is resolved in one step. Left alone: an `&` without a closing `;`, unknown
    names, numbers that are no character (controls, surrogates, private use); `\u` escapes on a page with fewer than
    three of Chinese ones (a text about encodings quotes one or two); percent-encoding inside an address, which works
    as it is, and runs that spell no Chinese.

    >>> from cleaners.edits import apply_edits
    >>> text = "坚持&amp;ldquo;两个&#x6BEB;不动摇&rdquo;"
    >>> apply_edits(text, entities(text, Evidence()))
    '坚持“两个毫不动摇”'
    """
    edits: list[Edit] = []
    signs = narrow(text)
    if "&" in signs and ";" in signs:
        edits += _edits(_ENTITY, _entity_char, text)
    percent = "%" in signs
    if (percent or "\\" in signs) and "u" in signs:
        escapes = _edits(_ESCAPE, _escape_chars, text)
        if sum(_has_han(char) for edit in escapes for char in edit.new) >= _MIN_ESCAPES:
            edits += escapes
    if percent:
        edits += _edits(_PERCENT, _percent_chars, text)
    return sorted(edits)
