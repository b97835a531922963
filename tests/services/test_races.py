"""Two at the same order at once: one wins, the other is told, nothing is overwritten - on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from hotline_tui.errors import Conflict, HotlineError, NotAllowed
from hotline_tui.models import Assignment, WorkOrder
from hotline_tui.services import dispatch, notes
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.services.looks import order_of, rows, steps

pytestmark = pytest.mark.requirement("R-6d")

SEATS = 8


def test_of_many_who_dispatch_the_same_order_one_does(town: Town) -> None:
    order = town.register()
    together = Barrier(SEATS)

    def dispatch_it(desk: Desk) -> HotlineError | None:
        together.wait()
        try:
            dispatch.assign(desk, order.order_id, town.a)
        except (Conflict, NotAllowed) as error:
            return error
        return None

    with ThreadPoolExecutor(SEATS) as seats:
        outcomes = list(seats.map(dispatch_it, [town.agent, town.agent2] * (SEATS // 2)))
    assert outcomes.count(None) == 1
    assert len(rows(town, Assignment, order)) == 1
    assert order_of(town, order).version == 2 == len(steps(town, order))


def test_many_who_register_at_once_each_get_a_number(town: Town) -> None:
    together = Barrier(SEATS)

    def register(_seat: int) -> str:
        together.wait()
        return town.register().number

    with ThreadPoolExecutor(SEATS) as seats:
        numbers = list(seats.map(register, range(SEATS)))
    assert sorted(numbers) == [f"C01-20261120-{count:04d}" for count in range(1, SEATS + 1)]
    with town.store.read() as session:
        assert len(session.exec(select(WorkOrder)).all()) == SEATS


def test_notes_written_at_once_all_stand_or_are_refused(town: Town) -> None:
    order = town.assigned()
    together = Barrier(SEATS)

    def write(seat: int) -> bool:
        together.wait()
        try:
            notes.note(town.agent, order.order_id, f"备注{seat}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(SEATS) as seats:
        written = sum(seats.map(write, range(SEATS)))
    assert written >= 1
    texts = [event.payload["facts"]["text"] for event in steps(town, order) if event.action == "note"]
    assert len(texts) == len(set(texts)) == written
    assert order_of(town, order).version == 2 + written
    told = steps(town, order)
    assert [event.base for event in told[1:]] == [event.id for event in told[:-1]]
