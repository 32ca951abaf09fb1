"""What can go wrong in a way that the user can mend: each error says what happened and what to do.

GovscrapeError
├── UsageError      the command line asks for something that is not there (exit code 2)
│   ├── UnknownSiteError   raised by `load_site`: no spec of that name
│   └── SiteSpecError      raised by `load_site`: a spec that cannot be read
└── OutputError     raised by `run_crawl`: the results cannot be written (exit code 1)
"""


class GovscrapeError(Exception):
    """An error for the user's eyes: `str(error)` is one line, without a traceback."""

    exit_code = 1


class UsageError(GovscrapeError):
    """What was asked for is not there, or is not written as it must be."""

    exit_code = 2


class UnknownSiteError(UsageError):
    """No site spec has this name."""


class SiteSpecError(UsageError):
    """A site spec cannot be read: the message names the file, the key and what to do."""


class OutputError(GovscrapeError):
    """The results cannot be written: the message names the place and what the system said."""
