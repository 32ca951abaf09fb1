"""Damage done to the bytes of GBK by mirror sites, found, undone with proof, or left and counted."""

import re
from collections.abc import Iterator, Sequence
from math import inf
from operator import itemgetter
from typing import NamedTuple

from cleaners.edits import Edit
from cleaners.evidence import Evidence
from cleaners.repair.model import PageModel
from cleaners.repair.process import Process, infer, variants
from cleaners.repair.readings import BRACKET, SYLLABLE
from cleaners.repair.shifted import State, Walk, walk
from cleaners.repair.symbols import symbol

_WOUND = re.compile(rf"\?(?=[^\x00-\x7f]| ?{SYLLABLE} ?\))|(?:(?<=[^\x00-\x7f])|(?<=[),]))\?")
_UNSEEN = re.compile(r"[；;](?=[ぁ-ヿㄅ-ㄩΑ-ωА-я①-⒛─-╿]|[、；;]|[^\x00-\x7f，。、；：！？]{1,40}\?)")
"""A `?` before `；` is lost, so such a wound shows only by what follows: `保护` = B1 **A3 BB** A4 gives `；` and a kana."""
_UNSEEN_ALSO = re.compile(r"[；;](?=[^\x00-\x7f，。、；：！？]{0,12}[@-~])")
"""On a page that is damaged elsewhere."""
_LOST = re.compile("\ufffd\ufffd*|锟斤拷(?:锟斤拷)*|烫烫烫+|屯屯屯+")
"""What is beyond repair: bytes replaced before they were read, memory never written."""
_NOTE = re.compile(BRACKET)
_COMMA = re.compile(r",(?=[,，。、；：！？;:!?])")
_MARKS = frozenset("，。、；：！？,;:!?")
_LONGEST = 240
_MARGIN = 0.7
_WORDS = 0.5
"""Weight of the word model beside the character model."""
_CLEAR, _CLEAR_MARGIN = 2.0, 3.0
_DOUBTFUL = 7.0
_BONUS = 1.0
"""Nats in favour of each further character: models of language charge more for a text than it deserves."""
_DENSEST, _SHORT = 12, 240
"""Fewer characters than this to a wound, over the whole text (a short one counts for 240), and it is not this process:
pages seen have 30 and more."""
_MOST = 120
"""Wounds looked at in one text: a bound on time; pages seen have up to twenty. The next round takes up what is left."""
_MOST_ASKED = 150_000
"""Characters that the model is asked for in one text, about 4 µs each with what hangs on them; from then on runs are searched
quickly only. Documents with ten and more wounds ask for 20,000 to 130,000."""
_NEAR = 40
"""Characters on either side of a wound that are no evidence of what is intact."""


class Repair(NamedTuple):
    """A damaged run and what may have stood there: the proven repairs, best first, each with its cost in nats."""

    start: int
    end: int
    candidates: tuple[tuple[str, float], ...]
    length: int = 1
    """Characters that the cost is for: the run's own and those of the text beside it."""

    @property
    def best(self) -> str:
        """The likeliest text."""
        return self.candidates[0][0]

    @property
    def doubtful(self) -> bool:
        """Whether even the likeliest text reads like no Chinese."""
        return self.candidates[0][1] > _DOUBTFUL * self.length

    @property
    def clear(self) -> bool:
        """Whether the best candidate reads so well, and so far ahead of the next, that no wider search would change it."""
        ahead = len(self.candidates) == 1 or self.candidates[1][1] - self.candidates[0][1] >= _CLEAR_MARGIN
        return ahead and self.candidates[0][1] <= _CLEAR * self.length

    @property
    def decided(self) -> bool:
        """Whether the best candidate is far enough ahead of the next."""
        return len(self.candidates) == 1 or self.candidates[1][1] - self.candidates[0][1] >= _MARGIN


def _wounds(text: str) -> list[int]:
    """Where damage may begin."""
    return sorted({match.start() for each in (_WOUND, _UNSEEN, _UNSEEN_ALSO) for match in each.finditer(text)})


def _intact(text: str) -> str:
    """The page without its notes and without what stands near a wound."""
    kept, done = [], 0
    for wound in _wounds(text):
        kept.append(text[done : max(done, wound - 2)])
        done = max(done, wound + _NEAR)
    return _COMMA.sub("", _NOTE.sub("", "\n".join((*kept, text[done:]))))


def _before(text: str, at: int) -> str:
    """The two characters before a place, notes and commas of the process aside."""
    return ("\n\n" + _COMMA.sub("", _NOTE.sub("", text[max(0, at - 24) : at])))[-2:]


