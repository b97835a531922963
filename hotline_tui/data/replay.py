"""The order's tables rebuilt from its events and compared with what the tables hold, a batch of orders at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapper
from sqlmodel import Session, col, select

from hotline_tui.data.record import RECORDED, encode, rows_of
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.words import Action

_BATCH = 200
_ORDER = "work_order"

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]
"""Rows by table name and by key, as `record` writes both."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the tables contradict the events; says no content, which may be personal."""

    order: str
    """The spoken number, or the key of an order that is gone."""
    table: str
    key: str
    what: str
    """缺少, 多出, or the columns that differ."""

    def __str__(self) -> str:
        return f"{self.order}: {self.table} {self.key} {self.what}"


def differences(session: Session) -> Generator[Difference]:
    """Every difference between the tables and the replayed events, both ways."""
    yield from _gone(session)
    for orders in _batches(session):
        ids = list(orders)
        replayed, held = _replay(session, ids), _held(session, ids)
        for order_id in ids:
            yield from _compare(orders[order_id], replayed[order_id], held[order_id])


def _batches(session: Session) -> Generator[dict[UUID, str]]:
    """Order numbers by id."""
    query = select(WorkOrder.id, WorkOrder.number).order_by(col(WorkOrder.id)).limit(_BATCH)
    after: UUID | None = None
    while True:
        page = query if after is None else query.where(col(WorkOrder.id) > after)
        found = dict(session.exec(page).all())
        if not found:
            return
        yield found
        after = next(reversed(found))


def _gone(session: Session) -> Generator[Difference]:
    """Orders that have events and are no longer there."""
    there = sa.exists().where(col(WorkOrder.id) == col(Event.order_id))
    query = select(Event.order_id).where(col(Event.order_id).is_not(None), ~there).distinct().limit(_BATCH)
    for order_id in session.exec(query):
        yield Difference(str(order_id), _ORDER, str(order_id), "缺少")


def _replay(session: Session, ids: Sequence[UUID]) -> dict[UUID, Tables]:
    """What the events say of these orders."""
    orders = _empty()
    own = (
        sa.select(col(Event.order_id), col(Event.payload))
        .where(col(Event.order_id).in_(ids))
        .order_by(col(Event.order_id), col(Event.sequence))
    )
    for order_id, payload in session.connection().execute(own):
        assert order_id is not None
        for table, key, columns in _changes(payload):
            if not _is_foreign(table, key, order_id):
                orders[order_id][table].setdefault(key, {}).update(columns)
    # A merge adds the caller of the order that ends to the one that lives.
    merged = (
        sa.select(col(WorkOrder.merged_into_id), col(Event.payload))
        .join(Event, col(Event.order_id) == col(WorkOrder.id))
        .where(col(WorkOrder.merged_into_id).in_(ids), col(Event.action) == Action.MERGE)
        .order_by(col(Event.id))
    )
    for living, payload in session.connection().execute(merged):
        assert living is not None
        for table, key, columns in _changes(payload):
            if table == "order_caller" and not _is_foreign(table, key, living):
                orders[living][table].setdefault(key, {}).update(columns)
    return orders


def _changes(payload: dict[str, Any]) -> list[tuple[str, str, Row]]:
    return payload.get("changes", [])


def _empty() -> dict[UUID, Tables]:
    return defaultdict(lambda: defaultdict(dict[str, Row]))


def _is_foreign(table: str, key: str, order_id: UUID) -> bool:
    """Whether a row whose key begins with an order's belongs to another order."""
    return table in (_ORDER, "order_caller", "order_accused") and not key.startswith(str(order_id))


def _held(session: Session, ids: Sequence[UUID]) -> dict[UUID, Tables]:
    """What the tables hold of these orders."""
    orders = _empty()
    for model in RECORDED:
        mapper: Mapper[Any] = sa.inspect(model)
        owner_name = "id" if model is WorkOrder else "order_id"
        owner = mapper.columns[owner_name]
        keys = [str(column.key) for column in mapper.primary_key]
        for row in rows_of(session.connection().execute(sa.select(*mapper.columns).where(owner.in_(ids)))):
            key = "/".join(str(row[name]) for name in keys)
            held = orders[row[owner_name]][str(model.__tablename__)]
            held[key] = {name: encode(value) for name, value in row.items()}
    return orders


def _compare(order: str, replayed: Tables, held: Tables) -> Generator[Difference]:
    for table in _tables(replayed, held):
        ours, theirs = replayed.get(table, {}), held.get(table, {})
        for key in sorted(ours.keys() | theirs.keys()):
            if key not in theirs:
                yield Difference(order, table, key, "缺少")
            elif key not in ours:
                yield Difference(order, table, key, "多出")
            else:
                columns = _different(table, ours[key], theirs[key])
                if columns:
                    yield Difference(order, table, key, f"不一致: {', '.join(columns)}")


def _tables(*sides: Iterable[str]) -> list[str]:
    return sorted({table for side in sides for table in side})


def _different(table: str, replayed: Row, held: Row) -> list[str]:
    """Columns that differ; one that a later version added has its default in the events before."""
    return [name for name in held if replayed.get(name, _default(table, name)) != held[name]] + [
        name for name in replayed if name not in held
    ]


def _default(table: str, name: str) -> Any:
    model = next(model for model in RECORDED if model.__tablename__ == table)
    return encode(model.model_fields[name].get_default())
