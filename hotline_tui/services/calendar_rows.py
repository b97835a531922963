"""The office's rows of the calendar as they are and as they will be, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from hotline_tui.data.calendar import calendar_of
from hotline_tui.models import CalendarRow, NoticedYear
from hotline_tui.rules.calendar import DayRow, WorkingCalendar
from hotline_tui.services.work import Work


@dataclass(frozen=True, slots=True)
class Change:
    """The rows and the years that one source has afterwards."""

    source: str
    rows: tuple[DayRow, ...]
    years: frozenset[int] = frozenset()
    issued: date | None = None
    """Of a notice; without it a day keeps its own, a new one has today's."""
    national: bool = False
    """By a notice of the State Council; a source that was so stays so."""
    said: tuple[DayRow, ...] = ()
    """The days that the person or the text named."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the office has in the calendar."""

    rows: Sequence[CalendarRow]
    years: Sequence[NoticedYear]

    @property
    def calendar(self) -> WorkingCalendar:
        """The calendar that they make."""
        return calendar_of(self.rows, (each.year for each in self.years))

    @property
    def whole(self) -> frozenset[str]:
        """The sources that are a notice: it stands or goes as one."""
        return frozenset(row.source for row in self.rows if row.national) | {each.source for each in self.years}

    def national_without(self, source: str) -> WorkingCalendar:
        """What the State Council has said but for this source: a notice knows nothing of the days of a region."""
        years = (each.year for each in self.years if each.source != source)
        return calendar_of((row for row in self.rows if row.national and row.source != source), years)

    def of(self, source: str) -> tuple[DayRow, ...]:
        """The rows of one source."""
        return tuple(DayRow(row.day, row.works, row.name, row.source) for row in self.rows if row.source == source)

    def after(self, change: Change, today: date, now: datetime) -> Rows:
        """The rows that a change leaves; nothing is written. A day that stays keeps its place among the sources."""
        old = {row.day: row for row in self.rows if row.source == change.source}
        national = change.national or any(row.national for row in old.values())
        rows = [row for row in self.rows if row.source != change.source]
        for row in change.rows:
            before = old.get(row.day)
            rows.append(
                CalendarRow(
                    day=row.day,
                    source=change.source,
                    works=row.works,
                    name=row.name,
                    national=national,
                    issued=change.issued or (before.issued if before else today),
                    added_at=before.added_at if before else now,
                )
            )
        known = {each.year for each in self.years if each.source == change.source}
        years = [each for each in self.years if each.source != change.source or each.year in change.years]
        years += [NoticedYear(year=year, source=change.source, added_at=now) for year in sorted(change.years - known)]
        return Rows(rows, years)

    def unlike(self, before: Rows) -> tuple[str, ...]:
        """What comes and what goes, a line each; nothing if the two say the same."""
        here, there = self._content(), before._content()
        return (*sorted(f"+ {each}" for each in here - there), *sorted(f"- {each}" for each in there - here))

    def _content(self) -> frozenset[tuple[object, ...]]:
        rows = ((row.day, row.source, row.works, row.name, row.national, row.issued) for row in self.rows)
        return frozenset((*rows, *((each.year, each.source) for each in self.years)))


def stored_rows(session: Session) -> Rows:
    """What is in the database."""
    rows = session.exec(select(CalendarRow).order_by(col(CalendarRow.day), col(CalendarRow.source))).all()
    return Rows(rows, session.exec(select(NoticedYear).order_by(col(NoticedYear.year))).all())


def touched(before: Rows, after: Rows) -> set[date]:
    """The days that work in one and not in the other, and the ends of each year whose notice comes or goes."""
    old, new = before.calendar, after.calendar
    days = {row.day for row in (*before.rows, *after.rows)}
    changed = {day for day in days if old.is_working(day) != new.is_working(day)}
    years = {each.year for each in before.years} ^ {each.year for each in after.years}
    for year in years:
        if old.provisional(date(year, 1, 1)) != new.provisional(date(year, 1, 1)):
            changed |= {date(year, 1, 1), date(year, 12, 31)}
    return changed


def write(work: Work, before: Rows, after: Rows) -> None:
    """Bring the database from the one to the other, within the work."""
    stored = {(row.day, row.source): row for row in before.rows}
    wanted = {(row.day, row.source): row for row in after.rows}
    for key in stored.keys() - wanted.keys():
        work.session.delete(stored[key])
    for each in before.years:
        if each not in after.years:
            work.session.delete(each)
    work.session.flush()
    for key, row in wanted.items():
        there = stored.get(key)
        if there is None:
            row.added_by = work.desk.viewer.account_id
            work.session.add(row)
        elif there is not row:
            there.works, there.name, there.national, there.issued = row.works, row.name, row.national, row.issued
    for each in after.years:
        if each not in before.years:
            each.added_by = work.desk.viewer.account_id
            work.session.add(each)
    work.session.flush()
