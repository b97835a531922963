"""督办看板: how the hotline stands now, decided from the open deadlines at the moment of asking (R-D7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.countersigned import lacks_assist
from hotline_tui.data.queries.figures import MonthFigures, Share, daily_intake, month_figures
from hotline_tui.data.queries.rows import COLUMNS, Cursor, OrderRow, Page, behind, fetch, order_row, order_rows
from hotline_tui.data.queries.rows import short_name as short
from hotline_tui.data.queries.visibility import clocks_of, orders_of, owes_answer
from hotline_tui.models import Deadline, Event, Unit, WorkOrder
from hotline_tui.rules.deadlines import CLOSING, SHANGHAI, Edges, shanghai_day, working_days_left
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Action, OrderState
from hotline_tui.rules.workflow import FINAL

OPEN_STATES = tuple(state for state in OrderState if state not in FINAL)
INTAKE_DAYS = 30
ClockUnit = aliased(Unit, name="clock_unit")


@dataclass(frozen=True, slots=True)
class Counts:
    """The status line: what presses. Overdue counts the seriously overdue too."""

    waiting: int
    """待派, those that lack an assisting unit among them, as far as the viewer sees them."""
    due_soon: int
    overdue: int
    seriously_overdue: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How one unit stands; orders are counted once per unit."""

    unit_id: UUID
    unit: str
    open: int
    """在办: it owes an answer."""
    due_soon: int
    overdue: int
    """Past the deadline, the seriously overdue among them."""
    seriously_overdue: int
    worst: int
    """Working days by which its oldest deadline is past; 0 when none is."""
    on_time: Share
    """按时办结率 of this month."""


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """An order past its deadline."""

    order: OrderRow
    deadline_id: UUID
    due_at: datetime
    unit_id: UUID | None
    unit: str
    """The unit that owes the answer."""
    supervised: int
    """How often it was 督办."""
    days: int
    """Working days past, a begun one being a whole one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The dashboard at one moment, as far as the viewer may see."""

    at: datetime
    waiting: int
    open: int
    due_today: int
    due_soon: int
    overdue: int
    seriously_overdue: int
    awaiting_instruction: int
    awaiting_release: int
    awaiting_callback: int
    under_review: int
    urgent_open: int
    units: tuple[UnitLine, ...]
    """Most overdue first, then by name."""
    overdue_orders: tuple[OverdueRow, ...]
    intake: tuple[tuple[date, int], ...]
    """Orders received on each of the last 30 days, today last."""
    month: MonthFigures

    @property
    def received_today(self) -> int:
        """今日受理."""
        return self.intake[-1][1]


def counts(session: Session, viewer: Viewer, edges: Edges) -> Counts:
    """What presses, cheaply: only deadlines up to the end of the next working day are read."""
    due, order = col(Deadline.due_at), col(Deadline.order_id)
    query = clocks_of(
        viewer,
        _distinct(order),
        _distinct(order, due < edges.now),
        _distinct(order, due < edges.serious_before),
    ).where(due <= edges.soon_until)
    pressing, overdue, serious = fetch(session, query)[0]
    waiting = sum(
        _many(session, viewer, each) for each in (col(WorkOrder.state) == OrderState.RECEIVED, lacks_assist())
    )
    return Counts(waiting, pressing - overdue, overdue, serious)


def snapshot(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    closing: time = CLOSING,
    limit: int = 50,
    month: MonthFigures | None = None,
) -> Snapshot:
    """The whole dashboard; `month` of an earlier snapshot saves counting the month again."""
    today = shanghai_day(edges.now)
    month = month or month_figures(session, viewer, edges.now)
    states = _states(session, viewer)
    lines = _units(session, viewer, edges, closing, month)
    return Snapshot(
        at=edges.now,
        waiting=states.get(OrderState.RECEIVED, (0, 0))[0] + _many(session, viewer, lacks_assist()),
        awaiting_instruction=states.get(OrderState.AWAITING_INSTRUCTION, (0, 0))[0],
        awaiting_release=states.get(OrderState.REPLIED, (0, 0))[0],
        awaiting_callback=states.get(OrderState.AWAITING_CALLBACK, (0, 0))[0],
        under_review=states.get(OrderState.UNDER_REVIEW, (0, 0))[0],
        urgent_open=sum(urgent for _, urgent in states.values()),
        **_totals(session, viewer, edges, today),
        units=lines,
        overdue_orders=overdue(session, viewer, edges, closing=closing, limit=limit).rows,
        intake=daily_intake(session, viewer, today, INTAKE_DAYS),
        month=month,
    )


