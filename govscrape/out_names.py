"""What an output may be called on the command line."""

from pathlib import Path

import typer

OTHER_FILES = frozenset({".csv", ".gz", ".json", ".parquet", ".txt", ".zst"})  # who writes such a name means a file


def misplaced(out: str, one_file: tuple[str, ...]) -> str:
    """What is wrong with the name of an output, and what to say instead; "" if nothing is. `one_file`: how files may end.

    >>> misplaced("data", (".jsonl",)), misplaced("x.jsonl", (".jsonl",)), misplaced("x.jsonl/", (".jsonl",))
    ('', '', "-o 'x.jsonl/': say a file x.jsonl that is no folder, or a folder")
    """
    path = Path(out)
    is_file_name = path.name.endswith(one_file)
    if not out or (is_file_name and (out.endswith("/") or path.is_dir())):
        return f"-o {out!r}: say a file x.jsonl that is no folder, or a folder"
    if not is_file_name and path.exists() and not path.is_dir():
        return f"-o {out}: a file is there; say a file that ends in {' or '.join(one_file)}, or a folder"
    if not is_file_name and path.suffix in OTHER_FILES and not out.endswith("/") and not path.is_dir():
        return f"-o {out}: files end in {' or '.join(one_file)}; a folder of this name is said {out}/"
    return ""


def crawl_place(out: str | Path) -> Path:
    """The output of a crawl as the command line names it. Raises what typer tells the user."""
    if wrong := misplaced(str(out), (".jsonl",)):
        raise typer.BadParameter(wrong.removeprefix("-o "))
    return Path(out)
