"""Chinese bytes read with another code: UTF-8 read as GBK, GBK as Big5, Big5 as GBK; with bytes lost on the way.

Stretches of rare characters are turned back into the bytes that they were read from; a replacement sign stands for one byte
that nobody knows. The bytes are read again as what they were, and where one is unknown, the language model chooses.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import compress, count, pairwise
from math import inf
from operator import attrgetter, itemgetter
from typing import NamedTuple

from cleaners.diff import common_start
from cleaners.edits import Edit
from cleaners.repair.candidates import SURE, Repair
from cleaners.repair.codes import (
    COMMON,
    SAID,
    Reading,
    doubtful,
)
from cleaners.repair.model import shipped, table
from cleaners.repair.script import is_simplified, is_traditional, mostly_traditional, simplified
from cleaners.repair.search import Search, Text, copy_cost
from cleaners.repair.signs import FOLDED_GBK, HOLED, misread_as, ways
from cleaners.repair.symbols import MARK, symbol
from cleaners.repair.trellis import State

_GAIN = 1.5
"""Nats a character by which a reading that was not searched for must be likelier than the text as it stands."""
_NEAR, _ROUND = 5, 4
"""Characters between rare ones that belong together, and about them that may be misread as well."""
_MOST_SEARCHED = 10_000
"""Bytes of one text that are searched, some 10 µs each. The rest is read as the codecs do, without a guess at what is lost."""
_PATIENCE = 1000
"""Characters, of the stretches with most signs, by which a tenth must have been misread and what is written must be fluent."""
_CONTEXTS = 50_000
"""Costs that the model was asked for, kept from text to text: some MB."""
_LONGEST_KEPT = 10_000
"""Characters of a stretch up to which what it reads is kept: a text may be one line of megabytes."""
_SAMPLE = 100
_BELIEVED = 20.0
"""Nats by which what is read must be likelier, in all, than the text as it stands. Of 8,000 clean short pieces (names, idioms, places, signs, foreign
words) of which a third or more is rare the likeliest reading of none gains 14; of 576 misread ones of 4 to 16 characters 556 gain more than 20."""
_FEW = 2
"""Different characters for which no reading is believed, one more where some are lost: 涓 stands in clean text."""
_SHORT, _SHORTEST = 40, 4
"""Characters of a text that is read in the likeliest ways even without a sign, if a third of them are rare: at least so many."""
_FLUENT = 7.0
"""Nats a character that Chinese does not go beyond (99 of 100 lines of regulations and news: 6; Japanese read as Big5: 11)."""


class _Read(NamedTuple):
    """A stretch read right: from where to where it is written anew, what is written, what a known character of it costs, and by how many nats
    it is likelier than the stretch as it stands."""

    start: int
    end: int
    new: str
    cost: float
    gain: float
    state: State
    """The reading it comes from, which knows where something else may have stood."""

    @property
    def likely(self) -> bool:
        """Whether a choice in it is no more than likely."""
        return self.state.ahead < SURE


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
        places = [*compress(count(at), map(rare.__contains__, line))]
        gaps = [i for i, (one, other) in enumerate(pairwise(places), 1) if other - one > _NEAR]
        for start, end in pairwise([0, *gaps, len(places)] if places else ()):
            if end - start > 1 or len(line) <= _ROUND:
                yield max(at, places[start] - _ROUND), min(at + len(line), places[end - 1] + 1 + _ROUND)
        at += len(line) + 1


def _joined(stretches: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in stretches:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _plain(text: Text, line: str) -> State | None:
    """The reading of a stretch as the codecs give it, U+FFFD where bytes are lost; None where the code lacks a character."""
    reading, data = text.reading, text.reading.to_bytes(line)
    pairs = len(line) - len(line.encode("ascii", "ignore")) - line.count(MARK)
    if reading.times == 1 and (len(data) != len(line) + pairs or data.count(b"?") != line.count("?")):
        return None
    return State(0.0, "", data.decode(reading.meant, "replace"))


def _rate(text: str) -> float:
    """Nats that a character of the text costs after the one before it, by its beginning: Chinese 4 to 5, misread text 12."""
    said = ["\n", *(symbol(SAID.get(char, char)) for char in text[:_SAMPLE])]
    return sum(map(table().two, said, said[1:])) / max(1, len(said) - 1)


@lru_cache(maxsize=1 << 13)
def _simplified_only(char: str) -> bool:
    """Whether a character stands in simplified text only: Big5 has those simplified forms that are words of their own (`出`)."""
    return is_simplified(char) and not char.encode("big5", "ignore")


@lru_cache(maxsize=256)
def _read(reading: Reading, traditional: bool, line: str, before: str, searched: bool) -> _Read | None:  # noqa: FBT001
    """A stretch as it was meant, if that is likelier by far. Kept, as a text is read several times over."""
    model = shipped()
    if len(model.costs) > _CONTEXTS:
        model.costs.clear()
    text = Text(reading, model, _simplified_only if traditional else is_traditional)
    state = Search(text, line, before).likeliest() if searched else _plain(text, line)
    if not state or state.text in {"", line}:
        return None
    start = common_start(line, state.text)
    same = common_start(line[start:][::-1], state.text[start:][::-1])
    end, cost = len(line) - same, _rate(state.text[start : len(state.text) - same])
    if searched and len(line) <= _SAMPLE:
        gain = copy_cost(model, before, line) + model.cost((before + line)[-2:], "\n") - state.cost
    else:
        gain = (_rate(line[start:end]) - cost) * (end - start)
    if not searched and gain < _GAIN * (end - start):
        return None
    marked = state.marked() if state.unsure else state.text
    new = marked[start : len(marked) - same]
    said = cost if searched else _rate(new.replace(MARK, ""))
    return _Read(start, end, new, said, gain, state)


@dataclass(slots=True)
class _Tally:
    """What came of the stretches of a text so far."""

    signs: frozenset[str]
    tried: int = 0
    spent: float = 0.0
    written: int = 1
    shown: int = 0
    undone: int = 0
    gain: float = 0.0
    reads: list[tuple[int, _Read]] = field(default_factory=list)

    def add(self, line: str, start: int, read: _Read | None) -> None:
        """Count a stretch, where it begins, and what it reads, if it does."""
        self.tried += len(line)
        self.shown += sum(map(self.signs.__contains__, line))
        if read:
            self.undone += sum(map(self.signs.__contains__, line[read.start : read.end]))
            self.spent += read.cost * len(read.new)
            self.written += len(read.new)
            self.gain += read.gain
            self.reads.append((start, read))

    @property
    def fluent(self) -> bool:
        return self.spent / self.written < _FLUENT

    @property
    def believable(self) -> bool:
        """Whether what is read is Chinese, more than accidents, and accounts for the signs."""
        new = "".join(read.new for _, read in self.reads if not read.new.isascii())
        distinct = len({char for char in new if not char.isascii()} - {MARK})
        return (
            self.gain >= _BELIEVED and distinct > _FEW + (MARK in new) and self.fluent and 2 * self.undone >= self.shown
        )

    def believed(self) -> list[tuple[int, _Read]]:
        """Where each stretch begins and what it reads; none where that is not to be believed."""
        return sorted(self.reads, key=itemgetter(0)) if self.believable else []


def _read_all(text: str, reading: Reading) -> _Tally:
    """What comes of all stretches, those with most signs first."""
    traditional = mostly_traditional(reading.to_bytes(text).decode(reading.meant, "replace"))
    lines = [(text[start:end], start) for start, end in _joined(_stretches(text, reading.signs))]
    signs = frozenset(reading.signs)
    searched, tally = 0, _Tally(signs)
    for line, start in sorted(lines, key=lambda each: -len(signs.intersection(each[0])) / len(each[0])):
        searched += doubtful(reading, line)
        before = text[max(0, start - 2) : start].rjust(2, "\n")
        read_line = _read if len(line) <= _LONGEST_KEPT else _read.__wrapped__
        tally.add(line, start, read_line(reading, traditional, line, before, searched < _MOST_SEARCHED))
        if tally.tried > _PATIENCE and (10 * tally.written < tally.tried or not tally.fluent):
            break
    return tally


@cache
def _rare() -> re.Pattern[str]:
    """All but ASCII, the marks, letters and first level of GB2312, and what is simplified to it."""
    leads = (*range(0xA1, 0xA4), *range(0xB0, 0xD8))
    level = {bytes((lead, trail)).decode("gb2312", "ignore") for lead in leads for trail in range(0xA1, 0xFF)}
    traditional = {chr(code) for code in range(0x4E00, 0xA000) if simplified(chr(code)) in level}
    return re.compile(f"[^\0-\x7f{''.join(level | traditional)}]")


def _like_nothing(text: str) -> bool:
    """Whether a third of a text's different characters, ASCII aside, are rare: at least two."""
    rare = len(frozenset(_rare().findall(text)))
    wide = sum(char > "\x7f" for char in frozenset(text)) if rare > 1 else 0
    return 3 * rare >= wide > 0 and len(text) - len(text.encode("ascii", "ignore")) >= _SHORTEST


