"""In which sequence new rows of one flush are written: SQLAlchemy asks relationships for it, not foreign keys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, relationship

from hotline_tui.models.columns import Table


def parent_first(child: type[Table], parent: type[Table]) -> None:
    """A new row of `parent` is written before that of `child` which points to it; nothing can be read through this.

    Only for those that are new in one flush: each flush that writes either looks at it.
    """
    mapper, above = _mapper(child), _mapper(parent)
    for column in mapper.local_table.columns:
        for key in column.foreign_keys:
            if key.column.table is above.local_table:
                join = relationship(above, primaryjoin=column == key.column, foreign_keys=[column], lazy="raise")
                mapper.add_property(f"row_of_{column.key}", join)


def _mapper(model: type[Table]) -> Mapper[Any]:
    return inspect(model)
