"""What hacked mirrors do to a text, step by step in the order in which they do it: the same output at every run."""

import re
from itertools import cycle

from opencc import OpenCC
from pypinyin import Style, pinyin

# Characters that the mirror annotates; the table runs in the order of their GBK codes.
ANNOTATED = sorted(
    "縣區號經營點廳請範項執歲財產據團隊設備負責組織醫康檔顧導處監離壓", key=lambda han: han.encode("gbk")
)
MARKS = "，。！？、；："
SPAM_LINES = (
    "日本免费一区二区三区_国产高清在线播放_精品无码视频网站_九九热免费观看",
    "亚洲成人影院,午夜福利在线,手机看片国产,欧美激情一区二区",
)
JUNK_ID = "kvqtw"
JUNK = ("tbody", "progress", "track", "kbd", "strike", "dfn", "nobr", "samp")


def damage_text(text: str) -> str:
    """Make a text traditional, annotate and break its GBK bytes, and read them as the mirror does."""
    traditional = OpenCC("s2t").convert(text)
    return read_back(mark_up(annotate(traditional.encode("gbk"))))


def annotate(gbk: bytes) -> bytes:
    """Put the reading in brackets after the bytes of each character of the table, wherever these two bytes stand."""
    for han in ANNOTATED:
        reading = pinyin(han, style=Style.TONE)[0][0]
        gbk = gbk.replace(han.encode("gbk"), f"{han}({reading})".encode("gbk"))
    return gbk


def mark_up(gbk: bytes) -> bytes:
    """Put a comma before the bytes of each punctuation mark, wherever these two bytes stand."""
    for mark in MARKS:
        gbk = gbk.replace(mark.encode("gbk"), b"," + mark.encode("gbk"))
    return gbk


def read_back(gbk: bytes) -> str:
    """Decode as the mirror does: an invalid pair is one "?", a pair of the user-defined areas is nothing."""
    text, at = "", 0
    while at < len(gbk):
        size = 1 if gbk[at] < 0x80 else 2
        pair = gbk[at : at + size]
        at += size
        text += pair.decode("gbk", "ignore") if size == 1 or (len(pair) == 2 and pair[1] >= 0x40) else "?"
    return text


def junk_tags(html: str) -> str:
    """Strew empty elements of odd kinds, all with one id, over a page's paragraphs."""
    kinds = cycle(JUNK)
    junk = lambda _: f'<{(kind := next(kinds))} id="{JUNK_ID}"></{kind}></p>'  # noqa: E731
    return re.sub("</p>", junk, html)
