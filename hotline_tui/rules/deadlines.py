"""When an answer is due (R-11.2.2a, R-D2, R-D5, R-D8) and how a deadline stands (R-D7).

Days are those of Asia/Shanghai; every time taken is aware, every time returned is UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hotline_tui.errors import Refused, UsageError
from hotline_tui.rules.words import Kind, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline_tui.rules.calendar import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSING = time(18, 0)
SERIOUS_DAYS = 5
ONE_DAY = timedelta(days=1)

WORKING_DAYS: Mapping[Kind, int] = MappingProxyType(
    {
        Kind.INQUIRY: 3,
        Kind.HELP: 5,
        Kind.COMPLAINT: 5,
        Kind.TIPOFF: 10,
        Kind.SUGGESTION: 5,
        Kind.PRAISE: 3,
        Kind.OTHER: 3,
    }
)
"""Working days of a timed order by kind (Art. 11(2))."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over while counting, and why it is off."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with the days that made it; `provisional` are the years it touches without a notice (R-D3)."""

    day_zero: date
    working_days: int
    due_at: datetime
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    provisional: tuple[int, ...]

    @property
    def why_provisional(self) -> str | None:
        """The sentence beside 暂定, or None when the deadline is firm."""
        if not self.provisional:
            return None
        years = "、".join(f"{year} 年" for year in self.provisional)
        return f"{years}的放假安排尚未录入,时限暂定,录入后重新计算"


@dataclass(frozen=True, slots=True)
class Edges:
    """The times that part open deadlines by standing, for one `now`; each comparison can be said in SQL."""

    soon_until: datetime
    """临期: now <= due_at <= soon_until, the end of the next working day."""
    now: datetime
    """超期: due_at < now."""
    serious_before: datetime
    """严重超期: due_at < serious_before."""

    def standing(self, due_at: datetime) -> Standing:
        """Where an open deadline stands."""
        if due_at < self.serious_before:
            return Standing.SERIOUSLY_OVERDUE
        if due_at < self.now:
            return Standing.OVERDUE
        if due_at <= self.soon_until:
            return Standing.DUE_SOON
        return Standing.IN_TIME


def shanghai_day(moment: datetime | date) -> date:
    """Return the calendar date in Shanghai; a naive time raises ValueError."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a time without its zone has no day")
    return moment.astimezone(SHANGHAI).date()


def closing_time(day: date, closing: time = CLOSING) -> datetime:
    """Return the closing time of `day` in Shanghai, as UTC."""
    return datetime.combine(day, closing, SHANGHAI).astimezone(UTC)


def due(calendar: WorkingCalendar, dispatched_at: datetime | date, working_days: int, closing: time = CLOSING) -> Due:
    """Return the closing time of the n-th working day after dispatch (R-D2); fewer than one day raises UsageError.

    Day 0 is the date of dispatch in Shanghai, never counted, also when it is a day off or the office had closed.
    """
    if working_days < 1:
        raise UsageError("办理时限至少为 1 个工作日")
    day_zero = shanghai_day(dispatched_at)
    return _due(calendar, day_zero, calendar.after(day_zero, working_days), closing)


def return_due(calendar: WorkingCalendar, dispatched_at: datetime | date, closing: time = CLOSING) -> Due:
    """Return the last moment for 退件 (R-D5): closing time of the dispatch day, or of the next working day.

    The next one when dispatched on a day off or after closing time; at closing time exactly is not after it.
    """
    day_zero = shanghai_day(dispatched_at)
    too_late = isinstance(dispatched_at, datetime) and dispatched_at > closing_time(day_zero, closing)
    same_day = calendar.is_working(day_zero) and not too_late
    return _due(calendar, day_zero, day_zero if same_day else calendar.after(day_zero, 1), closing)


