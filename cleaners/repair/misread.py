"""Chinese bytes read with another code: UTF-8 read as GBK, GBK as Big5, Big5 as GBK; with bytes lost on the way.

Stretches of rare characters are turned back into the bytes that they were read from; a replacement sign stands for one byte
that nobody knows. The bytes are read again as what they were, and where one is unknown, the language model chooses.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, reduce
from heapq import nsmallest
from math import inf
from typing import NamedTuple

from cleaners.edits import Edit
from cleaners.repair.codes import (
    COMMON,
    NO_BYTE,
    SAID,
    Bytes,
    Reading,
    Unit,
    byte_run,
    doubtful,
    folded_pairs,
    whole_runs,
)
from cleaners.repair.gbk import Choices
from cleaners.repair.model import PageModel, table
from cleaners.repair.script import is_simplified, is_traditional, mostly_traditional
from cleaners.repair.signs import misread_as
from cleaners.repair.symbols import MARK, symbol

_WIDTH = 8
_CHOICES = 24
_SPAN = 12.0
_UNREADABLE_COST = 15.0
_COPY_COST = 2.0
_MARGIN = 1.0
_GAIN = 1.5
"""Nats a character by which a reading must be likelier than the text as it stands."""
_NEAR, _ROUND = 5, 4
"""Characters between rare ones that belong together, and about them that may be misread as well."""
_MOST_SEARCHED = 10_000
"""Bytes of one text that are searched, some 10 µs each. The rest is read as the codecs do, without a guess at what is lost."""
_PATIENCE = 1000
"""Characters, of the stretches with most signs, by which a tenth must have been misread and what is written must be fluent."""
_CONTEXTS = 50_000
"""Costs that the model was asked for, kept from text to text: some MB."""
_NO_ASCII = 0x80
_LEAST_TRAIL = 0x40
"""The lowest second byte of GBK and Big5: a digit or a space after a broken byte is itself."""
_INDENT = 1.0
_USUAL = 5.0
"""Nats of a character in regulations and news."""
_SAMPLE = 100
_MIN_CERTAIN = 4
"""Characters with all their bytes that a text must yield before a reading is believed: 涓 stands in clean text."""
_FLUENT = 7.0
"""Nats a character that Chinese does not go beyond (99 of 100 lines of regulations and news: 6; Japanese read as Big5: 11)."""


class _Text(NamedTuple):
    """A misread text: how it was misread, the model to choose by, and whether a character is of the other script than the text."""

    reading: Reading
    model: PageModel
    foreign: Callable[[str], bool]


class _State(NamedTuple):
    cost: float
    before: str
    text: str
    unsure: frozenset[int] = frozenset()

    def then(self, cost: float, text: str) -> "_State":
        """The state after some more text, which costs so much."""
        return _State(self.cost + cost, (self.before + text)[-2:].translate(SAID), self.text + text, self.unsure)

    def or_else(self, other: "_State") -> "_State":
        """The cheaper of two states with the same future; unsure where the other differs and costs about the same."""
        best, next_best = (self, other) if self.cost <= other.cost else (other, self)
        if next_best.cost - best.cost >= _MARGIN or best.text == next_best.text:
            return best
        start = _alike(best.text, next_best.text)
        end = len(best.text) - _alike(best.text[start:][::-1], next_best.text[start:][::-1])
        return best._replace(unsure=best.unsure.union(range(start, end)))

    def marked(self) -> str:
        """The text, with a mark for each character that another one fits about as well."""
        return "".join(MARK if i in self.unsure and not char.isascii() else char for i, char in enumerate(self.text))


class _Read(NamedTuple):
    """A stretch read right: from where to where it is written anew, what is written, what a known character of it costs, and which are whole
    in the bytes."""

    start: int
    end: int
    new: str
    cost: float
    certain: frozenset[str]


def _stretches(text: str, signs: str) -> Iterator[tuple[int, int]]:
    """Where rare characters stand together, with what is about them on the line."""
    alone = table().alone
    rare = {
        char
        for char in set(text)
        if char in signs or char == "?" or (char > "\x7f" and alone.get(symbol(char), 99.0) > COMMON)
    }
    at = 0
    for line in text.split("\n"):
        places = [i for i, char in enumerate(line, at) if char in rare]
        start = 0
        for i, place in enumerate(places):
            if i + 1 == len(places) or places[i + 1] - place > _NEAR:
                if i > start or len(line) <= _ROUND:
                    yield max(at, places[start] - _ROUND), min(at + len(line), place + 1 + _ROUND)
                start = i + 1
        at += len(line) + 1


def _joined(stretches: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in stretches:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _likeliest(text: _Text, state: _State, choices: Choices) -> list[tuple[float, str]]:
    """The characters that fit best after a state, with their costs."""
    model, foreign = text.model, text.foreign
    by_symbol = choices.by_symbol
    if len(by_symbol) > _CHOICES:
        following = (by_symbol[each] for each in model.successors(state.before[1], by_symbol.keys()))
        chars = list({char for forms in (*following, choices.frequent) for char in forms})
    else:
        chars = [char for each in by_symbol.values() for char in each]
    if len(chars) > 1:
        chars = [char for char in chars if not foreign(char)] or chars
    return nsmallest(_CHOICES, [(_cost(model, state.before, char), char) for char in chars])


def _cost(model: PageModel, before: str, char: str) -> float:
    """Nats of a character after two others; of a gap after a gap, few."""
    said = char.translate(SAID)
    return _INDENT if said == before[1] == "\n" else model.costs[before + said]


def _unreadable(text: _Text, data: Bytes, at: int) -> int:
    """Where a place that nothing can be made of ends."""
    end = at + 1
    while end < len(data) and data[end] is None:
        end += 1
    following = data[at + 1] if at + 1 < len(data) else NO_BYTE
    is_pair = text.reading.meant != "utf-8" and (following is None or following >= _LEAST_TRAIL)
    return at + 2 if is_pair else end


def _steps(text: _Text, data: Bytes, at: int, states: list[_State], unit: Unit | None) -> Iterator[tuple[int, _State]]:
    """The readings of what comes next, unreadable bytes among them; a digit or a letter (`2` for B2) is never that."""
    read = False
    for end, choices, doubt in text.reading.options(data, at, text.reading.lost):
        for state in states:
            for cost, char in _likeliest(text, state, choices):
                read = True
                yield end, state.then(cost + doubt, char)
    if not read and not (unit and unit.observed.isalnum() and unit.observed.isascii()):
        end = _unreadable(text, data, at)
        for state in states:
            yield end, state.then(_UNREADABLE_COST, MARK)


def _copied(text: _Text, unit: Unit, states: list[_State]) -> list[tuple[int, _State]]:
    """The states after what was never misread."""
    char, end = unit
    extra = 0.0 if char.isascii() and char != "?" else _COPY_COST
    if len(char) > 1:
        return [(end, state.then(_UNREADABLE_COST, char)) for state in states]
    return [(end, state.then(extra + _cost(text.model, state.before, char), char)) for state in states]


def _known(text: _Text, run: tuple[int, str], states: list[_State]) -> list[tuple[int, _State]]:
    """The states after a run that can only be read one way."""
    end, chars = run
    usual, cost = _USUAL * len(chars[2:]), text.model.text_cost
    return [(end, state.then(cost(state.before, chars[:2]) + usual, chars)) for state in states]


def _kept(row: dict[str, _State], ahead: Iterable[dict[str, _State]]) -> list[_State]:
    """The states of a place that are worth going on from, also beside those that are a byte or two ahead."""
    best = min((state.cost for each in (row, *ahead) for state in each.values()), default=inf)
    return [state for state in nsmallest(_WIDTH, row.values()) if state.cost <= best + _SPAN]


def _search(text: _Text, line: str, before: str) -> _State | None:
    """The likeliest right reading of a stretch after two characters, what was never misread left as it is."""
    data, units = byte_run(line, text.reading)
    whole, inside = whole_runs(text.reading, data), 0
    places: list[dict[str, _State]] = [{} for _ in range(len(data) + 1)]
    places[0][before] = _State(0.0, before, "")
    for at, byte in enumerate(data):
        states = _kept(places[at], places[at + 1 : at + 3]) if at >= inside else []
        if not states:
            continue
        following: list[tuple[int, _State]] = []
        if at in whole:
            following, inside = _known(text, whole[at], states), whole[at][0]
        elif at in units:
            following = _copied(text, units[at], states)
        elif byte is not None and 0 <= byte < _NO_ASCII:
            following = _copied(text, Unit(chr(byte), at + 1), states)
        if at not in whole and (byte is None or byte >= _NO_ASCII):
            following += _steps(text, data, at, states, units.get(at))
        for end, new in following:
            row = places[min(end, len(data))]
            row[new.before] = row[new.before].or_else(new) if new.before in row else new
        places[at] = {}
    return _ended(text, places[-1])


def _ended(text: _Text, row: dict[str, _State]) -> _State | None:
    """The best of the last states."""
    ended = [state.then(text.model.cost(state.before, "\n"), "") for state in row.values()]
    return reduce(_State.or_else, ended) if ended else None


def _plain(text: _Text, line: str) -> _State | None:
    """The reading of a stretch as the codecs give it, U+FFFD where bytes are lost; None where the code lacks a character."""
    reading, data = text.reading, text.reading.to_bytes(line)
    pairs = len(line) - len(line.encode("ascii", "ignore")) - line.count(MARK)
    if reading.times == 1 and (len(data) != len(line) + pairs or data.count(b"?") != line.count("?")):
        return None
    return _State(0.0, "", data.decode(reading.meant, "replace"))


def _alike(a: str, b: str) -> int:
    """How many characters two texts begin with that are the same."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _rate(text: str) -> float:
    """Nats that a character of the text costs after the one before it, by its beginning: Chinese 4 to 5, misread text 12."""
    sample = text[:_SAMPLE].translate(SAID)
    return sum(map(_model().two, "\n" + sample, sample)) / max(1, len(sample))


