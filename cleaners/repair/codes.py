"""The codes that Chinese is misread with: how a character goes back to the bytes it was read from, and what these bytes
are in the code that was meant."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from heapq import nsmallest
from typing import NamedTuple

from cleaners.repair.gbk import by_lead, by_trail, known_characters, shown
from cleaners.repair.model import table
from cleaners.repair.symbols import symbol

LOST_SIGNS = frozenset("?\ufffd")
NO_BYTE = -1
"""Stands for a character that the code lacks: it was never misread, and can only be copied."""
_EURO = 0x80
_FREQUENT = 24
COMMON = 9.5
"""Nats of a character that stands for 29 of 30 in Chinese text, and for one of three in misread text."""
BREAKS = str.maketrans(" \u3000\t|", "\n\n\n\n")
"""To the language model a gap is a break."""
_DROPPED_COST = 3.0

Bytes = list[int | None]
"""Bytes of a line, None where one is lost."""


class Choices(NamedTuple):
    """Characters that the bytes allow: by the model's symbol, and the most frequent symbols."""

    by_symbol: dict[str, tuple[str, ...]]
    frequent: frozenset[str]


class Option(NamedTuple):
    """A way to read what stands at a place: where it ends, the characters that it may be, what doubt costs."""

    end: int
    choices: Choices
    doubt: float


class Reading(NamedTuple):
    """One way of misreading.

    `signs` are characters that it often makes and that hardly stand in clean text; of the first few, `telling`, which are
    quickly looked for, one stands in nearly every misread sentence. `options` are the ways to read a place of the bytes right.
    """

    name: str
    codec: str
    telling: str
    signs: str
    options: Callable[[Bytes, int], Iterable[Option]]

    def plainly(self, text: str) -> str:
        """The text as the codecs read it, U+FFFD where bytes are lost."""
        return text.encode(self.codec, "ignore").decode(self.meant, "replace")

    @property
    def meant(self) -> str:
        """The code that the bytes are in."""
        return self.name.split(" as ")[0]

    def count(self, text: str) -> int:
        """How many of the signs a text has."""
        return sum(map(text.__contains__, self.signs))


def byte_run(line: str, codec: str) -> tuple[Bytes, dict[int, str]]:
    """The bytes that a line was read from; and, by offset, the character that stands for the bytes there.

    >>> byte_run("骞?", "gb18030")
    ([229, 185, None], {0: '骞', 2: '?'})
    """
    data: Bytes = []
    chars: dict[int, str] = {}
    for i, char in enumerate(line):
        chars[len(data)] = char
        if char in LOST_SIGNS:
            data.append(None)
        elif char == "€" and not _is_pair(data, line[i + 1 : i + 2]):
            data.append(_EURO)
        else:
            data += char.encode(codec, "ignore") or [NO_BYTE]
    return data, chars


def _is_pair(data: Bytes, following: str) -> bool:
    """Whether a euro sign stands for A2 E3, not for 80: one byte of UTF-8 is awaited, and an 80 that is no pair follows E3."""
    awaited = len(data) > 1 and 0xE2 <= (data[-2] or 0) <= 0xEF
    return awaited and following in {"€", *LOST_SIGNS}


def choices_of(chars: Iterable[str]) -> Choices:
    """The characters by symbol.

    >>> choices_of("国國人").by_symbol
    {'国': ('国', '國'), '人': ('人',)}
    """
    by_symbol: dict[str, tuple[str, ...]] = {}
    for char in chars:
        by_symbol[symbol(char)] = (*by_symbol.get(symbol(char), ()), char)
    alone = table().alone
    return Choices(by_symbol, frozenset(nsmallest(_FREQUENT, by_symbol, key=lambda each: alone.get(each, 99.0))))


@lru_cache(maxsize=1 << 13)
def _one(char: str) -> Choices:
    return Choices({symbol(char): (char,)}, frozenset({symbol(char)}))


def _trails(lead: int) -> int:
    """How many bytes follow this lead byte of UTF-8; 0 where it is none."""
    return 2 if 0xE2 <= lead <= 0xEF else 1 if 0xC2 <= lead <= 0xDF else 0


@cache
def _fitting(mask: tuple[bool, ...]) -> dict[tuple[int | None, ...], list[str]]:
    """The known characters by their bytes of UTF-8, as far as the mask shows them."""
    found: dict[tuple[int | None, ...], list[str]] = defaultdict(list)
    for char in (*known_characters(), "\u3000"):
        data = char.encode()
        if len(data) == len(mask):
            found[tuple(byte if seen else None for byte, seen in zip(data, mask, strict=True))].append(char)
    return dict(found)


@lru_cache(maxsize=1 << 12)
def _with_bytes(pattern: tuple[int | None, ...], lost: frozenset[int]) -> Choices:
    """All characters with these bytes of UTF-8; where some are lost, those that the model knows and that lack only what
    can be lost."""
    if None not in pattern:
        char = bytes(byte or 0 for byte in pattern).decode("utf-8", "ignore")
        return choices_of(char)
    chars = _fitting(tuple(byte is not None for byte in pattern)).get(pattern, [])
    gaps = [i for i, byte in enumerate(pattern) if byte is None]
    return choices_of(char for char in chars if not lost or all(char.encode()[i] in lost for i in gaps))


def _is_trail(byte: int | None) -> bool:
    return byte is None or 0x80 <= byte <= 0xBF


