"""工单: everything about an order, and every action that it is open to, on one screen."""

from __future__ import annotations

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.store import CHANGED
from hotline_tui.rules.words import Action, OfficeAction, OrderState, Verdict
from hotline_tui.services import callbacks, dispatch, handling, intake, notes, restrict
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import WIDE, app_of, go, keys, on, open_order, painted, rows, said, sitting, text, until
from tests.services.looks import share_of

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


def steps(town: Town, order: Built) -> list[Action | OfficeAction]:
    with town.store.read() as session:
        return [step.action for step in timeline(session, town.office.viewer, order.order_id)]


async def test_the_head_says_the_standing_in_words_and_masks_the_caller(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        shown = painted(pilot)
    assert order.number in shown
    assert "办理中  剩 5 个工作日" in shown
    assert "王**" in shown
    assert "139****2211" in shown
    assert "13900002211" not in shown
    assert "房产分局(首接)  限时件  签收 11-20 09:12" in shown
    assert "应回复 11-27 18:00" in shown


@pytest.mark.requirement("R-8")
async def test_of_several_callers_the_head_says_how_many_and_the_text_names_them_masked(town: Town) -> None:
    order = town.signed()
    double = town.register(name="李小红", phone="13900003344")
    intake.merge(town.agent, double.order_id, order.number)
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        assert "来电人 王**  电话 139****2211 等 2 位 (F9 查看)" in painted(pilot)
        assert "第 2 位  李**  电话 139****3344" in painted(pilot)
        assert f"{double.number} 并入本件" in painted(pilot)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-26 10:00", "临期 剩 1 个工作日"),
        ("2026-11-27 10:00", "临期 今日到期"),
        ("2026-11-30 10:00", "超期 1 个工作日"),
        ("2026-12-07 10:00", "严重超期 6 个工作日"),
    ],
)
async def test_overdue_is_a_word_and_a_number(town: Town, moment: str, words: str) -> None:
    order = town.signed()
    town.at(moment)
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        assert words in painted(pilot).splitlines()[0]


async def test_a_deadline_in_a_year_without_a_notice_is_marked_provisional(town: Town) -> None:
    town.at("2026-12-29 09:00")
    order = town.assigned()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        assert "暂定" in painted(pilot).splitlines()[0]