@lru_cache(maxsize=1 << 13)
def _simplified_only(char: str) -> bool:
    """Whether a character stands in simplified text only: Big5 has those simplified forms that are words of their own (`出`)."""
    return is_simplified(char) and not char.encode("big5", "ignore")


@cache
def _model() -> PageModel:
    return PageModel("")


@lru_cache(maxsize=256)
def _read(reading: Reading, traditional: bool, line: str, before: str, searched: bool) -> _Read | None:  # noqa: FBT001
    """A stretch as it was meant, if that is likelier by far. Kept, as a text is read several times over."""
    model = _model()
    if len(model.costs) > _CONTEXTS:
        model.costs.clear()
    text = _Text(reading, model, _simplified_only if traditional else is_traditional)
    state = _search(text, line, before) if searched else _plain(text, line)
    if not state or state.text in {"", line}:
        return None
    start = _alike(line, state.text)
    same = _alike(line[start:][::-1], state.text[start:][::-1])
    end, cost = len(line) - same, _rate(state.text[start : len(state.text) - same])
    if cost >= _rate(line[start:end]) - _GAIN:
        return None
    marked = state.marked() if state.unsure else state.text
    new = marked[start : len(marked) - same]
    said = cost if searched else _rate(new.replace(MARK, ""))
    return _Read(start, end, new, said, _certain(reading, line, new))


