"""What a seat does, one action after the other: the same for the load and for the life that is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID, uuid4

from bench.seats.city import City, Seat
from hotline_tui.data.queries.queues import to_release
from hotline_tui.data.queries.rows import Page
from hotline_tui.data.queries.tray import Held, to_approve, tray
from hotline_tui.rules.words import AssignmentState, Kind, Release, Verdict
from hotline_tui.services import callbacks, claims, dispatch, handling, intake, release
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake

PAGE = 20
"""Of a list so much is read, and one of it taken by chance."""
WORDS = "小区物业从本月起对业主私家车按每天十元收费, 没有公示"
REPLY = "已责令物业停止收费并退还"
Do = Callable[[str, Callable[[], Any]], Any]
"""Does an action by its name; None where there was nothing to do, or somebody was quicker."""


@dataclass
class Life:
    """A round of one seat."""

    city: City
    seat: Seat
    caller: Desk
    """Rings those whom he did not serve."""
    chance: Random
    do: Do

    def round(self, first: int = 0) -> None:
        """From intake to archive; an order of this seat's own making at the start, others' later.

        `first`: with which of the parts it begins, so that not all seats do the same at the same moment.
        """
        for number in range(len(self._parts)):
            self._parts[(first + number) % len(self._parts)]()

    def before(self, first: int) -> None:
        """The parts before that one: what it begins with lies there, as on any day but the first."""
        for part in self._parts[: first % len(self._parts)]:
            part()

    @property
    def _parts(self) -> tuple[Callable[[], None], ...]:
        return self._in, self._to_a_unit, self._handle, self._pass, self._leave, self._ring

    def _in(self) -> None:
        self.do("intake", self.intake)

    def _to_a_unit(self) -> None:
        if order_id := self.do("take_to_dispatch", self.take_to_dispatch):
            self.do("dispatch", lambda: self.dispatch(order_id))

    def _handle(self) -> None:
        if share := self.do("sign", self.sign):
            self.do("draft", lambda: handling.draft_reply(self.seat.handler, share, REPLY))

    def _pass(self) -> None:
        self.do("approve", self.approve)

    def _leave(self) -> None:
        self.do("release", self.release)

    def _ring(self) -> None:
        if order_id := self.do("take_to_call_back", self.take_to_call_back):
            self.do("call_back", lambda: callbacks.call_back(self.caller, order_id, Verdict.SATISFIED))
            self.do("archive", lambda: callbacks.archive(self.caller, order_id) or order_id)

    def intake(self) -> UUID:
        """A citizen who has not called before."""
        asked = Intake(
            kind=Kind.COMPLAINT,
            narrative=WORDS,
            name="王小明",
            phone=f"139{uuid4().int % 10**8:08}",
            workplace="某某公司",
            home_address="某某花园3栋501",
            topic_id=self.city.topic,
            region_id=self.city.region,
            address="某某花园3栋",
        )
        return intake.register(self.seat.agent, asked).order_id

    def take_to_dispatch(self) -> UUID | None:
        """The next of the queue."""
        return claims.take_next(self.seat.agent, queue=claims.DISPATCH)

    def dispatch(self, order_id: UUID) -> UUID:
        """To some unit."""
        return dispatch.assign(self.seat.agent, order_id, self.chance.choice(self.city.units)).assignment_id

    def sign(self) -> UUID | None:
        """One of the unit's tray."""
        desk = self.seat.handler
        held = self._one(desk, lambda *asked: tray(*asked, states=frozenset({AssignmentState.DISPATCHED}), limit=PAGE))
        if held is None:
            return None
        handling.sign(desk, held.assignment_id, seen=held.order.version)
        return held.assignment_id

    def approve(self) -> UUID | None:
        """One of those that wait for the unit's leader."""
        desk = self.seat.leader
        held = self._one(desk, lambda *asked: to_approve(*asked, limit=PAGE))
        if held is None:
            return None
        handling.approve(desk, held.assignment_id, seen=held.order.version)
        return held.assignment_id

    def release(self) -> UUID | None:
        """One of those that wait for the office."""
        desk = self.seat.office
        row = self._one(desk, lambda *asked: to_release(*asked, limit=PAGE))
        if row is None:
            return None
        release.release(desk, row.order.id, Release.PRIVATE, seen=row.order.version)
        return row.order.id

    def take_to_call_back(self) -> UUID | None:
        """The next whom this agent may ring."""
        return claims.take_next(self.caller)

    def _one(self, desk: Desk, read: Callable[..., Page[Any]]) -> Any:
        with desk.store.read() as session:
            rows: tuple[Held, ...] = read(session, desk.viewer, edges_now(desk, session)).rows
        return self.chance.choice(rows) if rows else None
