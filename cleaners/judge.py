"""The verdict on a cleaned text: a record, or a reason against it."""

import re
from itertools import islice

from cleaners.reason import Reason, Rejection
from cleaners.spam import is_spam_page

_LETTER = re.compile(r"[0-9A-Za-z\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U000323af]")
_LOST = ("\ufffd", "锟斤拷", "烫烫", "屯屯")

MIN_LETTERS = 10
"""Fewer letters, digits and Han than this are no text (the shortest notices seen have about thirty)."""
MAX_LOST_SHARE = 0.2
"""Share of a text's characters that lie in runs beyond repair from which on the text is not worth keeping."""
MAX_CHARS = 10_000_000
"""Longest text (characters); a book has about a million."""


def judge(text: str, title: str | None, *, spam_removed: str) -> Rejection | None:
    """Say what speaks against a cleaned text, or None.

    `spam_removed` is what the spam cleaner took out.

    >>> judge("某市人民政府办公室印发通知。", None, spam_removed="") is None
    True
    >>> judge("", None, spam_removed="国产精品" * 200).reason.value
    'spam_page'
    """
    letters = sum(1 for _ in islice(_LETTER.finditer(text), MIN_LETTERS))
    if letters < MIN_LETTERS:
        if len(spam_removed) > letters:
            return Rejection(Reason.SPAM_PAGE, f"{len(spam_removed)} characters of spam, nothing else")
        return Rejection(Reason.TOO_SHORT, f"{letters} letters") if letters else Rejection(Reason.EMPTY, "no text")
    if len(spam_removed) > 2 * len(text) or is_spam_page(text, title, spam_removed):
        return Rejection(Reason.SPAM_PAGE, "the page is about nothing but spam terms")
    lost = sum(text.count(sign) * len(sign) for sign in _LOST)
    if lost > MAX_LOST_SHARE * len(text):
        return Rejection(Reason.UNRECOVERABLE_ENCODING, f"{lost} of {len(text)} characters lost for good")
    return None