def _certain(reading: Reading, observed: str, new: str) -> frozenset[str]:
    """The characters of which no byte is lost."""
    if reading.options is folded_pairs:
        data = bytes(0 if byte in {None, NO_BYTE} else byte for byte in byte_run(observed, reading).data)
    else:
        data = reading.to_bytes(observed)
    return frozenset(char for char in set(new) if not char.isascii() and char.encode(reading.meant, "replace") in data)


@dataclass(slots=True)
class _Tally:
    """What came of the stretches of a text so far."""

    signs: frozenset[str]
    tried: int = 0
    spent: float = 0.0
    written: int = 1
    shown: int = 0
    undone: int = 0
    certain: set[str] = field(default_factory=set)

    def add(self, line: str, read: _Read | None) -> None:
        """Count a stretch and what it reads, if it does."""
        self.tried += len(line)
        self.shown += sum(map(self.signs.__contains__, line))
        if read:
            self.undone += sum(map(self.signs.__contains__, line[read.start : read.end]))
            self.spent += read.cost * len(read.new)
            self.written += len(read.new)
            self.certain |= read.certain

    @property
    def fluent(self) -> bool:
        return self.spent / self.written < _FLUENT

    @property
    def believable(self) -> bool:
        """Whether what is read is Chinese, more than accidents, and accounts for the signs."""
        return self.fluent and len(self.certain) >= _MIN_CERTAIN and 2 * self.undone >= self.shown


def _read_all(text: str, reading: Reading) -> list[Edit]:
    """All stretches, those with most signs first; none where that is not to be believed."""
    traditional = mostly_traditional(reading.to_bytes(text).decode(reading.meant, "replace"))
    lines = [(text[start:end], start) for start, end in _joined(_stretches(text, reading.signs))]
    signs = frozenset(reading.signs)
    edits, searched, tally = [], 0, _Tally(signs)
    for line, start in sorted(lines, key=lambda each: -len(signs.intersection(each[0])) / len(each[0])):
        searched += doubtful(reading, line)
        before = text[max(0, start - 2) : start].rjust(2, "\n")
        read = _read(reading, traditional, line, before, searched < _MOST_SEARCHED)
        tally.add(line, read)
        if read:
            edits.append(Edit(start + read.start, start + read.end, read.new))
        if tally.tried > _PATIENCE and (10 * tally.written < tally.tried or not tally.fluent):
            break
    return sorted(edits) if tally.believable else []


def misread_runs(text: str, reading: Reading | None = None) -> Sequence[Edit]:
    """The stretches that were read with the wrong code, read right; characters that are lost for good become U+FFFD.

    `reading` is how they were misread; if it is not known, the signs in the text say.

    >>> line = "市政府办公室印发工作要点，部署全年工作。".encode().decode("gb18030", "replace")
    >>> [edit.new for edit in misread_runs(line)]
    ['市政府办公室印发工作要点，部署全年工作。']
    """
    reading = reading or misread_as(text)
    return tuple(_read_all(text, reading)) if reading else ()
