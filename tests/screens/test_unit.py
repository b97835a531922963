"""承办: a unit signs, returns, reports and replies; its leader reviews. By keys, on a real database."""

from __future__ import annotations

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.store import CHANGED
from hotline_tui.rules.words import AssignmentState, Kind, OrderState
from hotline_tui.services import consent, dispatch, handling, notes
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import THIN, WIDE, app_of, go, keys, on, painted, rows, said, settled, sitting, text, until
from tests.services.looks import share_of

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-11.3", "R-11.5"),
]


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


async def test_the_most_urgent_comes_first_and_what_was_returned_is_gone(town: Town) -> None:
    later = town.assigned(kind=Kind.TIPOFF)
    sooner = town.assigned(kind=Kind.INQUIRY)
    gone = town.assigned()
    handling.return_(town.handler, share_of(gone), "不属本单位职责")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert [row.split()[0] for row in rows(pilot)] == [sooner.number, later.number]
        assert "剩 3 日" in rows(pilot)[0]


async def test_a_handler_sees_only_what_his_unit_and_those_below_it_hold(town: Town) -> None:
    town.assigned(town.b)
    below = town.assigned(town.a_below)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert [row.split()[0] for row in rows(pilot)] == [below.number]
        await until(pilot, lambda: "物业科" in painted(pilot))


async def test_f4_signs_and_the_cursor_stays_on_the_order(town: Town) -> None:
    town.assigned(kind=Kind.INQUIRY)
    order = town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("down", "f4")
        await said(pilot, f"已签收 {order.number}")
        await until(pilot, lambda: "已签收" in rows(pilot)[1])
        await pilot.press("f4")
        await said(pilot, "现为已签收, 不能签收")
    assert stands(town, order).assignments[0].state is AssignmentState.SIGNED


async def test_what_must_wait_for_the_signing_says_which_key_signs(town: Town) -> None:
    town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await said(pilot, ", 请先按 F4 签收")


async def test_a_return_says_until_when_it_is_on_time_and_must_have_a_reason(town: Town) -> None:
    order = town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f6")
        await on(pilot, "AskKept")
        assert "退件应在 11-20 18:00 以前" in painted(pilot)
        await pilot.press("f4")
        assert "请写明退件理由" in painted(pilot)
        await pilot.press(*"not ours", "f4")
        await said(pilot, f"已退件 {order.number}")
        await until(pilot, lambda: rows(pilot) == [])
        assert "没有在办的工单" in painted(pilot)
    assert stands(town, order).assignments[0].return_reason == "not ours"


async def test_a_late_return_is_asked_of_the_office_and_the_tray_says_that_it_waits(town: Town) -> None:
    order = town.assigned()
    town.at("2026-11-23 09:00")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "F6 申请退件" in keys(pilot)
        await pilot.press("f6")
        await on(pilot, "AskKept")
        assert "已过退件时限" in painted(pilot)
        await pilot.press("f4")
        assert "请写明申请退件的理由(第十一条(三))" in painted(pilot)
        await pilot.press(*"not ours", "f4")
        await said(pilot, f"已申请退件 {order.number}")
        await until(pilot, lambda: "等候同意" in rows(pilot)[0])
        await until(pilot, lambda: "等候热线办同意" in text(pilot, "#look"))
        await pilot.press("f6")
        await said(pilot, "请等候热线办答复(第十一条(四))")
    found = stands(town, order)
    assert found.assignments[0].state is AssignmentState.DISPATCHED
    assert [(each.reason, each.granted) for each in found.requests] == [("not ours", None)]
    consent.decline(town.office, found.requests[0].id, "属本单位职责")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await until(pilot, lambda: "不予同意" in text(pilot, "#look") and "属本单位职责" in text(pilot, "#look"))
        assert "待签收" in rows(pilot)[0]


async def test_words_written_while_the_time_for_a_return_ran_out_stand_in_the_request(town: Town) -> None:
    order = town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f6")
        await on(pilot, "AskKept")
        town.at("2026-11-23 09:00")
        await pilot.press(*"not ours", "f4")
        await until(pilot, lambda: "请用申请退件" in painted(pilot))
        await pilot.press("escape")
        await on(pilot, "UnitScreen")
        await until(pilot, lambda: "F6 申请退件" in keys(pilot))
        await pilot.press("f6")
        await on(pilot, "AskKept")
        await pilot.press("f4")
        await said(pilot, f"已申请退件 {order.number}")
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("handler")
    assert stands(town, order).requests[0].reason == "not ours"


