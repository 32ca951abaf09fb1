"""GBK as the damaging programs read it: pairs of bytes, what they swallow and what they lose."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nsmallest
from math import inf

from cleaners.repair.model import table
from cleaners.repair.readings import is_reading, readings, toneless
from cleaners.repair.symbols import symbol

MARK_CHARS = "，。！？、；："
MARKS = tuple(mark.encode("gbk") for mark in MARK_CHARS)
"""The marks a byte is put before, in the order of the replacement (it reproduces all samples to the character)."""
_FREQUENT, _FREQUENT_WITH_LEAD = 8, 24
LEADS = frozenset(range(0x81, 0xFF))
ANY_LEAD = 0x80
"""The trail byte that, read as a lead byte, begins no pair: whatever follows is swallowed with it."""
_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


@cache
def pair(char: str) -> bytes:
    """The two bytes of a character in GBK, as GB18030 fills its gaps (`ǹ`), empty where it has none.

    >>> pair("国").hex(), pair("a"), pair("𠮷")
    ('b9fa', b'', b'')
    """
    data = char.encode("gb18030", "ignore")
    return data if len(data) == 2 else b""


@cache
def shown(lead: int, trail: int) -> str:
    """What a pair of bytes is shown as: a character, `?` where it is no pair, nothing where it is user-defined.

    >>> shown(0xB9, 0xFA), shown(0xA1, 0x28), shown(0xFE, 0xB8)
    ('国', '?', '')
    """
    if lead in {0x80, 0xFF} or trail in {0x7F, 0xFF} or trail < 0x40:
        return "?"
    char = bytes((lead, trail)).decode("gb18030", "replace")
    return "" if unicodedata.category(char[0]) == "Co" else char[0]


def read(data: bytes) -> str:
    """Read bytes as the damaging programs do: a broken pair becomes one `?`, a user-defined pair vanishes.

    >>> read(bytes.fromhex("a101a3a1b1caa1d5feb8aede6b"))
    '?！笔≌k'
    """
    out: list[str] = []
    at, end = 0, len(data)
    while at < end:
        byte = data[at]
        if byte < 0x80:
            out.append(chr(byte))
            at += 1
        else:
            out.append(shown(byte, data[at + 1]) if at + 1 < end else "?")
            at += 2
    return "".join(out)


@cache
def lost_trails() -> dict[int, frozenset[int]]:
    """By lead byte, the trail bytes of the pairs that vanish: user-defined areas and empty cells."""
    lost = {lead: frozenset(trail for trail in _TRAILS if shown(lead, trail) == "") for lead in range(0x81, 0xFF)}
    return {lead: trails for lead, trails in lost.items() if trails}


def leads_after(trail: int) -> frozenset[int]:
    """The bytes that may begin the next character where the pair of this trail byte and that lead byte shows no character."""
    return LEADS if trail == ANY_LEAD else lost_trails()[trail]


@cache
def _known() -> tuple[dict[int, dict[int, str]], dict[int, dict[int, str]], dict[str, list[str]]]:
    """The characters that the language model knows: by lead byte, by trail byte, by the model's symbol."""
    by_lead: dict[int, dict[int, str]] = defaultdict(dict)
    by_trail: dict[int, dict[int, str]] = defaultdict(dict)
    by_symbol: dict[str, list[str]] = defaultdict(list)
    known = table().number
    for lead in range(0x81, 0xFF):
        for trail in _TRAILS:
            char = shown(lead, trail)
            if pair(char) and symbol(char) in known:
                by_lead[lead][trail] = by_trail[trail][lead] = char
                by_symbol[symbol(char)].append(char)
    return dict(by_lead), dict(by_trail), dict(by_symbol)


def by_lead(lead: int) -> dict[int, str]:
    """Known characters with this lead byte, by trail byte."""
    return _known()[0].get(lead, {})


def by_trail(trail: int) -> dict[int, str]:
    """Known characters with this trail byte, by lead byte."""
    return _known()[1].get(trail, {})


def by_symbol(of: str) -> list[str]:
    """The characters that the language model takes for this symbol: a simplified character and its traditional forms."""
    return _known()[2].get(of, [])


def known_characters() -> list[str]:
    """All characters of GBK that the language model knows."""
    return [char for row in _known()[0].values() for char in row.values()]


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Characters that the bytes allow: by the model's symbol, and the most frequent of them. Each is built once."""

    by_symbol: dict[str, tuple[str, ...]]
    frequent: tuple[str, ...]


def choices_of(chars: Iterable[str], frequent: int = _FREQUENT) -> Choices:
    """The characters by symbol, and those of the most frequent symbols.

    >>> choices_of("国國人").by_symbol
    {'国': ('国', '國'), '人': ('人',)}
    """
    by_symbol: dict[str, tuple[str, ...]] = {}
    for char in chars:
        by_symbol[symbol(char)] = (*by_symbol.get(symbol(char), ()), char)
    alone = table().alone
    first = nsmallest(frequent, by_symbol, key=lambda each: alone.get(each, inf))
    return Choices(by_symbol, tuple(char for each in first for char in by_symbol[each]))


@cache
def with_lead(lead: int) -> Choices:
    """Known characters with this lead byte; below zero, with any lead byte that is lost after the trail byte `-lead`."""
    if lead < 0:
        return choices_of(char for each in sorted(leads_after(-lead)) for char in by_lead(each).values())
    return choices_of(by_lead(lead).values(), _FREQUENT_WITH_LEAD)


@cache
def with_trail(trail: int) -> Choices:
    """Known characters with this trail byte."""
    return choices_of(by_trail(trail).values())


@cache
def _by_sound() -> dict[str, list[str]]:
    """Known characters by reading without tone."""
    found: dict[str, list[str]] = defaultdict(list)
    for char in known_characters():
        for sound in sorted(set(map(toneless, readings(char)))):
            found[sound].append(char)
    return dict(found)


@lru_cache(maxsize=1 << 12)
def read_as(reading: str) -> tuple[str, ...]:
    """Known characters with this reading; there are 1,342, and any letters may stand in brackets."""
    sound = toneless(reading.replace("v", "ü") if reading.startswith(("lv", "nv")) else reading)
    return tuple(char for char in _by_sound().get(sound, ()) if is_reading(reading, char))


@lru_cache(maxsize=1 << 12)
def hidden_by(reading: str, lead: int) -> tuple[str, ...]:
    """All characters with this reading and this lead byte, of those that end in no byte of ASCII."""
    chars = (shown(lead, trail) for trail in range(0x81, 0xFF))
    return tuple(char for char in chars if char not in {"", "?"} and is_reading(reading, char))


@cache
def folded_forms() -> dict[str, tuple[str, ...]]:
    """What NFKC makes of the marks and signs of GBK: from the folded string to the characters it may have been."""
    forms: dict[str, list[str]] = defaultdict(list)
    for lead in (*range(0xA1, 0xAA), 0xFD, 0xFE):
        for trail in _TRAILS:
            char = shown(lead, trail)
            if char and (folded := unicodedata.normalize("NFKC", char)) != char:
                forms[folded].append(char)
    return {folded: tuple(chars) for folded, chars in forms.items()}
