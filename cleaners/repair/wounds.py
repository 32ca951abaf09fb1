"""Damage done to the bytes of GBK by mirror sites, found, undone with proof, or left and counted."""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

from cleaners.diff import common_start
from cleaners.edits import Edit, apply_edits
from cleaners.evidence import Evidence
from cleaners.repair.candidates import ANYWHERE, CLEAR, LONGEST, ROUGHEST, SURE, Repair
from cleaners.repair.detect import is_damaged, wound_starts
from cleaners.repair.gbk import MARKS
from cleaners.repair.lattice import Step, Way
from cleaners.repair.model import PageModel, shipped
from cleaners.repair.paired import last_marks, opened, out_of_turn
from cleaners.repair.prices import Prices
from cleaners.repair.process import Process, infer, variants
from cleaners.repair.readings import BRACKET
from cleaners.repair.shifted import Run
from cleaners.repair.symbols import symbols
from cleaners.repair.walk import QUICK, THOROUGH, WIDEST, rough_places, walk

_NOTE = re.compile(BRACKET)
_COMMA = re.compile(r",(?=[,，。、；：！？;:!?])")
_MARKS = frozenset("，。、；：！？,;:!?")
_WORDS = 0.5
"""Weight of the word model beside the character model: at .25 1,510 and 254 characters are wrong in the texts of `model._BELIEF`, at .5 1,434
and 225, at 1 1,427 and 234, and 10 instead of 4 in excerpts of real pages."""
_GAIN_ALONE = 14.0
"""Nats that the repair of a `；` must gain over the text as it stands to show that a text is damaged: made damage gains 20 to 80,
undamaged text with odd signs (`；[二]`, `；@张三`) up to 6.5."""
_GAIN = 9.0
"""The same for a run with `?`, which may be a rare character that the page's own code lacked (`建?、` is no `建校`), where no pair of
bytes speaks against the process; where one does, it is as for a `；`. With one or three characters of 421 clean texts replaced by
`?`, 8 of 842 are rewritten, 175 if any gain is enough; of 172 single lines of made damage, 5 gain less. Long runs must gain a nat
a character: right repairs gain 1.4 and more, `何故?；无故?：有故?` made Chinese 0.8."""
_WORSE = 5.0
"""Nats by which a run reads better as it stands that is no damage, on a page that is known to be damaged. What loses less, or gains less than a
nat a character, is left and counted: beside a damaged paragraph 69 of 724 clean lines were rewritten without that, 8 with it; 1,434 and 225
characters instead of 1,360 and 207 are wrong in the texts of `model._BELIEF`."""
_FURTHER = 5.0
"""Nats more for each further `?`: any character reads better than one (`編號??：A-001`)."""
_ROUGHLY = 1.5
"""How many times as much the repair must gain that does not read well itself: `故?：有故?` as `故危害加宣泄室` gains 14."""
_BONUS = 1.0
"""Nats in favour of each further character: models of language charge more for a text than it deserves."""
_UNPAIRED_COST = 3.0
"""Nats of a bracket without its counterpart on the line, and of a quotation or title mark out of turn. Without it 1,446 and 231 characters are
wrong in the texts of `model._BELIEF`, with it 1,434 and 225, with 6 1,429 and 225."""
_EARLIER = 3000
"""Characters before a run in which the last quotation mark is looked for: a bound on time."""
_LINE_END = re.compile(r"\?[，！？：,!:]\?")
"""A wound and the line's end that it swallowed: one sign of damage."""
_DENSEST, _SHORT = 12, 240
"""Fewer characters than this to a wound, over the whole text (a short one counts for 240), and it is not this process: pages
seen have 30 and more."""
_MOST = 200
"""Wounds looked at in one round: a bound on time; pages seen have up to twenty. What is left waits for the next round, and stays if nothing was mended."""
_MOST_WALKED = 30_000
"""Steps taken in one round; from then on runs are walked quickly only, and after as many again the rest waits as well. Pages seen
need up to 17,100."""
_MOST_EVIDENCE = 200_000
"""Characters of intact text that are evidence, the page's first: each piece of a candidate is counted in them."""
_HAN, _GARBLED = re.compile("[\u3400-\u9fff]"), 10
"""What is looked at to see whether a run that nothing explains is garbled."""
_NEAR, _ROW = 40, 5
"""Characters after a wound that are no evidence of what is intact, unless this many in a row read well."""


def _intact(text: str, wounds: list[int]) -> str:
    """The page without its notes and without what is garbled after a wound."""
    kept, done = [], 0
    for wound in wounds:
        kept.append(text[done : max(done, wound - 2)])
        done = max(done, _resumes(text, wound))
    return _plain("\n".join((*kept, text[done:])))


def _plain(text: str) -> str:
    """A text without the notes and commas of the process."""
    return _COMMA.sub("", _NOTE.sub("", text))


def _resumes(text: str, wound: int) -> int:
    """Where Chinese begins again after a wound: a row of characters each of which is known to follow the one before."""
    row, model = 0, shipped()
    for at in range(wound + 2, min(wound + _NEAR, len(text))):
        row = row + 1 if model.follows(text[at], text[at - 1]) else 0
        if row == _ROW:
            return at - _ROW + 1
    return wound + _NEAR


