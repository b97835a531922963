"""What the service tests look at afterwards."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import SQLModel, col, select

from hotline_tui.models import Deadline, Event, WorkOrder
from hotline_tui.rules.words import Duty
from tests.builders import Built, Town

Row = TypeVar("Row", bound=SQLModel)


def order_of(town: Town, order: Built) -> WorkOrder:
    """The order as it stands."""
    return row(town, WorkOrder, order.order_id)


def row(town: Town, table: type[Row], key: UUID) -> Row:
    """A row by its key."""
    with town.store.read() as session:
        found = session.get(table, key)
        assert found is not None
        return found


def rows(town: Town, table: type[Row], order: Built) -> list[Row]:
    """An order's rows of a table, oldest first."""
    columns: Any = table
    with town.store.read() as session:
        return list(session.exec(select(table).where(columns.order_id == order.order_id).order_by(columns.id)))


def steps(town: Town, order: Built) -> list[Event]:
    """The order's events in sequence."""
    with town.store.read() as session:
        query = select(Event).where(Event.order_id == order.order_id).order_by(col(Event.sequence))
        return list(session.exec(query))


def clocks(town: Town, order: Built, duty: Duty) -> list[Deadline]:
    """The order's deadlines of a duty, oldest first."""
    return [each for each in rows(town, Deadline, order) if each.duty is duty]


def share_of(order: Built) -> UUID:
    """The assignment of the order's last dispatch."""
    assert order.assignment_id is not None
    return order.assignment_id
