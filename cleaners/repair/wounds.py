"""Damage done to the bytes of GBK by mirror sites, found, undone with proof, or left and counted."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

from cleaners.edits import Edit, apply_edits
from cleaners.evidence import Evidence
from cleaners.repair.candidates import ANYWHERE, CLEAR, LONGEST, ROUGHEST, Repair
from cleaners.repair.gbk import MARKS
from cleaners.repair.lattice import Step, Way
from cleaners.repair.model import PageModel
from cleaners.repair.prices import Prices
from cleaners.repair.process import Process, infer, variants
from cleaners.repair.readings import BRACKET, SYLLABLE
from cleaners.repair.shifted import Run
from cleaners.repair.symbols import symbols
from cleaners.repair.walk import QUICK, THOROUGH, WIDEST, rough_places, walk

_WOUND = re.compile(
    rf"\?(?:(?=[^\x00-\x7f]| ?{SYLLABLE} ?\))|(?<=[^\x00-\x7f]\?)|(?<=[),!;:]\?)|(?m:(?<=^\?))(?=[,:!?]))"
)
_CHARS = r"[^\x00-\x7f，。、；：！？]"
_LETTERS = "ぁ-ヿㄅ-ㄩΑ-ωА-я①-⒛─-╿〖〗≌∷"
_ODD = rf"[、；;]|{_CHARS}{{0,12}}?(?:[{_LETTERS}]|[@-~](?:{_CHARS}|\({SYLLABLE}\)))"
_UNSEEN = re.compile(rf"[；;](?:(?={_ODD}|{_CHARS}{{1,40}}\?)|(?<=[，。、：].))")
"""A `?` before `；` is lost, so such a wound shows only by what follows: `保护` = B1 **A3 BB** A4 gives `；` and a kana;
`案。婚姻登記檔` gives `案；橐龅怯洐n`."""
_QUICK, _QUICK_HALF = (
    re.compile(f"{mark}(?:[、；;]|[^\x00-\x7f，。、；：！？{_LETTERS}]{{0,12}}+[{_LETTERS}@-~]|(?<=[，。、：]{mark}))")
    for mark in "；;"
)
"""What `_UNSEEN` needs where a page has no `?`, found quickly; one pattern a mark is much faster than a class."""
_UNSEEN_ALSO = re.compile(rf"[；;](?={_CHARS}{{0,12}}[@-~][^\x00-\x7f(])")
"""On a page that is damaged elsewhere."""
_LOST = re.compile("\ufffd\ufffd*|锟斤拷(?:锟斤拷)*|烫烫烫+|屯屯屯+")
"""What is beyond repair: bytes replaced before they were read, memory never written."""
_NOTE = re.compile(BRACKET)
_COMMA = re.compile(r",(?=[,，。、；：！？;:!?])")
_MARKS = frozenset("，。、；：！？,;:!?")
_WORDS = 0.5
"""Weight of the word model beside the character model: at .25 1,710 characters are wrong in the texts of `model._BELIEF`, at .5 1,673, at
1 1,604, but 10 instead of 4 in excerpts of real pages."""
_GAIN_ALONE = 14.0
"""Nats that the repair of a `；` must gain over the text as it stands to show that a text is damaged: made damage gains 20 to 80,
undamaged text with odd signs (`；[二]`, `；@张三`) up to 6.5."""
_GAIN = 9.0
"""The same for a run with `?`, which may be a rare character that the page's own code lacked (`建?、` is no `建校`), where no pair of
bytes speaks against the process; where one does, it is as for a `；`. With one or three characters of 421 clean texts replaced by
`?`, 8 of 842 are rewritten, 175 if any gain is enough; of 172 single lines of made damage, 5 gain less. Long runs must gain a nat
a character: right repairs gain 1.4 and more, `何故?；无故?：有故?` made Chinese 0.8."""
_BONUS = 1.0
"""Nats in favour of each further character: models of language charge more for a text than it deserves."""
_DENSEST, _SHORT = 12, 240
"""Fewer characters than this to a wound, over the whole text (a short one counts for 240), and it is not this process: pages
seen have 30 and more."""
_MOST = 200
"""Wounds looked at in one round: a bound on time; pages seen have up to twenty. What is left waits for the next round, and stays if nothing was mended."""
_MOST_WALKED = 30_000
"""Steps taken in one round; from then on runs are walked quickly only, and after as many again the rest waits as well. Pages seen
need up to 24,300."""
_MOST_EVIDENCE = 200_000
"""Characters of intact text that are evidence, the page's first: each piece of a candidate is counted in them."""
_HAN, _GARBLED = re.compile("[\u3400-\u9fff]"), 10
"""What is looked at to see whether a run that nothing explains is garbled."""
_LINE, _SOUND, _SOUNDS, _MIN_SOUNDS = re.compile(".+"), re.compile("[ぁ-ヿㄅ-ㄩ]"), re.compile("[ぁ-ヿㄅ-ㄩ]{2}"), 2
"""Kana and Bopomofo."""
_NEAR, _ROW = 40, 5
"""Characters after a wound that are no evidence of what is intact, unless this many in a row read well."""


