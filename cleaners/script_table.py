"""Traditional to simplified: what OpenCC's t2s leaves open, as tables.

Found by converting every GB2312 character and every word of jieba's dictionary (MIT) to traditional with OpenCC's
s2t, s2tw and s2hk and back with t2s, and reading what did not return (OpenCC 1.4.2).
"""

VARIANTS = {
    "衞": "卫",
    "敍": "叙",
    "簷": "檐",
    "枱": "台",
    "揹": "背",
    "濬": "浚",
    "伕": "夫",
    "暱": "昵",
    "痺": "痹",
    "睪": "睾",
    "甦": "苏",
    "吿": "告",
    "粧": "妆",
    "徬": "彷",
    "婬": "淫",
    "鯰": "鲇",
}
"""Hong Kong, Taiwan and older variants that t2s passes through. None of them is in GB2312."""

NAME_CHARACTERS = frozenset("仝甦堃喆昇陞淼濛頔犇峯鍾")
"""Outside GB2312 or changed by t2s, but written in names on simplified pages (most are in the 通用规范汉字表 of 2013 for
names): no evidence that a text is traditional."""

WORDS = {
    "想像": "想象",
    "座标": "坐标",
    "薰陶": "熏陶",
    "薰染": "熏染",
    "覆函": "复函",
    "覆核": "复核",
    "徵调": "征调",
    "徵集": "征集",
    "锺馗": "钟馗",
    "锺繇": "钟繇",
    "一见锺情": "一见钟情",
    "俐落": "利落",
}
"""Words that t2s brings to a form which simplified text does not use."""

ZHU_BEFORE = "显卓昭名专编原论巨遗译拙土撰"
"""著 stays zhù after these: 显著, 卓著, 昭著, 名著, 专著, 编著, 原著, 论著, 巨著, 遗著, 译著, 拙著, 土著, 撰著."""

ZHU_AT_BORDER = "所合新大主共较旧近校等编）) "
"""著 stays zhù after these where the clause ends or 的 follows (所著的, 合著。 and `（美）某某等著，`)."""

ZHU_AFTER = r"名|者|述|称|录|作(?![物业出为训])|书立|文立"
"""著 stays zhù before these: 著名, 著者, 著述, 著称, 著录, 著作 (not 意味着作出, 随着作物), 著书立说."""

ZHE_AFTER = "力眼手重想实急落装陆火迷凉笔床墨"
"""着 before these: 着力, 着眼, 着手, 着重, 着想, 着实, 着急, 着落, 着装, 着陆, 着火, 着迷, 着凉, 着笔, 着床, 着墨."""
