"""The state file: its tables, and how it is opened and written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

VERSION = 1
TABLES = """
CREATE TABLE IF NOT EXISTS page (        -- every article address ever listed, once
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,              -- canonical address without its scheme
  url TEXT NOT NULL,
  site TEXT NOT NULL,
  day TEXT,                              -- as its list dates it
  state TEXT NOT NULL,                   -- pending, leased, done, failed, left (its host was parked)
  run INTEGER NOT NULL,                  -- the run that asked last
  listed INTEGER NOT NULL,               -- the run whose lists named it last
  verdict TEXT,                          -- record, gone, or the reason of a reject
  change TEXT,                           -- in that run: new, changed, unchanged, gone
  text_hash BLOB,                        -- of the cleaned text, blanks aside
  digest BLOB,                           -- of text, title and metadata
  etag TEXT, modified TEXT,              -- as the server gave them with the text
  payload TEXT, raw_id TEXT, raw_date TEXT, raw_file TEXT, raw_offset INTEGER,  -- the full response in the archive
  first_seen TEXT NOT NULL, last_seen TEXT, last_changed TEXT,
  tries INTEGER NOT NULL DEFAULT 0,      -- failed runs in a row
  why TEXT                               -- the last failure
);
CREATE INDEX IF NOT EXISTS page_todo ON page(site, state, id) WHERE state IN ('pending', 'leased', 'left', 'failed');
CREATE INDEX IF NOT EXISTS page_text ON page(text_hash) WHERE verdict = 'record';
CREATE TABLE IF NOT EXISTS document (page INTEGER PRIMARY KEY, record BLOB, reject BLOB);
CREATE TABLE IF NOT EXISTS list_reject (url TEXT PRIMARY KEY, site TEXT NOT NULL, reject BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, sites TEXT NOT NULL, started TEXT NOT NULL, finished TEXT);
CREATE TABLE IF NOT EXISTS site_run (
  run INTEGER NOT NULL, site TEXT NOT NULL, started TEXT NOT NULL, finished TEXT,
  verdict TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', numbers TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (run, site)
);
CREATE TABLE IF NOT EXISTS lock (site TEXT PRIMARY KEY, holder TEXT NOT NULL, taken TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS archive (file TEXT PRIMARY KEY, size INTEGER NOT NULL, holder TEXT);
"""


ANEW = "move it away with its -wal, and the next crawl begins anew"


class StateError(Exception):
    """The state file cannot be used; the message names it and says why."""


class DamagedError(OSError):
    """The state file turns out to be damaged; the message says what to do."""


def open_state(path: Path) -> sqlite3.Connection:
    """Open the state file, and make it where it is not there. A killed process leaves it whole (WAL).

    Raises StateError.
    """
    db = None
    try:
        db = sqlite3.connect(path, timeout=60, isolation_level=None)
        _prepare(db)
    except (sqlite3.Error, StateError) as error:
        if db:
            db.close()
        remedy = f"; {ANEW}" if is_damage(error) else ""
        raise StateError(f"{path}: cannot be used as state file: {error}{remedy}") from error
    return db


def _prepare(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version not in (0, VERSION):
        raise StateError(f"written by another version of govscrape (state {version}, here {VERSION})")
    if version == 0:
        db.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version={VERSION}; COMMIT;")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, with what is open already. A file that cannot be written is an OSError, as with any other file."""
    begin(db)
    with _as_file():
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def begin(db: sqlite3.Connection) -> None:
    """Begin to write, where that has not begun: what is read from here on nobody else changes until it ends."""
    with _as_file():
        if not db.in_transaction:
            db.execute("BEGIN IMMEDIATE")


def commit(db: sqlite3.Connection) -> None:
    """Write what has been begun, if anything."""
    with _as_file():
        if db.in_transaction:
            db.execute("COMMIT")


@contextmanager
def _as_file() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise DamagedError(f"{error}; {ANEW}") from error
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(f"state file: {error}") from error
        raise


def is_damage(error: BaseException) -> bool:
    """Say whether SQLite found its file damaged, or to be none of its own.

    >>> is_damage(sqlite3.DatabaseError("database disk image is malformed")), is_damage(sqlite3.OperationalError("locked"))
    (True, False)
    """
    return type(error) is sqlite3.DatabaseError


def now() -> str:
    """The time, UTC, to the second.

    >>> len(now())
    20
    """
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
