"""What the README shows is what happens."""

import doctest
from pathlib import Path

import pytest

from cleaners import CHAIN, CHARACTERS
from cleaners.chain import run_to_rest
from cleaners.evidence import Evidence

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_example_runs_as_shown() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert tried >= 3
    assert failed == 0


def rows() -> list[list[str]]:
    lines = README.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.count("|") == 5 and "`" in line]


def pairs() -> list[tuple[str, str]]:
    split = [(row[1].strip("`").split("`, `"), row[2].strip("`").split("`, `")) for row in rows() if row[2]]
    return [pair for before, after in split for pair in zip(before, after, strict=True)]


def test_the_table_names_real_cleaners() -> None:
    named = {name.strip("` ") for row in rows() for name in row[3].split(",")}
    assert named - {"prune"} <= {cleaner.__name__ for cleaner in CHAIN}
    assert len(named) >= 10


@pytest.mark.parametrize(("before", "after"), pairs())
def test_the_table_is_true(before: str, after: str) -> None:
    assert run_to_rest(before, Evidence(), CHARACTERS)[0] == after
