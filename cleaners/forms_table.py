"""CJK radical supplement to unified ideographs, where NFKC has no mapping.

The pairs follow the Unicode data file EquivalentUnifiedIdeograph.txt; forms that stand for no character of running
text are left out. Kangxi radicals (U+2F00 to U+2FD5) need no table: NFKC maps them.
"""

_FORMS = (
    "⺁⺅⺆⺇⺉⺊⺋⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳"
    "⺶⺹⺺⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦"
    "⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂亻冂几刂卜㔾兀尣尢巳幺彑忄㣺扌攵旡日月歺母民氵氺灬爫丬犭王疋目示礻竹糹纟罓罒㓁"
    "羊耂肀臼艹艹艹虎衤覀西见角讠贝车辶辶辶阝钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟"
    "卤麦黄黾斉齐歯齿竜龙龜亀龟"
)

RADICALS = dict(zip(_FORMS, _IDEOGRAPHS, strict=True))
"""Radical to ideograph, a character each."""
