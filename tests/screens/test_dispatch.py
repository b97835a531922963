"""派单: letters, returned orders and whatever else waits for a unit (Art. 8, 9, 10, 11(2), 11(3), 15)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from textual.pilot import Pilot

from hotline_tui.errors import Conflict
from hotline_tui.models import Assignment, Caller, Deadline, Event, WorkOrder
from hotline_tui.rules.words import Channel, Duty, Kind, OrderState, RefusalReason, Route
from hotline_tui.services import claims, dispatch, handling, instruction, intake, presence
from hotline_tui.services.classify import classify
from tests.builders import Built, Town
from tests.screens.seats import (
    app_of,
    go,
    keys,
    on,
    open_order,
    painted,
    rows,
    said,
    settled,
    sitting,
    status,
    text,
    until,
)

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-11.2.2")]


def letter(town: Town, **told: Any) -> Built:
    """As an import leaves it: of no kind, without topic and place."""
    plain: dict[str, Any] = {
        "kind": Kind.OTHER,
        "topic_id": None,
        "region_id": None,
        "channel": Channel.MAILBOX,
        "address": "",
    }
    return town.register(**(plain | told))


def share(built: Built) -> UUID:
    assert built.assignment_id is not None
    return built.assignment_id


def order(town: Town, built: Built) -> WorkOrder:
    with town.store.read() as session:
        found = session.get(WorkOrder, built.order_id)
    assert found is not None
    return found


def taken(pilot: Pilot[Any]) -> UUID | None:
    """The order that the page has taken."""
    screen: Any = pilot.app.screen
    return screen._mine


async def open_for(pilot: Pilot[Any], action: str) -> Any:
    """派单, with the cursor on what this may be done with."""
    screen = await go(pilot, "dispatch")
    await until(pilot, lambda: screen.why_not(action) is None)
    return screen


async def test_what_waits_is_listed_with_where_it_comes_from_and_read_below(town: Town) -> None:
    letter(town)
    returned = town.assigned()
    handling.return_(town.handler, share(returned), "不属于本单位职责")
    async with sitting(town, "agent") as pilot:
        await go(pilot, "dispatch")
        assert ["市长信箱" in rows(pilot)[0], "退件 房产分局" in rows(pilot)[1]] == [True, True]
        await until(pilot, lambda: "每天十元收费" in text(pilot, "#look"))
        await pilot.press("down")
        await until(pilot, lambda: "不属于本单位职责" in text(pilot, "#look"))


async def test_a_countersigned_order_that_lacks_an_assisting_unit_is_there_and_the_office_adds_one(town: Town) -> None:
    made = town.register()
    instruction.report(town.office, made.order_id, "建议会签", countersign=True)
    instruction.instruct(town.city_leader, made.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    dispatch.assign(town.office, made.order_id, town.a, assists=[town.b])
    for reason in ("不涉及我单位", "仍不涉及"):
        with town.store.read() as session:
            query = select(Assignment).where(Assignment.unit_id == town.b).order_by(col(Assignment.position).desc())
            assist = session.exec(query).first()
        assert assist is not None
        handling.return_(town.handler_b, assist.id, reason)
        async with sitting(town, "agent") as pilot:
            screen = await go(pilot, "dispatch")
            await until(pilot, lambda reason=reason: reason in text(pilot, "#look"))
            assert "协办退件" in rows(pilot)[0]
            assert ("由热线办确定" in rows(pilot)[0]) is (reason == "仍不涉及")
            assert "协办退件 工商分局" in text(pilot, "#look")
            assert "牵头单位继续办理; 是否另请单位协办, 由热线办确定" in text(pilot, "#look")
            assert "由热线办进行" in str(screen.why_not("assign"))
            assert "现为办理中" in str(screen.why_not("report"))
            await pilot.press("enter")
            await on(pilot, "OrderScreen")
        async with sitting(town, "office") as pilot:
            screen = await go(pilot, "dispatch")
            await until(pilot, lambda screen=screen: screen.why_not("assign") is None)
            assert "F5 增加协办" in keys(pilot)
            await pilot.press("f5")
            await on(pilot, "UnitPicker")
            await pilot.press(*"gsfj", "enter")
            await on(pilot, "AskKept")
            await pilot.press("enter")
            await said(pilot, "已增加协办单位工商分局")
            await until(pilot, lambda: rows(pilot) == [])


async def test_a_letter_is_classified_on_the_way_to_its_unit(town: Town) -> None:
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "assign")
        await pilot.press("f5")
        await on(pilot, "ClassifyForm")
        await pilot.press("4", *"tcsf")
        await on(pilot, "FieldPicker")
        await pilot.press("enter")
        await on(pilot, "ClassifyForm")
        await pilot.press("f4")
        await until(pilot, lambda: "请先选区域" in painted(pilot))
        await pilot.press(*"xhjd")
        await on(pilot, "FieldPicker")
        await pilot.press("enter")
        await on(pilot, "ClassifyForm")
        await pilot.press("f4")
        picker = await on(pilot, "UnitPicker")
        await until(pilot, lambda: "限时件 10 个工作日" in painted(pilot))
        assert picker.suggested[0] == str(town.a)
        await pilot.press("enter")
        await said(pilot, "已交办房产分局, 时限 12-04 18:00")
        await until(pilot, lambda: rows(pilot) == [])
    found = order(town, made)
    assert (found.state, found.kind, found.topic_id, found.unit_id) == (
        OrderState.ASSIGNED,
        Kind.TIPOFF,
        town.parking,
        town.a,
    )
    with town.store.read() as session:
        clock = session.exec(select(Deadline).where(Deadline.duty == Duty.REPLY)).one()
    assert clock.working_days == 10


async def test_in_the_classification_enter_leads_on_and_space_marks(town: Town) -> None:
    letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "classify")
        await pilot.press("f9")
        form = await on(pilot, "ClassifyForm")
        await until(pilot, lambda: ">类别" in painted(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: form.focused.id == "topic")
        await pilot.press("tab", "tab", "space", "enter")
        await until(pilot, lambda: ">保密[ ]" in painted(pilot))
        assert form.query_one("#urgent").on
        await pilot.press("shift+tab", "shift+tab", "shift+tab", "shift+tab", "3")
        await until(pilot, lambda: form.focused.id == "topic")
        assert pilot.app.screen is form


async def test_a_letter_becomes_a_complaint_when_its_writer_has_told_the_four_facts(town: Town) -> None:
    made = letter(town, workplace="", home_address="")
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "classify")
        await pilot.press("f9")
        await on(pilot, "ClassifyForm")
        await pilot.press("3", "f4")
        await until(pilot, lambda: "投诉须实名, 还缺: 工作单位、家庭住址(第十五条)" in painted(pilot))
        assert order(town, made).kind is Kind.OTHER
        assert pilot.app.screen.focused is pilot.app.screen.query_one("#workplace")
        await pilot.press(*"纺织厂")
        await pilot.press("escape")
        await on(pilot, "DispatchScreen")
        await pilot.press("f9")
        await on(pilot, "ClassifyForm")
        await until(pilot, lambda: "纺织厂" in painted(pilot))
        pilot.app.screen.query_one("#home_address").focus()
        await pilot.press(*"荷花苑3栋")
        await pilot.press("f4")
        await said(pilot, "已分类")
        app_of(pilot).drafts.flush()
        assert app_of(pilot).draft_box.of("agent") == []
    assert order(town, made).kind is Kind.COMPLAINT
    with town.store.read() as session:
        caller = session.exec(select(Caller)).one()
        payloads = str([event.payload for event in session.exec(select(Event))])
    assert (caller.workplace, caller.home_address) == ("纺织厂", "荷花苑3栋")
    assert "纺织厂" not in payloads


async def test_a_letter_is_answered_online_from_a_standard_answer(town: Town) -> None:
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "answer")
        await pilot.press("f4")
        knowledge = await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: knowledge.detail is not None)
        await pilot.press("f4")
        await on(pilot, "ConfirmAnswer")
        assert "网上答复来信人" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, "已直接答复")
    found = order(town, made)
    assert (found.state, found.route, found.answered_online) == (OrderState.ANSWERED, Route.DIRECT, True)


async def test_a_returned_order_goes_to_another_unit(town: Town) -> None:
    made = town.assigned()
    handling.return_(town.handler, share(made), "不属于本单位职责")
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "assign")
        await pilot.press("f5")
        picker = await on(pilot, "UnitPicker")
        await pilot.press(*"fangchan")
        await until(pilot, lambda: "房产分局: 曾退回本件" in painted(pilot))
        await pilot.press(*["backspace"] * len("fangchan"))
        assert str(town.a) not in picker.suggested
        await pilot.press(*"gongshang", "enter")
        await said(pilot, "已交办工商分局")
    found = order(town, made)
    assert (found.unit_id, found.first_unit_id, found.dispatches, found.returns) == (town.b, town.a, 2, 1)


async def test_after_two_returns_only_the_office_dispatches(town: Town) -> None:
    made = town.assigned()
    handling.return_(town.handler, share(made), "不归本单位")
    again = town.assign(made, town.b)
    handling.return_(town.handler_b, share(again), "不归本单位")
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press("f5")
        await said(pilot, "已两次退件, 由热线办确定承办单位(第十一条(二)3)")


async def test_an_order_is_reported_for_instruction(town: Town) -> None:
    made = town.register()
    async with sitting(town, "office") as pilot:
        await open_for(pilot, "report")
        await pilot.press("f6")
        await on(pilot, "ReportForm")
        await pilot.press(*"涉及多个部门", "enter")
        await said(pilot, "已呈报批示")
    assert order(town, made).state is OrderState.AWAITING_INSTRUCTION


async def test_a_letter_is_refused_with_the_sentence_for_its_writer(town: Town) -> None:
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "refuse")
        await pilot.press("f8")
        await on(pilot, "RefusalModal")
        await pilot.press("5", "enter")
        await said(pilot, "不予受理")
    found = order(town, made)
    assert (found.state, found.refusal_reason) == (OrderState.REFUSED, RefusalReason.ADVERTISING)
    assert "推销" in found.refusal_told


async def test_the_same_matter_again_is_linked_to_the_earlier_order(town: Town) -> None:
    earlier = town.assigned()
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "merge")
        await pilot.press("f7")
        await on(pilot, "EarlierOrders")
        assert earlier.number in painted(pilot)
        await pilot.press("f7")
        await on(pilot, "Confirm")
        assert earlier.number in painted(pilot)
        assert "来电历史和相似工单" not in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "EarlierOrders")
        assert "来电历史和相似工单" in painted(pilot)
        await pilot.press("f7")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, f"已并入 {earlier.number}")
    assert order(town, made).merged_into_id == earlier.order_id


async def test_an_order_whose_answer_is_out_is_not_offered_for_merging(town: Town) -> None:
    answered = town.bring(OrderState.ANSWERED)
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "merge")
        await pilot.press("f7")
        await on(pilot, "EarlierOrders")
        await until(pilot, lambda: answered.number in painted(pilot))
        await pilot.press("f7")
        await until(pilot, lambda: "答复已经发出: 请另行受理" in painted(pilot))
    assert order(town, made).state is OrderState.RECEIVED


async def test_any_number_can_be_typed_to_link_to(town: Town) -> None:
    earlier = town.assigned(narrative="楼上漏水", address="别处", phone="13900009999")
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "merge")
        await pilot.press("f7")
        await on(pilot, "EarlierOrders")
        await pilot.press(*"x1", "enter")
        await until(pilot, lambda: "请写明要并入的工单编号" in painted(pilot))
        await pilot.press("backspace", "backspace", *earlier.number[:-4], *"9999", "enter")
        await until(pilot, lambda: f"没有编号为 {earlier.number[:-4]}9999 的工单, 请核对编号" in painted(pilot))
        await pilot.press("home", *["delete"] * 24, *made.number, "enter")
        await until(pilot, lambda: "不能与本件自身并案" in painted(pilot))
        await pilot.press("home", *["delete"] * 24, *earlier.number.lower().replace("-", ""), "enter")
        await on(pilot, "Confirm")
        assert "办理中 楼上漏水" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, f"已并入 {earlier.number}")
    assert order(town, made).state is OrderState.MERGED


async def test_the_accused_unit_and_those_below_it_are_not_listed(town: Town) -> None:
    made = town.register(accused=(town.a,))
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "assign")
        await pilot.press("f5")
        picker = await on(pilot, "UnitPicker")
        assert [item.key for item in picker.items] == [str(town.b)]
        assert "被反映单位及其下属不列出(第十三条)" in painted(pilot)
        await pilot.press("escape")
    assert order(town, made).state is OrderState.RECEIVED


async def test_who_was_overtaken_is_told_and_sees_how_it_stands_now(town: Town) -> None:
    made = town.register()
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "assign")
        await pilot.press("f5")
        await on(pilot, "UnitPicker")
        classify(town.agent2, made.order_id, urgent=True)
        await pilot.press("enter")
        await until(pilot, lambda: "他人办理" in status(pilot))
        await until(pilot, lambda: "急 " in rows(pilot)[0])
    with town.store.read() as session:
        assert session.exec(select(Assignment)).all() == []


async def test_an_empty_queue_says_so_and_every_action_answers(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await go(pilot, "dispatch")
        assert "没有待派的工单" in painted(pilot)
        for key in ("f4", "f5", "f6", "f7", "f8", "f9"):
            await pilot.press(key)
            assert status(pilot) == "没有待派的工单"


async def test_a_letter_of_another_year_bears_its_year(town: Town) -> None:
    now = town.now
    town.at("2024-11-20T09:12")
    made = letter(town)
    town.at(now)
    async with sitting(town, "agent") as pilot:
        await go(pilot, "dispatch")
        assert "2024-11-20" in rows(pilot)[0]
        await open_order(pilot, made.order_id)
        assert "2024-11-20 09:12" in painted(pilot)


async def test_a_tipoff_becomes_something_else_only_once_that_was_asked_and_the_record_says_so(town: Town) -> None:
    made = letter(town, kind=Kind.TIPOFF)
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "classify")
        await pilot.press("f9")
        await on(pilot, "ClassifyForm")
        await pilot.press("7", "f4")
        await on(pilot, "Confirm")
        assert "来件为举报, 改为其他后不再按举报核实身份和计时" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, f"已分类 {made.number}")
        await open_order(pilot, made.order_id)
        assert "其他(原为举报)" in painted(pilot)


async def test_what_another_is_dispatching_says_so_and_the_next_that_nobody_has_is_taken(town: Town) -> None:
    first, second = letter(town), letter(town.later(minutes=1))
    claims.claim(town.agent2, first.order_id, claims.DISPATCH)
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: "坐席04 在办" in rows(pilot)[0])
        await until(pilot, lambda: "坐席04 正在办本件的派单" in str(screen.why_not("assign")))
        await pilot.press("n")
        await until(pilot, lambda: screen._mine == second.order_id)
        assert screen.at_cursor().order.id == second.order_id
        with pytest.raises(Conflict, match="坐席03"):
            claims.claim(town.agent2, second.order_id, claims.DISPATCH)
        await pilot.press("up")
        await until(pilot, lambda: screen._mine is None)
        await settled(pilot)
        claims.claim(town.agent2, second.order_id, claims.DISPATCH)
        await pilot.press("n")
        await said(pilot, "没有无人在办的待派工单")


async def test_whoever_begins_with_an_order_has_it_until_the_screen_is_left(town: Town) -> None:
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        screen = await open_for(pilot, "assign")
        await pilot.press("f5")
        await on(pilot, "ClassifyForm")
        with pytest.raises(Conflict, match="坐席03 正在办本件的派单"):
            claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        town.later(minutes=2)
        screen._renew()
        await settled(pilot)
        town.later(minutes=2)
        with pytest.raises(Conflict):
            claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        await pilot.press("escape")
        await on(pilot, "DispatchScreen")
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await settled(pilot)
        claims.claim(town.agent2, made.order_id, claims.DISPATCH)


async def test_an_order_that_is_open_says_who_else_is_at_it(town: Town) -> None:
    made = letter(town)
    presence.come(town.office, made.order_id)
    claims.claim(town.agent2, made.order_id, claims.DISPATCH)
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, made.order_id)
        await until(pilot, lambda: "坐席04 正在办理本件, 热线办 张某 也在查看本件" in painted(pilot))


async def test_what_was_dispatched_or_taken_away_is_kept_no_longer_and_nothing_is_said_of_it(town: Town) -> None:
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await pilot.press("n")
        await until(pilot, lambda: screen._mine == made.order_id)
        intake.refuse_received(town.office, made.order_id, RefusalReason.LEGAL_REMEDY, "请向法院起诉")
        screen._renew()
        await settled(pilot)
        await until(pilot, lambda: rows(pilot) == [] and screen._mine is None)
        assert "不再待派" not in status(pilot)


async def test_an_opened_order_is_had_from_the_key_to_the_end_of_what_it_began(town: Town) -> None:
    made = town.register()
    async with sitting(town, "office") as pilot:
        screen = await open_order(pilot, made.order_id)
        claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        claims.give_up(town.agent2, made.order_id)  # to look at it takes nothing
        await pilot.press("f4")
        await on(pilot, "UnitPicker")
        with pytest.raises(Conflict, match="热线办 张某 正在办本件的派单"):
            claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        town.later(minutes=2)
        screen._renew()
        await settled(pilot)
        town.later(minutes=2)
        with pytest.raises(Conflict, match="热线办 张某 正在办本件的派单"):
            claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        await pilot.press("escape")
        await on(pilot, "OrderScreen")
        await until(pilot, lambda: screen._mine is None)
        await settled(pilot)
        claims.claim(town.agent2, made.order_id, claims.DISPATCH)


async def test_an_opened_order_is_not_let_go_between_the_form_and_the_picker(town: Town) -> None:
    made = letter(town)
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, made.order_id)
        await pilot.press("f4")
        await on(pilot, "ClassifyForm")
        await pilot.press("4", *"tcsf")
        await on(pilot, "FieldPicker")
        await pilot.press("enter")
        await on(pilot, "ClassifyForm")
        await pilot.press("f4")
        await until(pilot, lambda: "请先选区域" in painted(pilot))
        await pilot.press(*"xhjd")
        await on(pilot, "FieldPicker")
        await pilot.press("enter")
        await on(pilot, "ClassifyForm")
        await pilot.press("f4")
        await on(pilot, "UnitPicker")
        await settled(pilot)
        with pytest.raises(Conflict, match="坐席03"):
            claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        await pilot.press("enter")
        await said(pilot, "已交办房产分局")
        await until(pilot, lambda: taken(pilot) is None)
    assert order(town, made).state is OrderState.ASSIGNED


async def test_what_another_is_dispatching_is_not_begun_from_the_opened_order(town: Town) -> None:
    made = town.register()
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, made.order_id)
        claims.claim(town.agent2, made.order_id, claims.DISPATCH)
        await pilot.press("f4")
        await said(pilot, "坐席04 正在办本件的派单, 请办下一件")
        assert type(pilot.app.screen).__name__ == "OrderScreen"
        await until(pilot, lambda: "坐席04 正在办理本件" in painted(pilot))


async def test_what_the_list_has_taken_stays_its_own_while_the_order_is_open(town: Town) -> None:
    made = town.register()
    async with sitting(town, "agent") as pilot:
        await go(pilot, "dispatch")
        await pilot.press("n")
        await until(pilot, lambda: taken(pilot) == made.order_id)
        await pilot.press("enter")
        screen = await on(pilot, "OrderScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press("f4")
        await on(pilot, "UnitPicker")
        await pilot.press("escape")
        await on(pilot, "OrderScreen")
        await until(pilot, lambda: screen._mine is None)
        await settled(pilot)
        with pytest.raises(Conflict, match="坐席03"):
            claims.claim(town.agent2, made.order_id, claims.DISPATCH)


async def test_what_the_office_alone_assigns_the_front_desk_still_reports(town: Town) -> None:
    made = town.assigned()
    handling.return_(town.handler, share(made), "不归本单位")
    again = town.assign(made, town.b)
    handling.return_(town.handler_b, share(again), "不归本单位")
    async with sitting(town, "agent") as pilot:
        await open_for(pilot, "report")
        await pilot.press("f6")
        await on(pilot, "ReportForm")
        with pytest.raises(Conflict, match="坐席03"):
            claims.claim(town.office, made.order_id, claims.DISPATCH)
        await pilot.press("escape")
        await on(pilot, "DispatchScreen")
        await pilot.press("n")
        await said(pilot, "没有无人在办的待派工单")
