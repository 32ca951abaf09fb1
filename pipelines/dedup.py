"""Exact duplicates: the first record of a text stays, whatever the number of records."""

import hashlib
import sqlite3

from output.record import Record

_SHORT = 100
"""Characters: a shorter text ("详见附件。") is no duplicate under another title."""
_CACHE = 64 * 1024
"""Memory that the index may hold (KiB); what is more lies in a temporary file."""


def text_key(record: Record) -> bytes:
    """The record's text without blanks, as a hash (16 bytes); of a short text, together with its title."""
    text = "".join(record.text.split())
    named = f"{record.title or ''}\n{text}" if len(text) < _SHORT else text
    return hashlib.sha256(named.encode()).digest()[:16]


class SeenTexts:
    """The texts seen in a run. They lie in an unnamed database that goes with the process, on disk where it grows."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, id TEXT) WITHOUT ROWID")
        self._base.execute("BEGIN")

    def first(self, key: bytes, record_id: str) -> str | None:
        """Note a text; returns the id of the record that had it first, None if this one is the first.

        >>> seen = SeenTexts()
        >>> seen.first(b"k", "a"), seen.first(b"k", "b")
        (None, 'a')
        """
        if self._base.execute("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (key, record_id)).rowcount:
            return None
        found: str = self._base.execute("SELECT id FROM seen WHERE key = ?", (key,)).fetchone()[0]
        return found

    def close(self) -> None:
        """Give the space back."""
        self._base.close()
