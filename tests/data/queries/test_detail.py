"""工单 and 办理过程: everything on one order, the caller masked, each step a plain line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline_tui.data.queries.detail import OrderDetail, detail
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.errors import NotFound
from hotline_tui.rules.words import Action, AssignmentState, Duty, OrderState, RefusalReason, Release, Standing, Verdict
from hotline_tui.rules.workflow import Case
from hotline_tui.services import callbacks, dispatch, handling, intake, notes, release
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town


def look(desk: Desk, order: Built) -> OrderDetail:
    with desk.store.read() as session:
        return detail(session, desk.viewer, edges_now(desk, session), order.order_id)


def lines(desk: Desk, order: Built) -> list[tuple[str, str, str]]:
    with desk.store.read() as session:
        steps = timeline(session, desk.viewer, order.order_id)
    return [(step.action.label, step.actor, sentence(step)) for step in steps]


def test_the_caller_is_masked_for_everybody(town: Town) -> None:
    order = town.assigned()
    for desk in (town.agent, town.office, town.handler, town.leader, town.city_leader, town.authority):
        seen = look(desk, order)
        (caller,) = seen.callers
        assert (caller.name, caller.phone) == ("王**", "139****2211")
        assert (caller.workplace, caller.home_address) == ("***", "***")
        assert not any(told in repr(seen) for told in ("王小明", "13900002211", "某某公司", "3栋501"))


def test_an_order_that_may_not_be_seen_is_as_if_it_were_not_there(town: Town) -> None:
    order = town.assigned(town.b)
    with pytest.raises(NotFound):
        look(town.handler, order)
    assert lines(town.handler, order) == []


def test_each_share_stands_with_its_own_clocks(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW, accused=(town.b,))
    again = dispatch.redispatch(town.office, order.order_id, town.a_below, "由物业科再办")
    seen = look(town.leader, order)
    first, second = seen.assignments
    assert (first.state, first.unit, first.own) == (AssignmentState.REPLY_APPROVED, "房产分局", True)
    assert [(clock.duty, clock.standing) for clock in first.clocks if clock.met_at] == [(Duty.REPLY, None)]
    assert (second.id, second.again, second.remark) == (again.assignment_id, True, "由物业科再办")
    assert {clock.duty: clock.standing for clock in second.clocks}[Duty.REPLY] is Standing.IN_TIME
    assert (seen.first_unit, seen.row.unit, seen.row.dispatches) == ("房产分局", "物业科", 2)
    assert seen.accused == ("城南新区工商行政管理分局",)
    assert [reply.release for reply in seen.replies] == [Release.PRIVATE]
    assert [(each.attempt, each.verdict, each.by) for each in seen.callbacks] == [
        (1, Verdict.UNSATISFIED, "热线办 陈某")
    ]
    assert seen.relation.own_unit
    assert not look(town.office, order).relation.own_unit


def test_the_relation_tells_what_the_last_callback_said(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    town.call(order, Verdict.UNREACHED)
    relation = look(town.agent, order).relation
    assert (relation.last_case, relation.unreached) == (Case.UNREACHED, 1)


def test_merged_orders_name_each_other_as_far_as_both_may_be_seen(town: Town) -> None:
    living = town.assigned()
    merged = town.register()
    intake.merge(town.agent, merged.order_id, living.number)
    assert look(town.office, merged).merged_into == living.number
    assert look(town.agent2, living).merged == (merged.number,)
    assert look(town.handler, living).merged == ()


def test_an_answer_names_the_article_and_its_version(town: Town) -> None:
    seen = look(town.agent, town.bring(OrderState.ANSWERED))
    assert (seen.article, seen.article_version) == ("住宅小区机动车停放收费如何确定?", 1)


def test_the_time_line_says_what_happened_in_plain_lines(town: Town) -> None:
    order = town.register(urgent=True)
    share = town.assign(order).assignment_id
    assert share is not None
    handling.sign(town.handler, share)
    handling.progress(town.handler, share, "已约谈物业, 调取收费备案")
    handling.draft_reply(town.handler, share, "已退")
    handling.send_back(town.leader, share, "没有写明\n退款金额")
    handling.draft_reply(town.handler, share, "已退 300 元")
    handling.approve(town.leader, share)
    release.release(town.office, order.order_id, Release.PUBLIC, text="已责令退款")
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNSATISFIED, not_solved="费用还没有退", remark="态度好")
    dispatch.redispatch(town.office, order.order_id, town.b, "请再核")
    notes.urge(town.office, order.order_id, "请抓紧")
    notes.note(town.handler_b, order.order_id, "已知悉")
    unit = "城南新区房产管理分局"
    due = "五个工作日 (跳过 11-21 11-22)  应办 11-27 18:00"
    assert lines(town.office, order) == [
        ("受理", "坐席03", "登记, 投诉, 紧急: 是"),
        ("交办", "热线办 张某", f"{unit}  {due}"),
        ("签收", "房产分局 李某", unit),
        ("续报", "房产分局 李某", f"{unit}  已约谈物业, 调取收费备案"),
        ("拟写回复", "房产分局 李某", unit),
        ("退回修改", "房产分局 赵局长", f"{unit}  没有写明 退款金额"),
        ("拟写回复", "房产分局 李某", unit),
        ("审核通过", "房产分局 赵局长", unit),
        ("发布回复", "热线办 张某", "网上公开, 公开内容有改动"),
        ("回访", "坐席04", "第 1 次: 不满意; 未解决: 费用还没有退; 态度好"),
        ("重新交办", "热线办 张某", f"城南新区工商行政管理分局  {due}; 说明: 请再核"),
        ("催办", "热线办 张某", "第 1 次; 请抓紧"),
        ("备注", "工商分局 周某", "已知悉"),
    ]


def test_a_deadline_in_a_year_without_a_notice_is_told_as_provisional(town: Town) -> None:
    order = town.at("2026-12-29 10:00").assigned()
    with town.store.read() as session:
        *_, step = timeline(session, town.office.viewer, order.order_id)
    assert sentence(step).endswith("暂定")


def test_a_refusal_tells_its_reason_and_the_number_that_was_told(town: Town) -> None:
    form = intake.Intake(intake.Kind.OTHER, "着火了")
    made = intake.refuse(town.agent, form, RefusalReason.EMERGENCY, "请拨119", emergency_number="119")
    ((_, _, said),) = lines(town.agent, Built(made.order_id, made.number))
    assert said == "紧急警情(110/119/120/122), 已告知拨打 119; 已告知: 请拨119"


def test_every_action_has_a_line_even_without_facts(town: Town) -> None:
    order = town.register()
    with town.store.read() as session:
        (step,) = timeline(session, town.agent.viewer, order.order_id)
    for action in Action:
        assert isinstance(sentence(replace(step, action=action, facts={})), str)
