"""Labels of by-lines, as the by-lines of government sites and their news mirrors write them."""

FIELDS = {
    "source": "来源|稿源|信息来源|文章来源|稿件来源|新闻来源|转载自|摘自|转自",
    "author": "作者|记者|本报记者|全媒体记者|见习记者|通讯员|撰稿|撰文|供稿|供稿人",
    "editor": "责任编辑|责编|本文编辑|网络编辑|编辑|责任校对",
    "published_at": "发布时间|发布日期|发表时间|发表日期|发稿时间|更新时间|更新日期|公开日期|日期|时间|发布于",
    "written_on": "成文日期|生成日期|印发日期|发文日期",
    "effective_on": "实施日期|生效日期|施行日期",
    "repealed_on": "废止日期|失效日期",
    "issuer": "发文机关|发布机构|发文单位|制发机关|发布单位|发文机构",
    "doc_no": "发文字号|文号|文件编号|发文号",
    "index_no": "索引号|信息索引号",
    "topic": "主题分类|组配分类",
    "validity": "有效性|效力状态|是否有效|时效",
    "column": "所属栏目|栏目",
}
PEOPLE = "初审编辑|初审|复审|终审|编审|审核|审签|审校|校对|校审|监制|总监制|值班主任|值班编辑|排版|美编|制作|视觉|主编|总编辑|签发|发布人|发布者|录入|录入人|录入者|上传人|信息员"
"""Labels of names that are no metadata of ours; the value has to be names."""

COUNTS = "浏览次数|浏览量|阅读次数|阅读量|点击数|点击率|点击量|点击|访问量|访问次数|人气|阅读|浏览"
"""Labels of counters; the value is a number or is filled in by a script."""

TOOLS = "字号|字体|字体大小|来源链接|原文链接|分享|分享到|打印|保护视力色|视力保护色|背景色"
"""Labels of page tools; the value is nothing but tools or an address."""

OUTLET = (
    r"(?:网|报|社|台|刊|局|厅|委|办|部|署|院|会|处|科|站|府|校|所|公司|中心|政府|公室|公众号|客户端|频道|日报|晚报|新闻|杂志|在线|融媒体?|发布|大学|出版社|党建|微信|整理)$"
    r"|^新华|^人民|^中国|^央视|^本[网站报]|^[\u3400-\u9fff]{2,3}$"
)
"""What a source is, on a line that says nothing else: a medium, an office, an institution, or its writer's name."""

NOISE = (
    r"[\s　|｜·•（）()\[\]【】／/，,。；;—-]+|\d+\s*人(?:看过|阅读|浏览)|\d+\s*次(?:阅读|浏览)?|阅读\s*\d+|大|中|小|打印|关闭|分享|收藏|评论|放大|缩小|默认|超大|特大"
    r"|字号|字体|本页|窗口|【|】|A[+-]?|T[+-]?|纠错|复制链接|微信|微博|QQ空间|扫一扫|手机看|听新闻|投稿|举报|星期[一二三四五六日天]"
)
"""Page tools and separators between labels."""
