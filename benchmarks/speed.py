"""Speed against peers, as ratios within one run (machines differ, and are busy).

    make bench                    everything
    python -m benchmarks.speed text

Needs the `bench` packages (`pip install ftfy`) for the peers of text cleaning.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from output.build import clean_item
from output.raw import RawItem

EVAL = Path(__file__).resolve().parent.parent.parent / "shared" / "eval"
ROUNDS = 5


def _texts() -> list[str]:
    path = EVAL / "clean.jsonl"
    if not path.exists():
        sys.exit(f"no clean texts at {path}")
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def _seconds(work: Callable[[str], object], texts: list[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


def text() -> None:
    """Clean text through the whole record path, against ftfy.fix_text followed by OpenCC t2s; one process, turn by turn."""
    import ftfy

    from cleaners.script import _converter

    texts = _texts()
    size = sum(len(t.encode()) for t in texts) / 1e6

    def ours(t: str) -> object:
        return clean_item(RawItem(id="x", text=t))

    def peers(t: str) -> object:
        return _converter().convert(ftfy.fix_text(t))

    _seconds(ours, texts)
    pairs = [(_seconds(ours, texts), _seconds(peers, texts)) for _ in range(ROUNDS)]
    ratio = statistics.median(theirs / own for own, theirs in pairs)
    own, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"clean text, {size:.1f} MB, median of {ROUNDS} rounds, one process")
    print(f"  govscrape (to a validated record)  {size / own:6.2f} MB/s")
    print(f"  ftfy.fix_text + OpenCC t2s         {size / theirs:6.2f} MB/s")
    print(f"  ratio                              {ratio:6.2f} x")


if __name__ == "__main__":
    text()
