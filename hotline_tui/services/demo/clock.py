"""The time of the demonstration city: a clock that is set, and moments counted in working days from its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import SHANGHAI, shanghai_day


class MovingClock:
    """What every desk of the city takes for now."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Aware UTC."""
        return self.now


class Days:
    """Working days around the city's day: -1 is the last before it, 1 the next after it, 0 itself or the next."""

    def __init__(self, calendar: WorkingCalendar, day: date) -> None:
        self.calendar = calendar
        self.day = day

    def at(self, position: int) -> date:
        """The working day at a position."""
        if position == 0:
            return self.day if self.calendar.is_working(self.day) else self.at(1)
        return self.after(self.day, position)

    def after(self, day: date, n: int) -> date:
        """N working days after a day, or before it when negative."""
        return self.calendar.after(day, n) if n > 0 else self.calendar.before(day, -n) if n < 0 else day


def moment(day: date, first: float, last: float, chance: Random) -> datetime:
    """A moment of a day between two hours of Shanghai, as UTC."""
    seconds = int(chance.uniform(first, last) * 3600)
    return (datetime.combine(day, time(), SHANGHAI) + timedelta(seconds=seconds)).astimezone(UTC)


def earlier_that_day(at: datetime, chance: Random) -> datetime:
    """A moment from midnight of Shanghai to ten minutes before: an order's number has the day of its receipt."""
    midnight = datetime.combine(shanghai_day(at), time(), SHANGHAI)
    latest = max(at - timedelta(minutes=10), midnight)
    return midnight + (latest - midnight) * chance.uniform(0.3, 1)