def _utf8(data: Bytes, at: int) -> Iterator[Option]:
    """The characters that UTF-8 may have at a place; the last of three bytes may be gone without a trace."""
    lead = data[at]
    length = 1 + (2 if lead is None else _trails(lead))
    pattern = data[at : at + length]
    if length > 1 and len(pattern) == length and all(map(_is_trail, pattern[1:])):
        yield Option(at + length, _with_bytes(tuple(pattern), frozenset()), 0.0)
    elif lead is not None and length == 3 and len(pattern) > 1 and pattern[1] is not None and _is_trail(pattern[1]):
        yield Option(at + 2, _with_bytes((lead, pattern[1], None), frozenset()), _DROPPED_COST)


@cache
def _half(lead: int | None, trail: int | None) -> Choices:
    return choices_of((by_lead(lead) if lead is not None else by_trail(trail or 0)).values())


def _gbk(data: Bytes, at: int) -> Iterator[Option]:
    """The characters that GBK may have at a place."""
    pair = data[at : at + 2]
    if len(pair) < 2:
        return
    lead, trail = pair
    if lead is not None and trail is not None:
        char = shown(lead, trail) if lead > 0x80 else "?"
        if char not in {"", "?"}:
            yield Option(at + 2, _one(char), 0.0)
    elif (lead is None) != (trail is None) and (lead is None or lead > 0x80):
        yield Option(at + 2, _half(lead, trail), 0.0)


def _big5(data: Bytes, at: int) -> Iterator[Option]:
    """The characters that Big5 has at a place; what is lost there is not guessed."""
    pair = data[at : at + 2]
    if len(pair) == 2 and None not in pair and NO_BYTE not in pair:
        char = bytes(byte or 0 for byte in pair).decode("big5", "ignore")
        if len(char) == 1:
            yield Option(at + 2, _one(char), 0.0)


READINGS = (
    Reading(
        "utf-8 as gbk",
        "gb18030",
        "涓锛銆鏉鐢鏀鏃勬鐞拰",
        "涓锛銆鏉鐢鏀鏃勬鐞拰戝鐨鍏鍔鍙搴浠缁浗褰簲綋鍗璁姘鍜璐斿佷鍦佺斂鏂畾骞闄鎵淇娉氬渚皯儴嶅鎶姟闂閮佽鏋呭鐩硶繚悊鈥鍥鏄绗",
        _utf8,
    ),
    Reading(
        "gbk as big5",
        "big5",
        "ㄛ沭淉",
        "ㄛ沭淉﹜﹝ㄩ菴茼絞俴昢窒衄珛燴藷眕氪馱埏笢蚚釬扢翋桽汜秶訧珨甡褫弇鵙峈妗囥昜垀",
        _gbk,
    ),
    Reading("big5 as gbk", "gbk", "秈祇", "秈祇竒糤蔼郸眏甶璶㎝穨玂笆琁瞶狝篶窾禣碞瞰穦砏菠睢獺籔羆厩癸玃", _big5),
)
"""The signs are what stands in most sentences of 16 characters of regulations and news once these are misread."""

_TELLING = "".join(each.telling for each in READINGS)
_SIGN = re.compile("[" + "".join(each.signs for each in READINGS) + "]")
_SHORT = 400
"""Characters up to which all signs are looked for: a headline has few."""
_LEAST = 2
_WHOLE = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf]){3,}")


def misread_as(text: str) -> Reading | None:
    """How a text was misread, by the signs that it has most of; None where it has hardly any.

    >>> misread_as("市政府印发工作要点"), misread_as("甯傛斂搴滃嵃鍙戝伐浣滆鐐").name
    (None, 'utf-8 as gbk')
    """
    if not (_SIGN.search(text) if len(text) <= _SHORT else any(map(text.__contains__, _TELLING))):
        return None
    counts = [each.count(text) for each in READINGS]
    return READINGS[counts.index(max(counts))] if max(counts) >= _LEAST else None


@cache
def _whole(codec: str) -> re.Pattern[bytes]:
    """Five common characters in a row in a code of two bytes."""
    trails: dict[int, bytes] = defaultdict(bytes)
    alone = table().alone
    for char in known_characters():
        data = char.encode(codec, "ignore")
        if len(data) == 2 and alone[symbol(char)] <= COMMON:
            trails[data[0]] += data[1:]
    pairs = b"|".join(b"%b[%b]" % (re.escape(bytes([lead])), re.escape(row)) for lead, row in trails.items())
    return re.compile(b"(?:%b){5,}" % pairs)


def _pattern(reading: Reading) -> re.Pattern[bytes]:
    return _WHOLE if reading.options is _utf8 else _whole(reading.meant)


def whole_runs(reading: Reading, data: Bytes) -> dict[int, tuple[int, str]]:
    """By offset, runs that can only be read one way: where they end, and what they say.

    Three characters of UTF-8 in a row, or five of the common ones of another code, do not come about by accident: less than
    one in a million places.
    """
    known = bytes(0 if byte in {None, NO_BYTE} else byte for byte in data)
    return {match.start(): (match.end(), match[0].decode(reading.meant)) for match in _pattern(reading).finditer(known)}


def doubtful(reading: Reading, line: str) -> int:
    """How many bytes of a line are not in such a run.

    >>> doubtful(READINGS[0], "甯傛斂搴滃姙鍏�瀹")
    5
    """
    data = line.encode(reading.codec, "replace")
    return len(data) - sum(map(len, _pattern(reading).findall(data)))
