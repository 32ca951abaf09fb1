"""A7: blanks that mean nothing go, blanks that mean something stay."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import Line, lines_holding

_H = "\u3400-\u9fff"
_BLANK = re.compile(" ")
_BLANKS = re.compile(r"[ \n](?:[ \n]+|\Z|(?<=\A[ \n]))")
# Each begins with the blank itself, which is found in a tenth of the time that a look-behind at each place takes.
_AT_MARK = re.compile(r" (?:(?<=[，、；：。！？（《“‘] )(?=[^\s）])|(?<=[^\s（] )(?=[，、；：。！？）》”’]))")
_LETTERS = 5
"""Blanks in a row between single characters that make letter-spaced text."""
_LETTERED = re.compile(f"(?<![{_H}])[{_H}](?: [{_H}]){{{_LETTERS},}}(?![{_H}])")
_DIGIT_GAP = re.compile(f" (?:(?<=[{_H}] )(?=\\d)|(?<=\\d )(?=[{_H}]))")
_DIGIT_TOUCH = re.compile(f"[{_H}](?=\\d)|\\d(?=[{_H}])")
_DATE_GAP = re.compile(r" (?:(?<=\d )(?=[年月日时分秒号])|(?<=[年月] )(?=\d))")
_PROSE_MARK = re.compile("[，。；]")
_HAN = re.compile(f"[{_H}]")
_BETWEEN = re.compile(f" (?<=[{_H}\\d] )(?=[{_H}\\d])")
_BETWEEN_HAN = re.compile(f" (?<=[{_H}] )(?=[{_H}])")
_TWENTY_HAN = re.compile(f"(?:[^{_H}]*[{_H}]){{20}}")
_DELIMITER = re.compile(r"[，。；：！？、“”‘’《》〈〉（）【】]")
_NUMBER = r"(?:第[一二三四五六七八九十百零〇\d]+[条章节款项编篇]|[（(]?[一二三四五六七八九十\d]+[）)、．.]?)"
_NUMBERED = re.compile(_NUMBER)
_RUN_IN_HEAD = re.compile(rf"{_NUMBER}|[（(]?[一二三四五六七八九十\d]+[）)、．.][{_H}]{{2,16}}")
_NEWS_HEAD = re.compile(r"(?:讯|电|报道|编者按|摘要|关键词)$|记者|通讯员|^本报|^新华社")
_OPEN, _CLOSE = ("“", "‘", "《"), ("”", "’", "》")
_ROLE = re.compile(
    r"(?:记者|通讯员|编辑|作者|摄影|摄|文|图|编审|审核|校对|实习生|见习|特约|主编|策划|书记|[省市县区镇乡局厅部处科院校所站队会社]长|主任|主席|经理|董事|教授|委员|代表|同志|先生|女士|博士|院士|研究员)$"
)


def spacing(text: str, _evidence: Evidence) -> list[Edit]:
    r"""Trim lines, drop empty ones, and take stray blanks out of running text.

    Stray: beside a full-width mark; between two Han in a sentence; between digits and Han where the page mostly writes
    them without. Runs of blanks become one. Left alone: blanks in headings and other lines that are no sentences,
    after 第一条 and other numbers at the line's start, in news heads, around names after a role (`记者 王某某`), in
    rows of names and in quoted slogans (`“精准解读 深入人心”`) and couplets: there the blank is the punctuation. Blanks beside
    Latin letters are a matter of style.

    >>> from cleaners.edits import apply_edits
    >>> line = "第一条 残 疾证由县级以上残联按照国家统一规定的标准发放， 本报（记者 王某某）于2013 年12 月报道了此事。"
    >>> apply_edits(line, spacing(line, Evidence()))
    '第一条 残疾证由县级以上残联按照国家统一规定的标准发放，本报（记者 王某某）于2013年12月报道了此事。'
    """
    if not (" " in text or "\n\n" in text or text[:1] == "\n" or text[-1:] == "\n"):
        return []
    places: dict[int, Edit] = {}
    for found in _BLANKS.finditer(text):
        whole = found.start() == 0 or found.end() == len(text)
        new = "" if whole else "\n" if "\n" in found[0] else " "
        if new != found[0]:
            places[found.start()] = Edit(*found.span(), new)
    spaced_style = _writes_digits_apart(text)
    for line in lines_holding(_BLANK, text):
        for at in _stray(line, spaced_style=spaced_style):
            places.setdefault(at, Edit(at, at + 1, ""))
    return _disjoint(sorted(places.values()))


def _disjoint(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _writes_digits_apart(text: str) -> bool:
    apart = len(_DIGIT_GAP.findall(text))
    touching = sum(1 for _ in islice(_DIGIT_TOUCH.finditer(text), (apart + 1) // 2))
    return apart > 2 * touching


def _stray(line: Line, *, spaced_style: bool) -> list[int]:
    """Places in the whole text of blanks to drop from this line."""
    found = {m.start() for m in _AT_MARK.finditer(line.text)}
    if not _BETWEEN.search(line.text):
        return [line.start + i for i in sorted(found)]
    for run in _LETTERED.finditer(line.text) if line.text.count(" ") >= _LETTERS else ():
        found.update(i for i in range(*run.span()) if line.text[i] == " ")
    prose = _is_prose(line.text)
    if not spaced_style:
        gaps = _DIGIT_GAP if prose else _DATE_GAP
        found.update(m.start() for m in gaps.finditer(line.text) if not _after_number(line.text, m.start()))
    if prose and _BETWEEN_HAN.search(line.text):
        found.update(_stray_in_prose(line.text))
    return [line.start + i for i in sorted(found)]


def _is_prose(line: str) -> bool:
    return _PROSE_MARK.search(line) is not None and _TWENTY_HAN.match(line) is not None


def _after_number(line: str, at: int) -> bool:
    """Whether a number that opens the line ends here (`1 总则`), and no date begins (`2013 年12月`)."""
    return _NUMBERED.fullmatch(line, 0, at) is not None and not _DATE_GAP.match(line, at)


def _stray_in_prose(line: str) -> Iterator[int]:
    """Places of blanks between two Han, but for those that do the work of punctuation."""
    start = 0
    for end in [*(m.start() for m in _DELIMITER.finditer(line)), len(line)]:
        parts = line[start:end].split(" ")
        quoted = line[start - 1 : start] in _OPEN and line[end : end + 1] in _CLOSE
        if len(parts) > 1 and not _is_row(parts, quoted=quoted):
            yield from _stray_in_clause(line, start, parts)
        start = end + 1


def _is_row(parts: list[str], *, quoted: bool) -> bool:
    """Names in a row (`张某 李某某 王某`), a slogan in quotation marks, a couplet, or a row of equal phrases."""
    lengths = {len(part) for part in parts}
    if quoted and min(lengths) >= 4:
        return True
    if len(parts) == 2:
        return lengths in ({5}, {7})
    if len(lengths) == 1:
        return True
    return min(lengths) >= 2 and max(lengths) <= 4


def _stray_in_clause(line: str, start: int, parts: list[str]) -> Iterator[int]:
    at = start - 1
    after_role = False
    for part, following in pairwise(parts):
        at += len(part) + 1
        role = _ROLE.search(part) is not None
        between_han = _HAN.match(part[-1:]) and _HAN.match(following[:1])
        if between_han and not (role or after_role or (start == 0 and _ends_a_head(line[:at]))):
            yield at
        after_role = role


def _ends_a_head(head: str) -> bool:
    """Whether a run-in heading, an article's number or a news head ends here."""
    return len(head) <= 24 and (_RUN_IN_HEAD.fullmatch(head) or _NEWS_HEAD.search(head)) is not None
