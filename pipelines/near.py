"""Near-duplicates: MinHash over character 5-grams, candidates by bands, accepted by the share of equal slots."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

GRAM, SLOTS, BANDS, ROWS = 5, 128, 25, 5
"""At 25 bands of 5 rows a pair of similarity .8 is missed as a candidate once in 20,000 times."""
LEAST_GRAMS = 100
"""Shorter texts have too few grams to tell a copy from another filling of one form."""
THRESHOLD = 0.75
"""Share of equal slots; its standard deviation at similarity .8 is .035."""
_AT_ONCE = 256
_CHUNK = 65_536
"""Pairs compared at once: 64 MB of slots."""
_NOT_TEXT = re.compile(r"[\W_]+")
_ODD = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: a usual multiplier of hashing."""
_EMPTY = np.uint32(0xFFFFFFFF)
Hashes = NDArray[np.uint64]
Slots = NDArray[np.uint32]
Sketch = Callable[[Hashes, Hashes], Slots]


class Near(NamedTuple):
    """Two texts, by their numbers (the smaller first), and the share of slots that agree."""

    first: int
    second: int
    alike: float


def grams_of(texts: list[str]) -> tuple[Hashes, Hashes]:
    """The hashes of all 5-grams of some texts, end to end, and where each text's begin (one entry more than texts).

    Only letters and digits count, so that punctuation and spacing of copies may differ.
    """
    kept = [_NOT_TEXT.sub("", text) for text in texts]
    points = np.frombuffer("".join(kept).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in kept], np.int64)
    counts = np.maximum(lengths - GRAM + 1, 0)
    hashes = np.zeros(max(len(points) - GRAM + 1, 0), np.uint64)
    for offset in range(GRAM):
        hashes = (hashes ^ points[offset : offset + len(hashes)]) * np.uint64(_ODD)
        hashes ^= hashes >> np.uint64(29)
    starts, ends = np.cumsum(lengths) - lengths, np.cumsum(counts)
    index = np.repeat(starts - (ends - counts), counts) + np.arange(counts.sum())
    return hashes[index], np.concatenate((np.zeros(1, np.int64), ends)).astype(np.uint64)


def _counts(offsets: Hashes) -> NDArray[np.int64]:
    ends = offsets.astype(np.int64)
    return ends[1:] - ends[:-1]


def sketch_by_rensa(hashes: Hashes, offsets: Hashes) -> Slots:
    """Signatures by rensa's MinHash, a row a text."""
    from rensa import RMinHash  # noqa: PLC0415 - an optional extra

    made = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, num_perm=SLOTS, seed=1)
    return np.array(made.to_rows(), np.uint32).reshape(len(offsets) - 1, SLOTS)


def sketch_by_numpy(hashes: Hashes, offsets: Hashes) -> Slots:
    """Signatures by one permutation: each gram falls into one slot, which keeps its smallest; an empty slot borrows the
    next filled one's, changed by the distance, which is the same for all texts.
    """
    texts = len(offsets) - 1
    text = np.repeat(np.arange(texts), _counts(offsets))
    slot = (hashes & np.uint64(SLOTS - 1)).astype(np.int64)
    flat = np.full(texts * SLOTS, _EMPTY, np.uint32)
    np.minimum.at(flat, text * SLOTS + slot, (hashes >> np.uint64(33)).astype(np.uint32))
    table = flat.reshape(texts, SLOTS)
    twice = np.concatenate((table, table), axis=1)
    filled = np.where(twice != _EMPTY, np.arange(2 * SLOTS), 2 * SLOTS - 1)
    nearest = np.minimum.accumulate(filled[:, ::-1], axis=1)[:, ::-1][:, :SLOTS]
    distance = (nearest - np.arange(SLOTS)).astype(np.uint32)
    return np.take_along_axis(twice, nearest, axis=1) + distance * np.uint32(_ODD & 0xFFFFFFFF)


def best_sketch() -> Sketch:
    """rensa's where it is installed; else numpy's, with the same bands."""
    return sketch_by_rensa if find_spec("rensa") else sketch_by_numpy


def near_pairs(texts: Iterable[str], sketch: Sketch, threshold: float = THRESHOLD) -> list[Near]:
    """The pairs that join near-duplicates into clusters: each member is paired with some other, not with every one.

    Texts are read once. Signatures lie in a temporary file; held in memory are 20 bytes a text, and the pairs.
    """
    with tempfile.TemporaryFile() as file:
        grams: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        source = iter(texts)
        while batch := list(islice(source, _AT_ONCE)):
            hashes, offsets = grams_of(batch)
            file.write(sketch(hashes, offsets).tobytes())
            grams.append(_counts(offsets))
        enough = np.concatenate(grams) >= LEAST_GRAMS
        if not enough.any():
            return []
        file.flush()
        table = np.memmap(file, np.uint32, "r", shape=(len(enough), SLOTS))
        return list(_joined(table, np.flatnonzero(enough), threshold))


def _joined(table: Slots, among: NDArray[np.int64], threshold: float) -> Iterator[Near]:
    roots = np.arange(len(table))
    for band in range(BANDS):
        keys = np.zeros(len(among), np.uint64)
        for row in range(ROWS):
            keys = (keys ^ table[among, band * ROWS + row].astype(np.uint64)) * np.uint64(_ODD)
            keys ^= keys >> np.uint64(31)
        for first, second, alike in _alike(table, _neighbours(keys, among), threshold):
            a, b = _root(roots, first), _root(roots, second)
            if a != b:
                roots[max(a, b)] = min(a, b)
                yield Near(first, second, alike)


def _neighbours(keys: Hashes, among: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of texts with the same key: each with the one before it and with the first of them all."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    if not len(same):
        return np.zeros((0, 2), np.int64)
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    first = begins[np.searchsorted(begins, same, "right") - 1]
    pairs = np.concatenate((np.stack((same - 1, same), 1), np.stack((first, same), 1)))
    return among[order[np.unique(pairs, axis=0)]]


def _alike(table: Slots, pairs: NDArray[np.int64], threshold: float) -> Iterator[Near]:
    for at in range(0, len(pairs), _CHUNK):
        chunk = np.sort(pairs[at : at + _CHUNK], axis=1)
        share = (table[chunk[:, 0]] == table[chunk[:, 1]]).mean(axis=1)
        for index in np.flatnonzero(share >= threshold):
            yield Near(int(chunk[index, 0]), int(chunk[index, 1]), float(share[index]))


def _root(roots: NDArray[np.int64], number: int) -> int:
    while roots[number] != number:
        roots[number] = roots[roots[number]]
        number = int(roots[number])
    return number
