"""Seats as processes that register matters one after another, whichever server leads."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from multiprocessing.connection import Connection
from time import monotonic, sleep
from typing import Any
from uuid import UUID, uuid4

from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError
from hotline_tui.rules.words import Kind
from hotline_tui.services import intake
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake
from tests.load import Told

PATIENCE = 120.0
"""Seconds that a seat tries again for; after ten the program itself hands the matter back to the agent."""
LOOK_SECONDS = 0.02
"""Between two looks at how far the seats are."""


class Seats:
    """So many processes, forked here: no connection may be open that two would use."""

    def __init__(self, desk: Desk, topic: UUID, url: str, many: int) -> None:
        self._asked = Intake(Kind.INQUIRY, "", name="李小红", phone="13900003344", topic_id=topic)
        self._desk = desk
        self._url = url
        forks = multiprocessing.get_context("fork")
        self._ends = forks.Event()
        self._answers = forks.Array("L", many, lock=False)
        self._began = forks.Array("d", many, lock=False)
        self._answered = forks.Array("d", many, lock=False)
        self._lines: list[Any] = []
        self._processes: list[Any] = []
        for number in range(many):
            ours, theirs = forks.Pipe(duplex=False)
            self._lines.append(ours)
            self._processes.append(forks.Process(target=self._seat, args=(number, theirs), daemon=True))
        self.told: list[Told] = []
        """What each was told; there when all have ended."""

    def __enter__(self) -> Seats:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ends.set()
        try:
            if kind is None:
                self.told = [line.recv() for line in self._lines if line.poll(PATIENCE)]
                assert len(self.told) == len(self._processes), "a seat does not end"
        finally:
            for process in self._processes:
                process.terminate()
                process.join()

    @property
    def accepted(self) -> dict[str, str]:
        """Of all seats: the narrative of each order to its number."""
        return {narrative: number for told in self.told for narrative, number in told.accepted.items()}

    def until(self, many: int) -> None:
        """Wait until every seat was told so many more numbers."""
        goals = [answers + many for answers in self._answers]
        ends = monotonic() + PATIENCE
        while any(answers < goal for answers, goal in zip(self._answers, goals, strict=True)):
            self._look(ends)

    def first_since(self, moment: float) -> float:
        """When the first order was accepted whose attempt began after this moment of the monotonic clock."""
        ends = monotonic() + PATIENCE
        while not (later := [at for at, began in zip(self._answered, self._began, strict=True) if began > moment]):
            self._look(ends)
        return min(later)

    def _look(self, ends: float) -> None:
        if monotonic() > ends:
            raise RuntimeError(f"the seats do not go on: {list(self._answers)} orders were accepted")
        sleep(LOOK_SECONDS)

    def _seat(self, number: int, line: Connection) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        parent, told, store = os.getppid(), Told(), Store(self._url)
        desk, began, answered = replace(self._desk, store=store), monotonic(), monotonic()

        def again() -> None:
            told.tries += 1

        while not self._ends.is_set() and os.getppid() == parent:
            asked = replace(self._asked, narrative=f"请问怎样办理 {uuid4().hex}")

            def register() -> intake.Registered:
                nonlocal began
                began = monotonic()
                return intake.register(desk, asked)  # noqa: B023

            try:
                made = store.patiently(register, seconds=PATIENCE, tell=again)
            except StorageError as error:
                told.refused.append(str(error))
            else:
                told.accepted[asked.narrative] = made.number
                now = monotonic()
                self._answered[number], self._began[number] = now, began
                self._answers[number] += 1
            told.longest, answered = max(told.longest, monotonic() - answered), monotonic()
        store.dispose()
        line.send(told)
