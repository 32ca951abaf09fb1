"""Chinese bytes read with another Chinese code: UTF-8 read as GBK, GBK as Big5, Big5 as GBK; with bytes lost on the way.

The characters of a line are turned back into the bytes that they were read from; a replacement sign stands for one byte that
nobody knows. The bytes are read again as what they were, and where one is unknown, the language model chooses.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from heapq import nsmallest
from math import inf
from typing import NamedTuple

from cleaners.edits import Edit
from cleaners.repair.gbk import by_lead, by_symbol, by_trail, known_characters, shown, symbols
from cleaners.repair.model import PageModel
from cleaners.repair.script import is_simplified, is_traditional, mostly_traditional
from cleaners.repair.symbols import MARK

_LOST_SIGNS = frozenset("?\ufffd")
_EURO = 0x80
_NO_BYTE = -1
"""Stands for a character that the code lacks: it was never misread, and can only be copied."""
_WIDTH = 8
_CHOICES = 24
_SPAN = 12.0
_UNREADABLE_COST = 15.0
_DROPPED_COST = 3.0
_COPY_COST = 2.0
_MARGIN = 0.7
_GAIN = 1.5
"""Nats a character by which a reading must be likelier than the text as it stands."""
_MOST_TRIED, _TRIED = 100_000, 20
"""Characters that are tried in one text, a few µs each with what hangs on them, 20 for each of the text. The lines from then on
are read as the codecs do, without a guess at what is lost."""
_SAMPLE = 2000
_FLUENT = 7.0
"""Nats a character that Chinese does not go beyond (regulations and news: 4 to 5; Japanese read as Big5: 9)."""

_WHOLE = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf]){3,}")

Bytes = list[int | None]


class Reading(NamedTuple):
    """One way of misreading: the code that the bytes were read with, the signs that give it away, the way to read them right."""

    name: str
    codec: str
    signs: re.Pattern[str]
    least: int
    options: Callable[[Bytes, int, str, PageModel], Iterator[tuple[int, list[str], float]]]

    def plainly(self, text: str) -> str:
        """The text as the codecs read it, U+FFFD where bytes are lost."""
        return text.encode(self.codec, "ignore").decode(self.name.split(" as ")[0], "replace")


class _Text(NamedTuple):
    """A misread text: how it was misread, the model to choose by, and whether a character is of the other script than the text."""

    reading: Reading
    model: PageModel
    foreign: Callable[[str], bool]


class _State(NamedTuple):
    cost: float
    before: str
    text: str
    unsure: tuple[tuple[int, tuple[str, ...]], ...] = ()


def _byte_run(line: str, codec: str) -> tuple[Bytes, dict[int, int]]:
    """The bytes that a line was read from, None where one is lost; and, by offset, the length of the character there."""
    data: Bytes = []
    starts: dict[int, int] = {}
    for char in line:
        got: Bytes = (
            [None]
            if char in _LOST_SIGNS
            else list(char.encode(codec, "ignore")) or [_EURO if char == "€" else _NO_BYTE]
        )
        starts[len(data)] = len(got)
        data += got
    return data, starts


def _sure(text: _Text, data: Bytes) -> tuple[dict[int, str], set[int]]:
    """What can only be read one way: by offset the characters of whole runs of UTF-8; and the offsets inside of these.

    Three characters of UTF-8 in a row do not come about in the bytes of another code: less than one in a million places.
    """
    if text.reading.options is not _utf8:
        return {}, set()
    known = bytes(0 if byte in {None, _NO_BYTE} else byte for byte in data)
    runs = [range(match.start(), match.end(), 3) for match in _WHOLE.finditer(known)]
    chars = {at: known[at : at + 3].decode() for run in runs for at in run}
    return chars, {at + more for at in chars for more in (1, 2)}


def _trails(lead: int) -> int:
    """How many bytes follow this lead byte of UTF-8; 0 where it is none."""
    return 2 if 0xE2 <= lead <= 0xEF else 1 if 0xC2 <= lead <= 0xDF else 0


@cache
def _by_first_byte() -> dict[int, list[tuple[bytes, str]]]:
    """The known characters with their bytes of UTF-8, by the first one."""
    found: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
    for char in known_characters():
        found[char.encode()[0]].append((char.encode(), char))
    return found


def _utf8(data: Bytes, at: int, before: str, model: PageModel) -> Iterator[tuple[int, list[str], float]]:
    """The characters that UTF-8 may have at a place: where they end, which, and what doubt costs."""
    lead = data[at]
    length = 1 + (2 if lead is None else _trails(lead))
    if length == 1:
        return
    pattern = data[at : at + length]
    good = len(pattern) == length and all(each is None or 0x80 <= each <= 0xBF for each in pattern[1:])
    if good:
        yield at + length, _characters(pattern, before, model), 0.0
    elif lead is not None and length == 3:
        pattern = [*data[at : at + 2], None]
        if len(pattern) == 3 and pattern[1] is not None and 0x80 <= pattern[1] <= 0xBF:
            yield at + 2, _characters(pattern, before, model), _DROPPED_COST


def _characters(pattern: Bytes, before: str, model: PageModel) -> list[str]:
    """All characters with these bytes of UTF-8; where the first is lost, those that are known to follow."""
    if None not in pattern:
        char = bytes(pattern).decode("utf-8", "ignore")  # type: ignore[arg-type]
        return [char] if char else []
    if pattern[0] is not None:
        return _with_lead(tuple(pattern))
    following = sorted(model.successors(before[1], symbols()))
    return [char for each in following for char in by_symbol(each) if _fits(char.encode(), pattern)]


@lru_cache(maxsize=4096)
def _with_lead(pattern: tuple[int | None, ...]) -> list[str]:
    return [char for data, char in _by_first_byte().get(pattern[0] or 0, []) if _fits(data, pattern)]


def _fits(data: bytes, pattern: Sequence[int | None]) -> bool:
    # the last byte tells most apart, before anything is set up to look at all
    if len(data) != len(pattern) or pattern[-1] not in {None, data[-1]}:
        return False
    return all(want in {None, got} for want, got in zip(pattern, data, strict=True))


def _gbk(data: Bytes, at: int, _before: str, _model: PageModel) -> Iterator[tuple[int, list[str], float]]:
    """The characters that GBK may have at a place."""
    pair = data[at : at + 2]
    if len(pair) < 2:
        return
    lead, trail = pair
    if lead is not None and trail is not None:
        char = shown(lead, trail) if lead > 0x80 else "?"
        yield at + 2, [] if char in {"", "?"} else [char], 0.0
    elif lead is not None and lead > 0x80:
        yield at + 2, list(by_lead(lead).values()), 0.0
    elif lead is None and trail is not None:
        yield at + 2, list(by_trail(trail).values()), 0.0


def _big5(data: Bytes, at: int, _before: str, _model: PageModel) -> Iterator[tuple[int, list[str], float]]:
    """The characters that Big5 has at a place; what is lost there is not guessed."""
    pair = data[at : at + 2]
    if len(pair) == 2 and None not in pair and _NO_BYTE not in pair:
        char = bytes(pair).decode("big5", "ignore")  # type: ignore[arg-type]
        yield at + 2, [char] if len(char) == 1 else [], 0.0


READINGS = (
    Reading("utf-8 as gbk", "gb18030", re.compile("[锛銆鈥鐨涓鍥鏄鍏鏂鍙鍜鍦闂缁绗鎵浠鏀鍔]"), 2, _utf8),
    Reading("gbk as big5", "big5", re.compile("[ㄛ﹝﹜ㄩ菴]"), 2, _gbk),
    Reading("big5 as gbk", "gbk", re.compile("[いゅぃぱ璶厩穦]"), 3, _big5),
)


SIGNS = "".join(each.signs.pattern.strip("[]") for each in READINGS)
"""All signs, as the inside of a character class."""


def _step(text: _Text, data: Bytes, at: int, state: _State) -> Iterator[tuple[int, _State]]:
    """The readings of what comes next, unreadable bytes among them."""
    reading, model = text.reading, text.model
    read = False
    for end, possible, doubt in reading.options(data, at, state.before, model):
        chars = [char for char in possible if not text.foreign(char)] or possible
        model.tried += len(chars)
        costs, before = model.costs, state.before
        best = nsmallest(_CHOICES, [(state.cost + doubt + costs[before + char], char) for char in chars])
        options = tuple(char for _, char in best)
        unsure = (*state.unsure, (len(state.text), options)) if len(options) > 1 else state.unsure
        for cost, char in best:
            read = True
            yield end, _State(cost, state.before[1] + char, state.text + char, unsure)
    if not read:
        end = at + 1
        while end < len(data) and data[end] is None:
            end += 1
        if reading.name == "gbk as big5" and data[at + 1 : at + 2] not in ([], [_NO_BYTE]):
            end = at + 2
        yield end, _State(state.cost + _UNREADABLE_COST, state.before[1] + MARK, state.text + MARK, state.unsure)


def _read_line(text: _Text, line: str) -> _State | None:
    """The likeliest right reading of a line, stretches that were never misread left as they are."""
    data, starts = _byte_run(line, text.reading.codec)
    model = text.model
    offsets = dict(zip(starts, line, strict=False))
    sure, inside = _sure(text, data)
    places: list[list[_State]] = [[] for _ in range(len(data) + 3)]
    places[0] = [_State(0.0, "\n\n", "")]
    for at in range(len(data)):
        if at in inside:
            continue
        best: dict[str, _State] = {}
        for state in places[at]:
            if state.before not in best or state.cost < best[state.before].cost:
                best[state.before] = state
        kept = nsmallest(_WIDTH, best.values())
        for state in [each for each in kept if each.cost <= kept[0].cost + _SPAN]:
            if at in sure:
                cost = state.cost + model.cost(state.before, sure[at])
                new = _State(cost, state.before[1] + sure[at], state.text + sure[at], state.unsure)
                places[at + 3].append(new)
                continue
            char = offsets.get(at, "")
            if char:
                cost = (
                    state.cost
                    + model.cost(state.before, char)
                    + (0.0 if char.isascii() and char != "?" else _COPY_COST)
                )
                places[at + starts[at]].append(_State(cost, state.before[1] + char, state.text + char, state.unsure))
            if data[at] != _NO_BYTE and (not char or not char.isascii() or char == "?"):
                for end, new in _step(text, data, at, state):
                    places[min(end, len(data))].append(new)
        if at:
            places[at] = []
    return min(places[len(data)], default=None, key=lambda state: state.cost + model.cost(state.before, "\n"))


def _read_plainly(text: _Text, line: str) -> _State:
    """The reading of a line as the codecs give it, U+FFFD where bytes are lost; a line that the code lacks stays."""
    try:
        line.replace(MARK, "").encode(text.reading.codec)
    except UnicodeEncodeError:
        return _State(inf, "", line)
    read = text.reading.plainly(line)
    return _State(_rate(read, text.model) * len(read), "", read)


def _rate(text: str, model: PageModel) -> float:
    """Nats that a character of the text costs, by its beginning."""
    return model.text_cost("\n\n", text[:_SAMPLE]) / max(1, min(len(text), _SAMPLE))


def _marked(state: _State, model: PageModel) -> str:
    """The text, with a mark for each character that another one fits about as well."""
    text = "\n\n" + state.text + "\n"
    for start, options in state.unsure:
        place = start + 2
        before, after = text[place - 2 : place], text[place + 1 : place + 3]
        bar = model.text_cost(before, text[place] + after) + _MARGIN
        if any(model.text_cost(before, other + after) < bar for other in options if other != text[place]):
            text = text[:place] + MARK + text[place + 1 :]
    return text[2:-1]


@lru_cache(maxsize=2)
def misread_runs(text: str) -> Sequence[Edit]:
    """The lines that were read with the wrong Chinese code, read right; characters that are lost for good become U+FFFD.

    >>> line = "市政府办公室印发工作要点，部署全年工作。".encode().decode("gb18030", "replace")
    >>> [edit.new for edit in misread_runs(line)]
    ['市政府办公室印发工作要点，部署全年工作。']
    """
    signs = {len(each.signs.findall(text)) - each.least: each for each in READINGS}
    if max(signs) < 0:
        return ()
    reading = signs[max(signs)]
    edits, at, model, spent, written = [], 0, PageModel(""), 0.0, 1
    misread = _Text(reading, model, is_simplified if mostly_traditional(reading.plainly(text)) else is_traditional)
    for line in text.split("\n"):
        if not line.isascii():
            read = _read_line if model.tried + _TRIED * len(line) < _MOST_TRIED else _read_plainly
            state = read(misread, line)
            before = _rate(line, model)
            if state and state.text not in {"", line} and state.cost / len(state.text) < before - _GAIN:
                edits.append(Edit(at, at + len(line), _marked(state, model)))
                spent, written = spent + state.cost, written + len(state.text)
        at += len(line) + 1
    return tuple(edits) if spent / written < _FLUENT else ()
