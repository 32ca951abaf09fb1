"""Content management systems: one module a family, all with the same three functions, asked in this order."""

from typing import Protocol

from govscrape.cms import trs
from govscrape.cms.list_page import Link, ListPage

__all__ = ["FAMILIES", "FAMILY_NAMES", "Family", "Link", "ListPage", "family_for"]


class Family(Protocol):
    """What a module of this package offers: pure functions over a page's address and text."""

    NAME: str

    def detect(self, html: str) -> bool:
        """Say whether a list page was made by this family."""
        ...

    def read_list(self, url: str, html: str, number: int) -> ListPage:
        """Read list page `number` (from 0): its articles and the address of the next list page."""
        ...

    def is_article(self, url: str) -> bool:
        """Say whether an address is one of an article."""
        ...


FAMILIES: tuple[Family, ...] = (trs,)
FAMILY_NAMES = tuple(family.NAME for family in FAMILIES)


def family_for(name: str, html: str) -> Family | None:
    """Find the family by its name, or for "auto" the first that knows the page; None if none does.

    >>> family_for("auto", '<script>createPageHTML(3, 0, "index", "html");</script>').NAME
    'trs'
    """
    fits = (family for family in FAMILIES if name == family.NAME or (name == "auto" and family.detect(html)))
    return next(fits, None)
