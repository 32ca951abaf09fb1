"""The damage of mirror sites as a forward process: bytes of GBK, two blind replacements, a lossy reading."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from cleaners.repair.gbk import MARKS, pair, read
from cleaners.repair.readings import SYLLABLE, is_reading
from cleaners.repair.script import mostly_traditional

_UNSEEN = b"\x01"
_NOTE = re.compile(rf"([(（](?<=([\u3400-\u9fff]).) ?({SYLLABLE}) ?[)）])")
_COMMA_BEFORE_MARK = re.compile(r",(?=[，。、；：！？]|[,;:!?])")
_FULL_MARK = re.compile("[，；：！？（）]")
_LOST_SIGN = re.compile(r"\?(?=[、；;])")
_MARK_WOUND = re.compile(r"\?(?<=[^\x00-\x7f]\?)[，。！？：,!?:]")
_MIN_COMMAS = 2
WIDER = 0xFEE0
"""From an ASCII character to its form of full width."""
NARROWED = frozenset("%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$&*+-./<=>@[\\]^_`{|}")
"""What the chain may have brought to ASCII from full width when repairs begin: letters and digits everywhere, signs beside them."""
_NARROW = {ord(char) + WIDER: char for char in NARROWED} | {0x3000: " "}


@dataclass(frozen=True, slots=True)
class Process:
    """The parameters of the process on one page.

    `table`: pairs of bytes that a note is put after, and the note. `marks`: whether a byte is put before the pairs of
    `，。！？、；：`. `seen`: whether that byte is a visible comma. `folded`: whether NFKC followed (where it came first, marks of
    the damage itself are still of full width). `traditional`: the page's script.
    `by_line`: whether lines were read one by one, so that a broken pair cannot swallow a line's end.
    """

    table: tuple[tuple[bytes, bytes], ...] = ()
    marks: bool = True
    seen: bool = False
    folded: bool = False
    traditional: bool = False
    by_line: bool = False

    def damage(self, text: str) -> str:
        """Run the process on a text. Characters that GBK lacks raise UnicodeEncodeError.

        >>> Process().damage("需求。”省政府辦公廳")
        '需求?！笔≌k公廳'
        >>> Process(table=((bytes.fromhex("d588"), "(qǐng)".encode("gbk")),)).damage("日報")
        '日?qǐng)?'
        >>> Process(folded=True, seen=True).damage("范围，")
        '范围,,'
        """
        if self.by_line and "\n" in text:
            return "\n".join(map(self.damage, text.split("\n")))
        data = text.encode("gbk")
        for key, note in self.table:
            if key in data:
                data = data.replace(key, key + note)
        if self.marks:
            inserted = b"," if self.seen else _UNSEEN
            for mark in MARKS:
                if mark in data:
                    data = data.replace(mark, inserted + mark)
        damaged = _LOST_SIGN.sub("", read(data).replace("\x01", ""))
        return unicodedata.normalize("NFKC", damaged) if self.folded else damaged

    def explains(self, observed: str, text: str) -> bool:
        """Whether the process, run on a text, gives what is observed, character for character (width of letters and signs aside)."""
        try:
            return self.damage(text).translate(_NARROW) == observed.translate(_NARROW)
        except UnicodeEncodeError:
            return False


def infer(text: str) -> Process:
    """Read the parameters of the process from a page that may be damaged by it.

    >>> page = infer("縣(xiàn)政府,，縣(xiàn)長,、副縣(xiàn)長,。")
    >>> page.seen, page.folded, page.traditional, page.table[0][1].decode("gbk")
    (True, False, True, '(xiàn)')
    """
    table: dict[bytes, str] = {}
    for (note, char, reading), _ in Counter(_NOTE.findall(text)).most_common():
        if is_reading(reading, char) and (key := pair(char)):
            table.setdefault(key, note.replace("（", "(").replace("）", ")"))
    seen = len(_COMMA_BEFORE_MARK.findall(text)) >= _MIN_COMMAS
    return Process(
        table=with_notes((), table),
        marks=not table or seen or _MARK_WOUND.search(text) is not None,
        seen=seen,
        folded=not _FULL_MARK.search(text),
        traditional=mostly_traditional(text),
    )


def with_notes(table: tuple[tuple[bytes, bytes], ...], notes: dict[bytes, str]) -> tuple[tuple[bytes, bytes], ...]:
    """A table with more notes, in the order of GBK codes, in which the process runs through it."""
    more = {key: note.encode("gbk", "ignore") for key, note in notes.items()}
    return tuple(sorted((dict(table) | more).items()))


@lru_cache(maxsize=256)
def variants(process: Process, notes: tuple[tuple[bytes, str], ...]) -> tuple[Process, ...]:
    """The processes that a run with these notes may have gone through: the page's whole table, or only what shows here.

    Sites run the tables in parts, and miss places.
    """
    whole = replace(process, table=with_notes(process.table, dict(notes)))
    shown_only = replace(process, table=with_notes((), dict(notes)))
    return tuple(
        replace(each, marks=marks, by_line=by_line)
        for by_line in (False, True)
        for each in (whole, shown_only)
        for marks in (True, False)
    )
