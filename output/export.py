"""A dataset for others: Parquet shards, and a folder that Hugging Face `datasets` opens, with its card and Croissant."""

import types
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import orjson
import pyarrow as pa
from pyarrow import parquet
from pydantic import BaseModel

from output.card import card_of
from output.croissant import croissant_of
from output.manifest import read_manifest, record_files
from output.record import Record
from output.shards import part_of, publish, read_lines, write_whole
from output.stats import stats_of

_ROWS = 50_000
"""Records in one Parquet file."""
_GROUP = 1000
"""Records in a row group: what is held in memory at once."""


def arrow_schema() -> pa.Schema:
    """The columns of a record, each of one type whatever a shard holds.

    >>> str(arrow_schema().field("edits").type)
    'list<item: struct<cleaner: string, count: int64>>'
    """
    return pa.schema(list(_fields(Record)))


def _fields(model: type[BaseModel]) -> Iterator[pa.Field]:
    for name, field in model.model_fields.items():
        yield pa.field(name, _type_of(field.annotation))


def _type_of(annotation: Any) -> pa.DataType:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        return _type_of(next(kind for kind in inner if kind is not type(None)))
    if origin is Annotated:
        return _type_of(inner[0])
    if origin is list:
        return pa.list_(_type_of(inner[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(list(_fields(annotation)))
    if origin is Literal or annotation is str:
        return pa.string()
    return {int: pa.int64(), float: pa.float64(), datetime: pa.timestamp("us", "UTC")}[annotation]


def export_parquet(source: Path, out: Path) -> list[Path]:
    """Write a folder's records as `part-….parquet`; returns the files. Raises DatasetError where `source` is no output."""
    return _write_parquet(record_files(source), out, "part-{:05d}.parquet")


def export_hf(source: Path, out: Path) -> list[Path]:
    """Write a folder that `datasets.load_dataset` opens: `data/*.parquet`, the card (README.md) and croissant.json."""
    files = _write_parquet(record_files(source), out / "data", "train-{:05d}.parquet")
    manifest, stats = read_manifest(source), stats_of(source)
    schema = arrow_schema()
    card = part_of(out / "README.md")
    card.write_text(card_of(manifest, stats, schema, sum(f.stat().st_size for f in files)), encoding="utf-8")
    publish(out / "README.md")
    write_whole(out / "croissant.json", croissant_of(manifest, files, schema))
    return [*files, out / "README.md", out / "croissant.json"]


def _write_parquet(sources: Sequence[Path], out: Path, name: str) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    rows = (orjson.loads(line) for path in sources for line in read_lines(path))
    files: list[Path] = []
    while (group := _next_group(rows)) is not None or not files:
        files.append(out / name.format(len(files)))
        _write_file(files[-1], group, rows)
    for old in out.glob(name.replace("{:05d}", "*")):
        if old not in files:
            old.unlink()
    return files


def _write_file(path: Path, group: pa.Table | None, rows: Iterator[dict[str, Any]]) -> None:
    written = 0
    with parquet.ParquetWriter(part_of(path), arrow_schema(), compression="zstd") as writer:
        while group is not None:
            writer.write_table(group)
            written += group.num_rows
            group = _next_group(rows) if written < _ROWS else None
    publish(path)


def _next_group(rows: Iterator[dict[str, Any]]) -> pa.Table | None:
    found = list(islice(rows, _GROUP))
    for row in found:
        for name in ("fetched_at", "cleaned_at"):
            row[name] = row[name] and datetime.fromisoformat(row[name])
    return pa.Table.from_pylist(found, arrow_schema()) if found else None
