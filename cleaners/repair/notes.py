"""Pinyin annotations: `號(hào)`, written after characters of a fixed table by mirror sites."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.repair.narrow import narrow
from cleaners.repair.readings import SYLLABLE, is_reading
from cleaners.repair.script import simplified

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_INNER = rf" ?(?:{SYLLABLE}|{_HAN}) ?[)）]"
_NOTES = (*(re.compile(rf"{re.escape(mark)}(?<={_HAN}.){_INNER}(?:[(（]{_INNER})*") for mark in "(（"),)
"""One pattern a bracket to begin with: a search for one character is much faster than for one of two."""
_ONE = re.compile(rf"[(（] ?(?P<inner>{SYLLABLE}|{_HAN}) ?[)）]")
_LONGEST = 64
"""Characters of brackets read after one character: sites repeat a note two or three times."""
_MIN_NOTES = 4
_MIN_DISTINCT = 3
"""On simplified text, where a clean page may gloss a rare name or two."""
_MIN_SHARE = 0.5
"""Share of a character's places on the page that carry the note. A table annotates every place (99 % in the samples);
a gloss is given once."""

_CLOSING = frozenset(")）")
_AFTER = frozenset({"", *"，。、；：！？,;:!?)”》\n"})


class _Note(NamedTuple):
    han: str
    reading: str
    start: int
    end: int


def _notes(text: str) -> list[_Note]:
    """Each run of brackets after a character, as far as they hold a reading or a variant of it."""
    found = []
    for start, brackets in sorted((match.start(), match[0]) for each in _NOTES for match in each.finditer(text)):
        han = text[start - 1]
        reading, length = _read(brackets[:_LONGEST], han)
        if length:
            found.append(_Note(han, reading, start, start + length))
    return found


def _is_inside(note: _Note, text: str) -> bool:
    """Whether the character with its note stands in the midst of Chinese."""
    before, after = text[max(0, note.start - 2) : note.start - 1], text[note.end : note.end + 1]
    return (is_han(before) or before in _CLOSING) and (is_han(after) or after in _AFTER)


@lru_cache(maxsize=1 << 12)
def _read(brackets: str, han: str) -> tuple[str, int]:
    """The reading that brackets give a character, and how far they hold nothing else than readings and variants of it."""
    reading, end = "", 0
    for one in _ONE.finditer(brackets):
        inner = one["inner"]
        if is_reading(inner, han):
            reading = inner
        elif not is_same_word(inner, han):
            break
        end = one.end()
    return reading, end


def is_han(char: str) -> bool:
    """Whether the string is one Chinese character.

    >>> is_han("國"), is_han("q"), is_han("")
    (True, False, False)
    """
    return len(char) == 1 and ("\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff")


def is_same_word(inner: str, han: str) -> bool:
    """Whether the bracket repeats the character or writes its other form (`訪(访)`): one shape of one word.

    >>> is_same_word("访", "訪"), is_same_word("訪", "訪"), is_same_word("居", "村")
    (True, True, False)
    """
    return is_han(inner) and (inner == han or simplified(unicodedata.normalize("NFKC", inner)) == simplified(han))


def _in_table(han: str, places: list[_Note], text: str) -> bool:
    """Whether the notes on a character can come from a table: one reading, at every place."""
    if simplified(han) != han:
        return True
    return len({p.reading for p in places if p.reading}) <= 1 and len(places) >= _MIN_SHARE * text.count(han)


def _is_system(notes: list[_Note], text: str) -> bool:
    """Whether the notes are a mirror site's work: on traditional characters, or many in the midst of sentences."""
    if any(simplified(note.han) != note.han and _is_inside(note, text) for note in notes):
        return True
    inside = [note for note in notes if _is_inside(note, text)]
    return len(inside) >= max(_MIN_NOTES, len(notes) / 2) and len({note.han for note in inside}) >= _MIN_DISTINCT


def pinyin(text: str, _evidence: Evidence) -> Sequence[Edit]:
    """Drop pinyin annotations `號(hào)`: a character, then a bracket with a reading of that very character.

    Also with a space inside, without tone, repeated, in full-width brackets, and the character's own variant `訪(访)`.
    Left alone: every bracket that holds anything else (`村(居)`, `（试行）`, `欧佩克(OPEC)`), glosses of several
    syllables, and notes that are no system: a gloss of a rare character, a text about readings, where one character
    has two readings or stands mostly without a note.

    >>> from cleaners.edits import apply_edits
    >>> text = "浙新辦〔2005〕20號(hào)，廣告經(jīng)營(yíng)許可證，縣(市、區(qū))，村(居)"
    >>> apply_edits(text, pinyin(text, Evidence()))
    '浙新辦〔2005〕20號，廣告經營許可證，縣(市、區)，村(居)'
    """
    notes = _notes(text) if "(" in narrow(text) or "（" in text else ()
    if not notes:
        return ()
    by_han: dict[str, list[_Note]] = defaultdict(list)
    for note in notes:
        by_han[note.han].append(note)
    table = {han for han, places in by_han.items() if _in_table(han, places, text)}
    kept = [note for note in notes if note.han in table]
    return [Edit(note.start, note.end, "") for note in kept] if _is_system(kept, text) else ()
