"""How a row stands in an event: the tables that events rebuild, and their values as JSON."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from hotline_tui.models import (
    Assignment,
    Callback,
    Deadline,
    InstructedUnit,
    Instruction,
    Misconduct,
    OnSite,
    OrderAccused,
    OrderCaller,
    Reply,
    Report,
    Request,
    WorkOrder,
)
from hotline_tui.models.columns import Table

RECORDED = (
    WorkOrder,
    OrderCaller,
    OrderAccused,
    Assignment,
    Deadline,
    Reply,
    Request,
    Report,
    Instruction,
    InstructedUnit,
    OnSite,
    Misconduct,
    Callback,
)
"""An order's tables. `Caller` is not among them: personal data never enter an event."""


def encode(value: Any) -> Any:
    """A column's value as JSON: times as ISO in UTC, keys and terms as text."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def rows_of(result: sa.Result[Any]) -> Generator[dict[str, Any]]:
    """Each row of a result by column."""
    names = tuple(result.keys())
    for row in result:
        yield dict(zip(names, row, strict=True))


def key_of(row: Any) -> tuple[str, str]:
    """Table and primary key of a row."""
    state: InstanceState[Any] = sa.inspect(row)
    mapper = state.mapper
    return str(row.__tablename__), "/".join(str(part) for part in mapper.primary_key_from_instance(row))


def changed_columns(row: Any) -> dict[str, Any]:
    """Of a new row all columns, of a changed one those that changed."""
    state: InstanceState[Any] = sa.inspect(row)
    names = [attribute.key for attribute in state.mapper.column_attrs]
    if state.persistent:
        names = [name for name in names if has_changed(row, name)]
    return {name: encode(getattr(row, name)) for name in names}


def has_changed(row: Any, name: str) -> bool:
    """Whether a column of a stored row differs from what was read; nothing is read for it."""
    state: InstanceState[Any] = sa.inspect(row)
    # `state.attrs` would look at all columns each time.
    return name in state.committed_state and get_history(row, name, PASSIVE_NO_INITIALIZE).has_changes()


def value_before(row: Any, name: str) -> Any:
    """What was read of it."""
    gone = get_history(row, name, PASSIVE_NO_INITIALIZE).deleted
    return gone[0] if gone else getattr(row, name)


def new_row(model: type[Table], **values: Any) -> dict[str, Any]:
    """Every column of a new row, with its default where no value is given: for writing many rows at once."""
    fields = model.model_fields.items()
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields if name not in values}
    return defaults | values


def change_of(model: type[Table], row: dict[str, Any]) -> list[Any]:
    """A new row as an event holds it: table, key and columns, as `key_of` and `changed_columns` give them."""
    keys = sa.inspect(model).primary_key
    key = "/".join(str(row[str(column.key)]) for column in keys)
    return [str(model.__tablename__), key, {name: encode(value) for name, value in row.items()}]
