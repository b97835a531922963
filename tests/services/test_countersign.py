"""会签件 (R-11.2.2c): several units, a leader names who leads, one joint reply."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from hotline_tui.data.queries import dashboard, queues
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, Deadline, Reply, WorkOrder
from hotline_tui.rules.words import AssignmentState, AssignmentType, Duty, OrderState, Release, Share
from hotline_tui.services import consent, dispatch, handling, instruction, promise, release
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-11.2.2c")


def countersigned(town: Town) -> tuple[Built, Assignment, Assignment]:
    """Unit a leads, unit b assists."""
    order = town.register()
    instruction.propose(town.agent, order.order_id, "涉及物业收费和价格公示")
    instruction.report(town.office, order.order_id, "建议会签", countersign=True)
    instruction.instruct(town.city_leader, order.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    dispatch.assign(town.office, order.order_id, town.a, assists=[town.b])
    lead, assist = shares(town, order)
    return order, lead, assist


def shares(town: Town, order: Built) -> list[Assignment]:
    with town.store.read() as session:
        query = select(Assignment).where(Assignment.order_id == order.order_id).order_by(col(Assignment.position))
        return list(session.exec(query))


def answer(handler: Desk, leader: Desk, share: Assignment, text: str) -> None:
    handling.sign(handler, share.id)
    handling.draft_reply(handler, share.id, text)
    handling.approve(leader, share.id)


def late_answer(town: Town) -> tuple[Built, Assignment, Assignment]:
    """The joint reply is drafted with the one answer there is; then the office adds an assisting unit again."""
    order, lead, assist = countersigned(town)
    handling.sign(town.handler, lead.id)
    answer(town.handler_b, town.leader_b, assist, "价格公示已检查")
    handling.draft_reply(town.handler, lead.id, "联合回复")
    dispatch.add_assist(town.office, order.order_id, town.b, "路面也请查看")
    return order, lead, shares(town, order)[-1]


def test_each_unit_has_its_own_assignment_and_clock(town: Town) -> None:
    order, lead, assist = countersigned(town)
    assert [(each.unit_id, each.share, each.type) for each in (lead, assist)] == [
        (town.a, Share.LEAD, AssignmentType.COUNTERSIGNED),
        (town.b, Share.ASSIST, AssignmentType.COUNTERSIGNED),
    ]
    with town.store.read() as session:
        row = session.get_one(WorkOrder, order.order_id)
        assert (row.unit_id, row.first_unit_id, row.dispatches) == (town.a, town.a, 2)
        clocks = session.exec(select(Deadline).where(Deadline.duty == Duty.REPLY)).all()
    assert {(clock.assignment_id, clock.unit_id) for clock in clocks} == {(lead.id, town.a), (assist.id, town.b)}


def test_the_joint_reply_comes_last_and_alone_leaves(town: Town) -> None:
    order, lead, assist = countersigned(town)
    handling.sign(town.handler, lead.id)
    with pytest.raises(Refused, match="协办单位尚未全部答复, 联合回复须在其后提交"):
        handling.draft_reply(town.handler, lead.id, "联合回复")
    answer(town.handler_b, town.leader_b, assist, "价格公示已检查")
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).state is OrderState.ASSIGNED
    handling.draft_reply(town.handler, lead.id, "联合回复")
    handling.approve(town.leader, lead.id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).state is OrderState.AWAITING_CALLBACK
        released = [reply.text for reply in session.exec(select(Reply)) if reply.released_at]
    assert released == ["联合回复"]


def test_a_joint_reply_drafted_before_an_assisting_unit_answered_is_sent_back_first(town: Town) -> None:
    _, lead, assist = late_answer(town)
    with pytest.raises(Refused, match="协办单位尚未全部答复, 联合回复须在其后审核"):
        handling.approve(town.leader, lead.id)
    town.later(minutes=30)
    answer(town.handler_b, town.leader_b, assist, "路面已修复")
    with pytest.raises(Refused, match="协办单位在拟稿之后又有答复, 请退回修改后再审核"):
        handling.approve(town.leader, lead.id)
    handling.send_back(town.leader, lead.id, "写入协办单位的答复")
    town.later(minutes=30)
    handling.draft_reply(town.handler, lead.id, "联合回复, 路面已修复")
    handling.approve(town.leader, lead.id)


def test_a_promise_is_no_joint_reply_and_keeps_to_its_time(town: Town) -> None:
    order, lead, assist = countersigned(town)
    handling.sign(town.handler, lead.id)
    answer(town.handler_b, town.leader_b, assist, "价格公示已检查")
    promise.promise(town.handler, lead.id, "已约各单位会商", date(2026, 12, 11))
    dispatch.add_assist(town.office, order.order_id, town.b, "路面也请查看")
    town.later(minutes=30)
    answer(town.handler_b, town.leader_b, shares(town, order)[-1], "路面已修复")
    handling.approve(town.leader, lead.id)


def test_the_lead_promises_after_the_assisting_units_have_answered(town: Town) -> None:
    _, lead, assist = countersigned(town)
    handling.sign(town.handler, lead.id)
    sentence = r"协办单位尚未全部答复, 牵头单位的承诺须在其后提交; 此前请续报\(第十一条\(二\)2\(3\)\)"
    with pytest.raises(Refused, match=sentence):
        promise.promise(town.handler, lead.id, "已约各单位会商", date(2026, 12, 11))
    handling.progress(town.handler, lead.id, "已约各单位会商")
    handling.sign(town.handler_b, assist.id)
    with pytest.raises(Refused, match="会签件由牵头单位承诺"):
        promise.promise(town.handler_b, assist.id, "须排期", date(2026, 12, 11))
    handling.draft_reply(town.handler_b, assist.id, "价格公示已检查")
    handling.approve(town.leader_b, assist.id)
    promise.promise(town.handler, lead.id, "已约各单位会商", date(2026, 12, 11))
    handling.approve(town.leader, lead.id)


def test_an_assisting_unit_returns_its_share_and_the_office_adds_another(town: Town) -> None:
    order, lead, assist = countersigned(town)
    handling.return_(town.handler_b, assist.id, "不涉及我单位")
    with town.store.read() as session:
        row = session.get_one(WorkOrder, order.order_id)
        assert (row.state, row.unit_id) == (OrderState.ASSIGNED, town.a)
    with pytest.raises(Refused, match="正在承办"):
        dispatch.add_assist(town.office, order.order_id, town.a)
    with pytest.raises(NotAllowed):
        dispatch.add_assist(town.agent, order.order_id, town.b)
    dispatch.add_assist(town.office, order.order_id, town.b, "请再核实")
    assert [each.state for each in shares(town, order)] == [
        AssignmentState.DISPATCHED,
        AssignmentState.RETURNED,
        AssignmentState.DISPATCHED,
    ]
    assert lead.id == shares(town, order)[0].id


def waiting(town: Town, desk: Desk | None = None) -> list[queues.ToDispatch]:
    """派单, as a desk sees it; the counts agree with it."""
    desk = desk or town.office
    with town.store.read() as session:
        edges = edges_now(desk, session)
        found = queues.to_dispatch(session, desk.viewer, edges).rows
        assert dashboard.counts(session, desk.viewer, edges).waiting == len(found)
        assert dashboard.snapshot(session, desk.viewer, edges).waiting == len(found)
    return list(found)


@pytest.mark.requirement("R-11.3", "R-D9")
def test_an_order_that_lacks_an_assisting_unit_waits_at_the_front_desk_until_one_is_added(town: Town) -> None:
    order, _, assist = countersigned(town)
    assert waiting(town) == []
    handling.return_(town.handler_b, assist.id, "不涉及我单位")
    for desk in (town.agent, town.office):
        (row,) = waiting(town, desk)
        assert (row.order.number, row.order.returns, row.returned_by, row.return_reason, row.assisting) == (
            order.number,
            1,
            "工商分局",
            "不涉及我单位",
            True,
        )
    dispatch.add_assist(town.office, order.order_id, town.b, "请再核实")
    assert waiting(town) == []
    town.at("2026-11-23 09:00")
    asked = consent.request_return(town.handler_b, shares(town, order)[-1].id, "仍不涉及")
    consent.grant(town.office, asked)
    (row,) = waiting(town)
    assert (row.order.returns, row.return_reason) == (2, "仍不涉及")


@pytest.mark.requirement("R-11.3")
def test_it_waits_there_only_while_the_lead_unit_has_it(town: Town) -> None:
    order, lead, assist = countersigned(town)
    handling.return_(town.handler_b, assist.id, "不涉及我单位")
    answer(town.handler, town.leader, lead, "联合回复")
    assert waiting(town) == []
    release.reject_reply(town.office, order.order_id, "未说明退费金额")
    assert [row.order.number for row in waiting(town)] == [order.number]
    dispatch.cancel(town.office, lead.id, "机构调整")
    (row,) = waiting(town)
    assert (row.order.state, row.assisting) == (OrderState.RECEIVED, False)
    dispatch.assign(town.office, order.order_id, town.a)
    assert waiting(town) == []


@pytest.mark.requirement("R-11.3")
def test_it_stands_among_the_others_urgent_first_then_the_oldest_a_page_at_a_time(town: Town) -> None:
    first = town.register()
    town.later(minutes=1)
    order, _, assist = countersigned(town)
    handling.return_(town.handler_b, assist.id, "不涉及我单位")
    last = town.later(minutes=1).register()
    urgent = town.later(minutes=1).register(urgent=True)
    found: list[str] = []
    after = None
    with town.store.read() as session:
        for _ in range(4):
            page = queues.to_dispatch(session, town.agent.viewer, edges_now(town.agent, session), after=after, limit=1)
            found += [row.order.number for row in page.rows]
            after = page.next
    assert after is None
    assert found == [urgent.number, first.number, order.number, last.number]


def test_the_lead_unit_returns_only_by_consent_and_the_others_fall_with_it(town: Town) -> None:
    order, lead, assist = countersigned(town)
    with pytest.raises(Refused, match="牵头单位由领导确定"):
        handling.return_(town.handler, lead.id, "不属职责")
    asked = consent.request_return(town.handler, lead.id, "不属职责")
    consent.grant(town.office, asked)
    assert [(each.state, each.return_late) for each in shares(town, order)] == [
        (AssignmentState.RETURNED, False),
        (AssignmentState.CANCELLED, False),
    ]
    with town.store.read() as session:
        row = session.get_one(WorkOrder, order.order_id)
        assert (row.state, row.unit_id) == (OrderState.RECEIVED, None)
        assert all(clock.met_at or clock.void_at for clock in session.exec(select(Deadline)))
    assert assist.id == shares(town, order)[1].id


def test_the_office_frees_the_lead_of_a_unit_that_does_not_answer(town: Town) -> None:
    order, lead, assist = countersigned(town)
    handling.sign(town.handler, lead.id)
    dispatch.cancel(town.office, assist.id, "已电话征求意见")
    handling.draft_reply(town.handler, lead.id, "联合回复")
    handling.approve(town.leader, lead.id)
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).state is OrderState.REPLIED


def test_a_cancelled_lead_ends_the_countersigning(town: Town) -> None:
    order, lead, _ = countersigned(town)
    dispatch.cancel(town.office, lead.id, "机构调整")
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).state is OrderState.RECEIVED
    assert {each.state for each in shares(town, order)} == {AssignmentState.CANCELLED}


def test_a_unit_that_disagrees_hands_the_order_to_the_leader(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    instruction.propose_from_unit(town.handler, order.assignment_id, "收费公示属工商分局职责, 建议会签")
    with town.store.read() as session:
        row = session.get_one(WorkOrder, order.order_id)
        assert (row.state, row.unit_id) == (OrderState.AWAITING_INSTRUCTION, None)
        assert session.get_one(Assignment, order.assignment_id).state is AssignmentState.CANCELLED
    with pytest.raises(NotAllowed, match="热线办尚未呈报"):
        instruction.instruct(town.city_leader, order.order_id, "房产分局牵头")


def test_several_units_are_the_leaders_to_name(town: Town) -> None:
    order = town.register()
    with pytest.raises(Refused, match="须先呈报领导"):
        dispatch.assign(town.office, order.order_id, town.a, assists=[town.b])
