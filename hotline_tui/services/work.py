"""The unit of work: one transaction, checked by the workflow tables, ending in one event (DESIGN, the write path)."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.doubt import arrived, columns_of
from hotline_tui.data.failures import broke
from hotline_tui.data.queries.relation import Ties, ties
from hotline_tui.data.queries.visibility import ANSWER_DUTIES
from hotline_tui.data.record import RECORDED, changed_columns, key_of
from hotline_tui.data.store import CHANGED
from hotline_tui.errors import Conflict, NotFound
from hotline_tui.models import Assignment, Callback, Claim, Deadline, Event, Reply, Unit, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import Due
from hotline_tui.rules.words import Action, Duty, OfficeAction
from hotline_tui.rules.workflow import LIVE, Case, Relation, assignment_step, order_step
from hotline_tui.services.asked import ACCUSED, CLAIM, EVENT_BEFORE, LAST_CALLBACK, SHARES, order_to_change
from hotline_tui.services.desk import Desk
from hotline_tui.services.marks import Marks
from hotline_tui.services.running import Clocks
from hotline_tui.services.sitting import as_it_is

_WORK = "work"


class Work:
    """What a service function works with; rolled back unless `commit` is reached."""

    def __init__(self, desk: Desk, session: Session) -> None:
        self.desk = desk
        self.session = session
        self.now: datetime = desk.clock()
        self._event_id = new_id()
        self._changes: dict[tuple[str, str], dict[str, Any]] = {}
        self._order_states: dict[UUID, str | None] = {}
        self._seen: dict[UUID, int] = {}
        self._last: dict[UUID, UUID | None] = {}
        self._ties: dict[UUID, Ties] = {}
        self._shares: dict[UUID, list[Assignment]] = {}
        self._units: dict[UUID, Unit] = {}
        self._claims: dict[UUID, tuple[Claim, str] | None] = {}
        self._clocks = Clocks(session)
        self._marks = Marks(session, self.now, self._clocks)
        self._recording = False
        session.info[_WORK] = self

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The calendar as this transaction saw it when it first asked."""
        return calendar_in_force(self.session)

    def ask(self, statement: Any, **told: object) -> sa.Result[Any]:
        """Of a statement that was made once, with the values of its parameters."""
        return self.session.execute(statement, told)  # pyright: ignore[reportDeprecated] - gives rows, too

    def order(self, order_id: UUID, seen: int | None = None, *, waits: bool = True) -> WorkOrder:
        """The order to change; `seen` is the version that the person saw. Raises NotFound or Conflict.

        Not `waits`: one that somebody else is changing at this moment is as if it were not there.
        """
        return self._locked(self.ask(order_to_change(self.desk.viewer, waits=waits), order=order_id), seen)

    def _locked(self, result: sa.Result[Any], seen: int | None) -> WorkOrder:
        # Locked until the end of the work: of two on Postgres the second waits and then sees what the first did.
        found = result.one_or_none()
        if found is None:
            raise NotFound("没有这件工单, 或不在您的办理范围内")
        order, last = cast("tuple[WorkOrder, UUID | None]", tuple(found))
        if seen is not None and seen != order.version:
            raise Conflict(CHANGED)
        self._take(order)
        self._last[order.id] = last
        return order

    def orders_of_clocks(self, order_ids: Collection[UUID]) -> list[WorkOrder]:
        """Orders whose clocks the calendar moves, whether this desk may see them or not; locked until the end."""
        query = select(WorkOrder).where(col(WorkOrder.id).in_(order_ids)).order_by(col(WorkOrder.id)).with_for_update()
        orders = list(self.session.exec(query))
        for order in orders:
            self._take(order)
        return orders

    def _take(self, order: WorkOrder) -> None:
        self._order_states[order.id] = order.state.value
        self._seen[order.id] = order.version

    def assignment(self, assignment_id: UUID, seen: int | None = None) -> tuple[WorkOrder, Assignment]:
        """An assignment with its order; raises NotFound or Conflict."""
        order = self._locked(self.ask(order_to_change(self.desk.viewer, by_share=True), share=assignment_id), seen)
        # Read once its order is locked: what somebody else has just done to it is seen.
        return order, next(each for each in self.assignments(order) if each.id == assignment_id)

    def live_assignments(self, order: WorkOrder) -> list[Assignment]:
        """Those that still owe something, first dispatched first."""
        return [each for each in self.assignments(order) if each.state in LIVE]

    def other_shares(self, order: WorkOrder, assignment: Assignment) -> list[Assignment]:
        """Live assignments beside this one."""
        return [each for each in self.live_assignments(order) if each.id != assignment.id]

    def assignments(self, order: WorkOrder) -> list[Assignment]:
        """All of them, first dispatched first."""
        if order.id not in self._shares:
            found = cast("list[tuple[Assignment, Unit]]", self.ask(SHARES, order=order.id).all())
            self._shares[order.id] = [share for share, _ in found]
            self._units |= {unit.id: unit for _, unit in found}
        return list(self._shares[order.id])

    def relation(self, order: WorkOrder, assignment: Assignment | None = None) -> Relation:
        """What the person at the desk is to this order, as it was when this work first asked."""
        if order.id not in self._ties:
            self._ties[order.id] = ties(self.session, self.desk.viewer, order)
        return self._ties[order.id].to(assignment.id if assignment else None)

    def move(
        self, order: WorkOrder, action: Action, case: Case = Case.ANY, assignment: Assignment | None = None
    ) -> None:
        """Take the order to its next state; raises NotAllowed."""
        order.state = order_step(action, order.state, self.desk.role, self.relation(order, assignment), case)

    def move_assignment(self, order: WorkOrder, assignment: Assignment, action: Action, case: Case = Case.ANY) -> None:
        """Take an assignment to its next state; raises NotAllowed."""
        relation = self.relation(order, assignment)
        assignment.state = assignment_step(action, assignment.state, self.desk.role, relation, case)

    def add(self, *rows: Any) -> None:
        """New rows, in an order that the foreign keys allow."""
        for row in rows:
            self.put(row)
            self.session.flush()

    def put(self, *rows: Any) -> None:
        """The same, written with everything else: until then no statement finds them."""
        for row in rows:
            self.session.add(row)
            if isinstance(row, Assignment) and row.order_id in self._shares:
                self._shares[row.order_id].append(row)
            elif isinstance(row, Deadline):
                self._clocks.add(row)

    def start_clock(self, order: WorkOrder, duty: Duty, due: Due, assignment: Assignment | None = None) -> Deadline:
        """A new deadline from what the rules computed."""
        deadline = Deadline(
            order_id=order.id,
            assignment_id=assignment.id if assignment else None,
            unit_id=assignment.unit_id if assignment else None,
            duty=duty,
            day_zero=due.day_zero,
            working_days=due.working_days,
            due_at=due.due_at,
            provisional=bool(due.provisional),
            place=0 if duty in ANSWER_DUTIES else 3,
            veiled=order.veiled,
            urgent=order.urgent,
        )
        self.put(deadline)
        return deadline

    def open_clocks(self, order: WorkOrder, assignment: Assignment | None = None, *duties: Duty) -> list[Deadline]:
        """Open deadlines of an order, or of one assignment, of these duties or of any."""
        return [
            clock
            for clock in self._clocks.running(order)
            if (assignment is None or clock.assignment_id == assignment.id) and (not duties or clock.duty in duties)
        ]

    def met_clocks(self, assignment: Assignment, *duties: Duty) -> list[Deadline]:
        """Clocks of an assignment that were stopped by what they asked for."""
        query = select(Deadline).where(
            Deadline.assignment_id == assignment.id, col(Deadline.met_at).is_not(None), col(Deadline.duty).in_(duties)
        )
        found = list(self.session.exec(query))
        self._clocks.add(*found)
        return found

    def promised(self, assignment: Assignment) -> bool:
        """Whether a promise of this assignment has left the house (R-11.2.2b)."""
        query = select(Reply.id).where(
            Reply.assignment_id == assignment.id,
            col(Reply.promised_day).is_not(None),
            col(Reply.released_at).is_not(None),
        )
        return self.session.exec(query).first() is not None

    def meet(self, order: WorkOrder, assignment: Assignment | None, *duties: Duty) -> None:
        """Stop clocks: what they asked for is done."""
        for deadline in self.open_clocks(order, assignment, *duties):
            deadline.met_at = self.now

    def void(self, order: WorkOrder, assignment: Assignment | None, *duties: Duty) -> None:
        """Stop clocks: what they asked for is owed no more."""
        for deadline in self.open_clocks(order, assignment, *duties):
            deadline.void_at = self.now

    def unit(self, unit_id: UUID) -> Unit:
        """A unit; raises NotFound."""
        unit = self.known_unit(unit_id)
        if unit is None or not unit.active:
            raise NotFound("没有这个承办单位, 或已停用")
        return unit

    def known_unit(self, unit_id: UUID) -> Unit | None:
        """A unit, closed ones among them."""
        if unit_id not in self._units and (unit := self.session.get(Unit, unit_id)) is not None:
            self._units[unit_id] = unit
        return self._units.get(unit_id)

    def unit_parents(self) -> dict[UUID, UUID | None]:
        """Each unit's superior."""
        return {unit.id: unit.parent_id for unit in self.session.exec(select(Unit))}

    def accused(self, order: WorkOrder) -> set[UUID]:
        """被反映单位."""
        return set(self.ask(ACCUSED, order=order.id).scalars())

    def claim_on(self, order: WorkOrder) -> tuple[Claim, str] | None:
        """Who has taken the order from a queue, though it may have run out, with his name."""
        if order.id not in self._claims:
            found = self.ask(CLAIM, order=order.id).one_or_none()
            self._claims[order.id] = cast("tuple[Claim, str]", tuple(found)) if found else None
        return self._claims[order.id]

    def last_callback(self, order: WorkOrder) -> Callback | None:
        """The last attempt, whatever it said."""
        return self.ask(LAST_CALLBACK, order=order.id).scalar_one_or_none()

    def commit(
        self,
        order: WorkOrder | None,
        action: Action | OfficeAction,
        *,
        assignment: Assignment | None = None,
        facts: dict[str, Any] | None = None,
    ) -> Event:
        """Append the one event of this work and commit; raises Conflict when the order was changed meanwhile.

        Where the connection breaks meanwhile, the event tells whether the work arrived; raises Unreachable where the
        server does not come back to say so.
        """
        event = self.record(order, action, assignment=assignment, facts=facts)
        written = columns_of(event)
        try:
            self.session.commit()
        except DBAPIError as error:
            if not broke(error) or not arrived(self.desk.store, written):
                raise
        return event

    def record(
        self,
        order: WorkOrder | None,
        action: Action | OfficeAction,
        *,
        assignment: Assignment | None = None,
        facts: dict[str, Any] | None = None,
    ) -> Event:
        """Append the event of what was changed since the last, of a work on many orders; `commit` ends it."""
        if order is not None:
            order.version += 1
        self._marks.notice(self._unwritten())
        if order is not None:
            self._marks.keep(order, action)
            self._marks.touch()
        self._note(self._unwritten())
        event = Event(
            id=self._event_id,
            node=self.desk.site,
            order_id=order.id if order else None,
            sequence=order.version if order else None,
            action=action,
            actor_id=self.desk.viewer.account_id,
            actor=self.desk.actor,
            at=self.now,
            assignment_id=assignment.id if assignment else None,
            from_state=self._order_states.get(order.id) if order else None,
            to_state=order.state.value if order else None,
            base=self._base(order) if order else None,
            payload={
                "facts": facts or {},
                "changes": [[table, key, columns] for (table, key), columns in self._changes.items()],
            },
        )
        self.session.add(event)
        self._recording = True
        self.session.flush()
        self._recording = False
        self._event_id = new_id()
        self._changes = {}
        return event

    def _base(self, order: WorkOrder) -> UUID | None:
        seen = self._seen.get(order.id)
        if seen is None:
            return None
        last = self._last.get(order.id)
        return last or self.ask(EVENT_BEFORE, order=order.id, sequence=seen).scalar_one_or_none()

    def _unwritten(self) -> list[Any]:
        return [*self.session.new, *self.session.dirty]

    def about_to_flush(self) -> None:
        """Note what is written before the event is."""
        if not self._recording:
            rows = self._unwritten()
            self._marks.notice(rows)
            self._note(rows)

    def _note(self, rows: Iterable[Any]) -> None:
        for row in rows:
            if isinstance(row, RECORDED):
                columns = changed_columns(row)
                if columns:
                    self._changes.setdefault(key_of(row), {}).update(columns)


@sa_event.listens_for(Session, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    work: Work | None = session.info.get(_WORK)
    if work is not None:
        work.about_to_flush()


@contextmanager
def work_at(desk: Desk, *, sitting: bool = True) -> Generator[Work]:
    """A unit of work at a desk, by who may sit there now; raises SignInFailed where the account was closed.

    Not `sitting`: somebody who asks to.
    """
    with desk.store.write() as session:
        yield Work(as_it_is(session, desk) if sitting else desk, session)
