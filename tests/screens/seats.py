"""A person at a seat of the town: the whole application on a real database, driven by keys."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from hotline_tui.app import HotlineApp
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.queue_screen import QueueScreen
from hotline_tui.screens.widgets.lines import ActionBar, StatusLine
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.row_list import RowList
from tests.builders import Town

PATIENCE = 20.0
THIN, WIDE = (80, 24), (132, 43)


async def until(pilot: Pilot[Any], condition: Callable[[], object], what: str = "") -> None:
    """Wait for the thing."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what or f"not reached on {pilot.app.screen}: {status(pilot)}"
        await pilot.pause(0.01)


@asynccontextmanager
async def sitting(
    town: Town, login: str, size: tuple[int, int] = THIN, profile: Profile = Profile.THIN
) -> AsyncIterator[Pilot[Any]]:
    """The application, signed in as this person, at the workbench."""
    app = HotlineApp(town.settings, account_id=town.accounts[login], clock=town.clock, profile=profile)
    async with app.run_test(size=size) as pilot:
        await on(pilot, "HomeScreen")
        yield pilot
        await settled(pilot)


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing is read or written any more; what a screen asked for that is gone is given up."""
    for worker in list(pilot.app.workers):
        with suppress(WorkerCancelled):
            await worker.wait()


def app_of(pilot: Pilot[Any]) -> HotlineApp:
    """The application that is driven."""
    assert isinstance(pilot.app, HotlineApp)
    return pilot.app


async def on(pilot: Pilot[Any], screen: str) -> Any:
    """Wait until this screen is on top; gives it."""
    await until(pilot, lambda: type(pilot.app.screen).__name__ == screen, f"{screen} did not come")
    await pilot.pause()
    return pilot.app.screen


async def go(pilot: Pilot[Any], place: str) -> Any:
    """Open a place and wait for its list."""
    app_of(pilot).go(place)
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, QueueScreen)
    await until(pilot, lambda: screen._read_once)
    return screen


async def open_order(pilot: Pilot[Any], order_id: Any) -> Any:
    """Open an order and wait until it is read."""
    app_of(pilot).open_order(order_id)
    screen = await on(pilot, "OrderScreen")
    await until(pilot, lambda: screen.seen is not None)
    await pilot.pause()
    return screen


async def said(pilot: Pilot[Any], words: str) -> None:
    """Wait until the status line says this."""
    await until(pilot, lambda: words in status(pilot), f"never said: {words}")
    await settled(pilot)
    await pilot.pause()


def status(pilot: Pilot[Any]) -> str:
    """The sentence on the status line."""
    lines = pilot.app.screen.query(StatusLine)
    return lines.first().sentence if lines else ""


def keys(pilot: Pilot[Any]) -> str:
    """The bottom line."""
    left = pilot.app.screen.query_one(ActionBar).left
    return str(left)


def rows(pilot: Pilot[Any], selector: str = "#queue") -> list[str]:
    """The lines of a list, cells joined by blanks."""
    return [" ".join(str(cell) for cell in row.cells) for row in pilot.app.screen.query_one(selector, RowList).rows]


def text(pilot: Pilot[Any], selector: str) -> str:
    """What stands in a text to be read."""
    return pilot.app.screen.query_one(selector, Pages).plain


def painted(pilot: Pilot[Any]) -> str:
    """Everything on the screen, as plain lines."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)
