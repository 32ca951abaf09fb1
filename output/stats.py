"""What a dataset holds, counted by host, cleaner, length, script, encoding and reason of rejection."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from output.manifest import REJECTS, record_files
from output.shards import read_lines

LENGTHS = (0, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)
"""Lower ends of the length histogram's bins (characters)."""
_NOWHERE = "(no address)"


@dataclass
class Stats:
    """Counts of one dataset. `unresolved` counts damaged places that are not certain, `damaged` the records that have any;
    `published` are the first and the last day that a record was published, None where none says so.
    """

    records: int = 0
    rejects: int = 0
    chars: int = 0
    unresolved: int = 0
    damaged: int = 0
    hosts: dict[str, Counter[str]] = field(default_factory=dict)
    cleaners: dict[str, Counter[str]] = field(default_factory=dict)
    lengths: Counter[int] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    published: tuple[str, str] | None = None

    def add_record(self, row: dict[str, Any]) -> None:
        """Count one record."""
        chars, unresolved = row["quality"]["chars"], row["quality"]["unresolved"]
        self.records += 1
        self.chars += chars
        self.unresolved += unresolved
        self.damaged += bool(unresolved)
        self._at_host(row["url"]).update(records=1, chars=chars, unresolved=unresolved)
        for edit in row["edits"]:
            self.cleaners.setdefault(edit["cleaner"], Counter()).update(documents=1, edits=edit["count"])
        self.lengths[max(low for low in LENGTHS if low <= chars)] += 1
        self.scripts[row["script"]] += 1
        self.encodings[(row["encoding"] or {}).get("name", "text")] += 1
        day = (row["meta"]["published_at"] or "")[:10]
        if day:
            first, last = self.published or (day, day)
            self.published = (min(first, day), max(last, day))

    def add_reject(self, row: dict[str, Any]) -> None:
        """Count one reject."""
        self.rejects += 1
        self.reasons[row["reason"]] += 1
        self._at_host(row["url"]).update(rejects=1)

    def _at_host(self, url: str | None) -> Counter[str]:
        try:
            host = (urlsplit(url or "").hostname or _NOWHERE).lower()
        except ValueError:
            host = _NOWHERE
        return self.hosts.setdefault(host, Counter(records=0, chars=0, unresolved=0, rejects=0))

    def as_json(self) -> dict[str, Any]:
        """All counts as JSON values, the largest first."""
        by_size = sorted(self.hosts.items(), key=lambda pair: (-pair[1]["records"], pair[0]))
        return {
            "records": self.records,
            "rejects": self.rejects,
            "chars": self.chars,
            "unresolved": self.unresolved,
            "damaged_records": self.damaged,
            "published": self.published,
            "hosts": dict(by_size),
            "cleaners": dict(sorted(self.cleaners.items(), key=lambda pair: (-pair[1]["edits"], pair[0]))),
            "lengths": {str(low): self.lengths[low] for low in LENGTHS},
            "scripts": dict(self.scripts.most_common()),
            "encodings": dict(self.encodings.most_common()),
            "reasons": dict(self.reasons.most_common()),
        }


def stats_of(place: Path) -> Stats:
    """Count a folder's records and rejects, or those of one JSONL file and of the rejects beside it.

    Raises DatasetError where the place is no whole output.
    """
    files = [place] if place.is_file() else record_files(place)
    rejects = (place.parent if place.is_file() else place) / REJECTS
    stats = Stats()
    for path in files:
        for line in read_lines(path):
            stats.add_record(orjson.loads(line))
    if rejects.exists():
        for line in read_lines(rejects):
            stats.add_reject(orjson.loads(line))
    return stats
