"""Times as files write them: never a guess at the order of day and month."""

from __future__ import annotations

import re
import unicodedata
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta

from dateutil.parser import isoparse

from hotline_tui.rules.deadlines import SHANGHAI

_EARLIEST = datetime(1990, 1, 1, tzinfo=SHANGHAI)
_AHEAD = timedelta(days=1)
_EXCEL_DAY_0 = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}[Tt ]\d{2}.*")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_HALVES = "上午|下午|凌晨|清晨|早上|中午|傍晚|晚上|am|pm"
_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    rf"(?:(?:[\s,]+|T|(?<=[日号])|(?={_HALVES}))(?P<half>{_HALVES})?\s*(?P<hour>\d{{1,2}})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?"
    r"|\s*[时点](?:\s*(?P<fen>\d{1,2})\s*分?(?:\s*(?P<miao>\d{1,2})\s*秒)?)?)"
    r"\s*(?P<after>am|pm)?)?",
    re.IGNORECASE,
)
_YEAR_NOT_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*")
_MORNING = {"上午", "凌晨", "清晨", "早上", "am"}
_EXAMPLE = "请写成 2019-02-28 11:25:05"


def parse_time(value: str | datetime | date | float, now: datetime) -> datetime:
    """The moment in UTC; without a zone it is Asia/Shanghai. ValueError with the reason in Chinese."""
    found = _read(value)
    if found < _EARLIEST:
        raise ValueError(f"时间早于 1990 年: {_shown(value)}")
    if found > now + _AHEAD:
        raise ValueError(f"时间在将来: {_shown(value)}")
    return found.astimezone(UTC)


def parse_day(value: str | datetime | date | float) -> date:
    """The day in Asia/Shanghai, from 1900 on; ValueError with the reason in Chinese."""
    return _read(value).astimezone(SHANGHAI).date()


def _read(value: str | datetime | date | float) -> datetime:
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time())
    else:
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if not text:
            raise ValueError("时间是空的")
        found = _from_text(_WEEKDAY.sub(" ", text).strip())
    # at the ends of the calendar a change of zone would leave it
    if not 1900 <= found.year < MAXYEAR:
        raise ValueError(f"没有这个时间: {_shown(value)}, {_EXAMPLE}")
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _from_text(text: str) -> datetime:
    if _SERIAL.fullmatch(text):
        return _EXCEL_DAY_0 + timedelta(seconds=round(float(text) * 86_400))
    if match := _DIGITS.fullmatch(text):
        return _made(text, *(int(part or 0) for part in match.groups()))
    if match := _WRITTEN.fullmatch(text):
        hour = _hour(text, match["half"] or match["after"], int(match["hour"] or 0))
        minute, second = match["minute"] or match["fen"], match["second"] or match["miao"]
        numbers = (int(match["year"]), int(match["month"]), int(match["day"]))
        return _made(text, *numbers, hour, int(minute or 0), int(second or 0))
    if _ISO.fullmatch(text):
        try:
            return isoparse(text)
        except ValueError as error:
            raise ValueError(f"没有这个时间: {_shown(text)}, {_EXAMPLE}") from error
    if _YEAR_NOT_FIRST.fullmatch(text):
        raise ValueError(f"年份不在最前, 无法确定日和月的先后: {_shown(text)}, {_EXAMPLE}")
    raise ValueError(f"看不懂的时间: {_shown(text)}, {_EXAMPLE}")


def _hour(text: str, half: str | None, hour: int) -> int:
    half = (half or "").lower()
    if not half or (hour > 12 and half not in _MORNING):
        return hour
    if hour > 12 or (half == "晚上" and hour in (0, 12)):
        raise ValueError(f"时段与钟点不符: {_shown(text)}, {_EXAMPLE}")
    if half in _MORNING:
        return hour % 12
    if half == "中午":
        return hour if hour >= 10 else hour + 12
    return hour % 12 + 12


def _made(text: str, *parts: int) -> datetime:
    year, month, day, hour, minute, second = parts
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError as error:
        raise ValueError(f"没有这个时间: {_shown(text)}, {_EXAMPLE}") from error


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:40] + ".."
