"""A7: full-width punctuation back where Chinese stands around it (GB/T 15834)."""

import functools
import re
from collections.abc import Iterator

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import lines_holding

FULL = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
"""Half-width marks and the full-width ones that they were folded from."""

_HALF = re.compile("[,:;!?()]")
_MARKS = "".join(FULL) + " ，：；！？"
_BRACKET = re.compile("[()（）]")
# Han, kana, ideographic punctuation, full-width marks, curly quotes, dashes and dots of running Chinese.
_CJK = "\u3400-\u9fff\U00020000-\U000323af\u3041-\u30fa々〇、。〈-】〔-〛！（），：；？“”‘’…—·"
_MEASURED = frozenset("0123456789'′″")
_IS_CJK = re.compile(f"[{_CJK}]")
_IS_WORD = re.compile(f"[{_CJK.translate({ord(mark): None for mark in '！（），：；？'})}]")
_HAN = re.compile("[\u3400-\u9fff]+")
# They begin with the marks themselves, so that a search skips at once what is none.
_CANDIDATE = re.compile(
    f'[ ,:;!?()."\'\\[\\]-](?:(?<=[{_CJK}\\d%] )[,:;!?()"\\[]|(?<=[{_CJK}\\d%][,:;!?()"\\[])|(?<=[{_CJK}][.\'-])|(?<=[,:;!?()\\]"])(?= ?[{_CJK}]))'
)
# Bounded from the left, so that a long run of such characters is not tried from each of its places.
_PROTECTED = re.compile(
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,15}://[\x21-\x7e]+|www\.[\x21-\x7e]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)",
    re.ASCII,
)
_PROTECTED_SIGN = re.compile(r"://|www\.|@|,(?<=\d,)(?=\d{3})", re.ASCII)
"""What is protected holds one of these signs, and nothing but visible ASCII."""
_VISIBLE = re.compile("[!-~]+")
_YEARS = re.compile(r",(?<=(?:19|20)\d\d,)(?=(?:19|20)\d\d(?!\d))")
_QUOTE = re.compile('"')
_DOC_NO = re.compile(r"[\[【](?<=[\u3400-\u9fff].)((?:19|20)\d\d)[\]】](?=\s?第?\d+\s?号)")
_PHRASES = (
    (_YEARS, "，"),
    (_DOC_NO, r"〔\1〕"),
    (re.compile(f"\\.{{6}}(?<=[{_CJK}].{{6}})(?![.\\d])"), "……"),
    (re.compile(f"--(?<=[{_CJK}]--)(?=[{_CJK}])"), "——"),
    (re.compile(r"\.(?<=[\u3400-\u9fff]{8}\.)$"), "。"),
)


def width(text: str, _evidence: Evidence) -> list[Edit]:
    """Restore full-width punctuation that was folded to half-width.

    `,:;!?()` beside Chinese, straight quotes around Chinese, `......` and `--` between Chinese, a final `.` after Han,
    and the year's brackets in document numbers. Left alone: marks inside numbers (`1,000`, `15:14`), addresses,
    e-mail and Latin runs, and brackets between Latin characters (`f(x)`), since those are half-width by the standard.

    >>> from cleaners.edits import apply_edits
    >>> line = "目前,总值1,000万元(15:14),见http://a.cn/?b=1;国发[2005]20号"
    >>> apply_edits(line, width(line, Evidence()))
    '目前，总值1,000万元（15:14），见http://a.cn/?b=1；国发〔2005〕20号'
    """
    edits: list[Edit] = []
    for line in lines_holding(_CANDIDATE, text):
        edits += (Edit(line.start + e.start, line.start + e.end, e.new) for e in _line_edits(line.text))
    return edits


def _line_edits(line: str) -> list[Edit]:
    taken: set[int] = set()
    for run in _VISIBLE.finditer(line) if _PROTECTED_SIGN.search(line) else ():
        if _PROTECTED_SIGN.search(run[0]):
            taken.update(
                *(range(found.start(), _address_end(found)) for found in _PROTECTED.finditer(line, *run.span()))
            )
    edits: list[Edit] = []
    for pattern, new in _PHRASES:
        edits += (Edit(*m.span(), m.expand(new)) for m in pattern.finditer(line) if m.start() not in taken)
    for start, end in _quoted(line):
        edits += (Edit(start, start + 1, "“"), Edit(end, end + 1, "”"))
    taken.update(i for e in edits for i in range(e.start, e.end))
    edits += (Edit(i, _end_with_blank(line, i), FULL[line[i]]) for i in _marks(line, taken))
    return sorted(edits)


