"""The clocks of orders as they stand in one unit of work, which has not written all of them yet."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from hotline_tui.models import Deadline, WorkOrder
from hotline_tui.services.asked import RUNNING


class Clocks:
    """Read once of each order, which is locked; what the work itself starts is added."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: set[UUID] = set()
        self._known: dict[UUID, dict[UUID, Deadline]] = {}

    def add(self, *clocks: Deadline) -> None:
        """New ones, or stopped ones that may run again."""
        for clock in clocks:
            self._known.setdefault(clock.order_id, {})[clock.id] = clock

    def running(self, order: WorkOrder) -> list[Deadline]:
        """Those that are neither met nor void."""
        if order.id not in self._read:
            self._read.add(order.id)
            self.add(*self._session.scalars(RUNNING, {"order": order.id}))
        known = self._known.get(order.id, {}).values()
        return [clock for clock in known if clock.met_at is None and clock.void_at is None]