def _before(text: str, at: int) -> str:
    """The two characters before a place, notes and commas of the process aside."""
    return ("\n\n" + _plain(text[max(0, at - 24) : at]))[-2:]


def _line_about(text: str, at: int) -> str:
    """The line of a place, as far as a run may reach to either side."""
    begin = max(text.rfind("\n", 0, at) + 1, at - LONGEST)
    return text[begin : at + LONGEST].partition("\n")[0]


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


class _Look(NamedTuple):
    """What a look at a text has found: all runs that may be damaged, the nats that the repair of one with a `?` must gain to show that the
    text is, and how many wounds were not looked at."""

    runs: tuple[Repair, ...] = ()
    least: float = _GAIN_ALONE
    unseen: int = 0


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


def repairs(text: str, site_text: str = "", *, damaged: bool = False) -> tuple[Repair, ...]:
    """The damaged runs of a text, each with the texts that may have stood there, proven, best first.

    `site_text` is intact text of the same site: its words are evidence, as those of the page are. `damaged` says that the text is
    known to be damaged, where it does not show it itself. A run that nothing explains has only itself, at infinite cost; one that
    reads best as it stands is no damage. Runs that stay undecided are looked at again once the others are mended: what those say
    is evidence too.

    >>> [repair.best for repair in repairs("滿足群眾需求?！笔≌k公廳說")]
    ['求。”省政府辦']
    >>> [repair.best for repair in repairs("以?：峁⿹５?，辦理手續。", site_text="以保函提供擔保的，可以放行。")]
    ['以保函提供擔保的']
    """
    look = _looked_at(text, site_text)
    runs = [(repair, text[repair.start : repair.end]) for repair in look.runs]
    odd = [(repair, observed) for repair, observed in runs if not repair.decided or repair.best != observed]
    shown = damaged or any(_shows_damage(repair, observed, look.least) for repair, observed in odd)
    return tuple(_weighed(repair) for repair, _ in odd if not _reads_best(repair)) if shown else ()


def _reads_best(repair: Repair) -> bool:
    """Whether a run reads better by far as it stands."""
    return not repair.unexplained and repair.gain <= -_WORSE


def _weighed(repair: Repair) -> Repair:
    """A run of a damaged text, weak where its repair gains too little to be more than an accident."""
    return repair if repair.unexplained else repair._replace(weak=repair.gain < repair.length)


@lru_cache(maxsize=4)
def _looked_at(text: str, site_text: str) -> _Look:
    wounds = wound_starts(text)
    if len(wounds) * _DENSEST > max(len(text), _SHORT):
        return _Look()
    unseen = max(0, len(wounds) - _MOST)
    if unseen:
        wounds = wounds[:_MOST]
        text = text[: wounds[-1] + LONGEST]
    process = infer(text)
    intact = _intact(text, wounds)
    page = f"{intact}\n{site_text}"[:_MOST_EVIDENCE]
    prices = Prices(page, PageModel(page), traditional=process.traditional)
    found: list[Repair] = []
    for i, wound in enumerate(wounds):
        if prices.walked >= 2 * _MOST_WALKED:
            unseen += len(wounds) - i
            break
        start = _start(text, wound)
        if not found or start >= found[-1].end:
            found.append(_repair(text, start, wound + 1, process, prices))
    if len({repair.decided for repair in found}) > 1:
        model = PageModel(f"{_plain(_mended(text, found))}\n{site_text}"[:_MOST_EVIDENCE])
        prices = Prices(page, model, traditional=process.traditional, walked=prices.walked)
        ends = [*(repair.start for repair in found[1:]), len(text)]
        for i, (repair, end) in enumerate(zip(found, ends, strict=True)):
            if not (repair.decided or repair.unexplained):
                again = _repair(text, repair.start, repair.end, process, prices, repair)
                found[i] = again if again.end <= end else repair
    return _Look(tuple(found), _GAIN_ALONE if _is_spared(intact) else _GAIN, unseen)


def _is_spared(intact: str) -> bool:
    """Whether a pair of bytes that stands across two characters, as the process would have broken it, is whole.

    341 of 421 clean texts have one; of 68 damaged ones 12, mostly in what is garbled or where a place was missed.
    """
    data = intact.encode("gbk", "ignore")
    return any(data.count(mark) > intact.count(mark.decode("gbk")) for mark in MARKS)


def _shows_damage(repair: Repair, observed: str, least: float) -> bool:
    """Whether a run shows that its text is damaged: its repair reads better by far, or it reads like no Chinese and none is found.

    A `；` alone is a poor sign of damage (`类；B类`, `；α取`). `least` is the gain that shows damage where there is a `?`.
    """
    marks = observed.count("?") - len(_LINE_END.findall(observed))
    if repair.unexplained:
        return marks > 0 and repair.roughest > ROUGHEST
    enough = max(least, repair.length) + _FURTHER * (marks - 1) if marks else _GAIN_ALONE
    return repair.gain >= enough * (1 if repair.fair else _ROUGHLY)