def _believed(text: str, reading: Reading | None = None) -> list[tuple[int, _Read]]:
    """What is read in a text that was misread in a way; if it is not known, as the signs say, else, where it is short, in the likeliest way."""
    known = reading or misread_as(text)
    reads = _read_all(text, known).believed() if known else []
    if reads or reading or len(text) > _SHORT:
        return reads
    if known or (len(text) >= _SHORTEST and _like_nothing(text)):
        return max((_read_all(text, each) for each in ways(text)), key=attrgetter("gain")).believed()
    return []


def misread_runs(text: str, reading: Reading | None = None) -> Sequence[Edit]:
    """The stretches that were read with the wrong code, read right; characters that are lost for good become U+FFFD.

    `reading` is how they were misread; if it is not known, the signs in the text say.

    >>> line = "市政府办公室印发工作要点，部署全年工作。".encode().decode("gb18030", "replace")
    >>> [edit.new for edit in misread_runs(line)]
    ['市政府办公室印发工作要点，部署全年工作。']
    """
    reads = _believed(text, reading)
    return tuple(_edits(reads)) if reads else ()


def _edits(reads: list[tuple[int, _Read]]) -> Iterator[Edit]:
    return (Edit(start + read.start, start + read.end, read.new, read.likely) for start, read in reads)


