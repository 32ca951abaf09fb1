"""The second pass over a dataset: of near-duplicates the best stays, the others go to the rejects with their cluster."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from cleaners.reason import Reason
from output.manifest import REJECTS, DatasetError, read_manifest, record_files
from output.record import Record, Rejected
from output.shards import read_lines
from output.writer import RunWriter
from pipelines.near import THRESHOLD, Near, best_sketch, near_pairs

_NUMBER = re.compile(r"\d+")
_PER = 1_000
"""Characters that uncertain places are counted on: one in a long text does not make its official copy worse than a mirror."""
_SAME_NUMBERS = 0.9
"""Share of the numbers of the text with fewer of them that the other must have too: reports of two months are alike in
all but these."""


_PLAN = ("inputs", "options", "version", "cleaned_at")
"""What a manifest says of its run, and says on."""


class _Card(NamedTuple):
    """What decides between copies; the smallest of `rank` stays."""

    id: str
    doc_no: str | None
    numbers: frozenset[str]
    unresolved: int
    rank: tuple[bool, bool, int, str, int]


class NearSummary(NamedTuple):
    """What a pass did: records read, clusters found, records moved to the rejects, damaged ones among these that have a
    clean twin.
    """

    records: int
    clusters: int
    moved: int
    damaged: int


class _Verdict(NamedTuple):
    best: _Card
    cluster: str
    alike: float


def dedup_folder(folder: Path, threshold: float = THRESHOLD) -> NearSummary:
    """Take the near-duplicates out of a folder that `govscrape clean` wrote; its files are replaced when all are whole.

    Kept of a cluster: a copy without damage, of an official host, with the most metadata, the earliest. Left alone:
    short texts, copies with another 文号, and texts that differ in their numbers.
    Raises DatasetError where the folder is no whole output, OutputError where it cannot be written.
    """
    _take_up(folder)
    manifest, files = read_manifest(folder), record_files(folder)
    pairs = near_pairs((row["text"] for row in _rows(files)), best_sketch(), threshold)
    cards = _cards(files, {number for pair in pairs for number in pair[:2]})
    verdicts = _verdicts([pair for pair in pairs if _one_text(cards[pair.first], cards[pair.second])], cards)
    compress = any(path.suffix == ".zst" for path in files)
    plan: dict[str, Any] = {key: manifest[key] for key in _PLAN if key in manifest}
    writer = RunWriter(folder, plan={**plan, "dedup": {"threshold": threshold}}, compress=compress)
    try:
        records = _write(writer, folder, files, verdicts)
        writer.finish()
    except BaseException:
        writer.abort()
        raise
    damaged = sum(1 for n, v in verdicts.items() if cards[n].unresolved and not v.best.unresolved)
    return NearSummary(records, len({v.cluster for v in verdicts.values()}), len(verdicts), damaged)


def _take_up(folder: Path) -> None:
    """Bring a pass to its end that was killed while it gave files their names; refuse where another run is under way."""
    path = folder / "run.json"
    if path.exists():
        try:
            state = orjson.loads(path.read_bytes())
        except ValueError:
            raise DatasetError(f"{path}: broken; remove it, and clean anew if files are missing") from None
        if state["publishing"]:
            RunWriter(folder, resume=True, plan=state["plan"]).finish()
        elif "dedup" not in state["plan"]:
            raise DatasetError(f"{folder}: an interrupted run lies here; bring it to its end with --resume first")


def _rows(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    return (orjson.loads(line) for path in files for line in read_lines(path))


def _cards(files: Iterable[Path], wanted: set[int]) -> dict[int, _Card]:
    return {number: _card(row, number) for number, row in enumerate(_rows(files)) if number in wanted}


def _card(row: dict[str, Any], number: int) -> _Card:
    meta, unresolved = row["meta"], row["quality"]["unresolved"]
    when = meta["published_at"] or row["fetched_at"] or "9999"
    rank = (
        round(_PER * unresolved / row["quality"]["chars"]),
        not _official(row["url"]),
        -sum(bool(value) for value in (row["title"], *meta.values())),
        when,
    )
    return _Card(row["id"], meta["doc_no"], frozenset(_NUMBER.findall(row["text"])), unresolved, (*rank, number))


def _official(url: str | None) -> bool:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    return f".{host}".endswith(".gov.cn")


def _one_text(one: _Card, other: _Card) -> bool:
    if one.doc_no and other.doc_no and one.doc_no != other.doc_no:
        return False
    return len(one.numbers & other.numbers) >= _SAME_NUMBERS * min(len(one.numbers), len(other.numbers))


def _verdicts(pairs: list[Near], cards: dict[int, _Card]) -> dict[int, _Verdict]:
    """For each text that goes, what stays in its place."""
    clusters: dict[int, set[int]] = {}
    alike: dict[int, float] = {}
    for pair in pairs:
        joined = clusters.get(pair.first, {pair.first}) | clusters.get(pair.second, {pair.second})
        clusters.update(dict.fromkeys(joined, joined))
        for number in pair[:2]:
            alike[number] = max(alike.get(number, 0), pair.alike)
    verdicts = {}
    for number, members in clusters.items():
        best = min((cards[member] for member in members), key=lambda card: card.rank)
        name = hashlib.sha256(cards[min(members)].id.encode()).hexdigest()[:12]
        if cards[number] is not best:
            verdicts[number] = _Verdict(best, name, alike[number])
    return verdicts


def _write(writer: RunWriter, folder: Path, files: list[Path], verdicts: dict[int, _Verdict]) -> int:
    for line in read_lines(folder / REJECTS):
        writer.add_reject(line)
    number = -1
    for number, line in enumerate(line for path in files for line in read_lines(path)):
        if number in verdicts:
            writer.reject(_rejected(Record.model_validate_json(line), verdicts[number]))
        else:
            writer.add(line)
    return number + 1


def _rejected(record: Record, verdict: _Verdict) -> Rejected:
    detail = f"near-duplicate of {verdict.best.id}, {verdict.alike:.0%} alike"
    if record.quality.unresolved and not verdict.best.unresolved:
        detail += f"; {record.quality.unresolved} uncertain places here, none there"
    return Rejected(
        id=record.id,
        url=record.url,
        reason=Reason.NEAR_DUPLICATE,
        detail=detail,
        raw=record.raw,
        duplicate_of=verdict.best.id,
        cluster=verdict.cluster,
    )
