"""Vocabulary of injected search-engine spam, by kind and by how much a term says on its own.

Collected from the classes that domain descriptions of hacked mirrors name (porn, betting, lottery results, fake
invoices); written for this project. Simplified characters: the script has been converted before.
"""

STRONG = (
    # porn
    r"无码|有码中文|无专码|人妻|少妇|熟妇|艳妇|豪妇|荡乳|荡妇|巨乳|乳肉|爆乳|内射|颜射|潮喷|猛交|乱大交|乱伦|强奸乱|伦理片"
    r"|叫床|娇喘|浪叫|惨叫久久|女优|自慰|果冻传媒|果冻不卡|麻豆|蜜桃臀|天美传媒|精东|91视频|91精品|91国产|91porn|国产91|97色|色综合|色欲|色情网|色午夜"
    r"|亚洲色|亚洲av|亚洲成[a-z]人|成[a-z]人|成人av|成人网站|成人视频|成人影院|黄色网站|黄色视频|黄片|三级国产|国产三级|国产[a-z]{1,2}级|国产[ap](?![a-z])"
    r"|a片|毛片|av在线|av片|[日欧]韩av|国产av|欧美av|欧美性|欧美激情|国产精品国产|国产精品久久|精品国产|国产自产|国产偷|久久久|久久精品|精品久久|久久综合"
    r"|卡一卡二|卡[123]卡|一本大道|一本道|香蕉久|大香蕉|狠狠[干爱操]|天天[干操日]|草草|啪啪|激情视频|偷拍视频|福利视频|福利姬"
    r"|porn|tube8|zzji|做爰|做爱|裸体|裸聊|约炮|美女视频免费|午夜福利|午夜视频|鲁大师影院|免费看[的]?[黄片]"
    # betting and lottery
    r"|百家乐|老虎机|真人娱乐|真人荷官|真钱|赌场|赌博网|博彩网|博彩公司|网上博彩|菠菜网|体育投注|在线投注|足球投注|投注网|投注站网|bet365|皇冠体育|皇冠足球|皇冠现金|足球比分网"
    r"|新葡京|葡京娱乐|葡京赌|金沙娱乐|威尼斯人娱乐|太阳城集团|太阳城娱乐|银河娱乐|永利娱乐|立博|威廉希尔|bwin|必赢亚洲|彩票平台|时时彩|北京赛车|pk10|分分彩|幸运飞艇|六合彩"
    r"|一肖一码|平特一肖|澳门开奖|今晚澳门|新澳门|今晚开奖|香港马会|马会资料|精准资料|免费资料大全|天天彩|正版资料|内部资料免费|开奖直播|开户送|注册送\d+|送彩金|彩金"
    # invoices, documents, quacks
    r"|代开发票|发票代开|代开增值税|办证刻章|刻章办证|代办文凭|办理文凭|代孕|迷药|迷情药|催情|枪支出售|私家侦探|刷单兼职|信用卡套现|外围女"
)
"""A term of these is not found in official text but in sentences against the thing (打击代开发票)."""

WEAK = (
    r"国产|精品|三级片|xxxx+|上门服务|天堂网|三肖|管家婆|特码|资料|一码|亚洲|欧美|日韩|日本|中文字幕|字幕|在线观看|在线播放|在线视频|视频|高清|免费|免费看|免费观看|久久|一区|二区|三区|全集|电影|影院|播放|不卡|自拍|偷拍|美女"
    r"|乱码|成人|午夜|天堂|激情|诱惑|福利|高潮|淫|色|www|com|app|下载|官网|官方网站|手机版|网页版|中文版|登录|登陆|注册|入口|平台|网址|投注|开户|娱乐城?|体育|比分|彩票|开奖|赌|棋牌"
    r"|发票|联系电话|微信|qq|第[一二三四五六七八九十\d]+[页集]|\d{4}(?=$|[，,_|])|永久|最近中文|中日韩|无广告|大全|一码"
)
"""These say something only together and beside a strong one."""

PAGE_TERMS = (
    r"今晚澳门|新澳门|澳门(?:今晚|六合彩?|天天|正版|精准|免费)|澳门开奖|开奖结果.{0,12}(?:精准|权威|资料|推进)|一肖一码|平特一肖|管家婆|香港马会|马会资料"
    r"|免费资料大全|精准资料|正版资料|内部资料免费|真人百家乐|时时彩|六合彩(?:资料|图库|网)|bet365|体育投注|代开发票|发票代开|无码|人妻|国产精品久久|久久久"
)
"""A page that speaks of nothing else is spam even where its lines are whole sentences (fake notices)."""
