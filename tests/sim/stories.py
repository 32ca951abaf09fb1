"""Articles made by rule, each of its own wording: enough of them to fill the lists of a simulated site."""

from datetime import date, timedelta
from html import escape
from typing import NamedTuple

PLACES = ("云川市", "柳河县", "东岭区", "安平镇", "北塘街道", "青石乡", "南湾新区")
SUBJECTS = (
    "春季农业生产",
    "老旧小区改造",
    "安全生产检查",
    "义务教育招生",
    "防汛物资储备",
    "政务服务大厅",
    "河道清淤工程",
    "公共图书馆",
)
EVENTS = ("工作取得新进展", "推进会顺利召开", "有关情况通报", "专项行动正式启动", "年度安排公布")
OFFICES = ("市政府办公室", "市发展改革委", "市教育局", "市水利局", "县融媒体中心", "市应急管理局")
OPENINGS = (
    "{day}，{place}召开会议，就{subject}作出部署，{office}负责同志介绍了有关情况。",
    "记者从{office}获悉，{place}今年把{subject}列入重点事项，第{number}批任务已经全部下达。",
    "为进一步做好{subject}，{place}日前印发第{number}号方案，明确了责任单位和完成时限。",
)
MIDDLES = (
    "方案提出，全年计划投入资金{money}万元，涉及{count}个村和社区，惠及群众{people}户，每月向社会公布一次进度。",
    "截至目前，全市累计完成{count}项任务，占全年计划的{share}%，比去年同期多{people}项，其余项目将在年底前完成。",
    "{office}组织{count}个小组深入一线走访，收集意见建议{people}条，能够当场解决的立即解决，不能当场解决的限期答复。",
)
CLOSINGS = (
    "下一步，{place}将继续加强督促检查，及时总结推广经验做法，确保各项要求落到实处。",
    "会议要求，各有关部门要密切配合，加强值班值守，把{subject}这件实事办好，让群众满意。",
    "市民如对{subject}有意见建议，可以拨打政务服务热线反映，{office}将在五个工作日内答复。",
)


class Story(NamedTuple):
    """An article, as its editors wrote it."""

    number: int
    title: str
    day: date
    clock: str
    source: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """The paragraphs as markup."""
        return "\n".join(f"<p>　　{escape(paragraph)}</p>" for paragraph in self.paragraphs)

    @property
    def compact_day(self) -> str:
        """The day as addresses have it: 20240305."""
        return f"{self.day:%Y%m%d}"


def make_stories(kind: str, count: int = 62) -> list[Story]:
    """Make articles, the newest first; those of another kind differ in every paragraph."""
    return [_story(kind, number) for number in range(count, 0, -1)]


def _story(kind: str, number: int) -> Story:
    seed = sum(map(ord, kind)) * 31 + number
    place, subject = PLACES[seed % len(PLACES)], SUBJECTS[seed // 7 % len(SUBJECTS)]
    day = date(2024, 1, 2) + timedelta(days=number + number // 3)
    words = {
        "place": place,
        "subject": subject,
        "office": OFFICES[seed % len(OFFICES)],
        "number": number,
        "day": f"{day.month}月{day.day}日",
        "money": 300 + seed % 977,
        "count": 10 + seed % 83,
        "people": 100 + seed % 1361,
        "share": 20 + seed % 71,
    }
    forms = (OPENINGS[number % 3], MIDDLES[number % 3], MIDDLES[(number + 1) % 3], CLOSINGS[number % 3])
    return Story(
        number=number,
        title=f"{place}{subject}{EVENTS[number % len(EVENTS)]}（第{number}期）",
        day=day,
        clock=f"{8 + number % 9:02d}:{number % 60:02d}",
        source=str(words["office"]),
        paragraphs=tuple(form.format(**words) for form in forms),
    )
