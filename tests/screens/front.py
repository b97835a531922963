"""The front at a seat of the test town: keys in, screen and database out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, col, select
from textual.pilot import Pilot

from hotline_tui.models import WorkOrder
from tests.builders import Town
from tests.screens import seats

T = TypeVar("T")


@dataclass
class Seat:
    """A person at the program."""

    pilot: Pilot[Any]
    town: Town

    @property
    def app(self) -> Any:
        """The program."""
        return self.pilot.app

    async def press(self, *keys: str) -> None:
        """Keys, one after another."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Text as it is typed."""
        await self.pilot.press(*text)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until it is so."""
        await seats.until(self.pilot, holds)

    async def sees(self, text: str) -> None:
        """Wait until this stands on the screen."""
        await seats.until(self.pilot, lambda: text in self.text(), f"never seen: {text}")

    async def on(self, name: str) -> None:
        """Wait until the screen of this class is on top and has its focus."""
        await self.until(lambda: type(self.app.screen).__name__ == name and self.app.screen.focused is not None)

    async def told(self, sentence: str) -> None:
        """Wait for the sentence, on the status line or in a notice, which Enter then closes."""
        await self.sees(sentence)
        if type(self.app.screen).__name__ == "Notice":
            await self.press("enter")

    def text(self) -> str:
        """The screen as it stands."""
        return seats.painted(self.pilot)

    @property
    def said(self) -> str:
        """The sentence on the status line; nothing while a box lies over it."""
        return seats.status(self.pilot)

    @property
    def focus(self) -> str | None:
        """The id of what has the focus."""
        return self.app.screen.focused.id if self.app.screen.focused else None

    def orders(self) -> list[WorkOrder]:
        """Every order, oldest first."""
        return self.read(lambda session: list(session.exec(select(WorkOrder).order_by(col(WorkOrder.number)))))

    def read(self, query: Callable[[Session], T]) -> T:
        """Ask the database."""
        with self.town.store.read() as session:
            return query(session)


@asynccontextmanager
async def seat(town: Town, login: str = "agent", size: tuple[int, int] = seats.THIN) -> AsyncIterator[Seat]:
    """Signed in, on the home screen."""
    async with seats.sitting(town, login, size) as pilot:
        yield Seat(pilot, town)
