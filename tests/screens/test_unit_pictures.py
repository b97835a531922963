"""Pictures of a unit's day: a full tray, a promise, a joint reply, a changed day, staff on the spot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.rules.words import Kind
from hotline_tui.screens.profile import Profile
from hotline_tui.services import consent, handling, promise
from tests.builders import Town
from tests.screens.seats import THIN, WIDE, go, on, painted, settled, text, until
from tests.screens.test_unit import stands
from tests.screens.test_unit_promise import promised
from tests.screens.test_unit_together import countersigned
from tests.services.looks import share_of

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"]),
]


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


def test_a_tray_with_everything_in_it(town: Town, picture: Callable[..., bool]) -> None:
    order = promised(town)
    consent.request_promise(town.handler, share_of(order), date(2026, 12, 18), "退费账目须等审计结果")
    below = town.signed(kind=Kind.HELP)
    handling.delegate(town.handler, share_of(below), town.a_below)
    countersigned(town)
    waiting = town.signed(narrative="楼道灯不亮")
    promise.promise(town.handler, share_of(waiting), "已报修", date(2026, 12, 4))
    town.signed(urgent=True, kind=Kind.TIPOFF)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("end")
        await until(pilot, lambda: "退费账目" in text(pilot, "#look"))

    assert picture("handler", keys)


def test_a_promise_being_written(town: Town, picture: Callable[..., bool]) -> None:
    town.signed()

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("f8")
        screen = await on(pilot, "PromiseScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press(*"12-12")
        await until(pilot, lambda: "其后工作日 12-14" in painted(pilot))

    assert picture("handler", keys)


def test_a_joint_reply_being_written(town: Town, picture: Callable[..., bool]) -> None:
    order = countersigned(town)
    _lead, assist = stands(town, order).assignments
    handling.draft_reply(town.handler_b, assist.id, "已检查价格公示, 责令限期整改。")
    handling.approve(town.leader_b, assist.id)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)

    assert picture("handler", keys)


def test_another_day_asked_for(town: Town, picture: Callable[..., bool]) -> None:
    promised(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("f8")
        await on(pilot, "FieldsModal")
        await pilot.press(*"12-18", "f4")

    assert picture("handler", keys)


def test_staff_sent_to_the_spot(town: Town, picture: Callable[..., bool]) -> None:
    town.signed(urgent=True)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "unit")
        await pilot.press("f9", *"xccz", "enter")
        await on(pilot, "FieldsModal")

    assert picture("handler", keys)
