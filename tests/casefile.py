"""The case files: what a cleaner is to do and to leave, as data."""

import json
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Case:
    cleaner: str
    label: str
    source: str
    original: str
    cleaned: str
    applied: list[str]
    comment: str = ""

    @property
    def name(self) -> str:
        return f"{self.cleaner}: {self.label}"


def read_cases(cleaner: str) -> list[Case]:
    path = CASES / f"{cleaner}.json"
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [Case(cleaner=cleaner, **row) for row in rows]
