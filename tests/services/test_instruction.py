"""批办 (Art. 11(2)3): what the front reports to a leader."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.errors import Conflict, NotAllowed, Refused
from hotline_tui.models import Deadline, Event, Instruction, Report, WorkOrder
from hotline_tui.rules.words import Action, Duty, OrderState, Route
from hotline_tui.services import dispatch, instruction
from tests.builders import SHANGHAI, Town

pytestmark = pytest.mark.requirement("R-11.2.3")


def test_an_order_reported_for_instruction_waits_for_it_until_the_next_working_day_closes(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "涉及多个部门, 无法确定承办单位")
    with town.store.read() as session:
        row = session.get(WorkOrder, order.order_id)
        assert row is not None
        assert (row.state, row.route, row.reported_at) == (OrderState.AWAITING_INSTRUCTION, None, town.now)
        clock = session.exec(select(Deadline).where(Deadline.order_id == order.order_id)).one()
        assert (clock.duty, clock.unit_id, clock.assignment_id) == (Duty.INSTRUCT, None, None)
        assert clock.due_at.astimezone(SHANGHAI).isoformat() == "2026-11-23T18:00:00+08:00"


def test_the_reason_for_the_report_stands_on_the_time_line(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, " 群体性事件 ")
    with town.store.read() as session:
        event = session.exec(select(Event).where(Event.order_id == order.order_id, Event.action == Action.REPORT)).one()
    assert event.payload["facts"]["reason"] == "群体性事件"
    assert [day for day, _ in event.payload["facts"]["skipped"]] == ["2026-11-21", "2026-11-22"]


def test_what_an_agent_proposes_waits_for_the_office_to_lay_it_before_a_leader(town: Town) -> None:
    order = town.register()
    instruction.report(town.agent, order.order_id, "涉及多个部门")
    with town.store.read() as session:
        row = session.get_one(WorkOrder, order.order_id)
        assert (row.state, row.reported_at) == (OrderState.AWAITING_INSTRUCTION, None)
        assert session.exec(select(Deadline)).all() == []
    with pytest.raises(NotAllowed, match="热线办尚未呈报"):
        instruction.instruct(town.city_leader, order.order_id, "请办理")
    leader = town.accounts["city_leader"]
    instruction.report(town.office, order.order_id, "建议由房产分局牵头", leader_id=leader)
    with town.store.read() as session:
        report = session.exec(select(Report)).one()
        assert (report.leader_id, report.text) == (leader, "建议由房产分局牵头")
    instruction.instruct(town.city_leader, order.order_id, "请办理")


def test_the_office_takes_back_a_report_that_needs_no_instruction(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "重要")
    instruction.withdraw(town.office, order.order_id, "已明确由房产分局办理")
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).state is OrderState.RECEIVED
        assert session.exec(select(Deadline)).one().void_at == town.now
    dispatch.assign(town.agent, order.order_id, town.a)


def test_it_is_dispatched_to_the_units_that_the_leader_named(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "跨部门")
    instruction.instruct(town.city_leader, order.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    for units in ((town.b, [town.a]), (town.a, []), (town.b, [])):
        with pytest.raises(Refused, match="与领导批示不一致"):
            dispatch.assign(town.office, order.order_id, units[0], assists=units[1])
    dispatch.assign(town.office, order.order_id, town.a, assists=[town.b])


def test_a_leader_cannot_name_whom_the_order_accuses(town: Town) -> None:
    order = town.register(accused=(town.b,))
    instruction.report(town.office, order.order_id, "跨部门")
    with pytest.raises(Refused, match="被反映单位"):
        instruction.instruct(town.city_leader, order.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    with pytest.raises(Refused, match="牵头单位"):
        instruction.instruct(town.city_leader, order.order_id, "工商分局协办", assists=[town.a])


def test_a_second_report_needs_a_second_instruction(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "跨部门")
    instruction.instruct(town.city_leader, order.order_id, "房产分局办理")
    made = dispatch.assign(town.office, order.order_id, town.a)
    instruction.propose_from_unit(town.handler, made.assignment_id, "须工商分局会签")
    with pytest.raises(NotAllowed, match="领导尚未批示"):
        dispatch.assign(town.office, order.order_id, town.a)


def test_a_report_without_a_reason_is_refused(town: Town) -> None:
    order = town.register()
    with pytest.raises(Refused, match="理由"):
        instruction.report(town.agent, order.order_id, "  ")


def test_a_dispatched_order_cannot_be_reported_by_the_front(town: Town) -> None:
    order = town.assigned()
    with pytest.raises(NotAllowed, match="第十一条"):
        instruction.report(town.agent, order.order_id, "重要")


def test_a_report_loses_the_race_against_whoever_was_faster(town: Town) -> None:
    order = town.assigned()
    with pytest.raises(Conflict):
        instruction.report(town.agent, order.order_id, "重要", seen=1)


@pytest.mark.parametrize(("login", "leader", "kept"), [("office", "王市长", "王市长"), ("city_leader", "", "郑市长")])
def test_an_instruction_is_kept_and_then_it_is_dispatched(town: Town, login: str, leader: str, kept: str) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "跨部门")
    with pytest.raises(NotAllowed, match="领导尚未批示"):
        dispatch.assign(town.office, order.order_id, town.a)
    instruction.instruct(town.desks[login], order.order_id, "请房产分局牵头办理", leader=leader)
    with town.store.read() as session:
        given = session.exec(select(Instruction).where(Instruction.order_id == order.order_id)).one()
        assert (given.leader, given.text, given.given_at) == (kept, "请房产分局牵头办理", town.now)
        clock = session.exec(select(Deadline).where(Deadline.order_id == order.order_id)).one()
        assert clock.met_at == town.now
    dispatch.assign(town.office, order.order_id, town.a)
    with town.store.read() as session:
        row = session.get(WorkOrder, order.order_id)
        assert row is not None
        assert (row.state, row.route) == (OrderState.ASSIGNED, Route.INSTRUCTED)


def test_an_instruction_needs_words_and_a_leader(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "跨部门")
    with pytest.raises(Refused, match="批示内容"):
        instruction.instruct(town.office, order.order_id, " ", leader="王市长")
    with pytest.raises(Refused, match="领导"):
        instruction.instruct(town.office, order.order_id, "请办理")
    with pytest.raises(NotAllowed, match="第十一条"):
        instruction.instruct(town.agent, order.order_id, "请办理", leader="王市长")
