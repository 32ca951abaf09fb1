"""Dates as pages, meta tags and addresses give them, besides the forms of running text."""

import datetime as dt
import re

from cleaners.dates import find_date

_GLUED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d\d)(\d\d):(\d\d)(?::(\d\d))?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:\s*(\d\d):?(\d\d)(?::?(\d\d))?)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d:/.-])(\d{1,2})\s+((?:19|20)\d\d)\s*[年\-/.]\s*(\d{1,2})(?:\s*月)?(?!\s*[-/.\d])")
_EPOCH = re.compile(r"^(1\d{9})(?:\d{3})?$")
_URL_DATE = re.compile(
    r"/(?:t|art_)?((?:19|20)\d\d)(?:[-/_](\d{1,2})[-/_](\d{1,2})|[-/_]?(\d\d)[-/_]?(\d\d))(?!\d)", re.IGNORECASE
)
_SIGN = re.compile(r"\d|年")
_MIDNIGHT = re.compile(r"T00:00(?::00)?$")


def read_date(text: str) -> str | None:
    """The first date of a short text as `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM[:SS]` where a time of day follows it.

    Reads the forms of running text and besides `20181120`, a date and time without a space between, a day before
    its year and month (`21 2024年02月`), and seconds or milliseconds since 1970 (as China time). Midnight sharp is
    taken for no time: systems fill it in. What is no date of the calendar is left.

    >>> read_date("发布时间：2018年11月20日 10:20"), read_date("21 2024年02月"), read_date("2019 / 09/07 / 19:02")
    ('2018-11-20T10:20', '2024-02-21', '2019-09-07T19:02')
    >>> read_date("1546272000000"), read_date("000014349/2018-00204")
    ('2019-01-01', None)
    """
    if not _SIGN.search(text):
        return None
    epoch = _EPOCH.match(text)
    if epoch:
        moment = dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC) + dt.timedelta(hours=8)
        return _MIDNIGHT.sub("", moment.strftime("%Y-%m-%dT%H:%M:%S"))
    if "年" not in text and "19" not in text and "20" not in text:
        return None
    glued = _GLUED.search(text)
    if glued:
        return _iso(*glued.groups())
    found = find_date(text.replace(" / ", "/", 1).replace(" / ", " "))
    if found:
        return _MIDNIGHT.sub("", found.iso)
    compact = _COMPACT.search(text)
    if compact:
        return _iso(*compact.groups())
    day_first = _DAY_FIRST.search(text)
    return _iso(day_first[2], day_first[3], day_first[1]) if day_first else None


def date_in_url(url: str) -> str | None:
    """The date that content systems write into a page's address, or None.

    >>> date_in_url("http://www.example.gov.cn/zwgk/202405/t20240517_123.html")
    '2024-05-17'
    >>> date_in_url("http://www.example.gov.cn/art/2019/3/6/art_11_2233.html"), date_in_url("http://x.cn/n/20191")
    ('2019-03-06', None)
    >>> date_in_url("http://www.example.gov.cn/content/2018-11/09/content_5338761.htm")
    '2018-11-09'
    """
    dates = [_iso(found[1], found[2] or found[4], found[3] or found[5]) for found in _URL_DATE.finditer(url)]
    return next((iso for iso in reversed(dates) if iso), None)


def _iso(year: str, month: str, day: str, *time: str | None) -> str | None:
    hour, minute, second = ([int(part) for part in time if part] + [0, 0, 0])[:3]
    try:
        moment = dt.datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=dt.UTC).replace(tzinfo=None)
    except ValueError:
        return None
    if not (hour or minute or second):
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds" if time[-1] else "minutes")
