"""The page path: bytes to main text, official metadata and evidence, or a rejection."""

from cleaners.html.page import PageText, read_page

__all__ = ["PageText", "read_page"]
