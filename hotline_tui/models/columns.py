"""Column types that both engines share: aware times, closed lists, JSON, UUIDv7 keys."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils
from sqlalchemy import JSON, DateTime, Enum, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel

from hotline_tui.rules.words import Word


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made."""
    return UUID(int=uuid_utils.uuid7().int)


class Table(SQLModel):
    """Base of all tables: the name is the class's in snake case."""

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] - SQLModel's own is as dynamic
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()


SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime; stored in UTC, read back in UTC. A naive one is a mistake of the program."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


UTC_TIME = UtcDateTime()
JSON_TYPE = JSON().with_variant(JSONB(), "postgresql")


def _values(words: type[Word]) -> list[str]:
    return [word.value for word in words]


def word_type(words: type[Word], *, checked: bool = True) -> Enum:
    """A closed list stored by value; `checked` by the database too unless the list is expected to grow."""
    return Enum(
        words,
        values_callable=_values,
        native_enum=False,
        create_constraint=checked,
        validate_strings=True,
        length=32,
        name=words.__name__.lower(),
    )


class AnyWord(TypeDecorator[Word]):
    """A term of one of several closed lists that share no value, unchecked by the database: the lists will grow."""

    impl = String(32)
    cache_ok = True

    def __init__(self, *lists: type[Word]) -> None:
        super().__init__()
        self.lists = lists
        self._terms = {str(term.value): term for words in lists for term in words}

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str | None:
        """The stored value; what is in none of the lists is a mistake of the program."""
        return None if value is None else self._terms[value].value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:
        """Back as its term."""
        return None if value is None else self._terms[value]
