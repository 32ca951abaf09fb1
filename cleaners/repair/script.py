"""Traditional to simplified, a character at a time: what a language model of simplified text needs to read both."""

from functools import cache
from itertools import repeat
from pathlib import Path

import opencc


@cache
def _pairs() -> dict[str, str]:
    # By its full path: OpenCC looks for a bare name in the current directory first.
    path = Path(opencc.__file__).parent / "clib/share/opencc/t2s.json"
    chars = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = opencc.OpenCC(str(path)).convert("\n".join(chars)).split("\n")
    return {char: new for char, new in zip(chars, converted, strict=True) if char != new}


@cache
def _simplified_forms() -> frozenset[str]:
    return frozenset(_pairs().values())


def simplified(char: str) -> str:
    """Write one character in simplified form; others come back as they are.

    >>> simplified("國"), simplified("国"), simplified("a")
    ('国', '国', 'a')
    """
    return _pairs().get(char, char)


def is_traditional(char: str) -> bool:
    """Whether a character is written otherwise in simplified text.

    >>> is_traditional("國"), is_traditional("国"), is_traditional("人")
    (True, False, False)
    """
    return char in _pairs()


def is_simplified(char: str) -> bool:
    """Whether a character is the simplified form of another; some (`后`, `里`) stand in traditional text too.

    >>> is_simplified("國"), is_simplified("国"), is_simplified("人")
    (False, True, False)
    """
    return char in _simplified_forms()


@cache
def _leanings() -> dict[str, int]:
    """1 for what is written otherwise in simplified text, -1 for simplified forms; characters that are both are left out."""
    return dict.fromkeys(_pairs().keys() - _simplified_forms(), 1) | dict.fromkeys(
        _simplified_forms() - _pairs().keys(), -1
    )


def mostly_traditional(text: str) -> bool:
    """Whether more of a text's characters are written otherwise in simplified text than are simplified forms.

    >>> mostly_traditional("國務院發布了"), mostly_traditional("国务院發布了")
    (True, False)
    """
    return sum(map(_leanings().get, text, repeat(0))) > 0
