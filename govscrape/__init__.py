"""The application: command line, spiders, site specs; and the library face.

>>> import govscrape
>>> record = govscrape.clean_text("某市政府辦公廳牽頭,推出民生政策宣講。")
>>> record.text
'某市政府办公厅牵头，推出民生政策宣讲。'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaners.reason import Reason
    from govscrape.library import clean_page, clean_text
    from output.record import Record, Rejected

__all__ = ["Reason", "Record", "Rejected", "clean_page", "clean_text"]

_HOMES = {
    "Reason": "cleaners.reason",
    "Record": "output.record",
    "Rejected": "output.record",
    "clean_page": "govscrape.library",
    "clean_text": "govscrape.library",
}


def __getattr__(name: str) -> Any:
    """Load the library face on first use, so that `import govscrape` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'govscrape' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
