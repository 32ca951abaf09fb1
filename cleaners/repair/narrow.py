"""The few narrow characters of a Chinese text: the signs of most damage, quickly looked for among themselves."""

_last = [("", "")]


def narrow(text: str) -> str:
    """The characters of a text below U+0100, in their order: ASCII and the rest of Latin-1.

    Kept for the last text, which is known again by being the same object: several cleaners ask for it in turn, and going
    through the text is most of what a clean one costs them.

    >>> narrow("第5条（试行）；£5?")
    '5£5?'
    """
    known, found = _last[0]
    if known is not text:
        found = text.encode("latin-1", "ignore").decode("latin-1")
        _last[0] = text, found
    return found
