"""What a page says about itself, for cleaners to decide by: measured once a pass, read by all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the page besides the text at hand.

    `url` is the page's address or None; `title` a title the page gives in its metadata or None; `site_text` intact text of the
    same site, whose words count for a repair as the page's own do, or an empty string.
    """

    url: str | None = None
    title: str | None = None
    site_text: str = ""
