"""The codes that Chinese is misread with: how a character goes back to the bytes it was read from, and what these bytes
are in the code that was meant."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import accumulate, chain, count
from typing import NamedTuple

from cleaners.repair.gbk import Choices, choices_of, known_characters
from cleaners.repair.model import table
from cleaners.repair.symbols import MARK, symbol

LOST_SIGNS = frozenset("?\ufffd")
NO_BYTE = -1
"""Stands for a character that the code lacks: it was never misread, and can only be copied."""
_EURO = 0x80
_FREQUENT = 24
"""Characters that fit a place whatever stands before it: 12 to 36 are alike."""
COMMON = 9.5
"""Nats of a character that stands for 29 of 30 in Chinese text, and for one of three in misread text."""
SAID = dict(zip(" \u3000\t|〔〕【】〖〗「」〈〉〇．", "\n\n\n\n（）（）（）‘’‘’零×", strict=True))
"""What the language model takes marks for that it does not know, or knows only as others: a gap is a break."""
_MORE = "\u3000〔〕【】「」〇"
"""Characters of official texts that the language model lacks."""
_DROPPED_COST = 3.0
"""Nats of a byte that left no trace; 2 to 5 are alike."""
PAIR = 2
_DIGITS = frozenset({0xB9, 0xB2, 0xB3})
_NUMBER_COST = 3.0
"""Nats of two digits that are bytes; 2 to 5 are alike."""
_HOLES = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
"""Bytes that cp1252 has no character for."""
LATIN = {chr(n): n for n in range(0x80, 0x100)} | {
    bytes([n]).decode("cp1252"): n for n in range(0x80, 0xA0) if n not in _HOLES
}
"""Bytes by the character that they are in Latin-1 or cp1252."""
_LATIN_BYTES = {ord(char): byte for char, byte in LATIN.items()} | {ord(MARK): 0xFF}
_STAND_IN = "\x1a"
FOLDED = {
    " \u0308": 0xA8, " \u0304": 0xAF, " \u0301": 0xB4, " \u0327": 0xB8, "1\u20444": 0xBC, "1\u20442": 0xBD, "3\u20444": 0xBE,
    "a": 0xAA, "o": 0xBA, "1": 0xB9, "2": 0xB2, "3": 0xB3, "\u03bc": 0xB5,
}  # fmt: skip
"""What NFKC makes of the characters of Latin-1 that stand for bytes of GB2312."""

Bytes = list[int | None]
"""Bytes of a line, None where one is lost."""
Lost = Callable[[int | None], frozenset[int]]
"""The bytes that can be lost before another one; empty where any can."""
Unit = tuple[str, int]
"""What stands for some bytes of a line as it is observed, and where these end."""


class Option(NamedTuple):
    """A way to read what stands at a place: where it ends, the characters that it may be, what doubt costs."""

    end: int
    choices: Choices
    doubt: float


def any_byte(_following: int | None) -> frozenset[int]:
    """No restriction: any byte can be lost.

    >>> any_byte(0x41)
    frozenset()
    """
    return frozenset()


def holes(_following: int | None) -> frozenset[int]:
    """The five bytes that cp1252 has no character for, whatever follows.

    >>> sorted(map(hex, holes(None)))
    ['0x81', '0x8d', '0x8f', '0x90', '0x9d']
    """
    return _HOLES


@cache
def no_pair(codec: str, following: int | None) -> frozenset[int]:
    """The bytes that make no character together with the one after them, so that a decoder loses them.

    >>> sorted(map(hex, no_pair("gb18030", 0xE5))), no_pair("gbk", 0x20)
    (['0x80', '0xff'], frozenset())
    """
    if following is None or following < 0x40:
        return frozenset()
    return frozenset(
        lead for lead in range(0x80, 0x100) if not bytes((lead, following)).decode(codec, "ignore")[:1] > "\x7f"
    )


_NO_GBK = partial(no_pair, "gbk")


@cache
def _fitting(codec: str, mask: tuple[bool, ...]) -> dict[tuple[int | None, ...], list[str]]:
    """The known characters by their bytes, as far as the mask shows them."""
    found: dict[tuple[int | None, ...], list[str]] = defaultdict(list)
    for char in (*known_characters(), *_MORE):
        data = char.encode(codec, "ignore")
        if len(data) == len(mask):
            found[tuple(byte if seen else None for byte, seen in zip(data, mask, strict=True))].append(char)
    return dict(found)


_ODD = frozenset(("Lm", "Sk", "Mn", "Cc", "Cf", "Cn"))
"""Categories of characters of two bytes of UTF-8 that pages do not have: `丝`, read so, is `˿`."""


@lru_cache(maxsize=1 << 13)
def _with_bytes(codec: str, pattern: tuple[int | None, ...], lost: Lost, last: frozenset[int] = frozenset()) -> Choices:
    """All characters with these bytes; where some are lost, those that the model knows and that lack only what can be lost, of the last ones
    what can be `last`."""
    if None not in pattern:
        char = bytes(byte or 0 for byte in pattern).decode(codec, "ignore")
        odd = codec == "utf-8" and len(pattern) == PAIR and unicodedata.category(char or "\0") in _ODD
        return choices_of(char if len(char) == 1 and not char.isascii() and not odd else "", _FREQUENT)
    chars = _fitting(codec, tuple(byte is not None for byte in pattern)).get(pattern, [])
    gaps = [i for i, byte in enumerate(pattern[:-1]) if byte is None]
    known = [(i, can) for i in gaps if (can := lost(pattern[i + 1]))] + [(-1, last)] * bool(last)
    in_a_row = [i for i in gaps if pattern[i + 1] is None]
    fitting = (char for char in chars if _can_lack(char.encode(codec), known, in_a_row, lost))
    return choices_of(fitting if known or in_a_row else chars, _FREQUENT)


def _can_lack(data: bytes, known: list[tuple[int, frozenset[int]]], in_a_row: list[int], lost: Lost) -> bool:
    """Whether a decoder can have lost bytes of a character: each before a known one, or before the next, lost as well."""
    rows = ((data[i], lost(data[i + 1])) for i in in_a_row)
    return all(data[i] in can for i, can in known) and all(not can or byte in can for byte, can in rows)


def _choices(codec: str, data: Bytes, at: int, length: int, lost: Lost) -> Choices:
    pattern = tuple(data[at : at + length])
    if None not in pattern:
        return _with_bytes(codec, pattern, any_byte)
    following = (*data[at + length : at + length + 1], None)[0]
    return _with_bytes(codec, pattern, lost, lost(following) if pattern[-1] is None else frozenset())


def _trails(lead: int) -> int:
    """How many bytes follow this lead byte of UTF-8; 0 where it is none."""
    return 2 if 0xE2 <= lead <= 0xEF else 1 if 0xC2 <= lead <= 0xDF else 0


def _is_trail(byte: int | None) -> bool:
    return byte is None or 0x80 <= byte <= 0xBF


def utf8(data: Bytes, at: int, lost: Lost) -> Iterator[Option]:
    """The characters that UTF-8 may have at a place; of three bytes, one that begins no pair may be gone without a trace.

    >>> [list(option.choices.by_symbol) for option in utf8([0xE4, 0xB8, None, 0xE5], 0, lambda _: frozenset({0x80}))]
    [['一']]
    """
    lead = data[at]
    length = 1 + (2 if lead is None else _trails(lead))
    pattern = data[at : at + length]
    if length > 1 and len(pattern) == length and all(map(_is_trail, pattern[1:])):
        yield Option(at + length, _choices("utf-8", data, at, length, lost), 0.0)
    elif lead is not None and length == 3 and len(pattern) > 1 and pattern[1] is not None and _is_trail(pattern[1]):
        following = (*data[at + 2 : at + 3], None)[0]
        by = lost if lost(following) else _NO_GBK
        yield Option(at + 2, _with_bytes("utf-8", (lead, pattern[1], None), by, by(following)), _DROPPED_COST)
        yield Option(at + 2, _with_bytes("utf-8", (lead, _EURO, pattern[1]), any_byte), _DROPPED_COST)


def utf8_twice(data: Bytes, at: int, lost: Lost) -> Iterator[Option]:
    """The same where a lost byte cost two bytes of another code: what lacks two is not guessed.

    >>> [list(option.choices.by_symbol) for option in utf8_twice([0xE4, None, None], 0, any_byte)]
    [['\ufffd']]
    """
    for option in utf8(data, at, lost):
        unknown = data[at : option.end].count(None) > 1
        yield option._replace(choices=choices_of(MARK)) if unknown else option


def utf8_with_holes(data: Bytes, at: int, lost: Lost) -> Iterator[Option]:
    """The same where a decoder has no character for five of the bytes: each of them may be lost, with or without a trace.

    >>> [list(option.choices.by_symbol) for option in utf8_with_holes([0xE5, 0x8D, 0xB0], 0, holes)][-1]
    ['印']
    """
    lead, first, second = (*data[at : at + 3], NO_BYTE, NO_BYTE)[:3]
    if lead is None or _trails(lead) != 2:
        return
    if _is_trail(first) and _is_trail(second):
        yield Option(at + 3, _choices("utf-8", data, at, 3, lost), 0.0)
    elif _is_trail(first):
        yield Option(at + 2, _with_bytes("utf-8", (lead, first, None), holes, _HOLES), _DROPPED_COST)
        yield Option(at + 2, _with_bytes("utf-8", (lead, None, first), holes), _DROPPED_COST)
    else:
        yield Option(at + 1, _with_bytes("utf-8", (lead, None, None), holes, _HOLES), 2 * _DROPPED_COST)


def folded_pairs(data: Bytes, at: int, lost: Lost) -> Iterator[Option]:
    """The characters of GBK where `1`, `2`, `3` may be bytes of it: two of them are rather a number.

    >>> [(*option.choices.by_symbol, option.doubt) for option in folded_pairs([0xB9, 0xB2], 0, any_byte)]
    [('共', 3.0)]
    """
    for option in pairs("gbk", data, at, lost):
        number = _DIGITS.issuperset(data[at : option.end])
        yield option._replace(doubt=_NUMBER_COST) if number else option


def pairs(codec: str, data: Bytes, at: int, lost: Lost) -> Iterator[Option]:
    """The characters that a code of two bytes may have at a place.

    >>> [list(option.choices.by_symbol) for option in pairs("gbk", [0xB9, 0xFA], 0, any_byte)]
    [['国']]
    """
    pair = data[at : at + 2]
    if len(pair) == 2 and pair != [None, None] and NO_BYTE not in pair and (pair[0] is None or pair[0] > 0x80):
        yield Option(at + 2, _choices(codec, data, at, 2, lost), 0.0)


def _encoded(text: str, codec: str) -> bytes:
    return text.replace(MARK, _STAND_IN).encode(codec, "replace").replace(_STAND_IN.encode(), b"\xff")


class Reading(NamedTuple):
    """One way of misreading.

    `signs` are characters that it often makes and that hardly stand in clean text; of the first few, `telling`, which are
    quickly looked for, one stands in nearly every misread sentence. `options` are the ways to read a place of the bytes right.
    """

    meant: str
    codec: str
    options: Callable[[Bytes, int, Lost], Iterable[Option]]
    lost: Lost = any_byte
    telling: str = ""
    signs: str = ""
    times: int = 1

    def to_bytes(self, text: str) -> bytes:
        """The bytes that a text was read from, FF where they are lost, `?` for what the code lacks."""
        if self.codec == "cp1252":
            return text.translate(_LATIN_BYTES).encode("latin-1", "replace")
        for _ in range(self.times - 1):
            text = _encoded(text, self.codec).decode(self.meant, "replace")
        return _encoded(text, self.codec)

    def count(self, chars: frozenset[str]) -> int:
        """How many of the signs are among the characters of a text."""
        return len(chars.intersection(self.signs))


class _Run(NamedTuple):
    """The bytes of a line; and by offset what stands for the bytes there."""

    data: Bytes
    units: dict[int, Unit]


def byte_run(line: str, reading: Reading) -> _Run:
    """The bytes that a line was read from; and, by offset, what stands for the bytes there.

    >>> byte_run("骞?", Reading("utf-8", "gb18030", utf8))
    _Run(data=[229, 185, None], units={0: ('骞', 2), 2: ('?', 3)})
    """
    if reading.codec == "cp1252":
        return _latin_run(line, folded=reading.options is folded_pairs)
    run = _run_of(line, reading.codec)
    for _ in range(reading.times - 1):
        run = _run_within(run, reading.codec)
    return run


def _run_of(line: str, codec: str) -> _Run:
    pieces = [_bytes_of(char, codec) for char in line]
    if "€" in line:
        for i, char in enumerate(line):
            if char == "€" and not _is_pair([*chain(*pieces[max(0, i - 2) : i])], (*pieces[i + 1 : i + 2], (0,))[0][0]):
                pieces[i] = (_EURO,)
    ends = [*accumulate(map(len, pieces), initial=0)]
    return _Run([*chain(*pieces)], dict(zip(ends, zip(line, ends[1:], strict=True), strict=False)))


@lru_cache(maxsize=1 << 13)
def _bytes_of(char: str, codec: str) -> Sequence[int | None]:
    """The bytes that a character was read from, whatever stands about it."""
    if char in LOST_SIGNS:
        return (None,)
    data = char.encode(codec, "ignore")
    return data if 1 <= len(data) <= PAIR else (NO_BYTE,)


def _is_pair(data: Bytes, following: int | None) -> bool:
    """Whether a euro sign stands for A2 E3, not for 80: one byte of UTF-8 is awaited, and what follows E3 (an 80 is lost, or a euro sign)."""
    awaited = len(data) > 1 and 0xE2 <= (data[-2] or 0) <= 0xEF
    return awaited and _is_trail(following)


_TOKEN = re.compile(
    rb"(?P<torn>[\xe2-\xef](?:[\x80-\xbf]\xff|\xff[\x80-\xbf])|\xff[\x80-\xbf]{2})"
    rb"|[\xe0-\xef][\x80-\xbf]{2}|[\xc2-\xdf][\x80-\xbf]|(?P<none>\xfe|(?<!\xff)[\x80-\xfd](?!\xff))|.",
    re.DOTALL,
)


def _run_within(run: _Run, codec: str) -> _Run:
    """The bytes that the characters of a run of UTF-8 were read from; two are lost with a character of which a byte is, as it was a pair.

    What stands for them is known where characters of the line and of UTF-8 begin together.
    """
    data, places = list[int | None](), dict[int, int]()
    observed = bytes([0xFF if byte is None else 0xFE if byte < 0 else byte for byte in run.data])
    for token in _TOKEN.finditer(observed):
        places[token.start()] = len(data)
        chars = MARK * PAIR if token["torn"] else token[0].decode("utf-8", "replace")
        data += (NO_BYTE,) if token["none"] else chain(*(_bytes_of(char, codec) for char in chars))
    places[len(run.data)] = len(data)
    units, told, begun = dict[int, Unit](), "", 0
    for char, end in run.units.values():
        told += char
        if end in places:
            units[begun] = (told, places[end])
            told, begun = "", places[end]
    return _Run(data, units)


def known_bytes(data: Bytes) -> bytes:
    """The bytes as such, 0 for what is none or lost.

    >>> list(known_bytes([0x41, None, NO_BYTE]))
    [65, 0, 0]
    """
    return bytes([0 if byte is None or byte < 0 else byte for byte in data])


_LATIN_UNIT = re.compile("|".join([*map(re.escape, FOLDED), "."]), re.DOTALL)


_SHOWN_AS = {chr(n): n for n in range(0x80)} | LATIN
_FOLDED_AS = _SHOWN_AS | FOLDED
_HOLED_AS = _SHOWN_AS | dict.fromkeys(LOST_SIGNS, None)


def _latin_run(line: str, *, folded: bool) -> _Run:
    chars: Sequence[str] = _LATIN_UNIT.findall(line) if folded else line
    byte_of: Mapping[str, int | None] = _FOLDED_AS if folded else _HOLED_AS
    return _Run([byte_of.get(char, NO_BYTE) for char in chars], dict(enumerate(zip(chars, count(1), strict=False))))


_WHOLE = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf]){3,}")


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
    return _WHOLE if reading.meant == "utf-8" else _whole(reading.meant)


def whole_runs(reading: Reading, data: Bytes, borders: Collection[int]) -> dict[int, tuple[int, str]]:
    """By offset, runs that can only be read one way: where they end, and what they say. They begin at a border of what is observed.

    Three characters of UTF-8 in a row, or five of the common ones of another code, do not come about by accident: less than
    one in a million places.

    >>> whole_runs(Reading("utf-8", "gb18030", utf8), [0x20, *"市政府".encode(), None], range(11))
    {1: (10, '市政府')}
    """
    if reading.options is folded_pairs:
        return {}
    size = 3 if reading.meant == "utf-8" else PAIR
    runs = {}
    for match in _pattern(reading).finditer(known_bytes(data)):
        start = next((at for at in range(match.start(), match.end(), size) if at in borders), match.end())
        if start < match.end():
            runs[start] = match.end(), match[0][start - match.start() :].decode(reading.meant)
    return runs


def doubtful(reading: Reading, line: str) -> int:
    """How many bytes of a line are not in such a run.

    >>> doubtful(Reading("utf-8", "gb18030", utf8), "甯傛斂搴滃姙鍏�瀹")
    5
    """
    data = reading.to_bytes(line)
    return len(data) - sum(map(len, _pattern(reading).findall(data)))
