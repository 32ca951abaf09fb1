"""Readings of Chinese characters, and the brackets that mirror sites put them in."""

import unicodedata
from functools import cache, lru_cache

SYLLABLE = "[a-zêüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
BRACKET = rf"[(（] ?(?P<reading>{SYLLABLE}) ?[)）]"
_TONES = str.maketrans("", "", "\u0300\u0301\u0304\u030c")


@cache
def _table() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415

    return dict(PINYIN_DICT)


def toneless(reading: str) -> str:
    """Take the tone marks off a reading; `ü` stays.

    >>> toneless("lǜ"), toneless("hào")
    ('lü', 'hao')
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", reading).translate(_TONES))


@cache
def readings(char: str) -> frozenset[str]:
    """All readings of a character, with tone; empty for what is no Chinese character (source: pypinyin's table).

    >>> sorted(readings("號"))
    ['hào', 'háo']
    """
    return frozenset(filter(None, _table().get(ord(char), "").split(",")))


@lru_cache(maxsize=1 << 14)
def is_reading(reading: str, char: str) -> bool:
    """Whether the character can be read so; a reading written without tone marks stands for any tone.

    >>> is_reading("hào", "號"), is_reading("hao", "號"), is_reading("hāo", "號"), is_reading("ju", "村")
    (True, True, False, False)
    """
    known = readings(char)
    if reading in known:
        return True
    bare = reading.replace("v", "ü") if reading.startswith(("lv", "nv")) else reading
    return bare == toneless(reading) and any(toneless(each) == bare for each in known)
