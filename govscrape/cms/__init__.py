"""Content management systems: one module a family, all with the same two functions, asked in this order."""

from typing import Protocol

from govscrape.cms import (
    epoint_ewb,
    generic,
    govcn,
    hanweb_jpaas,
    hanweb_jpage,
    hanweb_xxgk,
    kaipuyun,
    nfcms_gkmlpt,
    search_front,
    sudy_webplus,
    trs,
    truecms,
    vsb,
)
from govscrape.cms.list_page import Ask, Link, ListPage, Reply

__all__ = ["FAMILIES", "FAMILY_NAMES", "Ask", "Family", "Link", "ListPage", "Reply", "family_for"]


class Family(Protocol):
    """What a module of this package offers: pure functions over addresses and text."""

    NAME: str

    def detect(self, url: str, html: str) -> bool:
        """Say whether a list page was made by this family."""
        ...

    def read_list(self, reply: Reply) -> ListPage:
        """Read the column's own page or what came to a later request: articles, their count, what to ask next."""
        ...


# What asks a server for its lists goes before static pages: a page may show traces of both.
FAMILIES: tuple[Family, ...] = (
    hanweb_jpage,
    hanweb_xxgk,
    truecms,
    hanweb_jpaas,
    kaipuyun,
    nfcms_gkmlpt,
    epoint_ewb,
    govcn,
    search_front,
    trs,
    vsb,
    sudy_webplus,
    generic,
)
FAMILY_NAMES = tuple(family.NAME for family in FAMILIES)


def family_for(name: str, url: str, html: str) -> Family | None:
    """Find the family by its name, or for "auto" the first that knows the page; None if none does.

    >>> family_for("auto", "http://a.cn/x/", '<script>createPageHTML(3, 0, "index", "html");</script>').NAME
    'trs'
    """
    fits = (family for family in FAMILIES if name == family.NAME or (name == "auto" and family.detect(url, html)))
    return next(fits, None)