def _told(read: _Read) -> list[Repair]:
    """The places of a stretch that are in doubt, those that are lost altogether among them."""
    places = read.state.places()
    told = {at for place in places for at in range(place.start, place.end)}
    lost = (at for at, char in enumerate(read.new, read.start) if char == MARK and at not in told)
    return sorted([*places, *(Repair(at, at + 1, ((MARK, inf),)) for at in lost)])


def misread_places(text: str, edits: Sequence[Edit]) -> Sequence[Repair]:
    """Where something else may have stood in what `misread_runs` has written: places of the text after these edits, with what fits them.
    A place of which nothing is left to tell has U+FFFD, at infinite cost.

    >>> line = "项目申报材料一式三份，共计12家企业参加。".encode().decode("gbk", "replace")
    >>> [[text for text, nats in place.candidates] for place in misread_places(line, misread_runs(line))]
    [['计', '设']]
    """
    places, shift = list[Repair](), 0
    for reading in (None, HOLED, FOLDED_GBK):
        reads = _believed(text, reading)
        if [*_edits(reads)] == [*edits]:
            for start, read in reads:
                at = start + shift
                places += (each._replace(start=at + each.start, end=at + each.end) for each in _told(read))
                shift += len(read.new) - (read.end - read.start)
            break
    return places
