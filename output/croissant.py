"""Croissant metadata (MLCommons, version 1.0): the data files and the type of each column, for tools."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from output.shards import sha256_of

if TYPE_CHECKING:
    import pyarrow as pa

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "recordSet": "cr:recordSet",
    "field": "cr:field",
    "subField": "cr:subField",
    "repeated": "cr:repeated",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "source": "cr:source",
    "extract": "cr:extract",
    "column": "cr:column",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
}
_TYPES = {"string": "sc:Text", "int64": "sc:Integer", "double": "sc:Float", "timestamp[us, tz=UTC]": "sc:DateTime"}


def croissant_of(manifest: Mapping[str, Any], files: Sequence[Path], schema: "pa.Schema") -> dict[str, Any]:
    """The metadata of a folder's data files; each file is one record set, all of the same fields."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": manifest["name"],
        "description": "Chinese government-affairs pages, cleaned and validated by govscrape.",
        "version": f"{manifest['schema_version']}.0.0",
        "datePublished": str(manifest.get("cleaned_at", ""))[:10],
        "license": "; ".join(entry["title"] for entry in manifest["licenses"]),
        "inLanguage": "zh",
        "distribution": [_file(path) for path in files],
        "recordSet": [_record_set(path, schema) for path in files],
    }


def _file(path: Path) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "contentUrl": f"data/{path.name}",
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": sha256_of(path),
    }


def _record_set(path: Path, schema: "pa.Schema") -> dict[str, Any]:
    fields = [field for column in schema for field in _fields(path, column, column.name, path.stem)]
    return {"@type": "cr:RecordSet", "@id": path.stem, "name": path.stem, "field": fields}


def _fields(path: Path, field: "pa.Field", column: str, parent: str) -> Iterator[dict[str, Any]]:
    name = f"{parent}/{field.name}"
    repeated = hasattr(field.type, "value_type")
    kind = field.type.value_type if repeated else field.type
    source = {"fileObject": {"@id": path.name}, "extract": {"column": column}}
    made: dict[str, Any] = {"@type": "cr:Field", "@id": name, "name": field.name, "source": source}
    if repeated:
        made["repeated"] = True
    if hasattr(kind, "names"):
        made["subField"] = [sub for inner in kind for sub in _fields(path, inner, column, name)]
    else:
        made["dataType"] = _TYPES[str(kind)]
    yield made
