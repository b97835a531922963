"""承诺 by keys: a day that works, both deadlines seen afterwards, another day by consent (R-11.2.2b, R-D8)."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.rules.words import Action, AssignmentState, Release, Role
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.services import consent, handling, promise, release
from tests.builders import Built, Town
from tests.screens.seats import app_of, go, keys, on, open_order, painted, rows, said, sitting, text, until
from tests.screens.test_unit import stands
from tests.services.looks import share_of

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-11.2.2b", "R-D8"),
]


def promised(town: Town) -> Built:
    """The first reply has left, 12-11 stands."""
    order = town.signed()
    promise.promise(town.handler, share_of(order), "正在清退", date(2026, 12, 11))
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order


async def test_a_day_is_typed_and_its_weekday_said_and_the_leader_sees_it(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f8")
        screen = await on(pilot, "PromiseScreen")
        await until(pilot, lambda: screen.seen is not None)
        assert screen.query_one("#day").has_focus
        await pilot.press(*"12-12")
        await until(pilot, lambda: "周六 不是工作日, 其后工作日 12-14" in painted(pilot))
        await pilot.press("down")
        await until(pilot, lambda: "12-14 周一 工作日, 16 个工作日后" in painted(pilot))
        await pilot.press("up", "enter", *"fees are stopped")
        app_of(pilot).drafts.flush()
        (draft,) = app_of(pilot).draft_box.of("handler", "promise")
        assert draft.fields == {"text": "fees are stopped", "day": "2026-12-11"}
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
        await said(pilot, f"已交领导审核 {order.number}")
        await until(pilot, lambda: "承诺办结: 2026-12-11 周五" in text(pilot, "#look"))
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("handler")
    assert stands(town, order).replies[0].promised_day == date(2026, 12, 11)
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "承诺办结 2026-12-11 周五" in text(pilot, "#reply"))


async def test_a_day_off_is_refused_and_nothing_typed_is_lost(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f8")
        screen = await on(pilot, "PromiseScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press("enter", *"plan", "f4")
        await said(pilot, "请写明承诺办结日期")
        await pilot.press(*"2026-12-12", "f4")
        await until(pilot, lambda: "须为工作日" in painted(pilot))
        assert "第十一条(二)" in painted(pilot)
        assert screen.query_one("#reply").text == "plan"
    assert stands(town, order).assignments[0].state is AssignmentState.SIGNED


async def test_both_deadlines_stand_on_the_tray_and_on_the_order(town: Town) -> None:
    order = promised(town)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "已承诺" in rows(pilot)[0]
        await until(pilot, lambda: "先行回复 11-27 18:00, 11-20 09:12 已回复" in text(pilot, "#look"))
        assert "承诺办结 12-11 18:00" in text(pilot, "#look")
        assert "应办结 12-11 18:00" in painted(pilot)
        await open_order(pilot, order.order_id)
        await until(pilot, lambda: "应办结 12-11 18:00" in painted(pilot))
        assert "先行回复 11-27 18:00" in text(pilot, "#text")


async def test_another_day_needs_the_offices_consent_and_a_reason(town: Town) -> None:
    order = promised(town)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "F8 申请变更" in keys(pilot)
        await pilot.press("f8")
        await on(pilot, "FieldsModal")
        assert "现承诺 2026-12-11 周五 办结" in painted(pilot)
        await pilot.press(*"12-18", "f4")
        assert "请写明变更承诺日期的理由" in painted(pilot)
        await pilot.press("enter", *"audit", "f4")
        await said(pilot, f"已申请变更承诺 {order.number}")
        await until(pilot, lambda: "2026-12-11 改为 2026-12-18 周五" in text(pilot, "#look"))
        await until(pilot, lambda: "等候同意" in rows(pilot)[0])
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("handler")
    (request,) = stands(town, order).requests
    assert (request.day, request.before, request.reason) == (date(2026, 12, 18), date(2026, 12, 11), "audit")


async def test_nothing_is_promised_after_the_time_for_the_first_reply(town: Town) -> None:
    order = town.signed()
    town.at("2026-11-28 09:00")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f8")
        await on(pilot, "Notice")
        assert "先行回复的时限 11-27 18:00 已过, 不能再承诺办结日期" in painted(pilot)
        await pilot.press("enter")
        screen = await open_order(pilot, order.order_id)
        assert "先行回复的时限" in str(why_closed(screen.seen, Role.HANDLER, Action.PROMISE))


async def test_who_lets_a_late_promise_go_is_told_that_the_first_reply_is_late(town: Town) -> None:
    order = town.signed()
    promise.promise(town.handler, share_of(order), "正在清退", date(2026, 12, 11))
    town.at("2026-11-30 09:00")
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "先行回复已超期" in text(pilot, "#reply"))
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await until(pilot, lambda: "先行回复已超期" in text(pilot, "#look"))


async def test_a_promise_that_its_leader_approved_in_time_is_not_late_when_it_is_released(town: Town) -> None:
    order = town.signed()
    promise.promise(town.handler, share_of(order), "正在清退", date(2026, 11, 27))
    handling.approve(town.leader, share_of(order))
    town.at("2026-11-30 09:00")
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await until(pilot, lambda: "承诺的日期已到, 发布后仍按该日计时" in text(pilot, "#look"))
        assert "先行回复已超期" not in text(pilot, "#look")
        await pilot.press("f4")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, f"已单独回复 {order.number}")
    assert stands(town, order).assignments[0].promised_day == date(2026, 11, 27)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "超期" in rows(pilot)[0]
        assert "先行回复已超期" not in text(pilot, "#look")


async def test_while_the_leader_reviews_the_tray_says_so_whatever_was_asked_before(town: Town) -> None:
    order = promised(town)
    consent.request_promise(town.handler, share_of(order), date(2026, 12, 18), "须等评审")
    handling.draft_reply(town.handler, share_of(order), "已清退")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "待领导审核" in rows(pilot)[0]
        assert "等候同意" not in rows(pilot)[0]
    async with sitting(town, "office") as pilot:
        screen = await go(pilot, "instruction")
        await pilot.press("left")
        await until(pilot, lambda: "[申请]" in painted(pilot) and len(rows(pilot)) == 1)
        assert "现为待领导审核" in str(screen.why_not("first"))
        assert screen.why_not("second") is None
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    async with sitting(town, "office") as pilot:
        screen = await open_order(pilot, order.order_id)
        assert screen.seen.waiting_requests == ()
        assert "未答复" in text(pilot, "#text")
        assert "等候" not in text(pilot, "#text")


async def test_a_day_in_a_year_without_a_notice_is_provisional_wherever_it_stands(town: Town) -> None:
    order = town.signed()
    promise.promise(town.handler, share_of(order), "正在清退", date(2027, 2, 3))
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await until(pilot, lambda: "承诺办结: 2027-02-03 周三 暂定" in text(pilot, "#look"))
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "承诺办结 2027-02-03 周三 暂定" in text(pilot, "#reply"))
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "待审核的是承诺 2027-02-03 周三 暂定" in painted(pilot))
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        assert "暂定" in rows(pilot)[0]
        await until(pilot, lambda: "应办结 02-03 18:00 暂定" in painted(pilot))


async def test_the_second_reply_does_not_begin_with_a_promise_that_was_rejected_before(town: Town) -> None:
    order = town.signed()
    promise.promise(town.handler, share_of(order), "被退回的承诺", date(2026, 12, 4))
    handling.send_back(town.leader, share_of(order), "日期过早")
    promise.promise(town.handler, share_of(order), "正在清退", date(2026, 12, 11))
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    for login in ("handler", "leader"):
        async with sitting(town, login) as pilot:
            await go(pilot, "unit")
            if login == "leader":
                await pilot.press("right")
                await until(pilot, lambda: rows(pilot) != [])
            await pilot.press("f5")
            screen = await on(pilot, "ReplyScreen")
            await until(pilot, lambda screen=screen: screen.seen is not None)
            assert screen.query_one("#reply").text == ""


async def test_after_a_promise_was_sent_back_the_reply_says_what_submitting_does(town: Town) -> None:
    order = town.signed()
    promise.promise(town.handler, share_of(order), "正在清退", date(2026, 12, 4))
    handling.send_back(town.leader, share_of(order), "日期过早")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(
            pilot, lambda: "退回的是承诺 2026-12-04 周五, 在此提交的是办结回复; 修改承诺请用 F8" in painted(pilot)
        )
        await pilot.press("escape")
        await on(pilot, "UnitScreen")
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("handler")
        await pilot.press("f8")
        screen = await on(pilot, "PromiseScreen")
        await until(pilot, lambda: screen.query_one("#reply").text == "正在清退")
        await pilot.press("f4")
        await on(pilot, "Confirm")
        assert "与退回的文本相同, 仍要提交?" in painted(pilot)
        assert "日期过早" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "PromiseScreen")
        screen.query_one("#day").value = "2026-12-11"
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
    assert stands(town, order).replies[-1].promised_day == date(2026, 12, 11)


async def test_the_second_reply_begins_empty(town: Town) -> None:
    promised(town)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)
        assert screen.query_one("#reply").text == ""


async def test_after_the_first_reply_the_unit_goes_on_and_the_office_is_told_so(town: Town) -> None:
    order = town.signed()
    promise.promise(town.handler, share_of(order), "正在清退", date(2026, 12, 11))
    handling.approve(town.leader, share_of(order))
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await pilot.press("f4")
        await on(pilot, "Confirm")
        assert "由承办单位继续办理, 2026-12-11 办结" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, f"已单独回复 {order.number}, 由承办单位继续办理")
    assert stands(town, order).assignments[0].state is AssignmentState.PROMISED
