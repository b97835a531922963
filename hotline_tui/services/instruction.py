"""批办 and 会签: reported to a leader, who instructs and names the units (Art. 11(2)2(3), 11(2)3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import Account, InstructedUnit, Instruction, Report, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import due
from hotline_tui.rules.secrecy import check_dispatch
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Action, Duty, Role, Share
from hotline_tui.rules.workflow import article
from hotline_tui.services.classify import accept, check_topic_told
from hotline_tui.services.desk import Desk
from hotline_tui.services.dispatch import clock_facts
from hotline_tui.services.handling import must, unit_facts
from hotline_tui.services.work import Work, work_at

INSTRUCT_DAYS = 1
"""Working days in which the leader's instruction is expected."""


class _Leader(NamedTuple):
    """市领导 whom a report is laid before."""

    id: UUID
    name: str


def report(
    desk: Desk,
    order_id: UUID,
    reason: str,
    *,
    leader_id: UUID | None = None,
    countersign: bool = False,
    seen: int | None = None,
) -> None:
    """呈报批示: important, or no unit can be determined. An agent proposes it, the office lays it before a leader.

    `leader_id` is one city leader's account; without it any of them may instruct. Raises Refused without a reason.
    """
    reason = must(reason, "请写明呈报批示的理由", article(Action.REPORT))
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        accept(work, order, Action.REPORT)
        check_topic_told(work.session, order.topic_id)
        facts: dict[str, object] = {"reason": reason}
        if desk.role is Role.OFFICE:
            leader = _leader(work, leader_id)
            facts |= {"leader": leader.name if leader else "", "countersign": countersign}
            facts |= _lay_before(work, order, reason, leader, countersign=countersign)
        else:
            _begin_waiting(order)
        work.commit(order, Action.REPORT, facts=facts)


def propose(desk: Desk, order_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """提请会签 by the front desk: it concerns several units (R-11.2.2c); the office reports it to a leader."""
    reason = must(reason, "请写明提请会签的理由", article(Action.PROPOSE_COUNTERSIGN))
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        accept(work, order, Action.PROPOSE_COUNTERSIGN)
        check_topic_told(work.session, order.topic_id)
        _begin_waiting(order)
        work.commit(order, Action.PROPOSE_COUNTERSIGN, facts={"reason": reason})


def propose_from_unit(desk: Desk, assignment_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """提请会签 by a unit that disagrees: its assignment ends, the order waits for the leader (R-11.2.2c)."""
    reason = must(reason, "请写明提请会签的理由", article(Action.PROPOSE_COUNTERSIGN))
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        if work.other_shares(order, assignment):
            raise Refused("本件已是会签件, 分工意见请与热线办联系", article(Action.PROPOSE_COUNTERSIGN))
        work.move(order, Action.PROPOSE_COUNTERSIGN, assignment=assignment)
        work.move_assignment(order, assignment, Action.PROPOSE_COUNTERSIGN)
        work.void(order, assignment)
        order.unit_id = None
        _begin_waiting(order)
        facts = unit_facts(work, assignment) | {"reason": reason}
        work.commit(order, Action.PROPOSE_COUNTERSIGN, assignment=assignment, facts=facts)


def withdraw(desk: Desk, order_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """撤回呈报: no instruction is needed after all; it waits for dispatch."""
    reason = must(reason, "请写明撤回呈报的理由", article(Action.WITHDRAW))
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.WITHDRAW)
        work.void(order, None, Duty.INSTRUCT)
        _begin_waiting(order)
        work.commit(order, Action.WITHDRAW, facts={"reason": reason})


def instruct(
    desk: Desk,
    order_id: UUID,
    text: str,
    *,
    leader: str = "",
    lead: UUID | None = None,
    assists: Sequence[UUID] = (),
    seen: int | None = None,
) -> None:
    """批示: a city leader's own words, or those of the named `leader` recorded by the office; kept with the time.

    `lead` and `assists` are the units it names; raises Refused where the order accuses one of them (Art. 13).
    """
    clause = article(Action.INSTRUCT)
    text = must(text, "请写明批示内容", clause)
    leader = desk.name if desk.role is Role.CITY_LEADER else clean_line(leader)
    leader = must(leader, "请写明作出批示的领导", clause)
    if assists and lead is None:
        raise Refused("有协办单位的, 请确定牵头单位", "第十一条(二)2(3)")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.INSTRUCT)
        given = Instruction(
            id=new_id(),
            order_id=order.id,
            leader=leader,
            text=text,
            given_at=work.now,
            recorded_by=desk.viewer.account_id,
        )
        work.add(given)
        names = _name_units(work, order, given, lead, assists)
        order.instructed_at = work.now
        work.meet(order, None, Duty.INSTRUCT)
        work.commit(order, Action.INSTRUCT, facts={"leader": leader, "text": text, "units": names})


def _begin_waiting(order: WorkOrder) -> None:
    order.reported_at = None
    order.instructed_at = None


def _lay_before(
    work: Work, order: WorkOrder, text: str, leader: _Leader | None, *, countersign: bool
) -> dict[str, object]:
    """The office's report, with its clock."""
    order.reported_at = work.now
    order.instructed_at = None
    work.void(order, None, Duty.INSTRUCT)
    limit = due(work.calendar, work.now, INSTRUCT_DAYS, work.desk.settings.closing)
    work.start_clock(order, Duty.INSTRUCT, limit)
    work.add(
        Report(
            id=new_id(),
            order_id=order.id,
            leader_id=leader.id if leader else None,
            text=text,
            countersign=countersign,
            reported_at=work.now,
            reported_by=work.desk.viewer.account_id,
        )
    )
    return clock_facts(limit)


def _leader(work: Work, leader_id: UUID | None) -> _Leader | None:
    if leader_id is None:
        return None
    query = select(Account.name).where(Account.id == leader_id, col(Account.active), Account.role == Role.CITY_LEADER)
    name = work.session.exec(query).one_or_none()
    if name is None:
        raise NotFound("没有这位市领导的账号, 或已停用")
    return _Leader(leader_id, name)


def _name_units(
    work: Work, order: WorkOrder, given: Instruction, lead: UUID | None, assists: Sequence[UUID]
) -> list[str]:
    if lead is None:
        return []
    units = (lead, *assists)
    if len(set(units)) < len(units):
        raise Refused("牵头单位和协办单位不能相同", "第十一条(二)2(3)")
    names: list[str] = []
    for unit_id in units:
        unit = work.unit(unit_id)
        check_dispatch(unit.id, work.accused(order), work.unit_parents())
        share = Share.LEAD if unit_id == lead else Share.ASSIST
        work.add(InstructedUnit(instruction_id=given.id, unit_id=unit_id, order_id=order.id, share=share))
        names.append(unit.name)
    return names
