"""Parquet with one page or text a row."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaners.reason import Reason, Rejection
from output.raw import RawItem
from output.readers_rows import FIELDS, FORMS, Place, bad_row, read_row
from output.streams import readable_name

_ROWS = 64
"""Rows decoded at once: pages of some 50 KB make 3 MB."""


def read_parquet(path: Path, columns: Mapping[str, str]) -> Iterator[RawItem]:
    """Read the rows of a Parquet file; only the columns that are used are read from disk."""
    shown = readable_name(str(path))
    try:
        import pyarrow  # noqa: PLC0415 - an optional extra
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError:
        detail = f"{shown}: reading Parquet needs pyarrow; install it with: .venv/bin/pip install -e '.[parquet]'"
        yield RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, detail))
        return
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            has = set(file.schema_arrow.names)
            wanted = [column for column in (columns.get(name, name) for name in FIELDS) if column in has]
            if not any(columns.get(form, form) in has for form in FORMS):
                detail = f"{shown}: no column holds the text; it has {', '.join(sorted(has))}; say --column text=NAME or html=NAME"
                yield RawItem(file=shown, problem=Rejection(Reason.BAD_INPUT, detail))
                return
            for group in range(file.num_row_groups):
                yield from _read_group(file, group, wanted, Place(shown, number, "row", path.parent), columns)
                number += file.metadata.row_group(group).num_rows
    except (pyarrow.ArrowException, OSError) as error:
        yield _broken(error, shown)


def _read_group(
    file: Any, group: int, wanted: list[str], first: Place, columns: Mapping[str, str]
) -> Iterator[RawItem]:
    """Read the rows of one row group; where it is broken, the others are read nevertheless."""
    from pyarrow import ArrowException  # noqa: PLC0415 - an optional extra

    number = first.number
    try:
        for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group], columns=wanted):
            for row in _rows(batch):
                place = first._replace(number=number)
                yield bad_row(b"", place, row) if isinstance(row, str) else read_row(row, place, columns)
                number += 1
    except (ArrowException, OSError) as error:
        yield _broken(error, first.file)


def _rows(batch: Any) -> list[dict[str, Any] | str]:
    """The rows as objects; for one that Python has no value for (a year 100,000, a string that is not UTF-8) what is wrong."""
    try:
        rows: list[dict[str, Any] | str] = batch.to_pylist()
    except (ValueError, OverflowError) as error:
        if batch.num_rows == 1:
            return [f"cannot be read: {error}"]
        return [row for at in range(batch.num_rows) for row in _rows(batch.slice(at, 1))]
    return rows


def _broken(error: Exception, shown: str) -> RawItem:
    detail = f"{shown}: broken Parquet file ({str(error).splitlines()[0]}); what can be read is used"
    return RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, detail))
