"""The alphabet of the language model: simplified characters, marks in one width, digits and letters as classes."""

from functools import cache

from cleaners.repair.script import simplified

MARK = "\ufffd"
"""Written for a character that is lost: its bytes are gone, and what is left of them fits several."""
_MARKS = dict(zip(",.;:!?()<>", "，。；：！？（）《》", strict=True)) | {
    "．": "。",
    "〈": "《",
    "〉": "》",
    "—": "—",
    "－": "—",
}


@cache
def symbol(char: str) -> str:
    """The model's symbol for a character: what differs only in script, width or digit is one symbol to it.

    >>> [symbol(char) for char in "國，,7７aＡ"]
    ['国', '，', '，', '0', '0', 'a', 'a']
    """
    if char in _MARKS:
        return _MARKS[char]
    if "０" <= char <= "９" or (char.isascii() and char.isdigit()):
        return "0"
    if "Ａ" <= char <= "ｚ" or (char.isascii() and char.isalpha()):
        return "a"
    return simplified(char)


class _Symbols(dict[int, str]):
    """The symbol for a character's code point, worked out when first asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = found = symbol(chr(code))
        return found


_SYMBOLS = _Symbols()


def symbols(text: str) -> str:
    """A text in the model's symbols.

    >>> symbols("國務院2019年")
    '国务院0000年'
    """
    return text.translate(_SYMBOLS)
