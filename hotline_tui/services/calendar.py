"""日历: notices, regional days and extensions over the library's calendar, seen before applied (R-D3, R-D4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused, UsageError
from hotline_tui.models import CalendarRow, NoticedYear
from hotline_tui.rules.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    MAKE_UP,
    CalendarDay,
    DayRow,
    WorkingCalendar,
    library_years,
)
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.notice.notice import Notice, parse
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.services.calendar_rows import Change, Rows, stored_rows, touched, write
from hotline_tui.services.desk import Desk
from hotline_tui.services.recalculation import Moved, moved_clocks, recalculate
from hotline_tui.services.work import work_at

KEEPERS = frozenset({Role.OFFICE, Role.ADMIN})
SATURDAY = 5
_MOST_DAYS = 366
WHOLE_ONLY = "通知须整份撤回, 不能只撤回其中的日子"
OVERTAKEN = "预览之后日历或时限有变动, 请重新核对"
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline calendar', 0))")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Difference:
    """A day that works afterwards and did not, or the other way."""

    before: CalendarDay
    after: CalendarDay


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do, or did; nothing is written by looking."""

    source: str
    year: int | None
    """Of a notice of a whole year, which is no longer provisional."""
    days_off: tuple[date, ...]
    make_up_days: tuple[date, ...]
    differences: tuple[Difference, ...]
    moved: tuple[Moved, ...]
    """Deadlines with another time, of the orders that this desk may see."""
    moved_deadlines: int
    """All of them."""
    settled: int
    """Deadlines that keep their time and are provisional no more, or become so."""
    changes: bool
    """Whether there is anything to write at all."""
    token: str
    """The same for the same rows, days and deadlines: what was looked at is handed back with it as `seen`."""


_Decide = Callable[[Rows], Change]


def why_not_keeper(viewer: Viewer) -> str | None:
    """Why this viewer does not change the calendar; None if he does.

    Its change moves the clocks of all orders: where the database keeps them from the administrator's seat, that moves
    none.
    """
    if viewer.role is Role.ADMIN and viewer.guarded:
        return "数据库设了角色, 工作日历由热线办在这里维护, 或由系统管理员用命令行维护(R-D4)"
    return None if viewer.role in KEEPERS else "工作日历由热线办、系统管理员维护(R-D4)"


def preview_notice(desk: Desk, text: str) -> Preview:
    """What the text of a notice would change; raises NoticeError, which quotes the sentence at fault."""
    return _preview(desk, _notice(parse(text)))


def apply_notice(desk: Desk, text: str, seen: str | None = None) -> Preview:
    """Take a notice in: its days, its year, every open deadline that it moves, in one transaction.

    The same notice again changes nothing. `seen` is the token of the preview that was confirmed. Raises NoticeError,
    NotAllowed, and Conflict where something else would come of it than was seen.
    """
    return _apply(desk, _notice(parse(text)), seen)


def preview_without_database(text: str) -> Preview:
    """The same against the library's calendar alone, where no deadline can move."""
    nothing = Rows((), ())
    change = _notice(parse(text))(nothing)
    settled = nothing.after(change, date.min, EPOCH)
    return _looked(change, nothing.calendar, settled.calendar, (), settled.unlike(nothing))


def preview_days(desk: Desk, days: Iterable[date], name: str, source: str, *, works: bool = False) -> Preview:
    """What days added by hand would change; raises UsageError."""
    return _preview(desk, _by_hand(days, name, source, works=works))


def add_days(
    desk: Desk, days: Iterable[date], name: str, source: str, *, works: bool = False, seen: str | None = None
) -> Preview:
    """Days of a region or of an emergency, off or working, each with its source.

    Raises UsageError, NotAllowed, and Conflict where something else would come of it than was `seen`.
    """
    return _apply(desk, _by_hand(days, name, source, works=works), seen)


def preview_take_back(desk: Desk, source: str, days: Collection[date] | None = None) -> Preview:
    """What taking back would change; raises NotFound, and Refused for a part of a notice."""
    return _preview(desk, _taken_back(source, days))


def take_back(desk: Desk, source: str, days: Collection[date] | None = None, *, seen: str | None = None) -> Preview:
    """Take back everything of a source, or these days of it; what it lay over is in force again.

    Raises NotFound, Refused for a part of a notice: its text gives all of its days or none (R-D4), and Conflict where
    something else would come of it than was `seen`.
    """
    return _apply(desk, _taken_back(source, days), seen)


def sources(desk: Desk, day: date) -> tuple[DayRow, ...]:
    """The office's rows for a day, the one in force last."""
    with desk.store.read() as session:
        rows = session.exec(select(CalendarRow).where(CalendarRow.day == day)).all()
    ordered = sorted(rows, key=lambda row: (row.issued, row.added_at, row.source))
    return tuple(DayRow(row.day, row.works, row.name, row.source) for row in ordered)


def whole_sources(session: Session) -> frozenset[str]:
    """The sources that are a notice, which stands or goes as one."""
    national = session.exec(select(CalendarRow.source).where(col(CalendarRow.national)).distinct()).all()
    return frozenset(national) | frozenset(session.exec(select(NoticedYear.source)).all())


def _notice(notice: Notice) -> _Decide:
    def decide(stored: Rows) -> Change:
        said = notice.rows(stored.national_without(notice.source))
        if not notice.whole:
            return Change(notice.source, said, issued=notice.issued, national=notice.national, said=said)
        rows = (*_ordinary(notice, said), *said)
        return Change(notice.source, rows, frozenset({notice.year}), notice.issued, notice.national, said)

    return decide


