"""The working calendar (R-D3): the `holidays` library's days for China, under rows that the office adds."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, final

from hotline_tui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holidays.countries.china import China

FIRST_YEAR = 1950
LAST_YEAR = 2100
BASE_SOURCE = "基础数据"
MAKE_UP = "调休上班"
SWAPPED = "调休放假"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day as the office has it, winning over the library: a notice, a regional holiday, an extension."""

    day: date
    works: bool
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day as the calendar answers it; `name` and `source` are empty for an ordinary working day."""

    day: date
    works: bool
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class YearInfo:
    """A year on the calendar screen; `noticed_by_office`: its notice came with the office's rows."""

    year: int
    noticed: bool
    noticed_by_office: bool
    working_days: int
    make_up_days: int


@final
class WorkingCalendar:
    """Which days work, and the n-th working day from any day, answered from a table.

    Immutable to its users; the table behind it grows to the years that are asked for. A day outside 1950..2100 raises
    UsageError.
    """

    __slots__ = ("_noticed", "_rows", "_table")

    def __init__(self, rows: Iterable[DayRow] = (), noticed: Iterable[int] = ()) -> None:
        """Lay `rows` over the library (the last row for a day wins); `noticed` are years the rows bring a notice of."""
        self._rows = {row.day: row for row in rows}
        self._noticed = frozenset(noticed)
        self._table = _Table()

    @property
    def rows(self) -> Mapping[date, DayRow]:
        """The office's rows by day."""
        return MappingProxyType(self._rows)

    def with_rows(self, rows: Iterable[DayRow], noticed: Iterable[int] = ()) -> WorkingCalendar:
        """Return another calendar with more rows and noticed years on top of these."""
        return WorkingCalendar([*self._rows.values(), *rows], self._noticed.union(noticed))

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        table, index = self._at(day)
        return table.running[index] != table.running[index + 1]

    def is_make_up(self, day: date) -> bool:
        """Whether `day` is a Saturday or Sunday that works (调休)."""
        return day.weekday() >= SATURDAY and self.is_working(day)

    def after(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which is not counted; with n = 0 `day` itself, working or not."""
        if n < 1:
            return _not_moved(day, n)
        table = self._table
        index = day.toordinal() - table.first
        if 0 <= index < table.size:
            position = table.running[index + 1] + n - 1
            if position < len(table.working):
                return table.working[position]
        return self._after_growing(day, n)

    def before(self, day: date, n: int) -> date:
        """Return the n-th working day before `day`, which is not counted; with n = 0 `day` itself, working or not."""
        if n < 1:
            return _not_moved(day, n)
        table = self._table
        index = day.toordinal() - table.first
        if 0 <= index < table.size:
            position = table.running[index] - n
            if position >= 0:
                return table.working[position]
        return self._before_growing(day, n)

    def within(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and with `last`; negative when `last` is the earlier."""
        table = self._covering(min(first, last).year, max(first, last).year)
        return table.running[last.toordinal() - table.first + 1] - table.running[first.toordinal() - table.first + 1]

    def provisional(self, day: date) -> bool:
        """Whether the notice of this day's year is not in the data: what is computed from it is 暂定."""
        return day.year not in self._noticed and day.year not in library_years()

    def reason(self, day: date) -> str | None:
        """Why `day` is off (周六, 国庆节), or None when it works; a swapped weekday has the name of its holiday."""
        if self.is_working(day):
            return None
        names = self._table.names
        name = names.get(day)
        if name:
            return name
        if name is None and not self._enclosed(day):
            return WEEKDAYS[day.weekday()]
        return self._holiday_around(day) or (SWAPPED if day.weekday() < SATURDAY else WEEKDAYS[day.weekday()])

    def day(self, day: date) -> CalendarDay:
        """Return `day` with its name and where that comes from."""
        works, row = self.is_working(day), self._rows.get(day)
        if not works:
            name = self.reason(day) or ""
        elif row and row.name:
            name = row.name
        else:
            name = MAKE_UP if day.weekday() >= SATURDAY else ""
        ordinary = not name or name == WEEKDAYS[day.weekday()]
        return CalendarDay(day, works, name, row.source if row else "" if ordinary else BASE_SOURCE)

    def days(self, year: int) -> Iterator[CalendarDay]:
        """Every day of `year` in order."""
        _ = self._covering(year, year)
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        return (self.day(date.fromordinal(ordinal)) for ordinal in range(first, last + 1))

    @property
    def years(self) -> tuple[YearInfo, ...]:
        """Every year from the first notice in the data to the year after the last, which is still provisional."""
        known = library_years() | self._noticed
        return tuple(self._year(year, known) for year in range(min(known), min(max(known) + 1, LAST_YEAR) + 1))

    def _year(self, year: int, known: frozenset[int]) -> YearInfo:
        last = date(year, 12, 31)
        working = self.within(date(year, 1, 1), last) + self.is_working(date(year, 1, 1))
        make_ups = sum(self.is_make_up(day) for day in self._table.make_up if day.year == year)
        return YearInfo(year, year in known, year in self._noticed, working, make_ups)

    def _enclosed(self, day: date) -> bool:
        """Whether holidays stand on both sides of this weekend day, with no working day between."""
        return all(any(self._table.names.get(near) is not None for near in self._run(day, step)) for step in (-1, 1))

    def _holiday_around(self, day: date) -> str | None:
        names = Counter[str]()
        for step in (-1, 1):
            for near in self._run(day, step):
                names.update(filter(None, self._table.names.get(near, "").split("、")))
        return names.most_common(1)[0][0] if names else None

    def _run(self, day: date, step: int) -> Iterator[date]:
        """The days off that touch `day` on one side, nearest first."""
        near = day + step * ONE_DAY
        while FIRST_YEAR <= near.year <= LAST_YEAR and not self.is_working(near):
            yield near
            near += step * ONE_DAY

    def _at(self, day: date) -> tuple[_Table, int]:
        table = self._table
        index = day.toordinal() - table.first
        if 0 <= index < table.size:
            return table, index
        table = self._covering(day.year, day.year)
        return table, day.toordinal() - table.first

    def _after_growing(self, day: date, n: int) -> date:
        table = self._covering(day.year, day.year)
        while True:
            position = table.running[day.toordinal() - table.first + 1] + n - 1
            if position < len(table.working):
                return table.working[position]
            table = self._covering(
                table.first_year,
                table.last_year + 1 + (position - len(table.working)) // 366,
            )

    def _before_growing(self, day: date, n: int) -> date:
        table = self._covering(day.year, day.year)
        while True:
            position = table.running[day.toordinal() - table.first] - n
            if position >= 0:
                return table.working[position]
            table = self._covering(table.first_year - 1 + position // 366, table.last_year)

    def _covering(self, first_year: int, last_year: int) -> _Table:
        """Return the table, grown to these years and one more on either side."""
        table = self._table
        if table.size and table.first_year <= first_year and last_year <= table.last_year:
            return table
        if first_year < FIRST_YEAR or last_year > LAST_YEAR:
            raise UsageError(f"工作日历只算 {FIRST_YEAR} 年至 {LAST_YEAR} 年,请改用这之间的日期")
        first, last = max(first_year - 1, FIRST_YEAR), min(last_year + 1, LAST_YEAR)
        if table.size:
            first, last = min(first, table.first_year), max(last, table.last_year)
        self._table = table = _build(first, last, self._rows)
        return table


@dataclass(frozen=True, slots=True)
class _Table:
    """Whole years, day by day: `running[i]` working days stand before day i, `working` lists them."""

    first_year: int = 0
    last_year: int = 0
    first: int = 0
    size: int = 0
    running: tuple[int, ...] = (0,)
    working: tuple[date, ...] = ()
    names: dict[date, str] = field(default_factory=dict[date, str])
    """Days off by name; an empty name is a weekday swapped with a weekend."""
    make_up: frozenset[date] = frozenset()


def _build(first_year: int, last_year: int, rows: Mapping[date, DayRow]) -> _Table:
    # Days that a notice moves in the year before its own (2006-12-30) are with the library whatever years are asked.
    base = library_china()(years=range(first_year, last_year + 1), expand=False, language="zh_CN")
    names = {day: plain_name(name) for day, name in base.items()}
    make_up = set(base.weekend_workdays)
    for row in rows.values():
        _ = names.pop(row.day, None)
        make_up.discard(row.day)
        if row.works:
            make_up.add(row.day)
        else:
            names[row.day] = row.name
    first = date(first_year, 1, 1).toordinal()
    running, working = [0], list[date]()
    for ordinal in range(first, date(last_year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in make_up or (day.weekday() < SATURDAY and day not in names):
            working.append(day)
        running.append(len(working))
    return _Table(
        first_year,
        last_year,
        first,
        len(running) - 1,
        tuple(running),
        tuple(working),
        names,
        frozenset(make_up),
    )


def plain_name(name: str) -> str:
    """Return a name of the library without its decorations; empty for a weekday swapped with a weekend."""
    parts = (re.sub("（.*?）", "", part).strip() for part in name.split(";"))
    # 2008 to 2013 the eve was statutory, and its substitute on the third day carries the eve's name.
    plain = ("春节" if part == "农历除夕" else part for part in parts if part != "休息日")
    return "、".join(dict.fromkeys(plain))


def _not_moved(day: date, n: int) -> date:
    if n < 0:
        raise ValueError("n must not be negative")
    return day


@cache
def library_years() -> frozenset[int]:
    """The years whose notice the library carries: it lists their swapped days, not only the statutory ones."""
    special: Mapping[int, object] = vars(library_china()())["special_public_holidays"]
    return frozenset(special)


@cache
def library_china() -> type[China]:
    """The library's China, loaded alone: importing its package reads 250 countries and more than doubles the time."""
    spec = importlib.util.find_spec("holidays")
    file = Path(spec.origin).with_name("countries") / "china.py" if spec and spec.origin else None
    if file is None or not file.is_file():
        from holidays.countries.china import China

        return China
    alone = importlib.util.spec_from_file_location("hotline_tui.rules._china", file)
    if alone is None or alone.loader is None:
        raise ImportError(f"cannot load {file}")
    module = importlib.util.module_from_spec(alone)
    alone.loader.exec_module(module)
    return module.China
