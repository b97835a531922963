"""Rows of the read side as JSON: terms by value, times as Shanghai has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from hotline_tui.rules.deadlines import SHANGHAI


def plain(value: Any, without: Collection[str] = ()) -> Any:
    """The value as JSON takes it; `without` names fields of the outermost row that stay out."""
    if is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value))
        return {name: plain(getattr(value, name)) for name in names if name not in without}
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case tuple() | list() | set() | frozenset():
            return [plain(each) for each in value]
        case _:
            return value


def shown(moment: datetime | None) -> str:
    """A time as people read it."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""