def _start(text: str, wound: int) -> int:
    """Where to begin: at the character before the wound, whose second byte may be part of it, and at a comma before it."""
    at = wound - 1 if text[wound - 1 : wound] == "," else wound
    if text[at - 1 : at] in {")", "）"}:
        note = [match for match in _NOTE.finditer(text, max(0, at - 10), at) if match.end() == at]
        at = note[0].start() if note else at
    if not at or text[at - 1] == "\n":
        return at
    return at - 2 if text[at - 2 : at - 1] == "," and text[at - 1] in _MARKS else at - 1


def _proven(state: State, observed: str, process: Process) -> bool:
    """Whether the process, run on the repaired text, gives what is observed, character for character."""
    try:
        return any(each.damage(state.text) == observed for each in variants(process, dict(state.notes)))
    except UnicodeEncodeError:
        return False


def _trimmed(start: int, observed: str, found: list[tuple[str, float]]) -> Repair:
    """The repair of a run without the end that all its candidates leave as it is."""
    texts = [observed, *(text for text, _ in found)]
    same = 0
    while same < min(map(len, texts)) and len({text[-same - 1] for text in texts}) == 1:
        same += 1
    end = len(observed) - same
    candidates = tuple((text[: len(text) - same], cost) for text, cost in found)
    return Repair(start, start + end, candidates, len(found[0][0]))


def repairs(text: str) -> Iterator[Repair]:
    """The damaged runs of a text, each with the texts that may have stood there, proven, best first.

    A run that nothing explains has only itself, at infinite cost.

    >>> [repair.best for repair in repairs("滿足群眾需求?！笔≌k公廳說")]
    ['求。”省政府辦']
    """
    wounds = _wounds(text)
    if len(wounds) * _DENSEST > max(len(text), _SHORT):
        return
    process, model, done = infer(text), PageModel(_intact(text)), 0
    for wound in wounds[:_MOST]:
        start = _start(text, wound)
        if start < done:
            continue
        observed, before = text[start : start + _LONGEST], _before(text, start)
        repair = _repair(Walk(observed, process, model, quick=True), before, start)
        if (repair is None or not repair.clear) and model.asked < _MOST_ASKED:
            repair = _repair(Walk(observed, process, model), before, start)
        repair = repair or Repair(start, wound + 1, ((text[start : wound + 1], inf),))
        yield repair
        done = repair.end


def _repair(run: Walk, before: str, start: int) -> Repair | None:
    """The proven repairs at the start of a run, None where there are none."""
    states, end = walk(run, before)
    observed = run.observed[:end]
    found: dict[str, tuple[str, float]] = {}
    for state in states:
        key = "".join(map(symbol, state.text))
        if key not in found and (state.shown == observed or _proven(state, observed, run.process)):
            cost = (state.cost + _WORDS * run.model.word_cost(before + state.text)) / (1 + _WORDS)
            found[key] = (state.shown, cost - _BONUS * len(state.text))
    return _trimmed(start, observed, sorted(found.values(), key=itemgetter(1))) if found else None


def _damaged(text: str) -> bool:
    return ("?" in text and _WOUND.search(text) is not None) or _UNSEEN.search(text) is not None


def byte_damage(text: str, _evidence: Evidence) -> Sequence[Edit]:
    """Undo what mirror sites do to the bytes of GBK: text read one byte off, notes and marks inside characters.

    A run is rewritten only where the process, run forward on what is written, gives the observed run, character for
    character, and no other such text comes close. Left alone: question marks of the text, runs that nothing explains, and
    runs that several texts explain about as well; `unresolved` counts those. Notes and commas of the process stay for the
    cleaners that know them.

    >>> from cleaners.edits import apply_edits
    >>> text = "省政府辦公廳牽頭。“滿足需求?！笔≌k公廳有關負責人介紹，省政府辦公廳會同有關部門。"
    >>> apply_edits(text, byte_damage(text, Evidence()))
    '省政府辦公廳牽頭。“滿足需求。”省政府辦公廳有關負責人介紹，省政府辦公廳會同有關部門。'
    >>> byte_damage("真的吗?!省政府回应了", Evidence())
    []
    """
    if not _damaged(text):
        return []
    accepted = (r for r in repairs(text) if r.decided and not r.doubtful)
    return [Edit(r.start, r.end, r.best) for r in accepted if r.best != text[r.start : r.end]]


def unresolved(text: str, _evidence: Evidence) -> int:
    """How many damaged runs a text still has. Give it the text that `byte_damage` leaves, before widths are changed.

    Counted are runs that several repairs explain, runs that none explains, runs of U+FFFD and of `锟斤拷`, `烫烫烫`, `屯屯屯`.
    A question mark that reads as one is not counted.

    >>> unresolved("近日，市政府\ufffd\ufffd发通知，锟斤拷锟斤拷。", Evidence())
    2
    """
    lost = sum(1 for _ in _LOST.finditer(text))
    if not _damaged(text):
        return lost
    return lost + sum(not repair.decided or repair.doubtful for repair in repairs(text))