def overdue(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    unit_id: UUID | None = None,
    closing: time = CLOSING,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[OverdueRow]:
    """Orders past their deadline, urgent ones on top (Art. 11(4)), then the most overdue; of one unit when asked."""
    due, key = col(Deadline.due_at), col(Deadline.id)
    earlier = aliased(Deadline, name="earlier_clock")
    # Of two clocks that run on one order for one unit only the earlier is a line.
    twice = sa.exists(
        sa.select(sa.literal(1))
        .where(
            col(earlier.order_id) == col(Deadline.order_id),
            col(earlier.unit_id) == col(Deadline.unit_id),
            owes_answer(earlier),
            sa.tuple_(col(earlier.due_at), col(earlier.id)) < sa.tuple_(due, key),
        )
        .correlate(Deadline)
    )
    query = (
        order_rows(viewer, key, due, col(Deadline.unit_id), short(ClockUnit), _supervised())
        .join(Deadline, col(Deadline.order_id) == col(WorkOrder.id))
        .outerjoin(ClockUnit, col(ClockUnit.id) == col(Deadline.unit_id))
        .where(owes_answer(), due < edges.now, ~twice)
        .order_by(due, key)
    )
    if unit_id is not None:
        query = query.where(col(Deadline.unit_id) == unit_id)
    if viewer.unit_ids:
        query = query.where(col(Deadline.unit_id).in_(viewer.unit_ids))
    calendar = calendar_in_force(session)

    def row(values: Any) -> OverdueRow:
        key, due_at, *unit = values[COLUMNS:]
        days = -working_days_left(calendar, due_at, edges.now, closing)
        return OverdueRow(order_row(values, edges), key, due_at, *unit, days=days)

    # Sorted by urgency in one statement, every overdue order would be read to show the first few.
    found: list[Any] = []
    for urgent in (True, False) if after is None or after.urgent else (False,):
        part = query.where(col(WorkOrder.urgent).is_(urgent))
        if after is not None and after.urgent is urgent:
            part = part.where(behind(due, key, after))
        if room := limit + 1 - len(found):
            found += fetch(session, part.limit(room))
    rows = tuple(row(values) for values in found[:limit])
    last = rows[-1] if len(found) > limit and rows else None
    return Page(rows, Cursor(last.due_at, last.deadline_id, last.order.urgent) if last else None)


def _supervised() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(col(Event.order_id) == col(WorkOrder.id), col(Event.action) == Action.SUPERVISE)
        .correlate(WorkOrder)
        .scalar_subquery()
    )


def _many(session: Session, viewer: Viewer, condition: sa.ColumnElement[bool]) -> int:
    """How many orders."""
    return fetch(session, orders_of(viewer, sa.func.count()).where(condition))[0][0]


def _distinct(column: Any, condition: sa.ColumnElement[bool] | None = None) -> sa.ColumnElement[int]:
    """How many different orders: a promise runs beside the reply that it was made in."""
    return sa.func.count(sa.distinct(column if condition is None else sa.case((condition, column))))


def _states(session: Session, viewer: Viewer) -> dict[OrderState, tuple[int, int]]:
    """Open orders by state: all, and the urgent ones among them."""
    state = col(WorkOrder.state)
    urgent = sa.func.sum(sa.case((col(WorkOrder.urgent), 1), else_=0))
    query = orders_of(viewer, state, sa.func.count(), urgent).where(state.in_(OPEN_STATES)).group_by(state)
    return {row[0]: (row[1], row[2]) for row in fetch(session, query)}


def _totals(session: Session, viewer: Viewer, edges: Edges, today: date) -> dict[str, int]:
    due, order = col(Deadline.due_at), col(Deadline.order_id)
    midnight = datetime.combine(today + timedelta(days=1), time(), SHANGHAI)
    query = clocks_of(
        viewer,
        _distinct(order).label("open"),
        _distinct(order, sa.and_(due >= edges.now, due < midnight)).label("due_today"),
        _distinct(order, sa.and_(due >= edges.now, due <= edges.soon_until)).label("due_soon"),
        _distinct(order, due < edges.now).label("overdue"),
        _distinct(order, due < edges.serious_before).label("seriously_overdue"),
    )
    return dict(session.connection().execute(query).mappings().one())


def _units(session: Session, viewer: Viewer, edges: Edges, closing: time, month: MonthFigures) -> tuple[UnitLine, ...]:
    calendar = calendar_in_force(session)
    due, order, unit = col(Deadline.due_at), col(Deadline.order_id), col(Deadline.unit_id)
    standing = (
        clocks_of(
            viewer,
            unit,
            _distinct(order).label("open"),
            _distinct(order, sa.and_(due >= edges.now, due <= edges.soon_until)).label("due_soon"),
            _distinct(order, due < edges.now).label("overdue"),
            _distinct(order, due < edges.serious_before).label("seriously_overdue"),
            sa.func.min(due).label("oldest"),
        )
        .where(unit.is_not(None))
        .group_by(unit)
    )
    rows = {row.unit_id: row for row in fetch(session, standing)}
    shares = dict(month.on_time_by_unit)
    wanted = {*rows, *shares}
    names = sa.select(col(Unit.id), short(Unit).label("name")).where(col(Unit.id).in_(wanted))
    lines: list[UnitLine] = []
    for unit_id, name in (tuple(each) for each in fetch(session, names)):
        row = rows.get(unit_id)
        late = row is not None and row.oldest < edges.now
        lines.append(
            UnitLine(
                unit_id,
                name,
                *(row[1:5] if row is not None else (0, 0, 0, 0)),
                worst=-working_days_left(calendar, row.oldest, edges.now, closing) if row is not None and late else 0,
                on_time=shares.get(unit_id, Share(0, 0)),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.seriously_overdue, -line.overdue, -line.open, line.unit)))
