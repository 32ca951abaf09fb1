"""Runs: which have been, which goes on, and the locks that keep two runs of a site apart."""

import json
import os
import socket
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from govscrape.state.store import now, transaction
from govscrape.state.verdict import Judged, Numbers, Verdict

RESUMABLE = timedelta(days=3)
"""A run that stopped longer ago is not taken up: its first pages would be too old to be called this run's."""
SILENT = timedelta(minutes=10)
"""A lock of another machine (or of a container that is gone) holds as long as it is renewed; `renew` is called each minute."""
RUNNING = "running"


class LockedError(Exception):
    """Another run of the site goes on; the message says which."""


class Begun(NamedTuple):
    """A run that has the locks of its sites: new, or one taken up where it stopped."""

    id: int
    resumed: bool


class SiteRun(NamedTuple):
    """One site's part in a run, as it stands in the history."""

    run: int
    site: str
    started: str
    finished: str | None
    verdict: str
    why: str
    numbers: Numbers


class RunBook:
    """The history and the locks in a state file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._holder = f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())}"

    def begin(self, sites: Sequence[str], command: str) -> Begun:
        """Lock the sites and begin a run, or take up the same command's run where it stopped; a dead run's lock falls.

        Raises LockedError.
        """
        with transaction(self.db) as db:
            for site in sites:
                self._lock(site)
            since = (datetime.now(UTC) - RESUMABLE).strftime("%Y-%m-%dT%H:%M:%SZ")
            row = db.execute(
                "SELECT id FROM run WHERE sites = ? AND finished IS NULL AND started > ? ORDER BY id DESC",
                (command, since),
            ).fetchone()
            marks = ", ".join("?" * len(sites))
            db.execute(
                f"UPDATE site_run SET verdict = 'interrupted', finished = ? WHERE verdict = ? AND site IN ({marks})",  # noqa: S608
                (now(), RUNNING, *sites),
            )
            if row:
                db.execute("UPDATE site_run SET verdict = ?, finished = NULL WHERE run = ?", (RUNNING, row["id"]))
                return Begun(row["id"], resumed=True)
            cursor = db.execute("INSERT INTO run (sites, started) VALUES (?, ?)", (command, now()))
            rows = [(cursor.lastrowid, site, now(), RUNNING) for site in sites]
            db.executemany("INSERT INTO site_run (run, site, started, verdict) VALUES (?, ?, ?, ?)", rows)
        return Begun(int(cursor.lastrowid or 0), resumed=False)

    def renew(self) -> None:
        """Say that this process still holds its locks."""
        with transaction(self.db) as db:
            db.execute("UPDATE lock SET taken = ? WHERE holder = ?", (now(), self._holder))

    def finish(self, run: int, judged: Mapping[str, Judged]) -> None:
        """Write the verdicts and let the locks go; an interrupted run can be taken up."""
        time = now()
        interrupted = any(each.verdict is Verdict.INTERRUPTED for each in judged.values())
        with transaction(self.db) as db:
            for site, each in judged.items():
                db.execute(
                    "UPDATE site_run SET verdict = ?, why = ?, numbers = ?, finished = ? WHERE run = ? AND site = ?",
                    (each.verdict, each.why, json.dumps(each.numbers.as_dict()), time, run, site),
                )
            if not interrupted:
                db.execute("UPDATE run SET finished = ? WHERE id = ?", (time, run))
        self.release()

    def release(self) -> None:
        """Let go of this process's locks and archive files."""
        with transaction(self.db) as db:
            db.execute("DELETE FROM lock WHERE holder = ?", (self._holder,))
            db.execute("UPDATE archive SET holder = NULL WHERE holder = ?", (self._holder,))

    def history(self, site: str | None = None, last: int = 20) -> list[SiteRun]:
        """The last runs, oldest first; of one site or of all. A run whose process is dead counts as interrupted."""
        rows = self.db.execute(
            "SELECT run, site, started, finished, verdict, why, numbers FROM site_run"
            " WHERE ? IS NULL OR site = ? ORDER BY run DESC, site DESC LIMIT ?",
            (site, site, last),
        ).fetchall()
        held = {row["site"]: row for row in self.db.execute("SELECT site, holder, taken FROM lock")}
        return [self._site_run(row, held) for row in reversed(rows)]

    def baseline(self, site: str, run: int, last: int = 5) -> list[Numbers]:
        """The numbers of the last runs that were not bad, to compare a run with."""
        rows = self.db.execute(
            "SELECT numbers FROM site_run WHERE site = ? AND run < ? AND verdict IN ('ok', 'partial', 'stale')"
            " ORDER BY run DESC LIMIT ?",
            (site, run, last),
        )
        return [Numbers.of_dict(json.loads(row["numbers"])) for row in rows]

    def sites(self) -> list[str]:
        """Every site that was ever crawled into this state file."""
        return [row["site"] for row in self.db.execute("SELECT DISTINCT site FROM site_run ORDER BY site")]

    def dead_letters(self, site: str) -> list[tuple[str, int, str]]:
        """What could not be fetched: address, in how many runs in a row, and why."""
        rows = self.db.execute(
            "SELECT url, tries, why FROM page WHERE site = ? AND state = 'failed' ORDER BY id", (site,)
        )
        return [(row["url"], row["tries"], row["why"] or "") for row in rows]

    def claim_archive(self, names: Iterable[str], limit: int, folder: Path) -> tuple[str, int]:
        """Take the first archive file that is not full and that no living run writes: its name and how long it is.

        What lies behind that length was written by a killed run and belongs to no record. A file that is shorter, or that
        this state does not know, is left alone.
        """
        with transaction(self.db) as db:
            for name in names:
                row = db.execute("SELECT size, holder FROM archive WHERE file = ?", (name,)).fetchone()
                there = (folder / name).stat().st_size if (folder / name).exists() else -1
                if row is None and there < 0:
                    db.execute("INSERT INTO archive (file, size, holder) VALUES (?, 0, ?)", (name, self._holder))
                    return name, 0
                free = row and not (row["holder"] and row["holder"] != self._holder and _alive(row["holder"]))
                if free and row["size"] < limit and there >= row["size"]:
                    db.execute("UPDATE archive SET holder = ? WHERE file = ?", (self._holder, name))
                    return name, int(row["size"])
        raise OSError(f"no name is left for an archive file in {folder}")

    def _lock(self, site: str) -> None:
        row = self.db.execute("SELECT holder, taken FROM lock WHERE site = ?", (site,)).fetchone()
        if row and row["holder"] != self._holder and _alive(row["holder"], row["taken"]):
            host, pid, _ = row["holder"].split(" ")
            raise LockedError(
                f"a run of {site} goes on already (process {pid} on {host}, last heard of at {row['taken']})"
            )
        self.db.execute(
            "INSERT OR REPLACE INTO lock (site, holder, taken) VALUES (?, ?, ?)", (site, self._holder, now())
        )

    def _site_run(self, row: sqlite3.Row, held: Mapping[str, sqlite3.Row]) -> SiteRun:
        verdict = row["verdict"]
        if verdict == RUNNING:
            lock = held.get(row["site"])
            verdict = RUNNING if lock and _alive(lock["holder"], lock["taken"]) else Verdict.INTERRUPTED.value
        numbers = Numbers.of_dict(json.loads(row["numbers"]))
        return SiteRun(row["run"], row["site"], row["started"], row["finished"], verdict, row["why"], numbers)


def _alive(holder: str, taken: str | None = None) -> bool:
    """Say whether a lock's holder lives: here by its process, elsewhere by when it was last renewed."""
    host, pid, started = holder.split(" ")
    if host == socket.gethostname():
        return bool(_started(int(pid))) and _started(int(pid)) == started
    return taken is not None and datetime.now(UTC) - datetime.fromisoformat(taken) < SILENT


def _started(pid: int) -> str:
    """When a process began (in ticks since the boot), so that its number, given anew, is not taken for it; "" if dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return _signalled(pid)


def _signalled(pid: int) -> str:
    if Path("/proc/self/stat").exists():
        return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "unknown"
