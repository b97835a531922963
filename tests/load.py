"""Seats that register matters one after another, and a count of what became of them."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from time import monotonic
from uuid import uuid4

from sqlmodel import select

from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.words import Kind
from hotline_tui.services import intake
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake


@dataclass
class Told:
    """What a seat was told."""

    accepted: dict[str, str] = field(default_factory=dict[str, str])
    """The narrative of each order to its number."""
    refused: list[str] = field(default_factory=list[str])
    """The sentences of those that were refused, or of which nobody could say."""
    tries: int = 0
    """Attempts that failed and were made again."""
    longest: float = 0.0
    """Seconds between two answers."""


class Load:
    """So many seats at work, until they are stopped."""

    def __init__(self, desk: Desk, topic: object, url: str, seats: int, *, patience: float) -> None:
        self._asked = Intake(Kind.INQUIRY, "", name="李小红", phone="13900003344", topic_id=topic)  # type: ignore[arg-type]
        self._desk = desk
        self._url = url
        self._patience = patience
        self._ends = threading.Event()
        self._grown = threading.Condition()
        self.told = [Told() for _ in range(seats)]
        self._threads = [threading.Thread(target=self._work, args=(told,)) for told in self.told]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    @property
    def accepted(self) -> dict[str, str]:
        """Of all seats."""
        return {narrative: number for told in self.told for narrative, number in list(told.accepted.items())}

    def until(self, many: int, seconds: float = 120) -> None:
        """Wait until every seat was told so many more numbers."""
        goals = [len(told.accepted) + many for told in self.told]

        def reached() -> bool:
            return all(len(told.accepted) >= goal for told, goal in zip(self.told, goals, strict=True))

        with self._grown:
            assert self._grown.wait_for(reached, seconds), [len(told.accepted) for told in self.told]

    def _work(self, told: Told) -> None:
        store = Store(self._url)
        desk = replace(self._desk, store=store)
        answered = monotonic()
        while not self._ends.is_set():
            asked = replace(self._asked, narrative=f"请问怎样办理 {uuid4().hex}")

            def again() -> None:
                told.tries += 1

            try:
                made = store.patiently(lambda: intake.register(desk, asked), seconds=self._patience, tell=again)  # noqa: B023
            except StorageError as error:
                told.refused.append(str(error))
            else:
                told.accepted[asked.narrative] = made.number
            told.longest, answered = max(told.longest, monotonic() - answered), monotonic()
            with self._grown:
                self._grown.notify_all()
        store.dispose()


@dataclass(frozen=True)
class Found:
    """What stands in the database of what was told."""

    lost: int
    """Accepted, and not there."""
    doubled: int
    """There twice, accepted or not."""
    without_event: int


def count(store: Store, accepted: dict[str, str]) -> Found:
    """Hold what was told against what is stored."""
    with store.read() as session:
        stored = list(session.exec(select(WorkOrder.narrative, WorkOrder.number, WorkOrder.id)))
        events = Counter(session.exec(select(Event.order_id)))
    numbers = {narrative: number for narrative, number, _ in stored}
    return Found(
        lost=sum(numbers.get(narrative) != number for narrative, number in accepted.items()),
        doubled=len(stored) - len(numbers),
        without_event=sum(events[order_id] != 1 for *_, order_id in stored),
    )
