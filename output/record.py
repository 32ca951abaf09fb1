"""The record and the reject: what is written, validated, one JSON object a line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cleaners.reason import Reason

SCHEMA_VERSION: Literal["1"] = "1"
Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
IsoTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(\+08:00|Z)?)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AttachmentEntry(_Strict):
    """A file that the page links to."""

    url: Filled
    name: Filled | None = None
    type: Filled | None = None


class MetaEntry(_Strict):
    """The page's official metadata; null where the page does not say. Dates are ISO 8601, China time (+08:00)."""

    published_at: IsoTime | None = Field(None, description="发布日期: when the page was published")
    written_on: IsoTime | None = Field(None, description="成文日期: when the document was written")
    effective_on: IsoTime | None = Field(None, description="实施日期: from when it is in force")
    repealed_on: IsoTime | None = Field(None, description="废止日期: from when it is no longer in force")
    validity: Filled | None = Field(None, description="有效性: 有效, 失效, 废止, 已修改 or 尚未施行")
    source: Filled | None = Field(None, description="来源: who published it first")
    author: Filled | None = Field(None, description="作者 or 记者, several joined by a space")
    editor: Filled | None = Field(None, description="责任编辑")
    issuer: Filled | None = Field(None, description="发文机关")
    doc_no: Filled | None = Field(None, description="发文字号")
    index_no: Filled | None = Field(None, description="索引号")
    topic: Filled | None = Field(None, description="主题分类")
    column: Filled | None = Field(None, description="栏目: the site's column")
    keywords: list[Filled] = Field(default_factory=list, description="关键词")
    site_name: Filled | None = Field(None, description="网站名称 (SiteName)")
    site_id: Filled | None = Field(None, description="网站标识码 (SiteIDCode)")
    attachments: list[AttachmentEntry] = Field(default_factory=list, description="linked files")


class EncodingEntry(_Strict):
    """How the bytes were read: the codec's name and what spoke for it."""

    name: Filled
    evidence: Filled


class PartEntry(_Strict):
    """Which part of an article that its site splits over several addresses."""

    number: int = Field(ge=1)
    addresses: list[Filled] = Field(min_length=2, description="where all the parts lie, in order")


class RawEntry(_Strict):
    """Where the untouched input lies: hash of its bytes, file, and the place in it (byte offset or line, from 0)."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    file: Filled | None = None
    offset: int | None = Field(None, ge=0)


class EditCount(_Strict):
    """How often a cleaner changed this page."""

    cleaner: Filled
    count: int = Field(ge=1)


class Quality(_Strict):
    """Measures of the text: characters, share of Han among the visible ones, damaged runs that are not certain (left as found,
    marked with U+FFFD, or written as the likeliest of several texts)."""

    chars: int = Field(ge=0)
    han_ratio: float = Field(ge=0, le=1)
    unresolved: int = Field(0, ge=0)


class Record(_Strict):
    """One cleaned page."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    id: Filled
    url: Filled | None = None
    title: Filled | None = None
    text: Annotated[str, StringConstraints(min_length=1)] = Field(description="a paragraph a line")
    meta: MetaEntry
    script: Literal["hans", "hant", "mixed", "none"] = Field(description="the script as found, before conversion")
    encoding: EncodingEntry | None = None
    raw: RawEntry
    edits: list[EditCount] = Field(default_factory=list)
    quality: Quality
    part: PartEntry | None = Field(
        None, description="of an article not all of whose parts are there; null for a whole one"
    )
    change: Literal["new", "changed", "unchanged", "gone"] | None = Field(
        default=None, description="in a crawl: what the last run found of this page, up against the run before"
    )
    fetched_at: datetime | None = None
    cleaned_at: datetime
    version: Filled = Field(description="version of govscrape that wrote this record")


class Rejected(_Strict):
    """One page that was left out, and why. A duplicate names the record kept in its place, by its id, and a
    near-duplicate the cluster of all copies. A part of an article names the record of the whole.
    """

    id: Filled | None = None
    url: Filled | None = None
    reason: Reason
    detail: str = ""
    raw: RawEntry | None = None
    duplicate_of: Filled | None = None
    cluster: Filled | None = None
