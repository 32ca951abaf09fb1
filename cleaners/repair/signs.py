"""The ways in which Chinese is misread, and what gives them away."""

import re
from functools import partial

from cleaners.repair.codes import (
    PAIR,
    Lost,
    Reading,
    any_byte,
    folded_pairs,
    holes,
    no_pair,
    pairs,
    utf8,
    utf8_twice,
    utf8_with_holes,
)

READINGS = (
    Reading(
        "utf-8",
        "gb18030",
        utf8,
        any_byte,
        "涓鐢鏉",
        "涓锛銆鏉鐢鏀鏃勬鐞拰戝鐨鍏鍔鍙搴浠缁浗褰簲綋鍗璁姘鍜璐斿佷鍦佺斂鏂畾骞闄鎵淇娉氬渚皯儴嶅鎶姟闂閮佽鏋呭鐩硶繚悊鈥鍥鏄绗佹浼绠勭満夊岀潯叧勶笟撳瀵鍖鎸棬绾嗗灞垨戞"
        "囧閫鏍氱诲栧敤戠粡荤栬濇湰庝勮嬪勪湴簨埗彂崟熷綔櫌氭嚜鎺鐓叾鐗祫敱悎収簻绉",
    ),
    Reading(
        "utf-8",
        "gb18030",
        utf8_twice,
        any_byte,
        "閸",
        "閸绱閺閹涘濮缁鍕鐠閿稉娈戦敍鐎礉鍨婀銊惃銉闁绨濞闂畱缍绗閵閼妴鎼濋崝褰顓濇鐟撮嫬樻崣锟拷娑灞滃瀵鏁缂勬熼鏉鏂撳欏绻姘鎾鐣禒宥瀣嗕鍡炲氬悽懓佹弨堝鐔婵顖夋惔撴夐涙"
        "楅嬪掓鍌夊鎷弶搴囨鏍冩犳眽禇炴樼囬紒傛忓欐茬姹崶芥顢绶顒鐞妫",
        2,
    ),
    Reading(
        "gbk",
        "big5",
        partial(pairs, "gbk"),
        partial(no_pair, "big5"),
        "ㄛ沭眕釬悵",
        "ㄛ沭淉﹜﹝ㄩ菴茼絞俴昢窒衄珛燴藷眕氪馱埏笢蚚釬扢翋桽汜秶訧珨甡褫弇鵙峈妗囥昜垀儂悵冪岈坋婓赻孮膘奻彶猁狟枑俋堎鏍囀桯瞰痐偌袧脤庈奀肮撮刱潼堍傖湮扲埜笭蜊砃惆煦籵"
        "髀媼蝠陓阨萇悝茠衾硎眳覃扦郪軑芧扠眻砐鍔笥妀瞳眽噫妏坻撿苀芢",
    ),
    Reading(
        "big5",
        "gb18030",
        partial(pairs, "big5"),
        partial(no_pair, "gbk"),
        "祇秈竒眔禩瞶",
        "秈祇竒糤蔼郸眏甶璶㎝穨玂笆琁瞶狝篶窾禣碞瞰穦砏菠睢獺籔羆厩癸玃穝婪砰爻笰绊铆瞏秨翴瞷琌獀秸秖烩猭硑臔砞耎疭氦秆癩螃籁篈膥娄芠骺眔惫歆祘絛竡舦耞硄恧禩祙笲砲縩筁腨"
        "瑈啶繧螟锃菏玡珇瞯砃肈磃瞟筿絋痲瘛笵纘糵蠼蚌唷矪刽戮砫籓螗糷",
    ),
)
"""The signs are what stands in most sentences of 16 characters of regulations and news once these are misread. Of 43,000 pieces of 400
characters, misread, with and without their marks, 198 have no telling one; those were taken that are quickly looked for."""

HOLED = Reading("utf-8", "cp1252", utf8_with_holes, holes)
"""UTF-8 as cp1252 by a decoder that dropped what it has no character for, or wrote a replacement."""
FOLDED_GBK = Reading("gbk", "cp1252", folded_pairs)
"""GBK as Latin-1, made half-width afterwards: `¹` is `1`."""

_TELLING = (*"".join(each.telling for each in READINGS),)
_SIGN = re.compile("[" + "".join(each.signs for each in READINGS) + "]")
_SHORT = 400
"""Characters up to which all signs are looked for: a headline has few."""
_LEAST = 2
_NO_GB18030, _NO_GBK = partial(no_pair, "gb18030"), partial(no_pair, "gbk")
"""Each made once, as two that are made alike differ: what was read is known again by its reading."""


def _lost_by_decoder(chars: frozenset[str]) -> Lost:
    """What the decoder of a text with these characters can have lost: it has characters for all that it shows, GB18030 for private ones, GBK for
    more than GB2312."""
    if any("\ue000" <= char <= "\uf8ff" for char in chars):
        return _NO_GB18030
    pairs = (char.encode("gbk", "ignore") for char in chars)
    return _NO_GBK if any(len(pair) == PAIR and min(pair) < 0xA1 for pair in pairs) else any_byte


def misread_as(text: str) -> Reading | None:
    """How a text was misread, by the signs that it has most of; None where it has hardly any.

    >>> misread_as("市政府印发工作要点"), misread_as("甯傛斂搴滃嵃鍙戝伐浣滆鐐").meant
    (None, 'utf-8')
    """
    if not (_SIGN.search(text) if len(text) <= _SHORT else any(map(text.__contains__, _TELLING))):
        return None
    chars = frozenset(text)
    counts = [each.count(chars) for each in READINGS]
    if max(counts) < _LEAST:
        return None
    return _exactly(READINGS[counts.index(max(counts))], chars)


def ways(text: str) -> list[Reading]:
    """The ways in which a text without enough signs can have been misread: those that no word of a European language looks like.

    >>> [way.codec for way in ways("甯傛斂搴")]
    ['gb18030', 'gb18030', 'big5', 'gb18030', 'cp1252']
    """
    chars = frozenset(text)
    return [*(_exactly(each, chars) for each in READINGS), HOLED]


def _exactly(reading: Reading, chars: frozenset[str]) -> Reading:
    """A way of misreading, with what the decoder of these characters can have lost."""
    is_known = reading.codec == "gb18030" and reading.times == 1
    return reading._replace(lost=_lost_by_decoder(chars)) if is_known else reading
