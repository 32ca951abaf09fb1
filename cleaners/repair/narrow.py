"""The few narrow characters of a Chinese text: the signs of most damage, quickly looked for among themselves."""

from functools import lru_cache


@lru_cache(maxsize=1)
def narrow(text: str) -> str:
    """The characters of a text below U+0100, in their order: ASCII and the rest of Latin-1.

    Kept for the last text, as several cleaners ask for it in turn: going through the text is most of what a clean one costs them.

    >>> narrow("第5条（试行）；£5?")
    '5£5?'
    """
    return text.encode("latin-1", "ignore").decode("latin-1")
