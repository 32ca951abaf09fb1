"""The gate: every score on the evaluation data against its pinned floor.

    python -m benchmarks.gate                              compare; exit code 1 where a score is worse than its floor
    python -m benchmarks.gate --pin                        tighten floors to what is reached now; never loosens one
    python -m benchmarks.gate --loosen NAME --why "…"      loosen one floor to what is reached now, with the reason kept

The floors stand in `benchmarks/floors.json` beside the hash of the data they were measured on.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from output.build import clean_item
from output.readers import read_inputs
from output.record import Record

ROOT = Path(__file__).resolve().parent.parent
EVAL = ROOT.parent / "shared" / "eval"
FLOORS = Path(__file__).with_name("floors.json")
HIGHER_IS_BETTER = ("f1", "metadata")
SLACK = 1e-5
"""Scores are rounded to five digits."""


class Score(NamedTuple):
    """One measured value; `name` is the set and the measure with a dot between."""

    name: str
    value: float

    @property
    def higher_is_better(self) -> bool:
        return self.name.rsplit(".", 1)[1] in HIGHER_IS_BETTER

    def passes(self, floor: float) -> bool:
        return self.value >= floor - SLACK if self.higher_is_better else self.value <= floor + SLACK


def measure() -> Iterator[Score]:
    """Clean every set of the evaluation data and score it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        yield from _scored("seeds", EVAL / "seeds" / "input.jsonl", EVAL / "seeds" / "gold.jsonl", out)
        yield from _scored("excerpts", EVAL / "excerpts" / "input.jsonl", EVAL / "excerpts" / "gold.jsonl", out)
        yield from _harm()
        yield from _pages(out)
        for given in sorted((EVAL / "corrupted").glob("*.in.jsonl")):
            name = given.name.removesuffix(".in.jsonl")
            yield from _scored(f"corrupted/{name}", given, given.with_name(f"{name}.gold.jsonl"), out)


def _clean(given: Path, out: Path) -> list[Record]:
    records = [r for item in read_inputs([str(given)]) if isinstance(r := clean_item(item), Record)]
    out.write_text("".join(r.model_dump_json() + "\n" for r in records), encoding="utf-8")
    return records


def _run_scorer(scorer: str, gold: Path, out: Path) -> dict[str, object]:
    command = [sys.executable, str(EVAL / scorer), str(gold), str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.exit(f"{scorer} failed: {done.stderr}")
    row: dict[str, object] = json.loads(done.stdout)
    return row


def _scored(name: str, given: Path, gold: Path, out: Path) -> Iterator[Score]:
    _clean(given, out)
    row = _run_scorer("score.py", gold, out)
    yield Score(f"{name}.mean_cer", float(str(row["mean_cer"])))
    asked = int(str(row["metadata_asked"]))
    if asked:
        yield Score(f"{name}.metadata", int(str(row["metadata_right"])) / asked)


def _pages(out: Path) -> Iterator[Score]:
    _clean(EVAL / "pages" / "input.jsonl", out)
    row = _run_scorer("score_pages.py", EVAL / "pages" / "gold.jsonl", out)
    for kind, values in row.items():
        if isinstance(values, dict) and "f1" in values:
            yield Score(f"pages/{kind}.f1", float(values["f1"]))
    yield Score("pages.metadata", float(str(row["metadata_share"])))


def _harm() -> Iterator[Score]:
    """What cleaning does to clean text: characters changed per million, documents rejected."""
    given = EVAL / "clean.jsonl"
    texts = [json.loads(line)["text"] for line in given.read_text(encoding="utf-8").splitlines()]
    results = [clean_item(item) for item in read_inputs([str(given)])]
    pairs = [(text, r.text) for text, r in zip(texts, results, strict=True) if isinstance(r, Record)]
    changed = sum(Levenshtein.distance(before, after) for before, after in pairs)
    yield Score("clean.changed_per_million", round(changed / sum(map(len, texts)) * 1e6, 3))
    yield Score("clean.rejected", len(texts) - len(pairs))


def _data_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in EVAL.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(EVAL).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def main() -> int:
    """Measure, compare, print; returns the exit code."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pin", action="store_true")
    ask.add_argument("--loosen", metavar="NAME")
    ask.add_argument("--why", default="")
    asked = ask.parse_args()
    if asked.loosen and not asked.why:
        ask.error("--loosen needs --why: a floor is not lowered in silence")
    if not EVAL.is_dir():
        print(f"no evaluation data at {EVAL}: nothing to gate")
        return 0
    pinned = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {"floors": {}, "loosened": []}
    data = _data_hash()
    if pinned["floors"] and pinned.get("data") != data:
        print("the evaluation data are not those the floors were measured on; floors are compared all the same")
    scores = list(measure())
    failed = _report(scores, pinned["floors"])
    if asked.pin or asked.loosen:
        _pin(pinned, scores, data, asked.loosen, asked.why)
        return 0
    missing = set(pinned["floors"]) - {score.name for score in scores}
    for name in sorted(missing):
        print(f"{name}: has a floor but was not measured")
    return int(bool(failed or missing))


def _report(scores: list[Score], floors: dict[str, float]) -> list[Score]:
    failed = [score for score in scores if score.name not in floors or not score.passes(floors[score.name])]
    for score in scores:
        mark = "FAIL" if score in failed else "ok"
        print(f"{score.name:42} {score.value:<10.5g} floor {floors.get(score.name, 'none yet')!s:10} {mark}")
    print(f"{len(scores) - len(failed)} passed, {len(failed)} failed")
    return failed


def _pin(pinned: dict[str, object], scores: list[Score], data: str, loosen: str | None, why: str) -> None:
    floors = pinned["floors"]
    loosened = pinned["loosened"]
    if not isinstance(floors, dict) or not isinstance(loosened, list):
        sys.exit(f"{FLOORS} is damaged")
    for score in scores:
        old = floors.get(score.name)
        if score.name == loosen:
            loosened.append({"name": loosen, "from": old, "to": score.value, "why": why})
        elif old is not None and not score.passes(old):
            continue
        floors[score.name] = score.value
    pinned["data"] = data
    FLOORS.write_text(json.dumps(pinned, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
