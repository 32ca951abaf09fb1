"""Traditional to simplified, a character at a time: what a language model of simplified text needs to read both."""

from functools import cache
from pathlib import Path

import opencc


@cache
def _converter() -> "opencc.OpenCC":
    # By its full path: OpenCC looks for a bare name in the current directory first.
    return opencc.OpenCC(str(Path(opencc.__file__).parent / "clib/share/opencc/t2s.json"))


@cache
def simplified(char: str) -> str:
    """Write one character in simplified form; others come back as they are.

    >>> simplified("國"), simplified("国"), simplified("a")
    ('国', '国', 'a')
    """
    return str(_converter().convert(char))