def _wounds(text: str) -> list[int]:
    """Where damage may begin: not on lines of Japanese or Bopomofo."""
    found = sorted({match.start() for each in (_WOUND, _UNSEEN, _UNSEEN_ALSO) for match in each.finditer(text)})
    if not _SOUNDS.search(text):
        return found
    foreign = [match.span() for match in _LINE.finditer(text) if _is_of_sounds(match[0])]
    starts = [start for start, _ in foreign]
    return [at for at in found if not (i := bisect_right(starts, at)) or at >= foreign[i - 1][1]]


def _is_of_sounds(line: str) -> bool:
    """Whether signs of sound stand together time and again: Chinese read one byte off shows a pair of them here and there."""
    return len(_SOUNDS.findall(line)) >= _MIN_SOUNDS and len(_SOUND.findall(line)) * 3 > len(_HAN.findall(line))


def _intact(text: str, wounds: list[int]) -> str:
    """The page without its notes and without what is garbled after a wound."""
    kept, done, shipped = [], 0, PageModel("")
    for wound in wounds:
        kept.append(text[done : max(done, wound - 2)])
        done = max(done, _resumes(text, wound, shipped))
    return _plain("\n".join((*kept, text[done:])))


def _plain(text: str) -> str:
    """A text without the notes and commas of the process."""
    return _COMMA.sub("", _NOTE.sub("", text))


def _resumes(text: str, wound: int, model: PageModel) -> int:
    """Where Chinese begins again after a wound: a row of characters each of which is known to follow the one before."""
    row = 0
    for at in range(wound + 2, min(wound + _NEAR, len(text))):
        row = row + 1 if model.follows(text[at], text[at - 1]) else 0
        if row == _ROW:
            return at - _ROW + 1
    return wound + _NEAR


def _before(text: str, at: int) -> str:
    """The two characters before a place, notes and commas of the process aside."""
    return ("\n\n" + _plain(text[max(0, at - 24) : at]))[-2:]


def _lacks_bracket(text: str, at: int) -> bool:
    """Whether more brackets close than open on a line, as far as a run may reach to either side."""
    begin = max(text.rfind("\n", 0, at) + 1, at - LONGEST)
    line = text[begin : at + LONGEST].partition("\n")[0]
    return line.count(")") + line.count("）") > line.count("(") + line.count("（")


def _start(text: str, wound: int) -> int:
    """Where to begin: at the character before the wound, whose second byte may be part of it, and at a comma before it."""
    at = wound - 1 if text[wound - 1 : wound] == "," else wound
    if text[at - 1 : at] in {")", "）"}:
        note = [match for match in _NOTE.finditer(text, max(0, at - 10), at) if match.end() == at]
        at = note[0].start() if note else at
    if not at or text[at - 1] == "\n":
        return at
    return at - 2 if text[at - 2 : at - 1] == "," and text[at - 1] in _MARKS else at - 1


def _proven(step: Step, observed: str, process: Process) -> bool:
    """Whether the process, run on the repaired text, gives what is observed."""
    found = variants(process, step.notes)
    return any(each.explains(observed, step.text) for each in found if "\n" in step.text or not each.by_line)


class _Found(NamedTuple):
    """A proven repair: its cost, what is written, and the text that the cost is for."""

    cost: float
    shown: str
    text: str


def _trimmed(start: int, observed: str, found: list[_Found]) -> Repair:
    """The repair of a run without the end that all its candidates leave as it is."""
    texts = [observed, *(each.shown for each in found)]
    same = 0
    while same < min(map(len, texts)) and len({text[-same - 1] for text in texts}) == 1:
        same += 1
    end = len(observed) - same
    candidates = tuple((each.shown[: len(each.shown) - same], each.cost) for each in found)
    return Repair(start, start + end, candidates, len(found[0].text))


