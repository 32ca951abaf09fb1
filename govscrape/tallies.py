"""A site's numbers of one run, from the crawl's tally and the state."""

import sqlite3

from govscrape.state.verdict import Judged, Numbers, Verdict
from pipelines.crawl import Change, Tally

RHYTHM = 50
"""Days of publishing that a site's rhythm is read from."""


def numbers_of(site: str, tally: Tally, db: sqlite3.Connection, seconds: float) -> Numbers:
    """Gather the numbers of a site."""
    rows = db.execute(
        "SELECT DISTINCT day FROM page WHERE site = ? AND day IS NOT NULL AND verdict <> 'gone' ORDER BY day DESC LIMIT ?",
        (site, RHYTHM),
    )
    days = [row["day"] for row in rows]
    return Numbers(
        responses=tally.answers[site],
        listed=tally.listed[site],
        asked=tally.articles[site],
        new=tally.changes[Change.NEW][site],
        changed=tally.changes[Change.CHANGED][site],
        unchanged=tally.changes[Change.UNCHANGED][site],
        gone=tally.changes[Change.GONE][site],
        rejected=tally.rejected[site],
        failed=tally.failed[site],
        left=tally.left[site],
        blocked=tally.blocked[site],
        judged=tally.judged[site],
        misread=tally.misread[site],
        blank=tally.blank[site],
        list_failures=tally.list_failures[site],
        newest=days[0] if days else None,
        days=days,
        seconds=round(seconds, 1),
    )


def interrupted(numbers: Numbers) -> Judged:
    """The verdict of a run that did not come to its end: no other can be given."""
    return Judged(Verdict.INTERRUPTED, "stopped before its end; the same command goes on", numbers)
