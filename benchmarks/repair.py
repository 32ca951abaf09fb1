"""What the repairs reach on the evaluation data, and what they cost.

    python -m benchmarks.repair                 every class, then speed
    python -m benchmarks.repair CLASS…          these classes only

A line a class: character error rate (raw and cleaned), the edits made by repairs, those that are only likely, those that moved the
text away from the reference, places left as found or marked. A class is one of the made damage, `seeds`, `excerpts`,
`clean.jsonl` (must have no edits), or one of `MADE`: the texts of the pages, damaged here by the project's own forward model. They are not held out: half of them were looked at
when the walks were made, and weights and widths were chosen on all of them and on the clean texts, damaged alike.
"""

import json
import statistics
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import opencc
from rapidfuzz.distance import Levenshtein

from cleaners import CHAIN
from cleaners.chain import run_to_rest
from cleaners.core import Clean, clean_text
from cleaners.edits import Cleaner, Edit, apply_edits
from cleaners.evidence import Evidence
from cleaners.repair import byte_damage, entities, injected_marks, mojibake, pinyin, repairs
from cleaners.repair.process import Process
from cleaners.repair.script import simplified

EVAL = Path(__file__).resolve().parent.parent.parent / "shared" / "eval"
REPAIRS: tuple[Cleaner, ...] = (entities, mojibake, byte_damage, pinyin, injected_marks)
NAMES = frozenset(cleaner.__name__ for cleaner in REPAIRS)
ROUNDS = 5


MADE = {
    "pages_simplified": Process(),
    "pages_traditional": Process(traditional=True),
    "pages_seen_half": Process(traditional=True, seen=True, folded=True),
}


class Pair(NamedTuple):
    """A damaged text and what it should become."""

    text: str
    gold: str


class Judged(NamedTuple):
    """Edits of repairs in one text, and how many of them moved it away from the reference."""

    edits: int
    wrong: int


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, filter(None, path.read_text(encoding="utf-8").split("\n")))


def _damaged(process: Process) -> Iterator[Pair]:
    """The texts of the pages, at most 3,000 characters of each, damaged; with what cleaning makes of the undamaged ones."""
    convert = opencc.OpenCC("s2t").convert if process.traditional else str
    for row in _rows(EVAL / "pages" / "gold.jsonl"):
        text = convert(row["text"][:3000]).encode("gbk", "ignore").decode("gbk")
        damaged, clean = process.damage(text), clean_text(text)
        if damaged != text and isinstance(clean, Clean):
            yield Pair(damaged, clean.text)


def _pairs(name: str) -> list[Pair]:
    if name in MADE:
        return list(_damaged(MADE[name]))
    if name == "clean.jsonl":
        return [Pair(row["text"], row["text"]) for row in _rows(EVAL / "clean.jsonl")]
    folder, stem = (EVAL / name, "") if name in {"seeds", "excerpts"} else (EVAL / "corrupted", f"{name}.")
    given, gold = ("input", "gold") if not stem else (f"{stem}in", f"{stem}gold")
    texts = {row["id"]: row for row in _rows(folder / f"{given}.jsonl")}
    return [Pair(_text(folder, texts[row["id"]]), row["text"]) for row in _rows(folder / f"{gold}.jsonl")]


def _text(folder: Path, row: dict[str, str]) -> str:
    return row["text"] if "text" in row else (folder / row["file"]).read_text(encoding="utf-8")


def _plain(text: str) -> str:
    """Script and width aside: what a repair is judged by."""
    return "".join(map(simplified, unicodedata.normalize("NFKC", text)))


def _judge(text: str, gold: str, edits: Sequence[Edit]) -> Judged:
    """Take back each edit alone and see whether that brings the text nearer to the reference."""
    target = _plain(gold)
    reached = Levenshtein.distance(_plain(apply_edits(text, edits)), target)
    without = ([*edits[:i], *edits[i + 1 :]] for i in range(len(edits)))
    return Judged(
        len(edits), sum(Levenshtein.distance(_plain(apply_edits(text, rest)), target) < reached for rest in without)
    )


