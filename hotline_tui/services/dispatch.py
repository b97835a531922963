"""交办: to the unit whose duties cover it, with its clock (Art. 11(2)2, R-11.2.2a, R-D2, R-D6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from hotline_tui.data.queries.instructed import Named, instructed_units
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import WORKING_DAYS, Due, due, return_due
from hotline_tui.rules.secrecy import check_dispatch
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Action, AssignmentType, Duty, Kind, OrderState, Route, Share
from hotline_tui.rules.workflow import Case, assignment_step
from hotline_tui.services.claims import give_back
from hotline_tui.services.classify import accept, check_place_told, check_topic_told
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import drop, must, unit_facts
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


def assign(
    desk: Desk,
    order_id: UUID,
    unit_id: UUID,
    *,
    assists: Sequence[UUID] = (),
    remark: str = "",
    seen: int | None = None,
) -> Dispatched:
    """Dispatch to a unit, or to a lead unit with assisting ones as the leader instructed (Art. 11(2)2, 11(2)3).

    Raises Refused where the order accuses one of them or the instruction names others, NotAccepted without topic,
    place or the name that its kind needs, NotAllowed where the state forbids it.
    """
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        instructed = order.state is OrderState.AWAITING_INSTRUCTION
        if order.state is OrderState.ASSIGNED:
            raise NotAllowed("现为办理中, 不能交办", "第十一条(二)2")
        accept(work, order, Action.ASSIGN)
        check_topic_told(work.session, order.topic_id)
        if not instructed:  # a leader has named the unit: nothing hangs on the place any more
            check_place_told(work.session, order)
        _check_instructed(work, order, unit_id, assists, instructed=instructed)
        order.route = Route.INSTRUCTED if instructed else Route.ASSIGNED
        give_back(work, order.id)
        return _dispatch(work, order, (unit_id, *assists), Action.ASSIGN, remark)


def redispatch(desk: Desk, order_id: UUID, unit_id: UUID, reason: str, *, seen: int | None = None) -> Dispatched:
    """After an unsatisfied callback the office dispatches again: a new assignment, a new clock (Art. 11(6), R-D6)."""
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.REDISPATCH)
        order.verdict = None
        order.unreached = 0
        return _dispatch(work, order, (unit_id,), Action.REDISPATCH, reason)


def add_assist(desk: Desk, order_id: UUID, unit_id: UUID, remark: str = "", *, seen: int | None = None) -> Dispatched:
    """Another assisting unit for a countersigned order that is being handled, such as for one that returned it."""
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.ASSIGN)
        if any(each.unit_id == unit_id for each in work.live_assignments(order)):
            raise Refused("这个单位正在承办本件", "第十一条(二)2(3)")
        _check_unit(work, order, unit_id)
        share, reply = _share(
            work, order, unit_id, Share.ASSIST, kind=AssignmentType.COUNTERSIGNED, remark=clean(remark)
        )
        _commit(work, order, Action.ASSIGN, [share], reply)
        return Dispatched(share.id, reply)


def cancel(desk: Desk, assignment_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """撤销承办: a unit owes its share no more; with the lead's the assisting ones fall, and it waits for dispatch."""
    reason = must(reason, "请写明撤销承办的理由", "第十一条(四)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        others = work.other_shares(order, assignment)
        left = bool(others) and assignment.share is Share.ASSIST
        work.move(order, Action.CANCEL, Case.SHARES_LEFT if left else Case.SHARES_DONE, assignment)
        work.move_assignment(order, assignment, Action.CANCEL)
        work.void(order, assignment)
        if not left:
            drop(work, order, others)
            order.unit_id = None
        facts = unit_facts(work, assignment) | {"reason": reason}
        work.commit(order, Action.CANCEL, assignment=assignment, facts=facts)


def _check_instructed(
    work: Work, order: WorkOrder, unit_id: UUID, assists: Sequence[UUID], *, instructed: bool
) -> None:
    """Raise Refused unless the units are those whom the instruction names; without one there is a single unit."""
    if assists and not instructed:
        raise Refused("会签件须先呈报领导, 由领导确定牵头单位和协办单位", "第十一条(二)2(3)")
    if not instructed:
        return
    named = instructed_units(work.session, order.id)
    if named and named != Named(unit_id, tuple(sorted(assists))):
        raise Refused("承办单位与领导批示不一致, 请按批示交办", "第十一条(二)3")


def _dispatch(work: Work, order: WorkOrder, unit_ids: Sequence[UUID], action: Action, remark: str) -> Dispatched:
    """The first unit leads; each has its own assignment and clocks."""
    if len(set(unit_ids)) < len(unit_ids):
        raise Refused("牵头单位和协办单位不能相同", "第十一条(二)2(3)")
    for unit_id in unit_ids:
        _check_unit(work, order, unit_id)
    work.void(order, None)
    order.first_unit_id = order.first_unit_id or unit_ids[0]
    order.unit_id = unit_ids[0]
    kind = AssignmentType.COUNTERSIGNED if len(unit_ids) > 1 else AssignmentType.TIMED
    share = partial(_share, work, order, kind=kind, remark=clean(remark), action=action)
    lead, reply = share(unit_ids[0], Share.LEAD)
    rest = [share(each, Share.ASSIST)[0] for each in unit_ids[1:]]
    _commit(work, order, action, [lead, *rest], reply)
    return Dispatched(lead.id, reply)


def _share(
    work: Work,
    order: WorkOrder,
    unit_id: UUID,
    share: Share,
    *,
    kind: AssignmentType,
    remark: str,
    action: Action = Action.ASSIGN,
) -> tuple[Assignment, Due]:
    """One unit's assignment with its clocks for the reply and for a return."""
    order.dispatches += 1
    assignment = Assignment(
        id=new_id(),
        order_id=order.id,
        position=order.dispatches,
        unit_id=unit_id,
        type=kind,
        share=share,
        state=assignment_step(action, None, work.desk.role, work.relation(order)),
        remark=remark,
        again=action is Action.REDISPATCH,
        dispatched_at=work.now,
        dispatched_by=work.desk.viewer.account_id,
        veiled=order.veiled,
    )
    work.put(assignment)
    closing = work.desk.settings.closing
    reply = due(work.calendar, work.now, WORKING_DAYS[order.kind], closing)
    work.start_clock(order, Duty.REPLY, reply, assignment)
    work.start_clock(order, Duty.RETURN, return_due(work.calendar, work.now, closing), assignment)
    return assignment, reply


def _check_unit(work: Work, order: WorkOrder, unit_id: UUID) -> None:
    unit, accused = work.unit(unit_id), work.accused(order)
    if accused:
        check_dispatch(unit.id, accused, work.unit_parents())


def _commit(work: Work, order: WorkOrder, action: Action, shares: list[Assignment], reply: Due) -> None:
    names = [work.unit(share.unit_id).name for share in shares]
    facts = clock_facts(reply) | {"unit": names[0], "remark": shares[0].remark}
    if shares[0].share is Share.ASSIST:
        facts["share"] = Share.ASSIST.value
    if names[1:]:
        facts["assists"] = names[1:]
    work.commit(order, action, assignment=shares[0], facts=facts)


def clock_facts(due_: Due) -> dict[str, object]:
    """A deadline as the time line shows it: working days, due, the days skipped with their reasons."""
    return {
        "working_days": due_.working_days,
        "due": due_.due_at.isoformat(),
        "skipped": [[each.day.isoformat(), each.reason] for each in due_.skipped],
        "provisional": list(due_.provisional),
    }
