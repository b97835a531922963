"""交办: to the unit whose duties cover it, with its clock (Art. 11(2)2, R-11.2.2a, R-D2, R-D6)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from hotline_tui.models import Assignment, OrderAccused, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import WORKING_DAYS, Due, due, return_due
from hotline_tui.rules.secrecy import check_dispatch
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Action, AssignmentType, Duty, Kind, OrderState, Route, Share
from hotline_tui.rules.workflow import assignment_step
from hotline_tui.services.classify import check_place_told, check_topic_told
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A new assignment and its clock."""

    assignment_id: UUID
    due: Due


def preview(desk: Desk, kind: Kind) -> Due:
    """The due date that a dispatch at this moment would have, with the days counted and skipped."""
    from hotline_tui.data.calendar import calendar_in_force

    with desk.store.read() as session:
        return reply_due(calendar_in_force(session), kind, desk)


def reply_due(calendar: WorkingCalendar, kind: Kind, desk: Desk) -> Due:
    """The limit of a kind from the desk's now."""
    return due(calendar, desk.clock(), WORKING_DAYS[kind], desk.settings.closing)


def assign(desk: Desk, order_id: UUID, unit_id: UUID, *, remark: str = "", seen: int | None = None) -> Dispatched:
    """Dispatch to a unit; raises Refused where the order accuses it, NotAccepted without topic or place, NotAllowed
    where the state forbids it.
    """
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        instructed = order.state is OrderState.AWAITING_INSTRUCTION
        work.move(order, Action.ASSIGN)
        check_topic_told(work.session, order.topic_id)
        if not instructed:  # a leader has named the unit: nothing hangs on the place any more
            check_place_told(work.session, order)
        order.route = Route.INSTRUCTED if instructed else Route.ASSIGNED
        return _dispatch(work, order, unit_id, Action.ASSIGN, remark)


def redispatch(desk: Desk, order_id: UUID, unit_id: UUID, reason: str, *, seen: int | None = None) -> Dispatched:
    """After an unsatisfied callback the office dispatches again: a new assignment, a new clock (Art. 11(6), R-D6)."""
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.REDISPATCH)
        order.verdict = None
        order.unreached = 0
        return _dispatch(work, order, unit_id, Action.REDISPATCH, reason)


def _dispatch(work: Work, order: WorkOrder, unit_id: UUID, action: Action, remark: str) -> Dispatched:
    unit = work.unit(unit_id)
    accused = set(work.session.exec(select(OrderAccused.unit_id).where(OrderAccused.order_id == order.id)))
    check_dispatch(unit_id, accused, work.unit_parents())
    order.dispatches += 1
    order.first_unit_id = order.first_unit_id or unit_id
    order.unit_id = unit_id
    assignment = Assignment(
        id=new_id(),
        order_id=order.id,
        position=order.dispatches,
        unit_id=unit_id,
        type=AssignmentType.TIMED,
        share=Share.LEAD,
        state=assignment_step(action, None, work.desk.role, work.relation(order)),
        remark=clean(remark),
        again=action is Action.REDISPATCH,
        dispatched_at=work.now,
        dispatched_by=work.desk.viewer.account_id,
    )
    work.void(order, None)
    work.add(assignment)
    closing = work.desk.settings.closing
    reply = due(work.calendar, work.now, WORKING_DAYS[order.kind], closing)
    work.start_clock(order, Duty.REPLY, reply, assignment)
    work.start_clock(order, Duty.RETURN, return_due(work.calendar, work.now, closing), assignment)
    facts = clock_facts(reply) | {"unit": unit.name, "remark": assignment.remark}
    work.commit(order, action, assignment=assignment, facts=facts)
    return Dispatched(assignment.id, reply)


def clock_facts(due_: Due) -> dict[str, object]:
    """A deadline as the time line shows it: working days, due, the days skipped with their reasons."""
    return {
        "working_days": due_.working_days,
        "due": due_.due_at.isoformat(),
        "skipped": [[each.day.isoformat(), each.reason] for each in due_.skipped],
        "provisional": list(due_.provisional),
    }
