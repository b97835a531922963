"""Pictures of 督办看板 and 查询: thin at 80 x 24, rich at 132 x 43."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.rules.words import Kind, OrderState
from hotline_tui.screens.profile import Profile
from hotline_tui.services import notes
from hotline_tui.wall import BoardApp
from tests.builders import Town
from tests.screens.seats import THIN, WIDE, on, painted, settled, until

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"]),
]
LONG = "小区物业从本月起对业主私家车按每天十元收费, 没有公示收费依据, 也没有征求业主意见。" * 6


@pytest.fixture
def picture(town: Town, snap_compare: Any, size: tuple[int, int], profile: Profile) -> Callable[..., bool]:
    """Compares what a person sees after some keys; nobody signs in for `None`."""

    def take(login: str | None, keys: Callable[[Pilot[Any]], Awaitable[object]]) -> bool:
        async def before(pilot: Pilot[Any]) -> None:
            if login is not None:
                await on(pilot, "HomeScreen")
            await keys(pilot)
            await settled(pilot)
            await pilot.pause()

        if login is None:
            app = BoardApp(town.settings, clock=town.clock, profile=profile)
        else:
            app = HotlineApp(town.settings, account_id=town.accounts[login], clock=town.clock, profile=profile)
        return snap_compare(app, terminal_size=size, run_before=before)

    return take


def busy(town: Town) -> None:
    """Some of everything, seen on Wednesday 2026-12-02 at 14:32."""
    town.at("2026-11-10 09:00").signed(town.a, urgent=True, narrative=LONG)
    late = town.at("2026-11-18 09:00").signed(town.b, kind=Kind.INQUIRY, topic_id=town.licence)
    notes.urge(town.office, late.order_id)
    town.at("2026-11-19 09:00").signed(town.a_below, kind=Kind.HELP, secret=True)
    town.at("2026-11-26 10:00").bring(OrderState.ARCHIVED)
    town.bring(OrderState.ANSWERED, kind=Kind.INQUIRY)
    town.signed(town.a)
    town.bring(OrderState.AWAITING_CALLBACK)
    town.at("2026-12-02 09:00").register()
    town.at("2026-12-02 14:32")


def to(place: str, shown: str) -> Callable[[Pilot[Any]], Awaitable[object]]:
    """The way to a place, until this stands on it."""

    async def keys(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        app.go(place)
        await until(pilot, lambda: shown in painted(pilot))

    return keys


def test_a_board_with_something_on_it(town: Town, picture: Callable[..., bool]) -> None:
    busy(town)
    assert picture("office", to("dashboard", "超期工单 (全部单位) 3 件"))


def test_a_board_of_one_unit_filtered_and_paused(town: Town, picture: Callable[..., bool]) -> None:
    busy(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await to("dashboard", "3 件")(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "超期工单 (房产分局)" in painted(pilot))
        await pilot.press("slash", "j", "j", "enter")
        await until(pilot, lambda: "筛选: jj" in painted(pilot))
        await pilot.press("f8")

    assert picture("office", keys)


def test_a_board_alone(town: Town, picture: Callable[..., bool]) -> None:
    busy(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await on(pilot, "DashboardScreen")
        await until(pilot, lambda: "2 件" in painted(pilot))
        await pilot.press("f4")

    assert picture(None, keys)


def test_an_empty_board(town: Town, picture: Callable[..., bool]) -> None:
    assert picture("handler_b", to("dashboard", "没有超期工单"))


def test_a_result(town: Town, picture: Callable[..., bool]) -> None:
    busy(town)
    assert picture("agent", to("search", "结果 "))


def test_nothing_found_and_what_to_try(town: Town, picture: Callable[..., bool]) -> None:
    async def keys(pilot: Pilot[Any]) -> None:
        await to("search", "结果 0 件")(pilot)
        await pilot.press("9", "9", "9", "9", "enter")

    assert picture("handler", keys)
