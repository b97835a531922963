"""Counts of days that are over: what a dashboard and statistics would else count again and again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import Field

from hotline_tui.models.columns import Table, new_id, word_type
from hotline_tui.rules.words import Dimension


class Tally(Table, table=True):
    """What was counted of one Shanghai day by one dimension, by `Measure`; holds while its `TallyDay` does."""

    dimension: Dimension = Field(primary_key=True, sa_type=word_type(Dimension))
    day: date = Field(primary_key=True)
    key: str = Field(primary_key=True)
    """As `data.queries.measured.plain` writes it; empty for what has none."""
    letter: bool = Field(primary_key=True)
    """Of the mayor's mailbox, or of what came otherwise."""
    veiled: bool = Field(primary_key=True)
    """Of the orders that are not for a wall, or of the others."""
    received: int = 0
    refused: int = 0
    direct: int = 0
    answered: int = 0
    published: int = 0
    dispatched: int = 0
    signed: int = 0
    returned: int = 0
    returned_late: int = 0
    redispatched: int = 0
    due: int = 0
    on_time: int = 0
    completed: int = 0
    satisfied: int = 0
    mostly_satisfied: int = 0
    unsatisfied: int = 0
    unreached: int = 0


class TallyDay(Table, table=True):
    """Up to which change a day was counted: what was touched since is counted anew."""

    day: date = Field(primary_key=True)
    touches: int


class TallyTouch(Table, table=True):
    """Something that counts for a day that was over was changed; rows only, so that nobody waits for anybody."""

    day: date = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    times: int = 1
