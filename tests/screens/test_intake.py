"""受理: a call from the first ring to the way out, by keyboard alone (Art. 8, 9, 11(2), 15, R-D1)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import col, select
from textual.events import Paste

from hotline_tui.data.drafts import Draft, DraftBox
from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, Caller, Event, OrderAccused, WorkOrder
from hotline_tui.rules.words import Action, Kind, OrderState, RefusalReason, Route
from hotline_tui.screens.answers import ConfirmAnswer
from hotline_tui.screens.form_fields import PickField
from hotline_tui.screens.intake import IntakeScreen
from hotline_tui.screens.intake_form import IntakeForm
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from tests.builders import Town
from tests.screens.front import Seat, seat
from tests.screens.intake_form import PARKING, complaint, form, new_call

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-8", "R-9", "R-15", "R-D1"),
]


def drafts(here: Seat) -> list[Draft]:
    here.app.drafts.flush()
    return DraftBox(here.town.settings.drafts).of("agent", "intake")


async def test_a_call_is_answered_from_the_knowledge_base_and_the_next_one_can_come(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.type("13900007788")
        await here.press("pagedown")
        await here.type(PARKING)
        await here.press("f4")
        await here.on("KnowledgeScreen")
        await here.sees("按照价格主管部门公布的标准执行")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, ConfirmAnswer))
        await here.sees("按标准答案归入: 物业管理/停车收费")
        assert "按照价格主管部门公布的标准执行, 并应公示。" in here.text()
        assert "标准答案 kb-1  版本 1  房产分局" in here.text()
        assert here.orders() == []
        assert here.app.screen_stack[-2].query_one("#topic").value == "物业管理/停车收费"
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.until(lambda: "已直接答复" in here.said)
        [order] = here.orders()
        assert (order.state, order.route, order.kind) == (OrderState.ANSWERED, Route.DIRECT, Kind.INQUIRY)
        assert (order.article_id, order.article_version, order.answered_online) == (town.article, 1, False)
        assert order.topic_id == town.parking
        assert order.number in here.said
        assert here.focus == "phone"
        assert form(here).empty
        assert drafts(here) == []


async def test_a_complaint_is_dispatched_with_the_days_that_its_limit_skips(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        await here.press("f5")
        await here.on("UnitPicker")
        await here.sees("11-21 周六, 11-22 周日")
        assert "2026-11-27 周五 18:00  限时件 5 个工作日" in here.text()
        assert "房产管理分局 (建议)" in here.text()
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.until(lambda: "已交办房产分局, 时限 11-27 18:00" in here.said)
        [order] = here.orders()
        assert (order.state, order.kind, order.topic_id, order.region_id, order.address) == (
            OrderState.ASSIGNED,
            Kind.COMPLAINT,
            town.parking,
            town.region,
            "某某花园3栋",
        )
        caller = here.read(lambda session: session.exec(select(Caller)).one())
        assert (caller.name, caller.phone, caller.workplace, caller.home_address) == (
            "王小明",
            "13900007788",
            "某某公司",
            "某某花园3栋501",
        )
        assert here.read(lambda session: session.exec(select(Assignment.unit_id)).one()) == town.a


async def test_an_incomplete_complaint_is_told_what_is_missing_and_the_cursor_goes_there(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here, workplace="")
        assert "单位:缺" in here.text()
        await here.press("f5")
        await here.until(lambda: here.focus == "workplace")
        assert here.said == "投诉须实名, 还缺: 工作单位(第十五条)"
        assert here.orders() == []
        [draft] = drafts(here)
        assert draft.fields["narrative"] == PARKING


async def test_what_is_wanted_before_a_dispatch_is_asked_for_one_after_the_other(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type(PARKING)
        await here.press("f5")
        await here.until(lambda: here.focus == "topic")
        assert here.said == "请先选诉求分类(第九条)"
        await here.type("tcsf")
        await here.on("FieldPicker")
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.press("f5")
        await here.until(lambda: here.focus == "region")
        assert here.said.startswith("请先选区域")
        await here.press("tab")
        await here.type("全区")
        await here.press("f5")
        await here.until(lambda: type(here.app.screen).__name__ == "UnitPicker")
        assert here.orders() == []


async def test_without_a_suggestion_no_unit_is_chosen_before_somebody_chooses_it(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        form(here).query_one("#topic", PickField).put(str(town.topics["物业管理"]))
        form(here).query_one("#address", HotlineInput).value = "不详"
        form(here).query_one("#region", PickField).put()
        await here.press("f5")
        await here.until(lambda: type(here.app.screen).__name__ == "UnitPicker")
        assert "没有建议的单位" in here.text()
        await here.press("enter")
        await here.sees("请先输入或按下键选定一项")
        await here.press("down", "enter")
        await here.until(lambda: "已交办" in here.said)


async def test_the_accused_unit_and_those_below_it_are_not_listed(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        await here.press("shift+tab")
        assert here.focus == "accused"
        await here.type("房产分局")
        await here.on("FieldPicker")
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.press("f5")
        await here.until(lambda: type(here.app.screen).__name__ == "UnitPicker")
        await here.sees("被反映单位及其下属不列出(第十三条)")
        assert [item.label for item in here.app.screen.items] == ["城南新区工商行政管理分局"]
        await here.type("gongshang")
        await here.press("enter")
        await here.until(lambda: "已交办工商分局" in here.said)
        assert here.read(lambda session: session.exec(select(OrderAccused.unit_id)).one()) == town.a


async def test_an_order_whose_second_step_is_refused_stays_received_and_is_never_registered_twice(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        screen = here.app.screen
        assert isinstance(screen, IntakeScreen)

        def refused(order_id: UUID, seen: int | None) -> str:
            raise Refused("不行")

        screen.carry_out(refused)
        await here.told("已登记, 但不行")
        [order] = here.orders()
        assert order.state is OrderState.RECEIVED
        assert f"已登记 {order.number}" in here.text()
        assert drafts(here) == []
        await here.press("f5")
        await here.until(lambda: type(here.app.screen).__name__ == "UnitPicker")
        await here.type("gongshang")
        await here.press("enter")
        await here.until(lambda: "已交办工商分局" in here.said)
        [order] = here.orders()
        assert (order.state, order.unit_id) == (OrderState.ASSIGNED, town.b)


async def test_one_key_leads_back_to_the_telephone_also_from_a_long_narrative(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        here.app.screen.query_one(Narrative).load_text("很长的诉求。\n" * 80)
        await here.press("pageup", "ctrl+t")
        assert here.focus == "phone"


async def test_a_number_of_an_unusual_length_is_marked_and_taken(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.type("1390000778")
        await here.press("enter")
        await here.sees("号码位数少见, 请核对")
        await here.press("ctrl+t", "end", "9", "enter")
        await here.until(lambda: "少见" not in here.text() and "历史 0 件" in here.text())


async def test_what_a_field_cannot_hold_is_told_and_a_line_end_is_a_space(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("tab")
        here.app.screen.query_one("#name").post_message(Paste("王\n小明" + "长" * 100))
        await here.until(lambda: "这一栏最多 60 字, 有 44 字没有填入" in here.said)
        assert form(here).intake.name == "王 小明" + "长" * 56


async def test_a_matter_without_a_clear_unit_is_reported_for_instruction(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("2")
        assert form(here).kind is Kind.INQUIRY  # the cursor is in a text: the digit belongs to it
        await here.press("backspace", "tab", "tab", "2")
        assert form(here).kind is Kind.HELP
        await here.press("pagedown")
        await here.type("多个部门都说不归自己管")
        await here.press("f6")
        await here.until(lambda: here.focus == "topic")
        assert here.said == "请先选诉求分类(第九条)"
        await here.type("tcsf")
        await here.on("FieldPicker")
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.press("f6")
        await here.on("ReportForm")
        await here.type("涉及多个部门")
        await here.press("enter")
        await here.until(lambda: "已提请批示, 由热线办呈报" in here.said)
        [order] = here.orders()
        assert (order.state, order.kind, order.reported_at) == (OrderState.AWAITING_INSTRUCTION, Kind.HELP, None)


async def test_a_matter_of_several_units_is_proposed_for_countersigning(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("tab", "tab", "2", "pagedown")
        await here.type("物业收费没有公示, 消防通道也被占用")
        await here.press("f6")
        await here.until(lambda: here.focus == "topic")
        await here.type("tcsf")
        await here.on("FieldPicker")
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.press("f6")
        await here.on("ReportForm")
        await here.type("several units")
        await here.press("tab", "space", "f4")
        await here.until(lambda: "已提请会签, 由热线办呈报" in here.said)
        steps = here.read(lambda session: [event.action for event in session.exec(select(Event)) if event.order_id])
        assert Action.PROPOSE_COUNTERSIGN in steps


async def test_an_emergency_is_told_the_right_number_at_once_and_recorded(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type("楼下着火了")
        await here.press("f8")
        await here.on("RefusalModal")
        await here.sees("立即挂断并拨打119")
        await here.press("enter")
        await here.until(lambda: "不予受理" in here.said)
        [order] = here.orders()
        assert (order.state, order.refusal_reason) == (OrderState.REFUSED, RefusalReason.EMERGENCY)
        assert "119" in order.refusal_told
        event = here.read(lambda session: session.exec(select(Event).where(Event.action == Action.REFUSE)).one())
        assert event.payload["facts"]["emergency_number"] == "119"


async def test_a_refusal_without_the_earlier_number_says_so_and_waits(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type("又来了")
        await here.press("f8")
        await here.on("RefusalModal")
        await here.press("2", "enter")
        await here.sees("请指明先前的工单编号")
        assert here.focus == "number"
        await here.press("escape")
        await here.on("IntakeScreen")
        assert here.orders() == []
        assert form(here).narrative == "又来了"


async def test_nothing_goes_anywhere_before_the_matter_is_written_down(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        for key in ("f4", "f5", "f6", "f8"):
            await here.press(key)
            assert here.said == "诉求内容为空, 请先写明诉求(第八条)"
            assert isinstance(here.app.screen, IntakeScreen)


async def test_standard_answers_come_while_the_narrative_is_typed(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type("营业执照怎么办")
        await here.sees("> 个体工商户怎样办理营业执照?")
        assert here.focus == "narrative"
        assert form(here).narrative == "营业执照怎么办"


@pytest.mark.parametrize("digit", ["3", "３"])
async def test_a_digit_chooses_the_kind_also_from_an_input_method_that_is_on(town: Town, digit: str) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("enter", "enter")
        assert here.focus == "kind"
        await here.press(digit)
        assert form(here).kind is Kind.COMPLAINT
        assert here.focus == "topic"


async def test_an_input_methods_phrase_typed_into_a_picker_field_arrives_whole(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        form(here).query_one("#topic").focus()
        await here.type("营业执照")
        await here.on("FieldPicker")
        await here.until(lambda: here.app.screen.query_one("#filter", HotlineInput).value == "营业执照")
        await here.press("enter")
        await here.on("IntakeScreen")
        assert form(here).picked("topic") == (town.licence,)


async def test_a_callers_words_are_shown_as_they_are_and_do_nothing(town: Town) -> None:
    nasty = "[red]停车[/foo]费\x1b[2J\u202e收费"
    town.register(phone="13900007788", narrative=nasty, address="[bold]某路[/]")
    async with seat(town) as here:
        await new_call(here)
        await here.type("13900007788")
        await here.press("enter", "pagedown")
        await here.type("停车费收费")
        await here.sees("[bold]某路[/] [red]停车")
        assert "\x1b" not in here.text()
        assert "\u202e" not in here.text()


async def test_who_loses_the_race_is_told_and_the_order_stays_one(town: Town) -> None:
    """Between registering and dispatching somebody else dispatches."""
    async with seat(town) as here:
        await complaint(here)
        screen = here.app.screen
        assert isinstance(screen, IntakeScreen)

        def overtaken(order_id: UUID, seen: int | None) -> str:
            from hotline_tui.services import dispatch

            dispatch.assign(town.office, order_id, town.b)
            return dispatch.assign(town.agent, order_id, town.a, seen=seen) and ""

        screen.carry_out(overtaken)
        await here.told("已被他人办理")
        [order] = here.orders()
        assert (order.unit_id, order.dispatches) == (town.b, 1)


async def test_a_disk_that_is_full_keeps_the_call_as_it_is(town: Town) -> None:
    from hotline_tui.errors import StorageError

    async with seat(town) as here:
        await complaint(here)
        screen = here.app.screen
        assert isinstance(screen, IntakeScreen)
        screen.write(lambda: (_ for _ in ()).throw(StorageError("磁盘已满, 没有存入")), screen._came_out)
        await here.told("磁盘已满")
        assert screen.query_one(IntakeForm).narrative == PARKING
        assert len(drafts(here)) == 1
        assert here.read(lambda session: session.exec(select(col(WorkOrder.id))).all()) == []


def reversed_on(here: Seat) -> list[str]:
    """What stands in reverse on the lines of the form that are no text."""
    lines = [*form(here).query("KindLine, Toggle")]
    segments = (segment for line in lines for segment in line.render_line(0))
    return [segment.text for segment in segments if segment.style and segment.style.reverse]


async def test_the_choice_that_the_keys_go_to_is_marked_and_no_other(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        assert reversed_on(here) == []
        await here.press("tab", "tab")
        await here.sees(">类别 [1咨询]")
        assert (here.focus, reversed_on(here)) == ("kind", ["[1咨询]"])
        await here.press("enter")
        await here.sees(">紧急[ ]")
        assert (here.focus, reversed_on(here)) == ("urgent", ["紧急[ ]"])
        await here.press("space", "enter")
        await here.sees(">保密[ ]")
        assert (here.focus, reversed_on(here)) == ("secret", ["保密[ ]"])
        await here.press("enter")
        await here.until(lambda: here.focus == "topic")
        assert reversed_on(here) == []
        assert form(here).intake.urgent
        assert not form(here).intake.secret


async def test_a_narrative_that_no_standard_answer_fits_is_told_so(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.sees("写入诉求后在此列出")
        await here.press("pagedown")
        await here.type("vvvv")
        await here.sees("没有相近的标准答案")
        assert "写入诉求后在此列出" not in here.text()


async def test_where_no_unit_was_imported_a_list_of_units_says_whom_to_ask(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        screen = here.app.screen
        assert isinstance(screen, IntakeScreen)
        form(here).offer(replace(screen.directory, units=()))
        form(here).query_one("#accused").focus()
        await here.press("enter")
        await here.on("FieldPicker")
        await here.sees("尚未导入承办单位, 请联系系统管理员")