async def test_a_look_at_the_caller_asks_for_the_reason_is_recorded_and_ends_with_the_screen(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f9", *"call", "enter")
        await until(pilot, lambda: "13900002211" in painted(pilot))
        assert "某某花园3栋501" in painted(pilot)
        shown = painted(pilot)
        assert shown.index("本次查看已记录") < shown.index("\n诉求 ---") < shown.index("小区物业从本月起")
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await open_order(pilot, order.order_id)
        assert "13900002211" not in painted(pilot)
    assert steps(town, order).count(Action.UNMASK) == 1


async def test_without_a_reason_nothing_is_shown(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f9", "enter")
        await pilot.pause()
        assert "请写明查看来电人信息的理由" in painted(pilot)
    assert Action.UNMASK not in steps(town, order)


async def test_a_handler_of_another_unit_finds_no_order_and_the_screen_closes(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler_b") as pilot:
        app_of(pilot).open_order(order.order_id)
        await said(pilot, "没有这件工单, 或不在您的办理范围内")
        await on(pilot, "HomeScreen")


@pytest.mark.parametrize(
    ("login", "state", "label"),
    [
        ("agent", OrderState.RECEIVED, "交办"),
        ("agent", OrderState.ANSWERED, "归档"),
        ("handler", OrderState.ASSIGNED, "签收"),
        ("office", OrderState.REPLIED, "发布"),
        ("agent2", OrderState.AWAITING_CALLBACK, "回访"),
        ("office", OrderState.UNDER_REVIEW, "重新交办"),
    ],
)
async def test_f4_is_the_step_that_comes_next(town: Town, login: str, state: OrderState, label: str) -> None:
    order = town.bring(state)
    async with sitting(town, login) as pilot:
        await open_order(pilot, order.order_id)
        assert f"F4 {label}" in keys(pilot)


async def test_an_order_that_was_answered_at_once_has_no_unit_to_wait_for(town: Town) -> None:
    order = town.bring(OrderState.ANSWERED)
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, order.order_id)
        await until(pilot, lambda: "承办 直接答复" in painted(pilot))
        assert "尚未交办" not in painted(pilot)


async def test_the_palette_of_the_workbench_names_places_and_no_digits(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("ctrl+p")
        palette = await on(pilot, "Palette")
        assert not [item for item in palette.items if item.label.startswith("数字")]
        assert [item for item in palette.items if item.key.startswith("go:")]


async def test_the_picker_lists_closed_actions_with_the_article(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
        screen = await open_order(pilot, order.order_id)
        await pilot.press("f5")
        await on(pilot, "Picker")
        await pilot.press(*"guidang")
        await until(pilot, lambda: "回访满意后才能归档" in painted(pilot))
        assert "第十一条(六)" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, "回访满意后才能归档")
        assert screen.is_current


async def test_a_closed_key_answers_with_the_article(town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED)
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f7")
        await said(pilot, "现为已归档, 不能催办(第十一条(四))")


async def test_a_note_is_kept_while_it_is_typed_and_stands_on_the_time_line(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f6", *"called the shop", "escape", "f6")
        await on(pilot, "AskKept")
        assert "called the shop" in painted(pilot)
        await pilot.press("f4")
        await said(pilot, "已备注")
        await until(pilot, lambda: "called the shop" in text(pilot, "#course"))
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("office")
    assert steps(town, order)[-1] is Action.NOTE


async def test_urging_is_one_key_and_counted(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f7", "enter")
        await said(pilot, "已催办")
    assert stands(town, order).row.urges == 1


async def test_a_stale_screen_loses_the_race_with_a_sentence_and_reads_again(town: Town) -> None:
    order = town.assigned()
    async with sitting(town, "handler") as pilot:
        await open_order(pilot, order.order_id)
        handling.sign(town.handler, share_of(order))
        await pilot.press("f4")
        await said(pilot, CHANGED)
        await until(pilot, lambda: "F4 拟写回复" in keys(pilot))
    assert steps(town, order).count(Action.SIGN) == 1


async def test_a_received_order_is_dispatched_from_its_own_screen(town: Town) -> None:
    order = town.register()
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f4")
        await on(pilot, "UnitPicker")
        assert "2026-11-27" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, "已交办房产分局")
    assert stands(town, order).row.state is OrderState.ASSIGNED


async def test_the_text_and_the_time_line_stand_side_by_side_where_there_is_room(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office", WIDE) as pilot:
        screen = await open_order(pilot, order.order_id)
        left, right = screen.query_one("#text").region, screen.query_one("#course").region
    assert left.y == right.y
    assert left.right < right.x


async def test_what_a_caller_says_is_shown_harmlessly(town: Town) -> None:
    order = town.register(narrative="[red]hello[/foo] \x1b[2J\u202e 结束 " + "长" * 5000)
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        shown = painted(pilot)
        assert "[red]hello[/foo]" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "下 " in shown
        await pilot.press("end")
        assert text(pilot, "#text").count("长") == 5000


async def test_the_whole_way_stands_on_the_screen(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    town.later(days=3)
    made = dispatch.redispatch(town.office, order.order_id, town.a, "请退还多收的费用")
    handling.sign(town.handler, made.assignment_id)
    handling.draft_reply(town.handler, made.assignment_id, "已退还")
    handling.send_back(town.leader, made.assignment_id, "写明退还的金额")
    notes.urge(town.office, order.order_id)
    async with sitting(town, "office", WIDE) as pilot:
        await open_order(pilot, order.order_id)
        body, course = text(pilot, "#text"), text(pilot, "#course")
        head = painted(pilot)
    for words in (
        "重新交办说明 房产分局",
        "请退还多收的费用",
        "回复 2  房产分局",
        "退回理由: 写明退还的金额",
        "回访 1  不满意",
    ):
        assert words in body
    assert "未解决: 费用还没有退" in body
    for words in ("受理", "交办", "发布回复", "回访", "重新交办", "退回修改", "催办"):
        assert words in course
    assert "限时件 重办" in head
    assert "催办 1" in head
    assert "收件 3 天" in head


async def test_three_calls_in_vain_may_be_archived_with_a_reason(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    for _ in range(3):
        callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f4", "f4")
        await until(pilot, lambda: "归档须写明理由" in painted(pilot))
        await pilot.press(*"gone", "f4")
        await said(pilot, "已归档")
    assert stands(town, order).archive_reason == "gone"


async def test_esc_goes_back_to_the_list_it_came_from(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert order.number in rows(pilot)[0]
        await pilot.press("enter")
        await on(pilot, "OrderScreen")
        await pilot.press("escape")
        await on(pilot, "UnitScreen")


async def test_an_order_hidden_while_somebody_acts_on_it_is_left_and_the_program_goes_on(town: Town) -> None:
    order = town.assigned()
    async with sitting(town, "agent2") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f6")
        await on(pilot, "AskKept")
        await pilot.press(*"seen")
        restrict.restrict(town.office, order.order_id, "hidden", secret=True)
        await pilot.press("f4")
        await until(pilot, lambda: "没有这件工单" in painted(pilot))
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await said(pilot, "没有这件工单")
        # What was written is still there, to be read and thrown away.
        await until(pilot, lambda: "备注" in painted(pilot) and "seen" in painted(pilot))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "没有这件工单" in painted(pilot))
        await on(pilot, "HomeScreen")
        await pilot.press("f8")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await until(pilot, lambda: "没有未完成的草稿" in painted(pilot))
