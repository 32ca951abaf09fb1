"""What a page officially says of itself: one value type, filled from meta tags, tables, by-lines and URLs."""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file the page links to: its address (absolute if possible), its shown name, its type by suffix (`pdf`)."""

    url: str
    name: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Meta:
    """The official metadata. A field that the page does not give is None (an empty tuple for the two lists).

    Times are ISO 8601: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM[:SS]` where the page gives a time of day.
    """

    title: str | None = None
    published_at: str | None = None
    written_on: str | None = None
    effective_on: str | None = None
    repealed_on: str | None = None
    validity: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    issuer: str | None = None
    doc_no: str | None = None
    index_no: str | None = None
    topic: str | None = None
    column: str | None = None
    keywords: tuple[str, ...] = ()
    site_name: str | None = None
    site_id: str | None = None
    attachments: tuple[Attachment, ...] = ()

    def or_else(self, other: "Meta") -> "Meta":
        """Fill what is missing here from `other`; what stands here wins.

        >>> filled = Meta(title="甲").or_else(Meta(title="乙", source="丙"))
        >>> filled.title, filled.source
        ('甲', '丙')
        """
        missing = {name: value for name in NAMES if not getattr(self, name) and (value := getattr(other, name))}
        return replace(self, **missing) if missing else self


NAMES = tuple(each.name for each in fields(Meta))
"""The names of the fields."""
