"""A day as people write it, the year first: never a guess at the order of day and month."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_HOUR = re.compile(r"[T\s]*(\d{1,2})(:\d{2}.*)", re.ASCII)


def read_day(text: str) -> date:
    """The day of `2026-09-08`, `2026-9-8`, `2026/9/8`, `2026年9月8日`, `20260908`; raises ValueError."""
    day, rest = _parted(text)
    if rest:
        raise ValueError(text)
    return day


def read_day_or_time(text: str) -> date | datetime:
    """The same, or a time of such a day (`2026/9/8 9:30`), naive where it names no zone; raises ValueError."""
    day, rest = _parted(text)
    if not rest:
        return day
    hour = _HOUR.fullmatch(rest)
    if hour is None:
        raise ValueError(text)
    return datetime.fromisoformat(f"{day.isoformat()}T{int(hour[1]):02}{hour[2]}")


def _parted(text: str) -> tuple[date, str]:
    """The day, and what stands behind it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.match(plain)
    if found:
        year, month, day = map(int, found.groups())
        return date(year, month, day), plain[found.end() :].strip()
    return date.fromisoformat(plain), ""
