"""批示: the office reports, records and dispatches as instructed; a city leader instructs; consent is given or not."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.data.queries.detail import detail
from hotline_tui.models import Report
from hotline_tui.rules.words import AssignmentState, AssignmentType, OrderState, Share
from hotline_tui.services import consent, dispatch, handling, instruction, notes
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import WIDE, app_of, go, keys, on, painted, rows, said, sitting, text, until
from tests.services.looks import share_of

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-11.2.3")]


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


async def look(pilot, words: str) -> None:
    await until(pilot, lambda: words in text(pilot, "#look"), f"never shown: {words}")
    await pilot.pause()


async def test_what_an_agent_proposes_is_laid_before_the_leader_whom_the_office_names(town: Town) -> None:
    order = town.register()
    instruction.propose(town.agent, order.order_id, "涉及物业收费和价格公示")
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await look(pilot, "提请会签 坐席03")
        assert "会签 坐席03" in rows(pilot)[0]
        assert "涉及物业收费和价格公示" in text(pilot, "#look")
        await pilot.press("f4")
        form = await on(pilot, "ReportForm")
        assert form.fields()["countersign"]  # as the front desk proposed
        assert form.query_one("#reason").value == "涉及物业收费和价格公示"
        await pilot.press("tab", "tab", *"zsz")
        await on(pilot, "FieldPicker")
        await until(pilot, lambda: "> 郑市长" in painted(pilot))
        await pilot.press("enter")
        await on(pilot, "ReportForm")
        await pilot.press("f4")
        await said(pilot, "已呈报批示")
        await until(pilot, lambda: not rows(pilot))
        await pilot.press("f6")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert "会签 郑市长" in rows(pilot)[0]
        assert "11-23 18:00" in rows(pilot)[0]
    with town.store.read() as session:
        report = session.exec(select(Report)).one()
    assert (report.leader_id, report.countersign) == (town.accounts["city_leader"], True)


async def test_a_leader_writes_his_words_and_names_the_units_that_may_have_it(town: Town) -> None:
    order = town.register(accused=(town.a_below,))
    instruction.report(town.office, order.order_id, "跨部门")
    async with sitting(town, "city_leader") as pilot:
        await go(pilot, "instruction")
        await look(pilot, "呈报 全体市领导")
        assert "F6" not in keys(pilot)
        await pilot.press("f4")
        await on(pilot, "InstructForm")
        await pilot.press(*"handle it", "tab", "f")
        picker = await on(pilot, "FieldPicker")
        assert "城南新区房产管理分局物业科" not in [item.label for item in picker.items]
        await pilot.press(*"cfj", "enter")
        await on(pilot, "InstructForm")
        await pilot.press("enter")
        await on(pilot, "FieldPicker")
        await pilot.press(*"gsfj", "enter")
        await on(pilot, "InstructForm")
        await pilot.press("f4")
        await said(pilot, "已记录批示")
        await until(pilot, lambda: not rows(pilot))
    (given,) = stands(town, order).instructions
    assert (given.leader, given.text) == ("郑市长", "handle it")
    assert (given.lead_unit, given.assists) == ("房产分局", ("工商分局",))


async def test_a_leader_finds_only_what_was_reported_to_him_or_to_all(town: Town) -> None:
    town.register()
    proposed = town.register()
    instruction.report(town.agent, proposed.order_id, "跨部门")
    done = town.bring(OrderState.AWAITING_INSTRUCTION)
    instruction.instruct(town.city_leader, done.order_id, "办")
    mine = town.bring(OrderState.AWAITING_INSTRUCTION)
    urgent = town.later(minutes=1).bring(OrderState.AWAITING_INSTRUCTION, urgent=True)
    async with sitting(town, "city_leader") as pilot:
        await go(pilot, "instruction")
        await until(pilot, lambda: len(rows(pilot)) == 2)
        assert [row.split()[0] for row in rows(pilot)] == [urgent.number, mine.number]


async def test_the_office_records_a_leaders_words_and_what_is_missing_stays_on_the_screen(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_INSTRUCTION)
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("f6")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        await look(pilot, "呈报 全体市领导")
        await pilot.press("f4")
        await on(pilot, "InstructForm")
        await pilot.press("f4")
        await until(pilot, lambda: "请写明作出批示的领导" in painted(pilot))
        await pilot.press(*"wang", "enter", *"go on", "escape")
        await on(pilot, "InstructionScreen")
        await pilot.press("f4")
        form = await on(pilot, "InstructForm")
        assert form.fields()["text"] == "go on"  # what was typed is kept
        await pilot.press("f4")
        await said(pilot, "已记录批示")
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("office")
    assert [(each.leader, each.text) for each in stands(town, order).instructions] == [("wang", "go on")]


async def test_it_is_dispatched_as_the_leader_instructed_with_its_due_date_in_sight(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_INSTRUCTION)
    instruction.instruct(town.city_leader, order.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("left", "left")
        await until(pilot, lambda: "[待交办]" in painted(pilot) and len(rows(pilot)) == 1)
        await look(pilot, "牵头单位: 房产分局; 协办单位: 工商分局")
        await pilot.press("f4")
        await on(pilot, "AskKept")
        for words in ("牵头单位 房产分局", "协办单位 工商分局", "2026-11-27"):
            assert words in painted(pilot)
        await pilot.press(*"hurry", "enter")
        await said(pilot, "已按批示交办房产分局")
    shares = stands(town, order).assignments
    assert [(each.unit, each.share, each.type, each.remark) for each in shares] == [
        ("房产分局", Share.LEAD, AssignmentType.COUNTERSIGNED, "hurry"),
        ("工商分局", Share.ASSIST, AssignmentType.COUNTERSIGNED, "hurry"),
    ]


async def test_where_a_countersigned_report_gets_one_unit_alone_the_office_is_told(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "建议会签", countersign=True)
    instruction.instruct(town.city_leader, order.order_id, "房产分局办理", lead=town.a)
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("left", "left")
        await until(pilot, lambda: "[待交办]" in painted(pilot) and len(rows(pilot)) == 1)
        await look(pilot, "承办单位: 房产分局")
        await pilot.press("f4")
        await on(pilot, "AskKept")
        assert "呈报时拟作会签件, 批示没有确定协办单位" in painted(pilot)


@pytest.mark.requirement("R-11.2.2c")
async def test_a_report_for_several_units_is_not_instructed_without_a_unit_by_a_slip(town: Town) -> None:
    order = town.register()
    instruction.report(town.office, order.order_id, "建议会签", countersign=True)
    async with sitting(town, "city_leader") as pilot:
        await go(pilot, "instruction")
        await look(pilot, "呈报 全体市领导")
        await pilot.press("f4")
        form = await on(pilot, "InstructForm")
        await pilot.press(*"handle it", "f4")
        await on(pilot, "Confirm")
        assert "未指定牵头单位: 按 Enter 不会签" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "InstructForm")
        assert form.query_one("#lead").has_focus
        assert stands(town, order).instructions == ()
        await pilot.press("f4")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, "已记录批示")
        await until(pilot, lambda: not rows(pilot))
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("left", "left")
        await until(pilot, lambda: "[待交办]" in painted(pilot) and len(rows(pilot)) == 1)
        await look(pilot, "原提请会签, 领导未指定单位")
        await pilot.press("f4")
        await on(pilot, "UnitPicker")
        await until(pilot, lambda: "原提请会签, 领导未指定单位" in painted(pilot))


@pytest.mark.requirement("R-11.2.2c")
async def test_naming_the_lead_or_a_report_for_one_unit_asks_nothing_more(town: Town) -> None:
    named, plain = town.register(), town.later(minutes=1).register()
    instruction.report(town.office, named.order_id, "建议会签", countersign=True)
    instruction.report(town.office, plain.order_id, "重要事项")
    async with sitting(town, "city_leader") as pilot:
        await go(pilot, "instruction")
        await look(pilot, "建议会签")
        await pilot.press("f4")
        await on(pilot, "InstructForm")
        await pilot.press(*"lead it", "tab", *"fcfj")
        await on(pilot, "FieldPicker")
        await pilot.press("enter")
        await on(pilot, "InstructForm")
        await pilot.press("f4")
        await said(pilot, f"已记录批示 {named.number}")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        await look(pilot, "重要事项")
        await pilot.press("f4")
        await on(pilot, "InstructForm")
        await pilot.press(*"handle it", "f4")
        await said(pilot, f"已记录批示 {plain.number}")
    assert stands(town, named).instructions[0].lead_unit == "房产分局"


async def test_a_unit_that_proposes_to_countersign_is_named_in_the_list(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    instruction.propose_from_unit(town.handler, order.assignment_id, "建议会签")
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        assert "会签 房产分局" in rows(pilot)[0]


async def test_an_instruction_without_a_unit_leaves_the_choice_to_the_office(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_INSTRUCTION)
    instruction.instruct(town.city_leader, order.order_id, "请尽快办理")
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("f6", "f6")
        await until(pilot, lambda: "[待交办]" in painted(pilot) and len(rows(pilot)) == 1)
        await pilot.press("f4")
        await on(pilot, "UnitPicker")
        await pilot.press(*"gsfj", "enter")
        await said(pilot, "已交办工商分局")
    assert stands(town, order).row.unit == "工商分局"


async def test_a_report_is_taken_back_with_a_reason(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_INSTRUCTION)
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("f6")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        await pilot.press("f5", "f4")
        await until(pilot, lambda: "请写明撤回呈报的理由" in painted(pilot))
        await pilot.press(*"clear now", "f4")
        await said(pilot, "已撤回呈报")
    assert stands(town, order).row.state is OrderState.RECEIVED


async def test_a_late_return_is_consented_to_from_the_queue(town: Town) -> None:
    order = town.signed()
    town.at("2026-11-23 09:00")
    consent.request_return(town.handler, share_of(order), "查明后属工商分局职责")
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("left")
        await until(pilot, lambda: "[申请]" in painted(pilot) and len(rows(pilot)) == 1)
        assert "房产分局 申请退件" in rows(pilot)[0]
        await look(pilot, "查明后属工商分局职责")
        await pilot.press("f4")
        await on(pilot, "AskKept")
        assert "按逾期退件计" in painted(pilot)
        await pilot.press(*"yes", "enter")
        await said(pilot, "已同意退件")
        await until(pilot, lambda: not rows(pilot))
    (share,) = stands(town, order).assignments
    assert (share.state, share.return_late) == (AssignmentState.RETURNED, True)


async def test_a_request_is_declined_with_a_reason_and_the_unit_goes_on(town: Town) -> None:
    order = town.signed()
    town.at("2026-11-23 09:00")
    consent.request_return(town.handler, share_of(order), "不属职责")
    async with sitting(town, "office") as pilot:
        await go(pilot, "instruction")
        await pilot.press("left")
        await until(pilot, lambda: "[申请]" in painted(pilot) and len(rows(pilot)) == 1)
        await pilot.press("f5", "f4")
        await until(pilot, lambda: "请写明不予同意的理由" in painted(pilot))
        await pilot.press(*"yours", "f4")
        await said(pilot, "已答复不予同意")
    (asked,) = stands(town, order).requests
    assert (asked.granted, asked.remark) == (False, "yours")
    assert stands(town, order).assignments[0].state is AssignmentState.SIGNED


async def test_a_screen_that_was_overtaken_says_so_and_keeps_the_words(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_INSTRUCTION)
    async with sitting(town, "city_leader") as pilot:
        await go(pilot, "instruction")
        await look(pilot, "呈报")
        await pilot.press("f4")
        await on(pilot, "InstructForm")
        notes.urge(town.office, order.order_id)
        await pilot.press(*"at once", "f4")
        await until(pilot, lambda: "刚刚已被" in painted(pilot))
        await pilot.press("escape")
        await on(pilot, "InstructionScreen")
        await look(pilot, "呈报")
        await pilot.press("f4")
        form = await on(pilot, "InstructForm")
        assert form.fields()["text"] == "at once"
    assert stands(town, order).instructions == ()


async def test_nothing_waits_and_the_screen_says_so(town: Town) -> None:
    async with sitting(town, "office", WIDE) as pilot:
        await go(pilot, "instruction")
        assert "没有待呈报的工单" in painted(pilot)
        await pilot.press("f4")
        await said(pilot, "没有待呈报的工单")


async def test_a_return_by_consent_of_the_second_unit_is_the_offices_matter(town: Town) -> None:
    order = town.assigned()
    handling.return_(town.handler, share_of(order), "不属职责")
    made = dispatch.assign(town.agent, order.order_id, town.b)
    handling.return_(town.handler_b, made.assignment_id, "不属工商职责")
    async with sitting(town, "agent") as pilot:
        await go(pilot, "dispatch")
        await look(pilot, "已两次退件, 由热线办确定承办单位")
        assert "不属工商职责" in text(pilot, "#look")
        assert "由热线办确定" in rows(pilot)[0]