def _quoted(line: str) -> Iterator[tuple[int, int]]:
    """Places of straight quotation marks in pairs, in order, that have Chinese between them; `8"` is inches."""
    opened: int | None = None
    for mark in _QUOTE.finditer(line):
        at = mark.start()
        if opened is None:
            opened = None if at and line[at - 1] in _MEASURED else at
        else:
            if _IS_CJK.search(line, opened + 1, at):
                yield opened, at
            opened = None


def _address_end(found: re.Match[str]) -> int:
    """An address does not swallow the mark that closes the clause after it."""
    return found.start() + len(found.group().rstrip(",;:!?)."))


def _end_with_blank(line: str, at: int) -> int:
    # A full-width mark brings its own space: `汇报后, 市委` was typed in the English way.
    return at + 2 if line[at] in ",;:!?" and line[at + 1 : at + 2] == " " and _is_cjk(line[at + 2 : at + 3]) else at + 1


def _is_cjk(char: str) -> bool:
    return bool(char) and _IS_CJK.match(char) is not None


def _marks(line: str, taken: set[int]) -> list[int]:
    """Places of the marks to make full-width, in order."""
    brackets = _brackets(line, taken)
    found: list[int] = []
    for mark in _HALF.finditer(line):
        i = mark.start()
        if i in taken:
            continue
        before = FULL[line[i - 1]] if found[-1:] == [i - 1] else line[max(0, i - 1) : i]
        if i in brackets if mark[0] in "()" else _stands_in_chinese(line, i, before):
            found.append(i)
    return found


@functools.lru_cache(maxsize=1)
def _is_chinese(line: str) -> bool:
    """Whether a line is mostly Chinese; kept, as each of its marks may ask."""
    han = sum(map(len, _HAN.findall(line)))
    return han >= 4 and han * 3 >= len(line)


def _stands_in_chinese(line: str, at: int, before: str) -> bool:
    """Whether a mark stands in Chinese after a character, as it is once the marks before it have been made full-width."""
    mark = line[at]
    # past the marks that follow, so that the answer is the same once these have been
    after = line[at + 1 : at + 5].lstrip(_MARKS)[:1]
    if mark in ",:" and before.isascii() and before.isdigit() and after.isascii() and after.isdigit():
        return False
    if mark == "?" and after.isascii() and after.isalpha():
        return False
    if _is_cjk(before) or (mark in ",:;" and _is_cjk(after) and before != " "):
        return True
    after_figure = bool(before) and (before in "%)]”" or before.isdigit())
    return after_figure and mark != ":" and after != "=" and _is_chinese(line)


def _is_word(char: str) -> bool:
    """Chinese, the marks aside that this cleaner makes: a bracket's answer is the same before and after."""
    return bool(char) and _IS_WORD.match(char) is not None


def _brackets(line: str, taken: set[int]) -> set[int]:
    """Places of round brackets that stand in Chinese; both of a pair, or one that lost its partner."""
    found: set[int] = set()
    open_at: list[int] = []
    at, last_word = 0, -1
    for i, char in ((bracket.start(), bracket[0]) for bracket in _BRACKET.finditer(line)):
        if _IS_WORD.search(line, at, i):
            last_word = i
        at = i + 1
        if i in taken:
            continue
        if char in "(（":
            open_at.append(i)
        elif open_at:
            start = open_at.pop()
            if _pair_is_chinese(line, start, i, holds_word=last_word > start):
                found |= {p for p in (start, i) if line[p] in "()"}
        elif char == ")" and i and _is_word(line[i - 1]):
            found.add(i)
    found.update(i for i in open_at if line[i] == "(" and (_is_word(line[i - 1 : i]) or _is_word(line[i + 1 : i + 2])))
    return found


def _pair_is_chinese(line: str, start: int, end: int, *, holds_word: bool) -> bool:
    if line[start] == "（" or line[end] == "）" or holds_word:
        return True
    before = line[start - 1 : start] if start else ""
    return _is_word(before) or (before in ("", " ") and _is_word(line[end + 1 : end + 2]))
