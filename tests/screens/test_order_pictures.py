"""Pictures of 工单, 承办, 审核发布 and 回访: thin at 80 x 24, rich at 132 x 43."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.rules.words import Kind, OrderState, Release, Verdict
from hotline_tui.screens.profile import Profile
from hotline_tui.services import callbacks, claims, dispatch, handling, intake, notes, release
from tests.builders import Built, Town
from tests.screens.seats import THIN, WIDE, go, on, open_order, settled, text, until

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"]),
]
LONG = "小区物业从本月起对业主私家车按每天十元收费, 没有公示收费依据, 也没有征求业主意见。" * 6


def well_travelled(town: Town) -> Built:
    """An order that has been round once and is overdue on its second way."""
    order = town.bring(OrderState.UNDER_REVIEW, narrative=LONG)
    town.later(days=3)
    made = dispatch.redispatch(town.office, order.order_id, town.a, "请退还多收的费用, 并在小区公示收费标准")
    handling.sign(town.handler, made.assignment_id)
    handling.progress(town.handler, made.assignment_id, "已约谈物业, 调取收费备案")
    handling.draft_reply(town.handler, made.assignment_id, "物业已退还多收的费用")
    handling.send_back(town.leader, made.assignment_id, "写明退还的户数和金额")
    town.later(days=8)
    notes.urge(town.office, order.order_id, "请尽快回复来电人")
    return order


def tray(town: Town) -> None:
    """Some of everything."""
    town.assigned(kind=Kind.INQUIRY, narrative="住宅小区机动车停放收费如何确定, 按什么标准执行")
    town.signed(urgent=True)
    town.drafted()
    town.assigned(town.a_below, kind=Kind.HELP, narrative=LONG)
    town.later(days=6)
    town.signed(kind=Kind.SUGGESTION, narrative="建议在新河街道增设公共停车场")


@pytest.fixture
def picture(town: Town, snap_compare: Any, size: tuple[int, int], profile: Profile) -> Callable[..., bool]:
    """Compares what a person sees after some keys."""

    def take(login: str, keys: Callable[[Pilot[Any]], Awaitable[object]]) -> bool:
        async def before(pilot: Pilot[Any]) -> None:
            await on(pilot, "HomeScreen")
            await keys(pilot)
            await settled(pilot)
            await pilot.pause()

        app = HotlineApp(town.settings, account_id=town.accounts[login], clock=town.clock, profile=profile)
        return snap_compare(app, terminal_size=size, run_before=before)

    return take


def test_an_order_that_has_been_round_once(town: Town, picture: Callable[..., bool]) -> None:
    order = well_travelled(town)
    assert picture("office", lambda pilot: open_order(pilot, order.order_id))


def test_the_actions_of_an_order(town: Town, picture: Callable[..., bool]) -> None:
    order = town.signed()

    async def keys(pilot: Pilot[Any]) -> None:
        await open_order(pilot, order.order_id)
        await pilot.press("f5")
        await on(pilot, "Picker")

    assert picture("handler", keys)


def test_a_handlers_tray(town: Town, picture: Callable[..., bool]) -> None:
    tray(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await until(pilot, lambda: "十元收费" in text(pilot, "#look"))

    assert picture("handler", keys)


def test_an_empty_tray(town: Town, picture: Callable[..., bool]) -> None:
    assert picture("handler_b", lambda pilot: go(pilot, "unit"))


def test_a_reply_being_written(town: Town, picture: Callable[..., bool]) -> None:
    well_travelled(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "物业已退还多收的费用" in screen.query_one("#reply").text)

    assert picture("handler", keys)


def test_a_reply_under_review(town: Town, picture: Callable[..., bool]) -> None:
    town.drafted(narrative=LONG)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "已责令" in text(pilot, "#reply"))

    assert picture("leader", keys)


def test_replies_that_wait_for_release(town: Town, picture: Callable[..., bool]) -> None:
    town.replied(narrative=LONG)
    town.replied(secret=True)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "release")
        await until(pilot, lambda: "已责令" in text(pilot, "#look"))

    assert picture("office", keys)


def test_a_public_reply_before_it_goes(town: Town, picture: Callable[..., bool]) -> None:
    order = town.signed(narrative=LONG)
    assert order.assignment_id is not None
    told = "王小明您好: 经查, 物业已退还多收的停车费。\n如有疑问, 请到3栋2单元501室物业办公室, 或拨打0990-6234567。"
    handling.draft_reply(town.handler, order.assignment_id, told)
    handling.approve(town.leader, order.assignment_id)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "release")
        await pilot.press("f5")
        screen = await on(pilot, "PublicationScreen")
        await until(pilot, lambda: screen.query_one("#found").rows)

    assert picture("office", keys)


def test_callers_to_be_rung(town: Town, picture: Callable[..., bool]) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED, remark="无人接听")
    town.later(minutes=3).bring(OrderState.AWAITING_CALLBACK)
    taken = town.later(minutes=3).bring(OrderState.AWAITING_CALLBACK)
    claims.claim(town.agent2, taken.order_id)
    town.bring(OrderState.UNDER_REVIEW)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "callback")
        await until(pilot, lambda: "无人接听" in text(pilot, "#look"))

    assert picture("office2", keys)


def test_a_call(town: Town, picture: Callable[..., bool]) -> None:
    town.bring(OrderState.AWAITING_CALLBACK, narrative=LONG)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "callback")
        await pilot.press("enter")
        screen = await on(pilot, "CallScreen")
        await until(pilot, lambda: screen.seen is not None)

    assert picture("agent2", keys)


def test_a_call_to_the_second_of_three(town: Town, picture: Callable[..., bool]) -> None:
    order = town.replied(narrative=LONG)
    others: list[dict[str, Any]] = [
        {"name": "李小红", "phone": "13900003344"},
        {"kind": Kind.HELP, "name": "", "phone": "", "workplace": "", "home_address": ""},
    ]
    for told in others:
        intake.merge(town.agent, town.register(**told).order_id, order.number)
    release.release(town.office, order.order_id, Release.PRIVATE)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "callback")
        await pilot.press("enter")
        screen = await on(pilot, "CallScreen")
        await until(pilot, lambda: screen.seen is not None)

    assert picture("agent2", keys)
