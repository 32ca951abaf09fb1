"""What all families speak in: a request for a page of a list, the answer to it, and what the answer says."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Link(NamedTuple):
    """An article in a list: its address and the day that the list gives, if it does."""

    url: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a page of a list. `memo` is what the family wants to know again when the answer comes.

    A `probe` asks for a page that may not be there, or may say nothing new: then there is nothing to warn of. A `frame`
    holds the list in the place of the page that shows it, and may be of another family.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    memo: Mapping[str, str] = field(default_factory=dict)
    probe: bool = False
    frame: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What came: the address it came from (after redirects), its text, and the request it answers.

    `number` counts the answers of a list from 0, the column's own page. A page that is not there (HTTP 404) is an
    empty text. `listed` holds the addresses that this list has given so far, `total` how many it says it has.
    """

    url: str
    text: str
    ask: Ask = Ask("")
    number: int = 0
    listed: AbstractSet[str] = frozenset()
    total: int | None = None

    @property
    def column_url(self) -> str:
        """The page that shows the list: what a server sends by itself is relative to it."""
        return self.ask.headers.get("Referer", self.url)


@dataclass(frozen=True, slots=True)
class ListPage:
    """What an answer says: its articles, each once, in their order, and what to ask next; nothing next is the end.

    Several next requests are lists of their own. `total` is how many articles the list says it has. `rows` are all
    addresses of the answer where some of them are not wanted: by them one sees that the list still moves on.
    """

    links: tuple[Link, ...] = ()
    asks: tuple[Ask, ...] = ()
    total: int | None = None
    rows: tuple[str, ...] = ()
