"""督办看板: how the hotline stands now, decided from the open deadlines at the moment of asking (R-D7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.countersigned import lacks_assist
from hotline_tui.data.queries.figures import History, MonthFigures, history, received_today
from hotline_tui.data.queries.rows import COLUMNS, Cursor, OrderRow, Page, behind, fetch, order_row, order_rows
from hotline_tui.data.queries.rows import short_name as short
from hotline_tui.data.queries.visibility import clocks_of, first_of_unit, orders_of
from hotline_tui.models import Deadline, Event, Unit, WorkOrder
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.deadlines import CLOSING, SHANGHAI, Edges, shanghai_day, working_days_left
from hotline_tui.rules.indicators import Choices, Share
from hotline_tui.rules.secrecy import SEES_ALL_ORDERS, Viewer
from hotline_tui.rules.words import Action, OrderState, Standing
from hotline_tui.rules.workflow import FINAL

OPEN_STATES = tuple(state for state in OrderState if state not in FINAL)
WAITING_STATES = (
    OrderState.RECEIVED,
    OrderState.AWAITING_INSTRUCTION,
    OrderState.REPLIED,
    OrderState.AWAITING_CALLBACK,
    OrderState.UNDER_REVIEW,
)
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
    usual: float
    """How many had come on the days before by the same time of day, on average."""
    month: MonthFigures

    @property
    def received_today(self) -> int:
        """今日受理."""
        return self.intake[-1][1]

    @property
    def past(self) -> History:
        """What a later snapshot of the same day may take over."""
        return History(self.month, self.intake, self.usual)


def counts(session: Session, viewer: Viewer, edges: Edges) -> Counts:
    """What presses, cheaply: only deadlines up to the end of the next working day are read."""
    standing = _standings(_pressing(session, viewer, edges), edges)
    waiting = sum(
        _many(session, viewer, each) for each in (col(WorkOrder.state) == OrderState.RECEIVED, lacks_assist())
    )
    return Counts(waiting, standing["due_soon"], standing["overdue"], standing["seriously_overdue"])


def snapshot(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    closing: time = CLOSING,
    limit: int = 50,
    choices: Choices | None = None,
    past: History | None = None,
) -> Snapshot:
    """The whole dashboard; `past` of an earlier snapshot of the same day saves counting it again."""
    past = past or history(session, viewer, edges.now, INTAKE_DAYS, choices)
    states = _states(session, viewer)
    piles = _piles(session, viewer)
    return Snapshot(
        at=edges.now,
        waiting=states.get(OrderState.RECEIVED, 0) + _many(session, viewer, lacks_assist()),
        awaiting_instruction=states.get(OrderState.AWAITING_INSTRUCTION, 0),
        awaiting_release=states.get(OrderState.REPLIED, 0),
        awaiting_callback=states.get(OrderState.AWAITING_CALLBACK, 0),
        under_review=states.get(OrderState.UNDER_REVIEW, 0),
        urgent_open=_many(session, viewer, col(WorkOrder.closed_at).is_(None), col(WorkOrder.urgent).is_(True)),
        **_totals(session, viewer, piles, edges),
        units=_units(session, piles, edges, closing, past.month),
        overdue_orders=overdue(session, viewer, edges, closing=closing, limit=limit).rows,
        intake=(*past.intake[:-1], (shanghai_day(edges.now), received_today(session, viewer, edges.now))),
        usual=past.usual,
        month=past.month,
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
    query = (
        order_rows(viewer, key, due, col(Deadline.unit_id), short(ClockUnit), _supervised())
        .join(Deadline, col(Deadline.order_id) == col(WorkOrder.id))
        .outerjoin(ClockUnit, col(ClockUnit.id) == col(Deadline.unit_id))
        .where(first_of_unit(), due < edges.now)
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
        part = query.where(col(Deadline.urgent).is_(urgent))
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


def _many(session: Session, viewer: Viewer, *conditions: sa.ColumnElement[bool]) -> int:
    """How many orders."""
    return fetch(session, orders_of(viewer, sa.func.count()).where(*conditions))[0][0]


def _states(session: Session, viewer: Viewer) -> dict[OrderState, int]:
    """Orders that wait in each state; those that units work on are told by their clocks."""
    state = col(WorkOrder.state)
    query = (
        orders_of(viewer, state, sa.func.count())
        .where(state.in_(WAITING_STATES), col(WorkOrder.closed_at).is_(None))
        .group_by(state)
    )
    return {row[0]: row[1] for row in fetch(session, query)}


@dataclass(frozen=True, slots=True)
class _Pile:
    """The clocks of one unit that fall due at one moment; every deadline is a closing time, so they are few."""

    unit_id: UUID | None
    due_at: datetime
    first: bool
    """The earliest clock of its order: there it counts once, whatever other units owe."""
    orders: int


def _piles(session: Session, viewer: Viewer) -> list[_Pile]:
    """In one look through the index of open clocks."""
    unit, due, place = col(Deadline.unit_id), col(Deadline.due_at), col(Deadline.place)
    query = clocks_of(viewer, unit, due, place, sa.func.count()).group_by(unit, due, place)
    return [_Pile(unit_id, due_at, place == 0, many) for unit_id, due_at, place, many in fetch(session, query)]


def _totals(session: Session, viewer: Viewer, piles: Sequence[_Pile], edges: Edges) -> dict[str, int]:
    """Of orders, each once."""
    if viewer.role in SEES_ALL_ORDERS:
        return _standings(((pile.due_at, pile.orders) for pile in piles if pile.first), edges)
    return _standings(_of_orders(session, viewer), edges)


def _pressing(session: Session, viewer: Viewer, edges: Edges) -> Iterable[tuple[datetime, int]]:
    """How many orders fall due when, up to the end of the next working day."""
    due = col(Deadline.due_at)
    if viewer.role not in SEES_ALL_ORDERS:
        return _of_orders(session, viewer, due <= edges.soon_until)
    query = clocks_of(viewer, due, sa.func.count()).where(col(Deadline.place) == 0, due <= edges.soon_until)
    return ((row[0], row[1]) for row in fetch(session, query.group_by(due)))


def _of_orders(session: Session, viewer: Viewer, *conditions: sa.ColumnElement[bool]) -> Iterable[tuple[datetime, int]]:
    """The same for whoever sees some of the units that work on an order; what he sees is little."""
    earliest = sa.func.min(col(Deadline.due_at), type_=UTC_TIME)
    query = clocks_of(viewer, earliest).where(*conditions).group_by(col(Deadline.order_id))
    return ((row[0], 1) for row in fetch(session, query))


def _standings(piles: Iterable[tuple[datetime, int]], edges: Edges) -> dict[str, int]:
    midnight = datetime.combine(shanghai_day(edges.now) + timedelta(days=1), time(), SHANGHAI)
    many = dict.fromkeys(Standing, 0)
    today = 0
    for due_at, orders in piles:
        many[edges.standing(due_at)] += orders
        today += orders if edges.now <= due_at < midnight else 0
    serious = many[Standing.SERIOUSLY_OVERDUE]
    return {
        "open": sum(many.values()),
        "due_today": today,
        "due_soon": many[Standing.DUE_SOON],
        "overdue": many[Standing.OVERDUE] + serious,
        "seriously_overdue": serious,
    }


def _units(
    session: Session, piles: Sequence[_Pile], edges: Edges, closing: time, month: MonthFigures
) -> tuple[UnitLine, ...]:
    calendar = calendar_in_force(session)
    of_unit: dict[UUID, list[_Pile]] = {}
    for pile in piles:
        if pile.unit_id is not None:
            of_unit.setdefault(pile.unit_id, []).append(pile)
    shares = dict(month.on_time_by_unit)
    names = sa.select(col(Unit.id), short(Unit).label("name")).where(col(Unit.id).in_({*of_unit, *shares}))
    lines: list[UnitLine] = []
    for unit_id, name in (tuple(each) for each in fetch(session, names)):
        own = of_unit.get(unit_id, [])
        oldest = min((pile.due_at for pile in own), default=edges.now)
        standing = _standings(((pile.due_at, pile.orders) for pile in own), edges)
        lines.append(
            UnitLine(
                unit_id,
                name,
                **{name: many for name, many in standing.items() if name != "due_today"},
                worst=-working_days_left(calendar, oldest, edges.now, closing) if oldest < edges.now else 0,
                on_time=shares.get(unit_id, Share(0, 0)),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.seriously_overdue, -line.overdue, -line.open, line.unit)))
