"""Authors as news texts name them: `（记者 …）` at the start, a name in brackets at the end."""

import re

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺"
    "倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭"
    "梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲家封储靳段富巫乌焦巴牧山谷车侯全班仰秋"
    "仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司黎薄印白蒲邰从赖卓蔺屠蒙池乔阴胥苍闻莘党翟谭劳逄姬申扶堵冉宰桑桂牛寿通边扈燕冀尚农温别庄晏柴瞿阎连茹习艾容"
    "向古易慎戈廖庾终步都耿满弘匡国文寇广东欧利蔚越师巩聂晁勾敖融冷辛阚那简饶曾沙乜养鞠须丰巢关相查后荆红游竺权盖公付肖闫佟苟代岳覃银仝"
)
"""First characters of the surnames of 百家姓 and a few frequent later spellings (付, 肖, 闫)."""

_NAME = f"[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}?"
_ROLES = frozenset({"记者", "通讯员"})
"""They stand between names, and 通 is a surname."""

_NAMES = rf"({_NAME}(?:[\s、，,]+{_NAME}){{0,4}})"
_REPORTER = re.compile(
    rf"(?:本报|本刊|本网|信报|晨报|晚报|日报|时报|社|网|频道|台|见习|特约|首席|实习|[（(\s]|^)\s*(?:记者|通讯员)[\s:：]*{_NAMES}"
    r"(?=\s*(?:发自|报道|报导|摄|文[/／）)]|[）)]|$|/|电[）)]?|通讯员|\s\d))"
)
_SIGNED = re.compile(rf"^[（(]\s*(?:文[/／]|作者[:：]?\s*)?{_NAMES}\s*[）)]$")
_AT_END = re.compile(
    rf"[。！？”…」』][（(]\s*(?:[\u4e00-\u9fff]{{0,6}}(?:记者|通讯员|作者)\s*[:：]?\s*)?{_NAMES}\s*[）)]$"
)


def read_reporter(line: str) -> str | None:
    """The reporters that a line of the header or the first lines of a text names, joined by a space; None for none.

    A name is taken only where a surname stands after 记者 and something that ends a name follows.

    >>> read_reporter("本报讯（记者 王小明）近日"), read_reporter("本报记者罗小安发自北京")
    ('王小明', '罗小安')
    >>> read_reporter("某某日报 2024-04-03 记者 王小明 通讯员 李雪")
    '王小明 李雪'
    >>> read_reporter("记者了解到，项目已经开工。")
    """
    found = _REPORTER.search(line[:120]) if "记者" in line[:60] or "通讯员" in line[:60] else None
    return _joined(found[1]) if found else None


def read_signature(line: str) -> str | None:
    """The author in brackets at the end of a text's last line, joined by a space; None for none.

    >>> read_signature("大家交流。(晨报记者 李雪)"), read_signature("（袁小园）"), read_signature("（以上内容）")
    ('李雪', '袁小园', None)
    """
    if not line.endswith((")", "）")):
        return None
    found = _SIGNED.match(line) or _AT_END.search(line[-60:])
    return _joined(found[1]) if found else None


_LABELLED = re.compile(rf"(?:作\s*者\s*[:：]|(?:^|[\s（(])文\s*[/／])\s*{_NAMES}(?=\s|$|出自|编辑|来源|责|[\[（(【|])")
_PERSON = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}(?:[\s、，,]+[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}){{0,4}}")
_ORGANISATION = re.compile(
    r"(?:管理|通讯|信息|审核|操作|办事)员$|[网社报台局厅委办部院校会处科司刊站室组中心公司政府频道在线]$"
)


def read_author(line: str) -> str | None:
    """The names after 作者 or 文/ in a header line that says other things besides; None for none.

    >>> read_author("02日14:25 作者： 李小洁出自[文学出版社]"), read_author("文/王小明 图/李雪")
    ('李小洁', '王小明')
    """
    found = _LABELLED.search(line)
    return _joined(found[1]) if found else None


def is_person(text: str) -> bool:
    """Whether a text is one or several names of persons and not of an organisation or of whoever runs the site.

    >>> is_person("王小明 李雪"), is_person("文汇报"), is_person("admin"), is_person("管理员")
    (True, False, False, False)
    """
    return _PERSON.fullmatch(text) is not None and not _ORGANISATION.search(text)


def _joined(names: str) -> str:
    return " ".join(name for name in re.split(r"[\s、，,]+", names.strip()) if name not in _ROLES)
