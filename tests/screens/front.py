"""The program at a seat of the test town: keys in, screen and database out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, select
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.models import WorkOrder
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.widgets.lines import StatusLine
from tests.builders import Town

T = TypeVar("T")


@dataclass
class Seat:
    """A person at the program."""

    app: HotlineApp
    pilot: Pilot[None]
    town: Town

    async def press(self, *keys: str) -> None:
        """Keys, one after another."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Text as it is typed."""
        await self.pilot.press(*text)

    async def until(self, holds: Callable[[], object], seconds: float = 15) -> None:
        """Wait until it is so."""
        for _ in range(int(seconds / 0.02)):
            await self.pilot.pause()
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never came to be; the screen:\n{self.text()}")

    async def sees(self, text: str) -> None:
        """Wait until this stands on the screen."""
        await self.until(lambda: text in self.text())

    async def on(self, name: str) -> None:
        """Wait until the screen of this class is on top and has its focus."""
        await self.until(lambda: type(self.app.screen).__name__ == name and self.app.screen.focused is not None)

    async def on_notice_or_said(self, sentence: str) -> None:
        """Wait for the sentence, on the status line or in a notice, which Enter then closes."""
        await self.sees(sentence[:8])
        if type(self.app.screen).__name__ == "Notice":
            await self.press("enter")

    def text(self) -> str:
        """The screen as it stands."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def said(self) -> str:
        """The sentence on the status line; nothing while a box lies over it."""
        lines = self.app.screen.query(StatusLine)
        return lines.first().sentence if lines else ""

    @property
    def focus(self) -> str | None:
        """The id of what has the focus."""
        return self.app.screen.focused.id if self.app.screen.focused else None

    def orders(self) -> list[WorkOrder]:
        """Every order, oldest first."""
        return self.read(lambda session: list(session.exec(select(WorkOrder).order_by(WorkOrder.number))))

    def read(self, query: Callable[[Session], T]) -> T:
        """Ask the database."""
        with self.town.store.read() as session:
            return query(session)


@asynccontextmanager
async def seat(
    town: Town, login: str = "agent", size: tuple[int, int] = (80, 24), profile: Profile = Profile.THIN
) -> AsyncIterator[Seat]:
    """Signed in, on the home screen."""
    app = HotlineApp(town.settings, account_id=town.accounts[login], clock=town.clock, profile=profile)
    async with app.run_test(size=size) as pilot:
        here = Seat(app, pilot, town)
        await here.on("HomeScreen")
        yield here
    app.drafts.close()
