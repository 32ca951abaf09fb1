"""What can be asked for in a wrong way: each error says what is wrong and what to do, in one line.

UsageError                 the command line asks for something that is not there (exit code 2)
├── UnknownSiteError       raised by `load_site`: no spec of that name
└── SiteSpecError          raised by `load_site`: a spec that cannot be read

Results that cannot be written raise `output.writer.OutputError`.
"""


class UsageError(Exception):
    """What was asked for is not there, or is not written as it must be."""


class UnknownSiteError(UsageError):
    """No site spec has this name."""


class SiteSpecError(UsageError):
    """A site spec cannot be read: the message names the file, the key and what to do, a line a mistake."""


def in_words(error: Exception) -> str:
    """What an error says to the user; of one of the system the place and what is wrong, without its number.

    >>> in_words(FileNotFoundError(2, "No such file or directory", "a/b.toml"))
    'a/b.toml: no such file or directory'
    """
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}"
    return str(error)
