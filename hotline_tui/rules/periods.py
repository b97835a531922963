"""统计时段: days of Asia/Shanghai from the first to the last, with the period before and the same of a year earlier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline_tui.errors import UsageError
from hotline_tui.rules.deadlines import ONE_DAY, midnight
from hotline_tui.rules.words import Span

YEARS = range(2000, 2200)
"""Of which figures can be asked for: Shanghai's clock was not moved in them."""
_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
_QUARTERS = "一二三四"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Shanghai days, the first and the last both included; made by `of` and `between`."""

    first: date
    last: date
    span: Span

    @classmethod
    def of(cls, span: Span, day: date) -> Period:
        """The week (from Monday), month, quarter or year that the day is in; `any` is the day itself."""
        if span is Span.ANY:
            return cls.between(day, day)
        if span is Span.WEEK:
            first = day - timedelta(days=day.weekday())
            return cls(first, first + _WEEK - ONE_DAY, span)
        months = _MONTHS[span]
        begins = _month(day) - _month(day) % months
        return cls(_first_of(begins), _first_of(begins + months) - ONE_DAY, span)

    @classmethod
    def between(cls, first: date, last: date) -> Period:
        """From day to day, known for what it is if it is a whole week, month, quarter or year; raises UsageError."""
        if last < first:
            raise UsageError(f"统计时段的末日 {last} 早于首日 {first}, 请对调或改正")
        if first.year not in YEARS or last.year not in YEARS:
            raise UsageError(f"统计时段须在 {YEARS[0]} 年至 {YEARS[-1]} 年之间, 请改正")
        return _known(first, last)

    @property
    def since(self) -> datetime:
        """Its beginning, UTC."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """Its end, UTC: the first moment that is not in it."""
        return midnight(self.last + ONE_DAY)

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        """Whether a Shanghai day is in it."""
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Each day."""
        return (self.first + timedelta(days=number) for number in range(self.length))

    def months(self) -> Iterator[Period]:
        """Each month that it has days of, as a whole."""
        return (Period.of(Span.MONTH, _first_of(each)) for each in range(_month(self.first), _month(self.last) + 1))

    def before(self) -> Period:
        """环比: the period just before, of whole months as many months, else as many days."""
        if self._whole_months:
            begins = _month(self.first)
            return _known(_first_of(begins - self._many_months), self.first - ONE_DAY)
        return _known(self.first - self.length * ONE_DAY, self.first - ONE_DAY)

    def after(self) -> Period:
        """The period that comes next, of whole months as many months, else as many days."""
        if self._whole_months:
            begins = _month(self.first) + self._many_months
            return _known(_first_of(begins), _first_of(begins + self._many_months) - ONE_DAY)
        return _known(self.last + ONE_DAY, self.last + self.length * ONE_DAY)

    def year_before(self) -> Period:
        """同比: the same months, else the same days a year earlier (29 February: the 28th); of a week 52 weeks."""
        if self.span is Span.WEEK:
            return _known(self.first - 52 * _WEEK, self.last - 52 * _WEEK)
        if self._whole_months:
            begins = _month(self.first) - 12
            return _known(_first_of(begins), _first_of(begins + self._many_months) - ONE_DAY)
        return _known(_year_before(self.first), _year_before(self.last))

    @property
    def title(self) -> str:
        """As it stands over a document: 2026年9月, 2026年第三季度, 2026年1至9月, 2026年9月28日至10月11日."""
        first, last = self.first, self.last
        match self.span:
            case Span.YEAR:
                return f"{first.year}年"
            case Span.QUARTER:
                return f"{first.year}年第{_QUARTERS[first.month // 3]}季度"
            case Span.MONTH:
                return f"{first.year}年{first.month}月"
            case _ if self._whole_months:
                return f"{first.year}年{first.month}" + (
                    f"至{last.month}月" if first.year == last.year else f"月至{last.year}年{last.month}月"
                )
            case _ if first == last:
                return _said(first)
            case _ if first.year != last.year:
                return f"{_said(first)}至{_said(last)}"
            case _ if first.month != last.month:
                return f"{_said(first)}至{last.month}月{last.day}日"
            case _:
                return f"{_said(first)}至{last.day}日"

    @property
    def _whole_months(self) -> bool:
        return self.first.day == 1 and (self.last + ONE_DAY).day == 1

    @property
    def _many_months(self) -> int:
        return _month(self.last) - _month(self.first) + 1


def _known(first: date, last: date) -> Period:
    """By what it is."""
    for span in (*_MONTHS, Span.WEEK):
        whole = Period.of(span, first)
        if (whole.first, whole.last) == (first, last):
            return whole
    return Period(first, last, Span.ANY)


def _month(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