def promised_due(calendar: WorkingCalendar, promised_day: date, now: datetime, closing: time = CLOSING) -> Due:
    """Return the closing time of a promised day (Art. 11(2)2, R-D8), counted from today.

    A day that is not after today, or that is off, raises Refused.
    """
    article = "第十一条(二)"
    today = shanghai_day(now)
    if promised_day <= today:
        raise Refused(f"承诺办结日期须晚于今天 {today.isoformat()}", article)
    reason = calendar.reason(promised_day)
    if reason is not None:
        following = calendar.after(promised_day, 1)
        raise Refused(
            f"承诺办结日期须为工作日:{promised_day.isoformat()} 为{reason},其后的工作日是 {following.isoformat()}",
            article,
        )
    return _due(calendar, today, promised_day, closing)


def promise_moved_due(calendar: WorkingCalendar, promised_day: date, day_zero: date, closing: time = CLOSING) -> Due:
    """Return the closing time of a promised day once it was accepted, or of the next working day if it is off by now.

    The day may have come or gone, unlike one that is asked for (`promised_due`). The promised day itself stays
    what the caller was told; a deadline does not stand on a day off (R-D3, R-D8).
    """
    due_day = promised_day if calendar.is_working(promised_day) else calendar.after(promised_day, 1)
    return _due(calendar, day_zero, due_day, closing)


def edges(calendar: WorkingCalendar, now: datetime, closing: time = CLOSING, serious_days: int = SERIOUS_DAYS) -> Edges:
    """Return the times that part deadlines by standing (R-D7); `serious_days` below one raises ValueError.

    Due soon: due today or on the next working day. Seriously overdue: `now` is later than the closing time of the
    `serious_days`-th working day after the day on which it was due.
    """
    if serious_days < 1:
        raise ValueError("serious_days must be at least 1")
    today = shanghai_day(now)
    next_day = calendar.after(today, 1)
    over_today = calendar.is_working(today) and now > closing_time(today, closing)
    # The latest `serious_days` closings lie behind; what was due before the first of those days is serious.
    first_of_them = calendar.before(today + ONE_DAY if over_today else today, serious_days)
    return Edges(
        soon_until=midnight(next_day + ONE_DAY) - timedelta.resolution,
        now=now.astimezone(UTC),
        serious_before=midnight(first_of_them),
    )


def serious_after(
    calendar: WorkingCalendar, due_day: date, closing: time = CLOSING, serious_days: int = SERIOUS_DAYS
) -> datetime:
    """What was due on this day is seriously overdue after this moment (R-D7), as `edges` says of the present."""
    return closing_time(calendar.after(due_day, serious_days), closing)


def standing(
    calendar: WorkingCalendar,
    due_at: datetime,
    now: datetime,
    closing: time = CLOSING,
    serious_days: int = SERIOUS_DAYS,
) -> Standing:
    """Where one open deadline stands at `now` (R-D7); for many, ask `edges` once."""
    return edges(calendar, now, closing, serious_days).standing(due_at)


def working_days_left(calendar: WorkingCalendar, due_at: datetime, now: datetime, closing: time = CLOSING) -> int:
    """Count the working days left, 0 when due today; negative once overdue, a begun working day being a whole one.

    So the first is -1 from the deadline to the next closing time, and seriously overdue is below -`serious_days`.
    """
    today, due_day = shanghai_day(now), shanghai_day(due_at)
    if due_at >= now:
        return calendar.within(today, due_day)
    closed = calendar.within(due_day, today)
    if today > due_day and calendar.is_working(today) and now <= closing_time(today, closing):
        closed -= 1
    return -1 - closed


def _due(calendar: WorkingCalendar, day_zero: date, due_day: date, closing: time) -> Due:
    days = [date.fromordinal(ordinal) for ordinal in range(day_zero.toordinal() + 1, due_day.toordinal() + 1)]
    reasons = [(day, calendar.reason(day)) for day in days]
    counted = tuple(day for day, reason in reasons if reason is None)
    return Due(
        day_zero=day_zero,
        working_days=len(counted),
        due_at=closing_time(due_day, closing),
        counted=counted,
        skipped=tuple(Skipped(day, reason) for day, reason in reasons if reason is not None),
        provisional=tuple(sorted({day.year for day in (*days, due_day) if calendar.provisional(day)})),
    )


def midnight(day: date) -> datetime:
    """The beginning of a Shanghai day, UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
