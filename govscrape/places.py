"""Where the files of a crawl lie, all beside its output."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from output.manifest import REJECTS

LONGEST_LOG = 10_000_000  # bytes; then the log is put aside, and the one before that is dropped


@dataclass(frozen=True, slots=True)
class Places:
    """The files of a crawl: `stem` goes before the names of those that belong to one `.jsonl` file."""

    out: Path
    folder: Path
    stem: str

    @classmethod
    def of(cls, out: Path) -> Self:
        """The places of an output.

        >>> Places.of(Path("data/mof.jsonl")).state.as_posix(), Places.of(Path("data")).state.as_posix()
        ('data/mof.state.sqlite', 'data/state.sqlite')
        """
        one_file = out.suffix == ".jsonl"
        return cls(out, out.parent if one_file else out, f"{out.stem}." if one_file else "")

    @property
    def state(self) -> Path:
        """The state file: what is known of each page, and the runs."""
        return self.folder / f"{self.stem}state.sqlite"

    @property
    def log(self) -> Path:
        """The log."""
        return self.folder / f"{self.stem}crawl.log"

    @property
    def summary(self) -> Path:
        """The last run's summary, as JSON."""
        return self.folder / f"{self.stem}crawl.json"

    @property
    def rejects(self) -> Path:
        """What was left out, and why."""
        return self.folder / REJECTS

    def prepare(self) -> None:
        """Make the folder, and put a long log aside. Raises OSError where that cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        if self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))

    def tell(self, summary: str) -> None:
        """Write the summary, whole at any time: several runs may write it."""
        part = self.summary.with_suffix(f".{os.getpid()}.part")
        part.write_text(summary + "\n", "utf-8")
        part.replace(self.summary)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Write the folder's output alone: another crawl that comes to its end waits."""
        with (self.folder / ".crawl.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
