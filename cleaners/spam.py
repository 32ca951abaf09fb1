"""A9: injected spam, line by line, and pages that are nothing but spam."""

import re

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.lines import Line, lines_of, without_lines
from cleaners.spam_table import PAGE_TERMS, STRONG, WEAK


def _skipping(terms: str) -> str:
    """A pattern that finds where a term begins, a tenth slower than nothing at all where none of its first two
    characters are (a term's first two units are characters or classes of them). Those that begin in ASCII are told apart:
    their second ones are few, and a page may be one letter all over."""
    units = [re.findall(r"\[.+?\]|.", term)[:2] for term in re.split(r"\|(?![^(\[]*[)\]])", terms)]
    first, second = ("".join(sorted({unit.strip("[]") for unit in place})) for place in zip(*units, strict=True))
    after_ascii = "".join(sorted({pair[1].strip("[]") for pair in units if pair[0].isascii()}))
    return f"[{first}](?=[{second}])(?:(?<![!-~])|(?=[{after_ascii}]))(?<=(?=(?:{terms})).)"


# For text in lower case.
_STRONG = re.compile(_skipping(STRONG))
_TERM = re.compile(f"{STRONG}|{WEAK}")
_PAGE_TERM = re.compile(PAGE_TERMS)
_LETTER = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")
_SENTENCE = re.compile(r"[^。！？]*[。！？”]+|[^。！？]+$")
_IS_SENTENCE = re.compile(r"[\u3400-\u9fff]{4}.*[。！？]")
_JOINED = re.compile(r"[^\s_|][_|][^\s_|]")
_AGAINST = re.compile(r"打击|查处|严禁|禁止|整治|取缔|违法|犯罪|非法|严厉|涉嫌|防范|举报|清理|公安|赌博罪|扫黄|警惕")
_ABOUT = re.compile(rf"{_AGAINST.pattern}|一律|收缴|没收|赌具|处罚|不得|治安|问：|答：|怎么|如何|什么|吗？")

MIN_SHARE = 0.45
"""Share of a line's letters that spam terms cover. On the spam kinds of the domain's description lines reach .5 to 1;
official sentences that name such things stay below .3, and those against them carry words of `_ABOUT`."""


MIN_TERMS = 4
"""Different terms that prove keyword spam where only one of them is strong and no `_` or `|` joins them: `（二）代孕` is an
item of a law, `养老上门服务` a service."""


def spam_lines(text: str, _evidence: Evidence) -> list[Edit]:
    """Remove lines of keyword spam, and such runs glued before or behind a paragraph's sentences.

    Left alone: sentences that speak about or against such things, since they are few terms in many words; and a line
    without a single strong term, however keyword-like.

    >>> text = "关于开展专项整治的通知\\n国产精品久久_亚洲av无码_免费在线观看\\n依法打击代开发票等违法行为。"
    >>> spam_lines(text, Evidence())
    [Edit(start=11, end=32, new='', likely=False)]
    """
    if not _STRONG.search(text.lower()):
        return []
    whole: list[Line] = []
    glued: list[Edit] = []
    for line in lines_of(text):
        if not _STRONG.search(line.text.lower()):
            continue
        ends = _spam_ends(line)
        if ends is None:
            whole.append(line)
        else:
            glued += ends
    return sorted([*without_lines(text, whole), *glued])


def is_spam(line: str) -> bool:
    """Tell whether a line or a run of words is keyword spam.

    >>> is_spam("澳门新葡京官网,太阳城集团,真人百家乐开户送58元"), is_spam("严厉打击百家乐等网络赌博")
    (True, False)
    """
    line = line.lower()
    if not _STRONG.search(line) or _ABOUT.search(line):
        return False
    strong = {m.group() for m in _STRONG.finditer(line)}
    terms = [m.group() for m in _TERM.finditer(line)]
    if len(strong) < 2 and len(set(terms)) < MIN_TERMS and not _JOINED.search(line):
        return False
    covered = sum(len(_LETTER.findall(term)) for term in terms)
    return covered >= MIN_SHARE * len(_LETTER.findall(line))


def _spam_ends(line: Line) -> list[Edit] | None:
    """Spam as first or last sentence of a line with other sentences; None where the line is nothing but spam."""
    parts = list(_SENTENCE.finditer(line.text))
    clean = [part for part in parts if not is_spam(part.group())]
    if not clean or (len(parts) == 1 and is_spam(line.text)):
        return None
    if is_spam(line.text) and not any(_IS_SENTENCE.search(part.group()) for part in clean):
        return None
    ends = [part for part in dict.fromkeys((parts[0], parts[-1])) if is_spam(part.group())]
    return [Edit(line.start + part.start(), line.start + part.end(), "") for part in ends]


def is_spam_page(text: str, title: str | None, removed: str = "") -> bool:
    """Tell whether a page is spam as a whole: a fake notice around a betting term, or nothing but keywords.

    The title or the head (first three lines) of what is left has to carry such a term, and text and `removed` spam
    together a term to every 300 characters: a report on a crackdown names it now and then.

    >>> is_spam_page("关于印发今晚澳门开奖结果实施方案的通知\\n现将今晚澳门开奖结果方案印发给你们。", None)
    True
    """
    head = "\n".join((title or "", *text.split("\n", 3)[:3])).lower()
    if not _PAGE_TERM.search(head) or _AGAINST.search(head):
        return False
    terms = len(_PAGE_TERM.findall(text.lower())) + len(_PAGE_TERM.findall(removed.lower()))
    return terms >= 2 and terms * 300 >= len(text) + len(removed)
