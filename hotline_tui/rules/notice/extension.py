"""延长假期: a holiday that goes on to a later day than its own notice said, as in 2020."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hotline_tui.rules.calendar import DayRow, WorkingCalendar
from hotline_tui.rules.notice.clauses import Item
from hotline_tui.rules.notice.sentences import Sentence
from hotline_tui.rules.notice.statutory import holiday_days, holidays_in

EXTENDED = "延长假期"
_LONGEST = 31
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Extension:
    """Of which holiday, to which day; `resumed` is the day on which work begins again, where the text says it."""

    holiday: str
    year: int
    until: date
    resumed: date | None
    sentence: Sentence

    def rows(self, before: WorkingCalendar, source: str) -> tuple[DayRow, ...]:
        """The days that are added to the holiday as `before` has it; raises NoticeError where it ended later."""
        last = self._last(before)
        if self.until <= last:
            said = f"{last.month}月{last.day}日"
            raise self.sentence.error(f"{self.holiday}假期原来就到{said}, 没有延长")
        count = (self.until - last).days
        if count > _LONGEST:
            raise self.sentence.error(f"{self.holiday}假期延长了{count}天, 请核对日期")
        days = [last + ONE_DAY * offset for offset in range(1, count + 1)]
        rows = tuple(DayRow(day, False, f"{self.holiday}{EXTENDED}", source) for day in days)
        if self.resumed and self.resumed != (first := before.with_rows(rows).after(self.until, 1)):
            raise self.sentence.error(
                f"假期到{self.until.month}月{self.until.day}日, 应从{first.month}月{first.day}日起上班"
            )
        return rows

    def _last(self, before: WorkingCalendar) -> date:
        """The last day of the holiday itself, without another extension of it."""
        day = holiday_days(self.year, self.holiday)[-1]
        while not before.is_working(day + ONE_DAY) and EXTENDED not in (before.reason(day + ONE_DAY) or ""):
            day += ONE_DAY
        return day


def extension_of(items: Sequence[Item], year: int) -> Extension | None:
    """The extension that the items speak of; raises NoticeError for one of no known holiday."""
    for item in items:
        if item.until is None:
            continue
        name, until, sentence = item.until
        holidays = holidays_in(name)
        if len(holidays) != 1:
            raise sentence.error("没有看懂延长的是哪个假期")
        return Extension(holidays[0], year, until, item.resumed[0] if item.resumed else None, sentence)
    return None
