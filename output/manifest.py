"""The manifest of a folder: which files it holds, of how many rows, from which inputs, made by what."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from output.record import SCHEMA_VERSION

MANIFEST = "manifest.json"
REJECTS = "rejects.jsonl"
LICENCE = (
    "The texts are those of public pages of Chinese government sites and of sites that reprint them; rights stay with "
    "their publishers. Laws, decisions and other official documents are outside copyright (Copyright Law of the PRC, "
    "article 5); news and commentary are not. No licence is granted here: check before you pass them on."
)


class DatasetError(Exception):
    """A folder is not the whole output of a run; the message says what is missing."""


def manifest_of(
    name: str, plan: Mapping[str, Any], shards: Sequence[Mapping[str, Any]], rejects: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe a run's files, in the manner of a data package: shards first, the rejects last."""
    resources = [{**shard, "format": "jsonl", "encoding": "utf-8"} for shard in (*shards, rejects)]
    return {
        "name": name,
        "profile": "data-package",
        "schema_version": SCHEMA_VERSION,
        "licenses": [{"name": "other", "title": LICENCE}],
        **plan,
        "rows": sum(shard["rows"] for shard in shards),
        "resources": resources,
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a folder's manifest. Raises DatasetError where there is none or a file that it names is missing."""
    path = folder / MANIFEST
    if folder.is_file():
        raise DatasetError(f"{folder}: a file; give a folder written by govscrape clean -o FOLDER/")
    if not path.exists():
        said = "no such folder" if not folder.exists() else f"no {MANIFEST} in it"
        raise DatasetError(f"{folder}: {said}; give a folder written by govscrape clean -o {folder}/")
    try:
        manifest: dict[str, Any] = orjson.loads(path.read_bytes())
        missing = [r["path"] for r in manifest["resources"] if not (folder / r["path"]).exists()]
    except (ValueError, KeyError, TypeError):
        raise DatasetError(f"{path}: no manifest of govscrape; run govscrape clean anew") from None
    if missing:
        raise DatasetError(f"{folder}: {', '.join(missing)} named in {MANIFEST} but not there")
    return manifest


def record_files(folder: Path) -> list[Path]:
    """The shards of a folder, in order."""
    return [folder / r["path"] for r in read_manifest(folder)["resources"] if r["path"] != REJECTS]