@lru_cache(maxsize=4)
def repairs(text: str, site_text: str = "") -> tuple[Repair, ...]:
    """The damaged runs of a text, each with the texts that may have stood there, proven, best first.

    `site_text` is intact text of the same site: its words are evidence, as those of the page are. A run that nothing explains has
    only itself, at infinite cost; one that reads best as it stands is no damage. Runs that stay undecided are looked at again once
    the others are mended: what those say is evidence too.

    >>> [repair.best for repair in repairs("滿足群眾需求?！笔≌k公廳說")]
    ['求。”省政府辦']
    >>> [repair.best for repair in repairs("以?：峁⿹５?，辦理手續。", site_text="以保函提供擔保的，可以放行。")]
    ['以保函提供擔保的']
    """
    wounds = _wounds(text)
    if len(wounds) * _DENSEST > max(len(text), _SHORT):
        return ()
    if len(wounds) > _MOST:
        wounds = wounds[:_MOST]
        text = text[: wounds[-1] + LONGEST]
    process = infer(text)
    intact = _intact(text, wounds)
    prices = Prices(PageModel(f"{intact}\n{site_text}"[:_MOST_EVIDENCE]), traditional=process.traditional)
    found: list[Repair] = []
    for wound in wounds:
        if prices.walked >= 2 * _MOST_WALKED:
            break
        start = _start(text, wound)
        if not found or start >= found[-1].end:
            found.append(_repair(text, start, wound + 1, process, prices))
    if len({repair.decided for repair in found}) > 1:
        model = PageModel(f"{_plain(_mended(text, found))}\n{site_text}"[:_MOST_EVIDENCE])
        prices = Prices(model, traditional=process.traditional, walked=prices.walked)
        ends = [*(repair.start for repair in found[1:]), len(text)]
        for i, (repair, end) in enumerate(zip(found, ends, strict=True)):
            again = repair if repair.decided else _repair(text, repair.start, repair.end, process, prices, repair)
            found[i] = again if again.end <= end else repair
    return _believed(found, text, _GAIN_ALONE if _is_spared(intact) else _GAIN)


def _is_spared(intact: str) -> bool:
    """Whether a pair of bytes that stands across two characters, as the process would have broken it, is whole.

    341 of 421 clean texts have one; of 68 damaged ones 12, mostly in what is garbled or where a place was missed.
    """
    data = intact.encode("gbk", "ignore")
    return any(data.count(mark) > intact.count(mark.decode("gbk")) for mark in MARKS)


def _believed(found: list[Repair], text: str, least: float) -> tuple[Repair, ...]:
    """The runs that are damaged: not those that read best as they stand.

    Nor where no repair in the text makes it read better and none is missing for what reads like no Chinese; a `；` alone is a poor
    sign of damage (`类；B类`, `；α取`). `least` is the gain that shows damage where there is a `?`.
    """
    runs = [(repair, text[repair.start : repair.end]) for repair in found]
    damaged = [(repair, observed) for repair, observed in runs if not repair.decided or repair.best != observed]
    shown = any(
        r.gain >= max(least, r.length) or (r.unexplained and r.roughest > ROUGHEST)
        if "?" in observed
        else r.fair and r.gain >= _GAIN_ALONE
        for r, observed in damaged
    )
    return tuple(repair for repair, _ in damaged) if shown else ()


def _mended(text: str, found: list[Repair]) -> str:
    """The text with the decided runs as they are repaired, and without the others."""
    edits = (Edit(r.start, r.end, r.best if r.decided else "\n") for r in found)
    return apply_edits(text, edits)


