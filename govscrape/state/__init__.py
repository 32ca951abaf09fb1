"""What crawls remember, in one SQLite file beside their output: pages, frontier, runs, locks, archive files."""

from govscrape.state.frontier import Frontier, Leased
from govscrape.state.runs import LockedError, RunBook, SiteRun
from govscrape.state.store import StateError, open_state

__all__ = ["Frontier", "Leased", "LockedError", "RunBook", "SiteRun", "StateError", "open_state"]