def _mended(text: str, found: list[Repair]) -> str:
    """The text with the decided runs as they are repaired, and without the others."""
    edits = (Edit(r.start, r.end, r.best if r.decided else "\n") for r in found)
    return apply_edits(text, edits)


def _repair(text: str, start: int, least: int, process: Process, prices: Prices, first: Repair | None = None) -> Repair:
    """The repairs of the run that starts at a place: from the quickest walk that makes it clear, else from the most thorough.

    `first` is what a first look at the run has found.
    """
    unclosed, earlier = opened(_line_about(text, start)), last_marks(text[max(0, start - _EARLIER) : start])
    run = Run(text[start : start + LONGEST], process, prices, least - start, unclosed=unclosed, earlier=earlier)
    before = _before(text, start)
    repair, rough = None, first.rough if first else ANYWHERE
    looked: frozenset[int] = frozenset()
    unread: tuple[list[Way], int] = [], 0
    for effort in (QUICK, THOROUGH, THOROUGH)[first is not None :]:
        if effort is THOROUGH:
            if prices.walked >= _MOST_WALKED or rough <= looked:
                break
            looked = rough = rough | looked
        ways, end = walk(run, before, effort, looked)
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
    beside = run.unclosed - opened(observed)
    later = run.observed[end:].partition("\n")[0]
    priced = []
    for rank, way in enumerate(ways):
        step = way.joined()
        cost = (step.cost + _WORDS * model.word_cost(before + step.text)) / (1 + _WORDS) - _BONUS * len(step.text)
        unpaired = abs(beside + opened(step.text)) + out_of_turn(run.earlier, step.text, later)
        cost += _UNPAIRED_COST * unpaired
        priced.append((cost, rank, step))
    found: dict[str, _Found] = {}
    for cost, _, step in sorted(priced):
        if found and cost > next(iter(found.values())).cost + SURE:
            break
        key = symbols(step.text)
        if key not in found and (step.shown == observed or _proven(step, observed, run.process)):
            found[key] = _Found(cost, step.shown, step.text)
    best = [*found.values()]
    if not best:
        return None
    kept = common_start(observed, best[0].text)
    return _trimmed(start, observed, best)._replace(
        roughest=model.roughest((before + observed[:kept])[-2:], best[0].text[kept:]),
        gain=model.text_cost(before, observed) - model.text_cost(before, best[0].shown),
        rough=rough_places(ways[0]),
    )


def byte_damage(text: str, evidence: Evidence) -> Sequence[Edit]:
    """Undo what mirror sites do to the bytes of GBK: text read one byte off, notes and marks inside characters.

    A run is rewritten only where the process, run forward on what is written, gives the observed run, character for
    character. Where several such texts are about as likely, a character that they do not agree on becomes U+FFFD, and where
    they agree on little the run stays; where one is likelier, but not beyond doubt, the edit says so. `repairs` names the
    texts. Left alone: question marks of the text, runs that nothing explains, and repairs that read little better. Notes and commas of the process stay for the cleaners that know them.

    >>> from cleaners.edits import apply_edits
    >>> text = "省政府辦公廳牽頭。“滿足需求?！笔≌k公廳有關負責人介紹，省政府辦公廳會同有關部門。"
    >>> apply_edits(text, byte_damage(text, Evidence()))
    '省政府辦公廳牽頭。“滿足需求。”省政府辦公廳有關負責人介紹，省政府辦公廳會同有關部門。'
    >>> byte_damage("真的吗?!省政府回应了", Evidence())
    []
    """
    if not is_damaged(text):
        return []
    found = [(r, text[r.start : r.end]) for r in repairs(text, evidence.site_text)]
    return [
        Edit(r.start, r.end, new, likely=r.written and not r.sure)
        for r, observed in found
        if (new := r.mended(observed)) != observed
    ]


def left_runs(text: str, evidence: Evidence, *, damaged: bool = False) -> tuple[Repair, ...]:
    """The damaged runs of a text, of that which `byte_damage` leaves those that it has not repaired, with what may have stood there.

    They are runs that several repairs explain and runs that none explains, not question marks that read as such. `damaged` says that
    other runs of the text were damaged.

    >>> (run,) = left_runs("有关部门应当及时告知申请人，并说明理由，上?：?。", Evidence())
    >>> [text for text, _ in run.candidates[:2]]
    ['上海和', '上海含量']
    >>> left_runs("真的吗?!省政府回应了", Evidence())
    ()
    """
    return repairs(text, evidence.site_text, damaged=damaged) if damaged or is_damaged(text) else ()


def unresolved(text: str, evidence: Evidence, *, damaged: bool = False) -> int:
    """How many such runs there are, and wounds that were not looked at.

    >>> unresolved("有关部门应当及时告知申请人，并说明理由，上?：?。", Evidence())
    1
    """
    left = left_runs(text, evidence, damaged=damaged)
    return len(left) + (_looked_at(text, evidence.site_text).unseen if damaged or left else 0)
