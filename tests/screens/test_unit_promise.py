"""承诺 by keys: a day that works, both deadlines seen afterwards, another day by consent (R-11.2.2b, R-D8)."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.rules.words import AssignmentState, Release
from hotline_tui.services import handling, promise, release
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
