"""Dates as pages, meta tags and addresses give them, besides the forms of running text."""

import datetime as dt
import re

from cleaners.dates import find_date

_GLUED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d\d)(\d\d):(\d\d)(?::(\d\d))?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:\s*(\d\d):?(\d\d)(?::?(\d\d))?)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d:/.-])(\d{1,2})\s+((?:19|20)\d\d)\s*[年\-/.]\s*(\d{1,2})(?:\s*月)?(?!\s*[-/.\d])")
_YEAR_ALONE = re.compile(
    r"(?<![\d:/.-])((?:19|20)\d\d)\s+(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:\s+(\d\d):(\d\d)(?::(\d\d))?)?(?!\d)"
)
_YEAR_LAST = re.compile(r"(?<![\d:/.-])(\d{1,2})\s*[-/.]\s*(\d{1,2})\s+((?:19|20)\d\d)(?!\s*[-/.年\d])")
"""Dates set in pieces: `2019` above `09/07` above `19:02`, `09-07` above `2019`."""

_ZONED = re.compile(r"\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d{1,6})?\s?(?:Z|([+-]\d\d):?(\d\d))\s*")
_WIDE_DIGIT = re.compile("[０-９]")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９：－／．", "0123456789:-/.")
_EPOCH = re.compile(r"^(1\d{9})(?:\d{3})?$")
_URL_DATE = re.compile(
    r"/(?:t|art_)?((?:19|20)\d\d)(?:[-/_](\d{1,2})[-/_](\d{1,2})|[-/_]?(\d\d)[-/_]?(\d\d))(?!\d)", re.IGNORECASE
)
_SIGN = re.compile(r"\d|年")
_MIDNIGHT = re.compile(r"T00:00(?::00)?$")


def read_date(text: str) -> str | None:
    """The first date of a short text as `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM[:SS]` where a time of day follows it.

    Reads the forms of running text and besides `20181120`, a date and time without a space between, dates set in pieces
    (`21 2024年02月`, `2019 09/07`, `09-07 2019`), and seconds or milliseconds since 1970 or a time with another zone (as China
    time). Midnight sharp is taken for no time: systems fill it in. What is no date of the calendar is left.

    >>> read_date("发布时间：2018年11月20日 10:20"), read_date("21 2024年02月"), read_date("2019 / 09/07 / 19:02")
    ('2018-11-20T10:20', '2024-02-21', '2019-09-07T19:02')
    >>> read_date("1546272000000"), read_date("000014349/2018-00204"), read_date("2024-05-17T01:30:00Z")
    ('2019-01-01', None, '2024-05-17T09:30:00')
    """
    if not _SIGN.search(text):
        return None
    if _WIDE_DIGIT.search(text):
        text = text.translate(_FULL_WIDTH)
    epoch = _EPOCH.match(text)
    if epoch:
        moment = dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC) + dt.timedelta(hours=8)
        return _MIDNIGHT.sub("", moment.strftime("%Y-%m-%dT%H:%M:%S"))
    if "年" not in text and "19" not in text and "20" not in text:
        return None
    zoned = _ZONED.fullmatch(text) if "T" in text or "+" in text else None
    if zoned and (there := _in_china(zoned)):
        return there
    glued = _GLUED.search(text)
    if glued:
        return _iso(*glued.groups())
    found = find_date(text.replace(" / ", "/", 1).replace(" / ", " "))
    if found:
        return _MIDNIGHT.sub("", found.iso)
    compact = _COMPACT.search(text)
    if compact:
        return _iso(*compact.groups())
    return _in_pieces(text)


def _in_pieces(text: str) -> str | None:
    if found := _DAY_FIRST.search(text):
        return _iso(found[2], found[3], found[1])
    if found := _YEAR_ALONE.search(text):
        return _iso(*found.groups())
    found = _YEAR_LAST.search(text)
    return _iso(found[3], found[1], found[2]) if found else None


def _in_china(found: re.Match[str]) -> str | None:
    """A time with its zone as China's."""
    ahead = dt.timedelta(hours=int(found[2] or 0), minutes=int(f"{(found[2] or '+')[0]}{found[3] or 0}"))
    try:
        moment = dt.datetime.fromisoformat(found[1]) - ahead + dt.timedelta(hours=8)
    except (ValueError, OverflowError):
        return None
    return _MIDNIGHT.sub("", moment.isoformat(timespec="seconds" if found[1].count(":") > 1 else "minutes"))


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
