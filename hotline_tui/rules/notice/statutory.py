"""The statutory holidays of a year and the lunar days that hang on them, from the `holidays` library."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from hotline_tui.rules.calendar import FIRST_YEAR, LAST_YEAR, library_china

if TYPE_CHECKING:
    from collections.abc import Mapping

SPRING = "春节"
EVE = "除夕"
_ALIASES = {
    "新年": "元旦",
    "元旦": "元旦",
    "春节": SPRING,
    "农历新年": SPRING,
    "除夕": SPRING,
    "清明": "清明节",
    "五一": "劳动节",
    "劳动节": "劳动节",
    "端午": "端午节",
    "中秋": "中秋节",
    "十一": "国庆节",
    "国庆": "国庆节",
}
_YEARLY = frozenset(_ALIASES.values())
_MOVED = ("休息日", "补假", "延长")
_FIXED_LUNAR = {5: (5, "端午节"), 8: (15, "中秋节")}
_LUNAR_MONTH = 29.53
"""Days from new moon to new moon."""


@cache
def statutory(year: int) -> Mapping[date, tuple[str, ...]]:
    """The statutory days of a year with their holidays; what is only moved or compensated is not among them."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return MappingProxyType({})
    days: dict[date, tuple[str, ...]] = {}
    for day, label in sorted(library_china()(years=year, expand=False, language="zh_CN").items()):
        parts = (part.strip() for part in label.split(";") if not any(sign in part for sign in _MOVED))
        names = tuple(name for part in parts if (name := SPRING if EVE in part else part) in _YEARLY)
        if names and day.year == year:
            days[day] = names
    return MappingProxyType(days)


def holidays_in(text: str) -> tuple[str, ...]:
    """The statutory holidays that a heading names, in its order."""
    found = sorted((text.find(alias), name) for alias, name in _ALIASES.items() if alias in text)
    return tuple(dict.fromkeys(name for _, name in found))


def holiday_days(year: int, name: str) -> tuple[date, ...]:
    """The statutory days of one holiday in a year."""
    return tuple(day for day, names in statutory(year).items() if name in names)


@cache
def new_years_day(year: int) -> date | None:
    """正月初一 of a year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    for day, label in sorted(library_china()(years=year, expand=False, language="zh_CN").items()):
        if re.fullmatch(rf"(?:.*; )?{SPRING}(?:;.*)?", label):
            return day
    return None


def lunar_fits(day: date, month: int, of_month: int) -> bool:
    """Whether `day` can be this day of the lunar calendar; month 0 is the eve of the new year.

    Exact for months 1, 5 and 8, of which the library knows a day; month 12 is taken to have 29 or 30 days, the others
    are estimated.
    """
    first = new_years_day(day.year)
    if first is None or month > 12:
        return True
    if month == 0:
        return day == first - timedelta(days=1)
    if month == 1:
        return 1 <= of_month <= 30 and day == first + timedelta(days=of_month - 1)
    if month == 12:
        following = first if day < first else new_years_day(day.year + 1)
        return following is None or (following - day).days in (30 - of_month, 31 - of_month)
    if month in _FIXED_LUNAR:
        known, name = _FIXED_LUNAR[month]
        return all(day == fixed + timedelta(days=of_month - known) for fixed in holiday_days(day.year, name))
    # Counted from the new year, with a leap month between or not.
    counted = (month - 1) * _LUNAR_MONTH + of_month - 1
    return any(abs((day - first).days - counted - leap) <= 2 for leap in (0, _LUNAR_MONTH))
