"""What anybody changes is seen at the other seats, without a key and without waiting for a timer."""

from __future__ import annotations

import pytest

from hotline_tui.screens import connected, following
from hotline_tui.services import notes
from tests.builders import Town
from tests.screens.seats import app_of, go, on, rows, settled, sitting, until

pytestmark = pytest.mark.requirement("R-6b")


@pytest.fixture(autouse=True)
def no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read again here is read because somebody told."""
    monkeypatch.setattr(following, "QUIET_SECONDS", 10_000)
    monkeypatch.setattr(connected, "QUIET_SECONDS", 10_000)
    monkeypatch.setattr(connected, "COUNT_GAP_SECONDS", 0)


async def test_an_order_that_somebody_else_registers_comes_into_the_open_list(town: Town) -> None:
    town.register()
    async with sitting(town, "office") as pilot:
        await until(pilot, lambda: app_of(pilot).listening)
        await go(pilot, "dispatch")
        await settled(pilot)
        assert len(rows(pilot)) == 1
        town.register()
        await until(pilot, lambda: len(rows(pilot)) == 2)
        await until(pilot, lambda: app_of(pilot).status_facts.waiting == 2)


async def test_the_board_shows_what_was_urged_elsewhere(town: Town) -> None:
    order = town.at("2026-11-18 09:00").signed(town.a)
    town.at("2026-12-02 14:32")
    async with sitting(town, "office") as pilot:
        await until(pilot, lambda: app_of(pilot).listening)
        pilot.app.go("dashboard")  # type: ignore[attr-defined]
        screen = await on(pilot, "DashboardScreen")
        await until(pilot, lambda: screen.board is not None)
        notes.urge(town.agent, order.order_id)
        await until(pilot, lambda: "催办 1" in rows(pilot, "#orders")[0])


async def test_a_page_is_not_read_again_for_news_of_other_things_nor_while_another_lies_on_it(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        read = list[str]()
        screen = await on(pilot, "HomeScreen")
        screen.follow(lambda: read.append("read"), "orders", every=10_000)
        screen.news(frozenset({"knowledge"}))
        assert not read
        screen.news(frozenset({"orders", "knowledge"}))
        assert read == ["read"]
        await pilot.press("f1")
        await pilot.pause()
        screen.news(frozenset({"orders"}))
        assert read == ["read"]
