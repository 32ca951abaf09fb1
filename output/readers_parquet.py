"""Parquet with one page or text a row."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cleaners.reason import Reason, Rejection
from output.raw import RawItem
from output.readers_rows import FIELDS, FORMS, Place, read_row
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
        detail = f"{shown}: reading Parquet needs pyarrow; install it with: pip install 'govscrape[parquet]'"
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
            for batch in file.iter_batches(batch_size=_ROWS, columns=wanted):
                for row in batch.to_pylist():
                    yield read_row(row, Place(shown, number, "row", path.parent), columns)
                    number += 1
    except (pyarrow.ArrowException, OSError) as error:
        said = str(error).splitlines()[0]
        detail = f"{shown}: broken Parquet file ({said}); what came before is used"
        yield RawItem(file=shown, problem=Rejection(Reason.UNREADABLE, detail))
