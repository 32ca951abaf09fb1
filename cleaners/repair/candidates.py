"""A damaged run and the texts that may have stood there: which of them is written, and where it stays as it was found."""

from difflib import SequenceMatcher
from math import inf
from typing import NamedTuple

from cleaners.repair.symbols import MARK

LONGEST = 240
"""Characters of a run that are looked at."""
ANYWHERE = frozenset(range(LONGEST))
MARGIN, SURE = 1.0, 5.0
"""Nats by which a candidate must be ahead to be written, and to be beyond doubt. Of 1,901 runs of made damage in simplified text that are
written whole, half of those 1 to 1.5 ahead are right, 77 of 100 up to 4, 95 up to 5, 99 beyond that; of 692 in traditional text 86
below 5 and all but one of 359 beyond. A mark costs the right characters as well."""
_MOST_MARKS = 0.34
"""Share of characters that may be marked; where more are in doubt, the run stays as it was found."""
CLEAR, _CLEAR_MARGIN = 14.0, 2.5
"""Nats of three characters in a row up to which a text reads well, and by which it must be ahead. Of 2,593 repairs of made damage
75 of 1,318 below it are wrong, 227 of 1,275 above: one wrong character hides in the mean of a long run, not here."""
_DOUBTFUL = 7.0
"""Nats a character that no believed text costs; right repairs cost up to 6.3."""
ROUGHEST = 33.0
"""Nats of three characters in a row beyond which no text is believed: right repairs reach 30.8 (a surname after a quotation)."""
_FAIR = 20.0
"""Of 2,291 right repairs of made damage 92 in 100 read no worse than this, of 302 wrong ones 67."""


class Repair(NamedTuple):
    """A damaged run and what may have stood there: the proven repairs, best first, each with its cost in nats."""

    start: int
    end: int
    candidates: tuple[tuple[str, float], ...]
    length: int = 1
    """Characters that the cost is for: the run's own and those of the text beside it."""
    roughest: float = 0.0
    """Nats of the three characters in a row that read worst in the best text."""
    gain: float = 0.0
    """Nats by which the best text reads better than what is observed."""
    rough: frozenset[int] = ANYWHERE
    """Places of the run where a pair may have vanished."""
    weak: bool = False
    """Whether the best text reads too little better to be written."""

    @property
    def best(self) -> str:
        """The likeliest text."""
        return self.candidates[0][0]

    @property
    def doubtful(self) -> bool:
        """Whether even the likeliest text reads like no Chinese, or little better than what is observed."""
        return self.weak or self.candidates[0][1] > _DOUBTFUL * self.length or self.roughest > ROUGHEST

    @property
    def unexplained(self) -> bool:
        """Whether no text at all is proven."""
        return self.candidates[0][1] == inf

    @property
    def clear(self) -> bool:
        """Whether the best candidate reads so well, and so far ahead of the next, that no wider search would change it."""
        ahead = len(self.candidates) == 1 or self.candidates[1][1] - self.candidates[0][1] >= _CLEAR_MARGIN
        return ahead and self.roughest <= CLEAR

    @property
    def fair(self) -> bool:
        """Whether the best candidate reads as most right repairs do."""
        return not self.doubtful and self.roughest <= _FAIR

    @property
    def decided(self) -> bool:
        """Whether the best candidate is far enough ahead of the next, and whole."""
        return len(self._close()) == 1 and MARK not in self.best

    @property
    def written(self) -> bool:
        """Whether a text is written for the whole run."""
        return self.decided and not self.doubtful

    @property
    def sure(self) -> bool:
        """Whether that text is beyond doubt.

        >>> likely = Repair(0, 4, (("三保工作", 9.0), ("三海工作", 12.0)), length=4)
        >>> likely.written, likely.sure
        (True, False)
        """
        return self.written and len(self._close(SURE)) == 1

    def _close(self, margin: float = MARGIN) -> list[str]:
        """The candidates that evidence does not tell from the best."""
        return [text for text, cost in self.candidates if cost < self.candidates[0][1] + margin]

    def mended(self, observed: str) -> str:
        """What is written for an observed run: what all close candidates agree on, a mark (U+FFFD) for what they do not.

        The run stays where no candidate reads like Chinese, where it may be no damage at all, and where they agree on little.

        >>> Repair(0, 4, (("三保工作", 9.0), ("三海工作", 9.1), ("三模工作", 12.0)), length=4).mended("三??")
        '三\ufffd工作'
        """
        close = self._close()
        if self.doubtful or observed in close:
            return observed
        agreed = _agreed(close)
        return agreed if agreed.count(MARK) <= max(1, _MOST_MARKS * len(agreed)) else observed


def _agreed(texts: list[str]) -> str:
    """What texts have in common: the first of them, with a mark for each character that another has otherwise, or has besides.

    >>> _agreed(["医保火的使用", "医保基金的使用", "医保火的任用"])
    '医保\ufffd的\ufffd用'
    >>> _agreed(["函提供", "涵提供", "保函提供"])
    '\ufffd提供'
    """
    best, *others = texts
    chars, gaps = [*best], set[int]()
    for other in others:
        for tag, start, end, *_ in SequenceMatcher(None, best, other, autojunk=False).get_opcodes():
            if tag == "insert":
                gaps.add(start)
            elif tag != "equal":
                chars[start:end] = MARK * (end - start)
    return "".join(
        MARK * (i in gaps and MARK not in chars[max(0, i - 1) : i + 1]) + char for i, char in enumerate([*chars, ""])
    )