async def test_progress_is_reported_with_f7(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f7", *"asked the firm", "f4")
        await said(pilot, f"已续报 {order.number}")
        await until(pilot, lambda: "asked the firm" in text(pilot, "#look"))


@pytest.mark.parametrize("size", [THIN, WIDE])
async def test_a_reply_is_drafted_beside_the_order_and_waits_for_the_leader(town: Town, size: tuple[int, int]) -> None:
    order = town.signed()
    async with sitting(town, "handler", size) as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "十元收费" in text(pilot, "#text"))
        await pilot.press(*"fees are stopped")
        app_of(pilot).drafts.flush()
        (draft,) = app_of(pilot).draft_box.of("handler", "reply")
        assert (draft.order_id, draft.fields["text"]) == (order.order_id, "fees are stopped")
        assert screen.query_one("#reply").has_focus
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
        await said(pilot, "已交领导审核")
        await until(pilot, lambda: "待领导审核" in rows(pilot)[0])
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("handler")
    assert stands(town, order).replies[0].text == "fees are stopped"


async def test_a_half_written_reply_is_there_again(town: Town) -> None:
    town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReplyScreen")
        await pilot.press(*"half", "escape")
        await on(pilot, "UnitScreen")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        assert screen.query_one("#reply").text == "half"


async def test_an_empty_reply_is_refused(town: Town) -> None:
    town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press("f4")
        await said(pilot, "请写明回复内容")


async def test_f3_puts_a_standard_answer_into_the_reply(town: Town) -> None:
    town.signed(narrative="小区机动车停放收费如何确定")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: "住宅小区机动车停放收费如何确定" in painted(pilot))
        await pilot.press("f4")
        await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "价格主管部门" in screen.query_one("#reply").text)


async def test_the_leader_reads_the_reply_and_lets_it_leave_the_unit(town: Town) -> None:
    order = town.drafted()
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        assert "F5 审核" in keys(pilot)
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "已责令物业停止收费" in text(pilot, "#reply"))
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
        await said(pilot, "已审核通过")
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_the_leader_sends_it_back_and_the_handler_sees_why_and_goes_on_from_his_words(town: Town) -> None:
    town.drafted()
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "F8 退回修改" in keys(pilot) and "已责令" in text(pilot, "#reply"))
        await pilot.press("f8", "f4")
        assert "请写明退回修改的理由" in painted(pilot)
        await pilot.press(*"how much", "f4")
        await on(pilot, "UnitScreen")
        await said(pilot, "已退回修改")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await until(pilot, lambda: "退回理由: how much" in text(pilot, "#look"))
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "已责令物业停止收费" in screen.query_one("#reply").text)


async def test_the_leader_sees_first_what_waits_for_the_review(town: Town) -> None:
    for _ in range(2):
        town.assigned()
    waiting = town.drafted()
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await until(pilot, lambda: [waiting.number in row for row in rows(pilot)] == [True])
        await pilot.press("right")
        await until(pilot, lambda: len(rows(pilot)) == 3)
        assert "[在办工单]" in painted(pilot)
        await pilot.press("left")
        await until(pilot, lambda: len(rows(pilot)) == 1)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("right")
        await until(pilot, lambda: len(rows(pilot)) == 3)


async def test_a_handler_does_not_review(town: Town) -> None:
    order = town.drafted()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "F5 拟写回复" in keys(pilot)
        app_of(pilot).open_order(order.order_id)
        await on(pilot, "OrderScreen")
        await until(pilot, lambda: "F4 拟写回复" in keys(pilot))


async def test_the_dispatchers_remark_is_shown(town: Town) -> None:
    order = town.register()
    dispatch.assign(town.office, order.order_id, town.a, remark="请先联系来电人")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await until(pilot, lambda: "请先联系来电人" in text(pilot, "#look"))


async def test_a_tray_that_is_out_of_date_loses_the_race_and_is_read_again(town: Town) -> None:
    order = town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        handling.sign(town.handler, share_of(order))
        await pilot.press("f4")
        await said(pilot, CHANGED)
        await until(pilot, lambda: "已签收" in rows(pilot)[0])


async def test_the_list_comes_a_page_at_a_time(town: Town) -> None:
    for _ in range(53):
        town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert len(rows(pilot)) == 50
        await pilot.press("end")
        await until(pilot, lambda: len(rows(pilot)) == 53)


async def test_news_of_the_order_wait_while_a_reply_is_typed_and_a_stale_reply_loses_once(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press(*"done")
        notes.note(town.office, order.order_id, "来电人又来电")
        before = screen.seen.detail.row.version
        screen.news(frozenset({"orders"}))
        await settled(pilot)
        await pilot.pause()
        assert screen.seen.detail.row.version == before
        await pilot.press("f4")
        await said(pilot, CHANGED)
        assert screen.query_one("#reply").text == "done"
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
    assert stands(town, order).replies[0].text == "done"