def _judged(cleaned: Clean, gold: str) -> Judged:
    text, edits, wrong = cleaned.raw_text, 0, 0
    for step in cleaned.steps:
        if step.cleaner in NAMES:
            judged = _judge(text, gold, step.edits)
            edits, wrong = edits + judged.edits, wrong + judged.wrong
        text = apply_edits(text, step.edits)
    return Judged(edits, wrong)


def _error(text: str, gold: str) -> float:
    return Levenshtein.distance(" ".join(text.split()), " ".join(gold.split())) / max(1, len(gold))


def accuracy(name: str) -> None:
    """Print the line of one class."""
    pairs = _pairs(name)
    done = [(pair, c) for pair in pairs if isinstance(c := clean_text(pair.text), Clean)]
    judged = [_judged(c, pair.gold) for pair, c in done]
    edits, wrong = sum(j.edits for j in judged), sum(j.wrong for j in judged)
    raw = statistics.fmean(_error(pair.text, pair.gold) for pair in pairs)
    left = statistics.fmean([_error(c.text, pair.gold) for pair, c in done] + [1.0] * (len(pairs) - len(done)))
    share = f"{wrong / edits:.2%}" if edits else "-"
    likely = sum(edit.likely for _, c in done for step in c.steps for edit in step.edits)
    unsolved = sum(c.unresolved for _, c in done) - likely
    print(
        f"{name:26} CER {raw:8.4f} → {left:.5f}   edits {edits:6}, likely {likely:4}, away {wrong:4} ({share})   left {unsolved}"
    )


def _seconds(texts: list[str], chain: Sequence[Cleaner]) -> float:
    start = time.perf_counter()
    for text in texts:
        run_to_rest(text, Evidence(), chain)
    return time.perf_counter() - start


def _as_met(text: str) -> str:
    """The text as `byte_damage` gets it in the first round."""
    for cleaner in CHAIN[: CHAIN.index(byte_damage)]:
        text = apply_edits(text, cleaner(text, Evidence()))
    return text


def speed() -> None:
    """Print what the repairs cost on clean text and on the class with everything, and what a wound costs."""
    texts = [pair.text for pair in _pairs("clean.jsonl")]
    size = sum(len(text.encode()) for text in texts) / 1e6
    without = tuple(cleaner for cleaner in CHAIN if cleaner not in REPAIRS)
    turns = [(_seconds(texts, CHAIN), _seconds(texts, without)) for _ in range(ROUNDS)]
    whole, bare = (statistics.median(column) for column in zip(*turns, strict=True))
    ratio = statistics.median(a / b for a, b in turns)
    print(f"clean text: {size / whole:.2f} MB/s, without repairs {size / bare:.2f} MB/s, {ratio - 1:+.1%} time")
    texts = [pair.text for pair in _pairs("everything")]
    size = sum(len(text.encode()) for text in texts) / 1e6
    seconds = statistics.median(_seconds(texts, CHAIN) for _ in range(ROUNDS))
    before = [_as_met(text) for text in texts]
    start = time.perf_counter()
    wounds = sum(len(repairs(text)) for text in before)
    spent = time.perf_counter() - start
    print(f"everything: {size / seconds:.3f} MB/s; {wounds} wounds, {spent / max(1, wounds) * 1e3:.1f} ms each")


def main() -> None:
    """Print accuracy a class, then speed."""
    if not EVAL.is_dir():
        sys.exit(f"no evaluation data at {EVAL}")
    corrupted = sorted(path.name.removesuffix(".in.jsonl") for path in (EVAL / "corrupted").glob("*.in.jsonl"))
    asked = sys.argv[1:]
    for name in asked or ["seeds", "excerpts", *corrupted, *MADE, "clean.jsonl"]:
        accuracy(name)
    if not asked:
        speed()


if __name__ == "__main__":
    main()
