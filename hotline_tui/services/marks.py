"""What is kept beside an order so that a dashboard need not look at all orders: with every change, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState
from sqlmodel import Session, select

from hotline_tui.data.queries.countersigned import GIVEN_BACK, GIVEN_OUT
from hotline_tui.data.queries.visibility import ANSWER_DUTIES
from hotline_tui.data.record import has_changed
from hotline_tui.data.tally import TELLS, counted_days, shown_of
from hotline_tui.models import Assignment, Callback, Deadline, OrderAccused, TallyTouch, WorkOrder
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.secrecy import is_veiled
from hotline_tui.rules.words import Action, OfficeAction
from hotline_tui.rules.workflow import FINAL
from hotline_tui.services.running import Clocks


class Marks:
    """Of one unit of work: which orders' marks may have changed, and which days that are over it counts for."""

    def __init__(self, session: Session, now: datetime, clocks: Clocks) -> None:
        self._session = session
        self._running = clocks
        self._today = shanghai_day(now)
        self._clocks: set[UUID] = set()
        self._veils: set[UUID] = set()
        self._told: set[UUID] = set()
        self._days: set[date] = set()
        self._new: set[UUID] = set()
        self._accusing: set[UUID] = set()

    def notice(self, rows: Iterable[Any]) -> None:
        """What is about to be written."""
        for row in rows:
            if isinstance(row, Deadline):
                if _changed(row, "met_at", "void_at", "due_at", "duty"):
                    self._clocks.add(row.order_id)
            elif isinstance(row, OrderAccused):
                self._veils.add(row.order_id)
                self._accusing.add(row.order_id)
            elif isinstance(row, WorkOrder):
                self._notice_order(row)
            self._days |= counted_days(row)

    def _notice_order(self, order: WorkOrder) -> None:
        if not sa.inspect(order).persistent:
            self._new.add(order.id)
        elif _changed(order, *TELLS):
            self._told.add(order.id)
        if _changed(order, "secret", "kind"):
            self._veils.add(order.id)
        if _changed(order, "urgent"):
            self._clocks.add(order.id)

    def keep(self, order: WorkOrder, action: Action | OfficeAction) -> None:
        """Bring the marks of an order up to what was done, before any of it is written."""
        if action in GIVEN_BACK | GIVEN_OUT or order.state in FINAL:
            order.given_back = action in GIVEN_BACK and order.state not in FINAL
        if order.id in self._veils:
            self._veil(order)
        if order.id in self._clocks:
            self._place(order)
        if order.id in self._told and order.dispatches:
            self._tell_apart(order)
        for noticed in (self._veils, self._clocks, self._told):
            noticed.discard(order.id)

    def touch(self) -> None:
        """Days that are over and count otherwise now; today is counted whenever it is asked for."""
        over = {day for day in self._days if day < self._today}
        self._days = set()
        self._session.add_all(TallyTouch(day=day) for day in sorted(over))

    def _veil(self, order: WorkOrder) -> None:
        veiled = is_veiled(order.kind, secret=order.secret, accuses=self._accuses(order))
        if veiled == order.veiled:
            return
        order.veiled = veiled
        self._days |= counted_days(order)
        self._told.add(order.id)
        stored = self._session.exec(select(Deadline).where(Deadline.order_id == order.id)).all()
        for clock in (*stored, *self._running.running(order)):
            clock.veiled = veiled
        given = self._session.exec(select(Assignment).where(Assignment.order_id == order.id)).all()
        new = (row for row in self._session.new if isinstance(row, Assignment) and row.order_id == order.id)
        for share in (*given, *new):
            share.veiled = veiled

    def _tell_apart(self, order: WorkOrder) -> None:
        """What tells an order apart tells its shares, clocks and callbacks apart too."""
        for part in (Assignment, Deadline, Callback):
            for row in self._session.exec(select(part).where(part.order_id == order.id)):
                self._days |= shown_of(row)

    def _accuses(self, order: WorkOrder) -> bool:
        if order.id in self._new | self._accusing:
            return order.id in self._accusing
        query = select(OrderAccused.unit_id).where(OrderAccused.order_id == order.id).limit(1)
        return self._session.exec(query).first() is not None

    def _place(self, order: WorkOrder) -> None:
        if not order.dispatches:
            return
        owed = [clock for clock in self._running.running(order) if clock.duty in ANSWER_DUTIES]
        units: set[UUID | None] = set()
        for clock in sorted(owed, key=lambda clock: (clock.due_at, clock.id)):
            place = 0 if not units else 1 if clock.unit_id not in units else 2
            units.add(clock.unit_id)
            if (clock.place, clock.urgent) != (place, order.urgent):
                clock.place, clock.urgent = place, order.urgent


def _changed(row: Any, *names: str) -> bool:
    state: InstanceState[Any] = sa.inspect(row)
    return not state.persistent or any(has_changed(row, name) for name in names)
