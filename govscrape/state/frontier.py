"""The frontier of one run: which pages are to be asked for, and what became of each, in the state file."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from w3lib.url import canonicalize_url

from cleaners.reason import Reason
from govscrape.state.store import begin, commit, now, transaction
from output.archive import RawArchive
from output.record import Record, Rejected
from pipelines.crawl import Change, CrawlItem, Digests, Fetched, Tally

RECHECK_UNLISTED = timedelta(days=30)
"""A page that has fallen off its lists is asked for at once, then only so often: lists with a window grow no run."""


class Leased(NamedTuple):
    """A page that is being asked for, and what is known of it from before."""

    id: int
    url: str
    site: str
    verdict: str | None
    etag: str | None
    modified: str | None
    payload: str | None
    raw_id: str | None
    raw_date: str | None
    raw_file: str | None
    raw_offset: int | None

    @property
    def raw(self) -> tuple[str | None, str | None, str | None, str | None, int | None]:
        """The full response that the archive has: digest of its payload, WARC-Record-ID, WARC-Date, file, offset."""
        return self.payload, self.raw_id, self.raw_date, self.raw_file, self.raw_offset


class Settled(NamedTuple):
    """A page of the output: its record or reject, as JSON."""

    record: bytes | None
    reject: bytes | None
    change: Change


class Frontier:
    """Pages of one run: pending → leased → done or failed. Each change of a page is one transaction.

    `whole` says that the run reads all lists to their end: what they do not name is not there any more. `waiting` counts by site what is still to be leased, `flying` what is being asked for.
    """

    def __init__(self, db: sqlite3.Connection, run: int, sites: Sequence[str], archive: RawArchive) -> None:
        self._db, self._run, self._archive = db, run, archive
        self.sites = tuple(sites)
        self.whole = True
        self.flying: Counter[str] = Counter()
        self._leased: dict[int, str] = {}
        with transaction(db):
            db.execute("UPDATE page SET state = 'pending' WHERE run = ? AND state IN ('leased', 'left')", (run,))
            db.executemany("DELETE FROM list_reject WHERE site = ?", [(site,) for site in sites])
        rows = db.execute("SELECT site, count(*) FROM page WHERE run = ? AND state = 'pending' GROUP BY site", (run,))
        self.waiting: Counter[str] = Counter({row[0]: row[1] for row in rows})

    def offer(self, site: str, url: str, day: date | None) -> bool:
        """Note a listed article; True if it is to be asked for, False if this run, or one of another site, asks already.

        A list's articles are written together, by `flush`.
        """
        key = canonicalize_url(url).partition("://")[2]  # http and https are one page
        begin(self._db)
        changed = self._db.execute(
            "INSERT INTO page (key, url, site, day, state, run, listed, first_seen)"
            " VALUES (?, ?, ?, ?, 'pending', ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
            " state = 'pending', run = excluded.run, listed = excluded.listed, url = excluded.url, site = excluded.site,"
            " day = coalesce(excluded.day, day)"
            " WHERE run <> excluded.run AND (site = excluded.site OR state NOT IN ('pending', 'leased'))",
            (key, url, site, day and day.isoformat(), self._run, self._run, now()),
        ).rowcount
        self.waiting[site] += changed
        return bool(changed)

    def flush(self) -> None:
        """Write what has been offered."""
        commit(self._db)

    def offer_unlisted(self, site: str) -> int:
        """Queue the known records that this run's lists no longer name: only asking tells whether they are gone."""
        (last,) = self._db.execute(
            "SELECT max(run) FROM site_run WHERE site = ? AND run < ?", (site, self._run)
        ).fetchone()
        before = (datetime.now(UTC) - RECHECK_UNLISTED).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._queue(
            "site = ? AND run <> ? AND verdict = 'record' AND (listed >= ? OR last_seen < ?)",
            (site, self._run, last or 0, before),
            site,
        )

    def offer_failed(self, site: str) -> int:
        """Queue what could not be fetched in earlier runs."""
        return self._queue("site = ? AND state = 'failed' AND run <> ?", (site, self._run), site)

    def _queue(self, which: str, values: tuple[object, ...], site: str) -> int:
        with transaction(self._db) as db:
            count = db.execute(f"UPDATE page SET state = 'pending', run = {self._run} WHERE {which}", values).rowcount  # noqa: S608
        self.waiting[site] += count
        return count

    def lease(self, site: str, count: int) -> list[Leased]:
        """Take the next pages of a site, in the order in which they were first listed."""
        with transaction(self._db) as db:
            rows = db.execute(
                f"SELECT {', '.join(Leased._fields)} FROM page WHERE site = ? AND state = 'pending' AND run = ?"  # noqa: S608
                " ORDER BY id LIMIT ?",
                (site, self._run, count),
            ).fetchall()
            db.executemany("UPDATE page SET state = 'leased' WHERE id = ?", [(row["id"],) for row in rows])
        self.waiting[site] = self.waiting[site] - len(rows) if len(rows) == count else 0
        for row in rows:
            self._leased[row["id"]] = site
        self.flying[site] += len(rows)
        return [Leased(*row) for row in rows]

    def leave(self, page: Leased) -> None:
        """Leave a page for the next run: its host is parked."""
        with transaction(self._db):
            self._set(page.id, {"state": "left"})
        self._land(page.id)

    def twin(self, digests: Digests, page: int) -> str | None:
        """The address of another record with the same text.

        Where the lists have been read, one that they no longer name does not count: a site that gave all its articles new
        addresses would lose them. The page has to be settled next: until then no other run can settle another.
        """
        begin(self._db)
        row = self._db.execute(
            "SELECT url FROM page WHERE text_hash = ? AND verdict = 'record' AND id <> ?"
            " AND (NOT ? OR listed = ? OR (run = ? AND state = 'done'))",
            (digests.text, page, self.whole, self._run, self._run),
        ).fetchone()
        return row and str(row["url"])

    def keep(self, item: CrawlItem, record: Record, digests: Digests) -> Change:
        """Settle a page as a record; says what is new about it. An unchanged one keeps the record it had."""
        page, time = _page(item), now()
        row = self._db.execute("SELECT verdict, digest, day FROM page WHERE id = ?", (page,)).fetchone()
        known = row["verdict"] in ("record", "gone")
        change = Change.NEW if not known else Change.UNCHANGED if row["digest"] == digests.whole else Change.CHANGED
        values = {"state": "done", "verdict": "record", "change": change, "last_seen": time, "tries": 0}
        values |= {"text_hash": digests.text, "digest": digests.whole} | _validators(item.fetched)
        if change is not Change.UNCHANGED:
            values["last_changed"] = time
        if not row["day"] and record.meta.published_at:
            values["day"] = record.meta.published_at[:10]
        with transaction(self._db) as db:
            self._set(page, values)
            if change is not Change.UNCHANGED:
                db.execute("INSERT OR REPLACE INTO document (page, record) VALUES (?, ?)", (page, _json(record)))
            else:
                db.execute("UPDATE document SET reject = NULL WHERE page = ?", (page,))
            self._archived()
        self._land(page)
        return change

    def confirm(self, item: CrawlItem) -> str:
        """Settle a page as not changed since the last run, by the server's word; returns its verdict."""
        page = _page(item)
        with transaction(self._db):
            self._set(page, {"state": "done", "change": Change.UNCHANGED, "last_seen": now(), "tries": 0})
            self._archived()
        self._land(page)
        return str(self._db.execute("SELECT verdict FROM page WHERE id = ?", (page,)).fetchone()["verdict"])

    def lose(self, item: CrawlItem) -> None:
        """Settle a page as gone; its record stays, marked. Pages rejected as its doubles will be asked for anew."""
        page = _page(item)
        with transaction(self._db) as db:
            gone: dict[str, object] = {"state": "done", "verdict": "gone", "change": Change.GONE, "tries": 0}
            self._set(page, gone | {"etag": None, "modified": None})
            db.execute(
                "UPDATE page SET etag = NULL, modified = NULL WHERE verdict = 'duplicate'"
                " AND text_hash = (SELECT text_hash FROM page WHERE id = ?)",
                (page,),
            )
            self._archived()
        self._land(page)

    def vanished(self, item: CrawlItem, rejected: Rejected) -> bool:
        """Say whether a record's page is gone without a 404: off its lists, and what comes in its place is no article."""
        if item.page is None or rejected.reason is Reason.FETCH_FAILED:
            return False
        row = self._db.execute("SELECT verdict, listed FROM page WHERE id = ?", (item.page,)).fetchone()
        return bool(self.whole and row["verdict"] == "record" and row["listed"] != self._run)

    def reject(self, item: CrawlItem, rejected: Rejected, digests: Digests | None = None) -> None:
        """Settle a page as rejected, or note a list that could not be read. An earlier record stays as it was."""
        if item.page is None:
            with transaction(self._db) as db:
                row = (rejected.url or "", item.site, _json(rejected))
                db.execute("INSERT OR REPLACE INTO list_reject (url, site, reject) VALUES (?, ?, ?)", row)
                self._archived()
            return
        row = self._db.execute("SELECT verdict, tries FROM page WHERE id = ?", (item.page,)).fetchone()
        failed = rejected.reason is Reason.FETCH_FAILED
        values: dict[str, object] = {"state": "failed" if failed else "done", "change": None, "why": rejected.detail}
        values["tries"] = row["tries"] + 1 if failed else 0
        if row["verdict"] not in ("record", "gone"):
            values |= {"verdict": rejected.reason, "text_hash": digests and digests.text}
            values |= {} if failed else _validators(item.fetched)
        with transaction(self._db) as db:
            self._set(item.page, values)
            db.execute("INSERT OR IGNORE INTO document (page) VALUES (?)", (item.page,))
            db.execute("UPDATE document SET reject = ? WHERE page = ?", (_json(rejected), item.page))
            self._archived()
        self._land(item.page)

    def count_into(self, tally: Tally) -> None:
        """Count what this run had settled before it was taken up."""
        rows = self._db.execute(
            "SELECT site, state, change, count(*) AS count FROM page WHERE run = ? GROUP BY site, state, change",
            (self._run,),
        )
        for row in rows:
            site, count = row["site"], row["count"]
            tally.articles[site] += count
            if row["state"] == "failed":
                tally.failed[site] += count
            elif row["state"] == "done" and row["change"]:
                tally.changes[Change(row["change"])][site] += count
            elif row["state"] == "done":
                tally.rejected[site] += count

    def settled(self) -> Iterator[Settled]:
        """All records and rejects, in the order in which their pages were first listed.

        Each with what the last run of its site found of it.
        """
        rows = self._db.execute(
            "SELECT p.verdict, p.change, d.*, p.state = 'done' AND p.run = s.last AS here"
            " FROM document d JOIN page p ON p.id = d.page"
            " LEFT JOIN (SELECT site, max(run) AS last FROM site_run GROUP BY site) s ON s.site = p.site ORDER BY d.page"
        )
        for row in rows:
            here = row["here"] and row["change"]
            change = Change(row["change"]) if here else Change.GONE if row["verdict"] == "gone" else Change.UNCHANGED
            yield Settled(row["record"], row["reject"], change)
        for row in self._db.execute("SELECT reject FROM list_reject ORDER BY rowid"):
            yield Settled(None, row["reject"], Change.UNCHANGED)

    def _set(self, page: int, values: Mapping[str, object]) -> None:
        columns = ", ".join(f"{column} = ?" for column in values)
        self._db.execute(f"UPDATE page SET {columns} WHERE id = ?", (*values.values(), page))  # noqa: S608

    def _archived(self) -> None:
        name, size = self._archive.position()
        self._db.execute("UPDATE archive SET size = ? WHERE file = ?", (size, name))

    def _land(self, page: int) -> None:
        if site := self._leased.pop(page, None):
            self.flying[site] -= 1


def _validators(fetched: Fetched | None) -> dict[str, object]:
    """What the server gave for the next conditional request, and where the full response lies."""
    if fetched is None:
        return {}
    values: dict[str, object] = {"etag": fetched.etag, "modified": fetched.modified}
    if (full := fetched.archived) and not full.revisit:
        values |= {"payload": full.payload, "raw_id": full.id, "raw_date": full.date}
        values |= {"raw_file": full.file, "raw_offset": full.offset}
    return values


def _page(item: CrawlItem) -> int:
    if item.page is None:
        raise ValueError(f"{item.listed} is a list, not a page of the frontier")
    return item.page


def _json(model: Record | Rejected) -> bytes:
    return model.model_dump_json().encode()
