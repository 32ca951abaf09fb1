"""The verdict of a run, site by site: is what came what this site gives, and is it fresh?"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

MOST = 0.5
"""Share from which a thing is the rule and no exception: of answers refused, of articles gone."""
DRIFT = 0.3
"""By how much the share of rejects or empty fields may grow over that of the last runs."""
ENOUGH = 5
"""Pages below which a share says nothing; days below which a site has no rhythm."""
PATIENCE = 3
"""A site is stale when its newest article is older than so many of its longest usual gaps …"""
HOLIDAYS = timedelta(days=14)
"""… and than this: the longest closure (Spring Festival, with the days around it)."""


class Verdict(StrEnum):
    """What a run came to, best first."""

    OK = "ok"
    PARTIAL = "partial"
    INTERRUPTED = "interrupted"
    STALE = "stale"
    SCHEMA_DRIFT = "schema_drift"
    EMPTY = "empty"
    BLOCKED = "blocked"

    @property
    def exit_code(self) -> int:
        """0: all went well; 1: something is missing, the rest is right; 3: someone has to look."""
        return {Verdict.OK: 0, Verdict.PARTIAL: 1, Verdict.INTERRUPTED: 1}.get(self, 3)


@dataclass(slots=True)
class Numbers:
    """One site's numbers in one run.

    `listed` counts all articles of the lists, `asked` those asked for; `judged` pages were downloaded and cleaned, of these
    `misread` were taken for no article and `blank` had no title or date.
    """

    responses: int = 0
    listed: int = 0
    asked: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    rejected: int = 0
    failed: int = 0
    left: int = 0
    blocked: int = 0
    judged: int = 0
    misread: int = 0
    blank: int = 0
    list_failures: int = 0
    newest: str | None = None
    days: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def records(self) -> int:
        """Records that this run brought or confirmed."""
        return self.new + self.changed + self.unchanged

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it; without the days, which belong to the state."""
        return {name: value for name, value in asdict(self).items() if name != "days"}

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> Self:
        """From JSON; keys of other versions are passed over."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with its reason, in a line for the operator, and the numbers behind it."""

    verdict: Verdict
    why: str
    numbers: Numbers


def judge_run(
    numbers: Numbers, earlier: Sequence[Numbers], today: date, *, silence: timedelta | None = None, lists: bool = True
) -> Judged:
    """Judge a whole run of one site against its earlier ones.

    `silence` is how long the site may go without a new article; without it, its own rhythm tells. `lists` is False where
    only failed pages were retried.

    >>> judge_run(Numbers(responses=9, listed=5, asked=5, new=5, judged=5), [], date(2024, 3, 1)).verdict.value
    'ok'
    >>> judge_run(Numbers(responses=9, blocked=8, listed=0), [], date(2024, 3, 1)).why
    '8 of 9 answers were refusals (403, 412, 429, a browser check)'
    """
    checks = [(Verdict.BLOCKED, _blocked(numbers))]
    if lists:
        checks += [
            (Verdict.EMPTY, _empty(numbers)),
            (Verdict.SCHEMA_DRIFT, _drift(numbers, earlier)),
            (Verdict.STALE, _stale(numbers, today, silence)),
        ]
    checks.append((Verdict.PARTIAL, _partial(numbers)))
    return next((Judged(verdict, why, numbers) for verdict, why in checks if why), Judged(Verdict.OK, "", numbers))


def allowed_silence(days: Sequence[date]) -> timedelta | None:
    """How long a site that published on these days may be silent; None where they are too few to show a rhythm.

    >>> week = [date(2024, 3, day) for day in (1, 8, 15, 22, 29)]
    >>> allowed_silence(week).days, allowed_silence(week[:3])
    (21, None)
    """
    latest = sorted(set(days))[-50:]
    if len(latest) < ENOUGH:
        return None
    gaps = sorted(later - sooner for sooner, later in pairwise(latest))
    return max(HOLIDAYS, PATIENCE * gaps[int(0.9 * (len(gaps) - 1))])


def _blocked(n: Numbers) -> str:
    if n.blocked and n.blocked >= MOST * n.responses:
        return f"{n.blocked} of {n.responses} answers were refusals (403, 412, 429, a browser check)"
    return ""


def _empty(n: Numbers) -> str:
    if n.records or (n.listed and not n.asked):
        return ""
    return "no list gave an article" if not n.listed else f"{n.listed} articles were listed, none became a record"


def _drift(n: Numbers, earlier: Sequence[Numbers]) -> str:
    if n.gone >= ENOUGH and n.gone > MOST * (n.gone + n.unchanged + n.changed):
        return f"{n.gone} of {n.gone + n.unchanged + n.changed} known articles are gone at once"
    if n.judged < ENOUGH:
        return ""
    known = sum(each.judged for each in earlier)
    if not known:
        return f"{n.misread} of {n.judged} pages were no articles" if n.misread > MOST * n.judged else ""
    kinds = (
        ("were no articles", n.misread, sum(each.misread for each in earlier)),
        ("had no title or date", n.blank, sum(each.blank for each in earlier)),
    )
    for what, count, before in kinds:
        if count / n.judged > before / known + DRIFT:
            return f"{count} of {n.judged} pages {what}, {before} of {known} in the runs before; a redesign?"
    return ""


def _stale(n: Numbers, today: date, silence: timedelta | None) -> str:
    days = [date.fromisoformat(day) for day in n.days if day <= today.isoformat()]
    allowed = silence or allowed_silence(days)
    if allowed is None or not days or today - max(days) <= allowed:
        return ""
    by = "its spec" if silence else "its rhythm"
    return f"the newest article is of {max(days)}; {by} allows {allowed.days} days"


def _partial(n: Numbers) -> str:
    counts = (
        (n.list_failures, "list", "could not be read"),
        (n.failed, "article", "not fetched"),
        (n.left, "article", "left for the next run"),
    )
    return ", ".join(f"{count} {what}{'s' * (count > 1)} {why}" for count, what, why in counts if count)
