"""From a clean text to a record, from a rejection to a line of the rejects file."""

import hashlib
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from pydantic import ValidationError

from cleaners.core import Clean, clean_page, clean_text
from cleaners.reason import Reason, Rejection
from output.raw import RawItem
from output.record import (
    AttachmentEntry,
    EditCount,
    EncodingEntry,
    MetaEntry,
    PartEntry,
    Quality,
    RawEntry,
    Record,
    Rejected,
)

_NOT_HAN = re.compile(r"[^\u3400-\u9fff\U00020000-\U000323af]+")
_BLANK = re.compile(r"\s+")
_NO_ZONE = re.compile(r"T[\d:]+$")
_NOT_IN_META = ("title", "keywords", "attachments")


@cache
def own_version() -> str:
    """The version of this project as installed; `0+source` where it runs from a bare source tree."""
    try:
        return version("govscrape")
    except PackageNotFoundError:
        return "0+source"


def clean_item(item: RawItem, site_text: str = "") -> Record | Rejected:
    """Clean one raw item into a validated record, or say why not. Never raises for what the item holds.

    `site_text` is intact text of the same site: its words help to choose among the repairs of a damaged text.
    """
    return to_record(item, clean_safely(item, site_text), datetime.now(UTC).replace(microsecond=0))


def clean_safely(item: RawItem, site_text: str = "") -> Clean | Rejection:
    """Clean one raw item with every step kept, where a fault of ours must not end the run."""
    try:
        return clean_core(item, site_text)
    except Exception as error:  # noqa: BLE001 - the boundary of one page
        return Rejection(Reason.UNPARSEABLE, f"{type(error).__name__}: {error}"[:200])


def to_record(item: RawItem, cleaned: Clean | Rejection, cleaned_at: datetime) -> Record | Rejected:
    """Turn what came of an item into a validated record or a reject. A run gives all its records one `cleaned_at`."""
    if isinstance(cleaned, Rejection):
        return reject(item, cleaned.reason, cleaned.detail)
    try:
        return _record(item, cleaned, cleaned_at)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return reject(item, Reason.SCHEMA, f"{place}: {first['msg']}")


def clean_core(item: RawItem, site_text: str = "") -> Clean | Rejection:
    """Clean one raw item, with every step kept: what `explain` shows and a record is made of."""
    if item.problem:
        return item.problem
    if item.text is not None:
        return clean_text(item.text, item.url, site_text=site_text)
    return clean_page(item.body, item.url, item.content_type)


def reject(item: RawItem, reason: Reason, detail: str) -> Rejected:
    """The reject of an item."""
    told = detail.encode("utf-8", "backslashreplace").decode("utf-8")
    return Rejected(id=item.id or None, url=item.url, reason=reason, detail=told, raw=_raw(item))


def _raw(item: RawItem) -> RawEntry:
    return RawEntry(sha256=item.raw_sha256, file=item.file, offset=item.offset)


def _record(item: RawItem, cleaned: Clean, cleaned_at: datetime) -> Record:
    encoding = cleaned.encoding
    return Record(
        id=item.id or _digest(item.url or cleaned.text),
        url=item.url,
        title=cleaned.meta.title,
        text=cleaned.text,
        meta=_meta(cleaned),
        script=cleaned.script.value,
        encoding=EncodingEntry(name=encoding.name, evidence=encoding.evidence) if encoding else None,
        raw=_raw(item),
        edits=_edit_counts(cleaned),
        quality=quality_of(cleaned.text, cleaned.unresolved),
        part=PartEntry(number=part.number, addresses=list(part.addresses)) if (part := cleaned.part) else None,
        fetched_at=item.fetched_at,
        cleaned_at=cleaned_at,
        version=own_version(),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _meta(cleaned: Clean) -> MetaEntry:
    meta = cleaned.meta
    plain = {name: getattr(meta, name) for name in MetaEntry.model_fields if name not in _NOT_IN_META}
    if meta.published_at and _NO_ZONE.search(meta.published_at):
        plain["published_at"] = meta.published_at + "+08:00"
    attachments = [AttachmentEntry(url=a.url, name=a.name, type=a.type) for a in meta.attachments]
    return MetaEntry(**plain, keywords=list(meta.keywords), attachments=attachments)


def _edit_counts(cleaned: Clean) -> list[EditCount]:
    counts = Counter({"prune": cleaned.pruned} if cleaned.pruned else {})
    for step in cleaned.steps:
        counts[step.cleaner] += len(step.edits)
    return [EditCount(cleaner=name, count=count) for name, count in counts.items()]


def quality_of(text: str, unresolved: int) -> Quality:
    """Measure a record's text."""
    chars = len(text)
    visible = chars - sum(map(len, _BLANK.findall(text)))
    han = chars - sum(map(len, _NOT_HAN.findall(text)))
    return Quality(chars=chars, han_ratio=round(han / max(visible, 1), 4), unresolved=unresolved)
