"""Why a page was left out: one value a case, never a bare None or an exception."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """The reasons for which a page is rejected; the value stands in the rejects file."""

    EMPTY = "empty"
    NOT_ARTICLE = "not_article"
    SPAM_PAGE = "spam_page"
    SPUN_TEXT = "spun_text"
    UNRECOVERABLE_ENCODING = "unrecoverable_encoding"
    TOO_SHORT = "too_short"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    PART = "part"
    TOO_LARGE = "too_large"
    NOT_HTML = "not_html"
    UNPARSEABLE = "unparseable"
    UNREADABLE = "unreadable"
    BAD_INPUT = "bad_input"
    FETCH_FAILED = "fetch_failed"
    SCHEMA = "schema"
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A verdict against a page: the reason and, in a few words, what was seen."""

    reason: Reason
    detail: str = ""