def _repair(text: str, start: int, least: int, process: Process, prices: Prices, first: Repair | None = None) -> Repair:
    """The repairs of the run that starts at a place: from the quickest walk that makes it clear, else from the most thorough.

    `first` is what a first look at the run has found.
    """
    lacks_bracket = _lacks_bracket(text, start)
    run, before = Run(text[start : start + LONGEST], process, prices, lacks_bracket=lacks_bracket), _before(text, start)
    repair, rough = None, first.rough if first else ANYWHERE
    looked: frozenset[int] = frozenset()
    unread: tuple[list[Way], int] = [], 0
    for effort in (QUICK, THOROUGH, THOROUGH)[first is not None :]:
        if effort is THOROUGH:
            if prices.walked >= _MOST_WALKED or rough <= looked:
                break
            looked = rough = rough | looked
        ways, end = walk(run, before, effort, rough)
        if effort is QUICK and ways and prices.model.roughest(before, ways[0].joined().text) > CLEAR:
            unread, rough = (ways, end), rough_places(ways[0])
            continue
        repair = _proposed(run, before, start, ways, end) or repair
        if repair:
            if repair.clear:
                return repair
            rough = repair.rough
    repair = repair or _proposed(run, before, start, *unread)
    if not repair and prices.walked < _MOST_WALKED:
        repair = _proposed(run, before, start, *walk(run, before, WIDEST, ANYWHERE))
    if repair:
        return repair
    garbled = prices.model.roughest(before, "".join(_HAN.findall(run.observed[:_GARBLED])))
    return Repair(start, least, ((text[start:least], inf),), roughest=garbled)


def _proposed(run: Run, before: str, start: int, ways: list[Way], end: int) -> Repair | None:
    """The proven repairs at the start of a run, of those that a walk has found; None where there are none."""
    observed, model = run.observed[:end], run.prices.model
    found: dict[str, _Found] = {}
    for way in ways:
        step = way.joined()
        key = symbols(step.text)
        if key not in found and (step.shown == observed or _proven(step, observed, run.process)):
            cost = (step.cost + _WORDS * model.word_cost(before + step.text)) / (1 + _WORDS)
            found[key] = _Found(cost - _BONUS * len(key), step.shown, step.text)
    best = sorted(found.values())
    if not best:
        return None
    return _trimmed(start, observed, best)._replace(
        roughest=model.roughest(before, best[0].text),
        gain=model.text_cost(before, observed) - model.text_cost(before, best[0].shown),
        rough=rough_places(ways[0]),
    )


def _damaged(text: str) -> bool:
    if "?" in text:
        return bool(_WOUND.search(text) or _UNSEEN.search(text))
    if ("；" in text and _QUICK.search(text)) or (";" in text and _QUICK_HALF.search(text)):
        return bool(_UNSEEN.search(text))
    return False


def byte_damage(text: str, evidence: Evidence) -> Sequence[Edit]:
    """Undo what mirror sites do to the bytes of GBK: text read one byte off, notes and marks inside characters.

    A run is rewritten only where the process, run forward on what is written, gives the observed run, character for
    character. Where several such texts are about as likely, a character that they do not agree on becomes U+FFFD, and where
    they agree on little the run stays; `unresolved` counts both, `undecided` names the texts. Left alone: question marks of
    the text and runs that nothing explains. Notes and commas of the process stay for the cleaners that know them.

    >>> from cleaners.edits import apply_edits
    >>> text = "省政府辦公廳牽頭。“滿足需求?！笔≌k公廳有關負責人介紹，省政府辦公廳會同有關部門。"
    >>> apply_edits(text, byte_damage(text, Evidence()))
    '省政府辦公廳牽頭。“滿足需求。”省政府辦公廳有關負責人介紹，省政府辦公廳會同有關部門。'
    >>> byte_damage("真的吗?!省政府回应了", Evidence())
    []
    """
    if not _damaged(text):
        return []
    found = [(r, text[r.start : r.end]) for r in repairs(text, evidence.site_text)]
    return [Edit(r.start, r.end, new) for r, observed in found if (new := r.mended(observed)) != observed]


def undecided(text: str, evidence: Evidence) -> list[Repair]:
    """The runs of a text, as `byte_damage` gets it, that evidence does not decide, with the texts that may have stood there.

    >>> undecided("真的吗?!省政府回应了", Evidence())
    []
    """
    return [repair for repair in repairs(text, evidence.site_text) if not repair.settled] if _damaged(text) else []


def unresolved(text: str, evidence: Evidence) -> int:
    """How many damaged runs a text still has. Give it the text that `byte_damage` leaves, before widths are changed.

    Counted are runs that several repairs explain, runs that none explains, runs of U+FFFD and of `锟斤拷`, `烫烫烫`, `屯屯屯`.
    A question mark that reads as one is not counted.

    >>> unresolved("近日，市政府\ufffd\ufffd发通知，锟斤拷锟斤拷。", Evidence())
    2
    """
    return sum(1 for _ in _LOST.finditer(text)) + len(undecided(text, evidence))