def _ordinary(notice: Notice, said: Sequence[DayRow]) -> list[DayRow]:
    """The days of a year without data on which the library guesses what the notice does not say."""
    if notice.year in library_years():
        return []
    off = {row.day for row in said if not row.works}
    works = {row.day for row in said if row.works}
    guessed = WorkingCalendar()
    return [
        DayRow(each.day, True, "", notice.source)
        for each in guessed.days(notice.year)
        if not each.works and each.day.weekday() < SATURDAY and each.day not in off and each.day not in works
    ]


def _by_hand(days: Iterable[date], name: str, source: str, *, works: bool) -> _Decide:
    name, source = clean_line(name), clean_line(source)
    wanted = sorted(set(days))
    if not wanted or len(wanted) > _MOST_DAYS:
        raise UsageError(f"请写明日期, 一次 1 至 {_MOST_DAYS} 天")
    if not FIRST_YEAR < wanted[0].year <= wanted[-1].year < LAST_YEAR:
        raise UsageError(f"工作日历只到 {LAST_YEAR - 1} 年, 请核对日期")
    if not source:
        raise UsageError("请写明依据, 如文件名称和文号")
    if not name and not works:
        raise UsageError("请写明放假的名称, 如肉孜节")

    def decide(stored: Rows) -> Change:
        if source in stored.whole:
            raise Refused("这份通知的日子以通知全文为准, 增加日子请写另外的依据", "R-D4")
        said = tuple(DayRow(day, works, name or MAKE_UP, source) for day in wanted)
        kept = [row for row in stored.of(source) if row.day not in wanted]
        return Change(source, (*kept, *said), said=said)

    return decide


def _taken_back(source: str, days: Collection[date] | None) -> _Decide:
    source = clean_line(source)

    def decide(stored: Rows) -> Change:
        gone = [row for row in stored.of(source) if days is None or row.day in days]
        if not gone or (days is not None and {row.day for row in gone} != set(days)):
            raise NotFound(f"日历中没有这个来源的日子: {source}")
        kept = tuple(row for row in stored.of(source) if row not in gone)
        if kept and source in stored.whole:
            raise Refused(WHOLE_ONLY, "R-D4")
        return Change(source, kept)

    return decide


def _preview(desk: Desk, decide: _Decide) -> Preview:
    _must_keep(desk)  # how many deadlines move counts those of orders that others may not find
    with desk.store.read() as session:
        stored, now = stored_rows(session), desk.clock()
        change = decide(stored)
        settled = stored.after(change, shanghai_day(now), now)
        before, after = stored.calendar, settled.calendar
        moved = moved_clocks(session, desk.viewer, after, touched(stored, settled))
        return _looked(change, before, after, moved, settled.unlike(stored))


def _must_keep(desk: Desk) -> None:
    if (reason := why_not_keeper(desk.viewer)) is not None:
        raise NotAllowed(reason)


def _apply(desk: Desk, decide: _Decide, seen: str | None) -> Preview:
    _must_keep(desk)
    with work_at(desk) as work:
        if not desk.store.is_sqlite:  # of two changes at once the second sees the first's rows
            work.session.connection().execute(_LOCK)
        stored = stored_rows(work.session)
        change = decide(stored)
        settled = stored.after(change, shanghai_day(work.now), work.now)
        before, after, unlike = stored.calendar, settled.calendar, settled.unlike(stored)
        if not unlike:
            return _as_seen(_looked(change, before, after, (), unlike), seen)
        days = touched(stored, settled)  # before the stored rows become the settled ones
        write(work, stored, settled)
        moved = recalculate(work, after, days, change.source)
        looked = _as_seen(_looked(change, before, after, moved, unlike), seen)
        facts = {
            "source": change.source,
            "year": looked.year,
            "days": [[row.day.isoformat(), row.works, row.name] for row in change.rows],
            "moved": looked.moved_deadlines,
        }
        work.commit(None, OfficeAction.SAVE_CALENDAR, facts=facts)
        return looked


def _as_seen(done: Preview, seen: str | None) -> Preview:
    """What was done, unless something else was seen before: then nothing of it is kept."""
    if seen is not None and seen != done.token:
        raise Conflict(OVERTAKEN)
    return done


def _looked(
    change: Change, before: WorkingCalendar, after: WorkingCalendar, moved: Sequence[Moved], unlike: Sequence[str]
) -> Preview:
    days = sorted({*before.rows, *after.rows})
    pairs = [(before.day(day), after.day(day)) for day in days]
    clocks = [
        f"{each.order_id} {each.duty} {each.unit} {each.before.timestamp()} {each.after.timestamp()} {each.provisional}"
        for each in moved
    ]
    lines = (*unlike, *(f"{old} {new}" for old, new in pairs if old != new), *sorted(clocks))
    return Preview(
        source=change.source,
        year=min(change.years, default=None),
        days_off=tuple(row.day for row in change.said if not row.works),
        make_up_days=tuple(row.day for row in change.said if row.works),
        differences=tuple(Difference(old, new) for old, new in pairs if old.works != new.works),
        moved=tuple(each for each in moved if each.moves and each.visible),
        moved_deadlines=sum(each.moves for each in moved),
        settled=sum(not each.moves for each in moved),
        changes=bool(unlike),
        token=sha256("\n".join(lines).encode()).hexdigest(),
    )
