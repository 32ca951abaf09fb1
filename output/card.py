"""The dataset card: what is in a dataset, where it comes from, what was done to it, what it cannot be trusted for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from output.stats import LENGTHS, Stats

if TYPE_CHECKING:
    import pyarrow as pa

_TOP = 30
"""Hosts shown in the card."""
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
_LIMITS = """\
- Text is what the page's main part says, a paragraph a line; tables become lines, pictures are gone.
- `title`, dates and other metadata are the page's own claims. Null means that the page does not say.
- Damaged places that are not repaired beyond doubt are counted in `quality.unresolved`: left as found, marked with U+FFFD, or written
  as the likeliest of several texts.
- Each page is kept with the hash and the place of its raw bytes (`raw`), each change counted by cleaner (`edits`).
- Near-duplicates are gone only if `govscrape dedup` was run. Names of persons are kept as published.
"""


def card_of(manifest: Mapping[str, Any], stats: Stats, schema: "pa.Schema", size: int) -> str:
    """The card as Markdown with the header that `datasets` reads; `size` is that of the data files (bytes)."""
    first, last = stats.published or ("unknown", "unknown")
    parts = [
        _header(stats, schema, size),
        f"# {manifest['name']}\n",
        (
            "Chinese government-affairs pages, cleaned and validated by govscrape "
            f"{manifest.get('version', '')} (record schema {manifest['schema_version']}).\n"
        ),
        (
            f"{stats.records} records, {stats.chars} characters; published {first} to {last}; {stats.rejects} inputs rejected; "
            f"{stats.unresolved} damaged places not certain, in {stats.damaged} records.\n"
        ),
        "## Sources\n",
        _table(("host", "records", "characters", "rejected"), _host_rows(stats)),
        "## Length, script, encoding\n",
        _table(
            ("characters from", "records"), [(str(low), stats.lengths[low]) for low in LENGTHS if stats.lengths[low]]
        ),
        _table(("script as found", "records", "share"), _shares(stats.scripts, stats.records)),
        _table(("encoding", "records", "share"), _shares(stats.encodings, stats.records)),
        "## What was changed\n",
        _table(("cleaner", "documents", "edits"), [(n, c["documents"], c["edits"]) for n, c in stats.cleaners.items()]),
        "## What was left out\n",
        _table(("reason", "inputs"), stats.reasons.most_common()),
        "## Limits\n",
        _LIMITS,
        "## Licence\n",
        "\n".join(entry["title"] for entry in manifest["licenses"]) + "\n",
    ]
    return "\n".join(parts)


def _host_rows(stats: Stats) -> list[tuple[object, ...]]:
    hosts = sorted(stats.hosts.items(), key=lambda pair: (-pair[1]["records"], pair[0]))
    rows: list[tuple[object, ...]] = [(host, c["records"], c["chars"], c["rejects"]) for host, c in hosts[:_TOP]]
    if len(hosts) > _TOP:
        rest = [c for _, c in hosts[_TOP:]]
        sums = (sum(c[name] for c in rest) for name in ("records", "chars", "rejects"))
        rows.append((f"{len(rest)} more", *sums))
    return rows


def _shares(counts: Mapping[str, int], whole: int) -> list[tuple[object, ...]]:
    return [(name, n, f"{n / max(whole, 1):.1%}") for name, n in sorted(counts.items(), key=lambda pair: -pair[1])]


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    if not rows:
        return "None.\n"
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def _header(stats: Stats, schema: "pa.Schema", size: int) -> str:
    category = next((name for limit, name in _SIZES if stats.records < limit), "n>10M")
    features = "\n".join(line for field in schema for line in _feature(field.name, field.type, 2))
    return f"""---
language:
- zh
license: other
size_categories:
- {category}
task_categories:
- text-generation
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
dataset_info:
  features:
{features}
  splits:
  - name: train
    num_bytes: {size}
    num_examples: {stats.records}
  download_size: {size}
  dataset_size: {size}
---
"""


def _feature(name: str, kind: "pa.DataType", indent: int) -> list[str]:
    """The lines that declare one column, as `datasets` writes them."""
    pad = " " * indent
    start = f"{pad}- name: {name}\n{pad}  "
    if hasattr(kind, "value_type"):
        inner = kind.value_type
        if not hasattr(inner, "names"):
            return [f"{start}list: {_dtype(inner)}"]
        return [f"{start}list:", *(x for f in inner for x in _feature(f.name, f.type, indent + 2))]
    if hasattr(kind, "names"):
        return [f"{start}struct:", *(x for f in kind for x in _feature(f.name, f.type, indent + 2))]
    return [f"{start}dtype: {_dtype(kind)}"]


def _dtype(kind: "pa.DataType") -> str:
    return {"double": "float64"}.get(str(kind), f"{kind}" if "[" not in str(kind) else f"'{kind}'")
