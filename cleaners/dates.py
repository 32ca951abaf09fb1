"""Dates and times as Chinese pages write them, to ISO 8601."""

import datetime as dt
import re
from typing import NamedTuple

_NUMERAL = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "Ｏ": 0, "O": 0, "零": 0, "两": 2, "元": 1}
_HAN_YEAR = r"[一二][〇○零OＯ一二三四五六七八九]{3}"
_HAN_NUMBER = r"[一二三]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|[一二三四五六七八九元]"
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:年|[-/.—–－]{1,2})\s*(?P<month>\d{1,2})\s*(?:月|[-/.—–－]{1,2})\s*(?P<day>\d{1,2})(?!\d)\s*日?"
    rf"|(?P<han_year>{_HAN_YEAR}|(?<!\d)(?:19|20)\d\d)\s*年\s*(?P<han_month>{_HAN_NUMBER}|\d{{1,2}})\s*月\s*(?P<han_day>{_HAN_NUMBER}|\d{{1,2}})\s*日"
)
_WEEKDAY = re.compile(r"\s*(?:[（(]\s*)?(?:星期|周)[一二三四五六日天]\s*[）)]?")
_TIME = re.compile(
    r"[T\s ]*(?:-\s*)?(?:(?P<half>上午|下午|晚上|晚|凌晨|中午|早上|早)\s*)?(?P<hour>[01]?\d|2[0-4])\s*(?:[:：]\s*(?P<minute>[0-5]\d)|[时点]\s*(?P<minutes>[0-5]?\d))"
    r"\s*(?:[:：分]\s*(?P<second>[0-5]\d)\s*秒?|分)?"
)
_AFTER_NOON = frozenset({"下午", "晚上", "晚"})


class FoundDate(NamedTuple):
    """A date in a text: its ISO form (`YYYY-MM-DD`, with `THH:MM[:SS]` where a time follows) and its place."""

    iso: str
    start: int
    end: int


def find_date(text: str, start: int = 0) -> FoundDate | None:
    """Find the first date at or after `start`, with the time of day that follows it directly or behind the day of the week.

    Left alone: what is no date of the calendar, and digits inside longer numbers (索引号 `000014349/2018-00222`).

    >>> find_date("发布时间：2019年3月16日 08:05")
    FoundDate(iso='2019-03-16T08:05', start=5, end=21)
    >>> find_date("二〇一九年三月十六日").iso, find_date("000014349/2018-00222")
    ('2019-03-16', None)
    """
    if "年" not in text and "19" not in text and "20" not in text:
        return None
    for found in _DATE.finditer(text, start):
        day = _day(found)
        if day is None:
            continue
        weekday = _WEEKDAY.match(text, found.end())
        end = weekday.end() if weekday else found.end()
        time = _TIME.match(text, end)
        if time is None:
            return FoundDate(day.isoformat(), found.start(), end)
        return FoundDate(f"{day.isoformat()}T{_time(time)}", found.start(), time.end())
    return None


def _day(found: re.Match[str]) -> dt.date | None:
    if found["year"]:
        numbers = int(found["year"]), int(found["month"]), int(found["day"])
    else:
        year = int("".join(str(_NUMERAL.get(c, c)) for c in found["han_year"]))
        numbers = year, _han_number(found["han_month"]), _han_number(found["han_day"])
    try:
        return dt.date(*numbers)
    except ValueError:
        return None


def _han_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    return (_NUMERAL.get(tens, 1) * 10 if ten else 0) + _NUMERAL.get(ones, 0)


def _time(found: re.Match[str]) -> str:
    hour = int(found["hour"]) % 24
    hour += 12 if found["half"] in _AFTER_NOON and hour < 12 else 0
    time = f"{hour:02d}:{int(found['minute'] or found['minutes']):02d}"
    return f"{time}:{found['second']}" if found["second"] else time
