"""Counts of days that are over: what a dashboard and statistics would else count again and again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import Field

from hotline_tui.models.columns import Table, new_id, word_type
from hotline_tui.rules.words import Measure


class Tally(Table, table=True):
    """What was counted of one Shanghai day; holds only while its `TallyDay` does."""

    day: date = Field(primary_key=True)
    measure: Measure = Field(primary_key=True, sa_type=word_type(Measure))
    key: str = Field(primary_key=True)
    """A unit's id in hex, or an hour of the day (`00` to `23`), or empty."""
    veiled: bool = Field(primary_key=True)
    """Of the orders that are not for a wall, or of the others."""
    part: int
    whole: int


class TallyDay(Table, table=True):
    """Up to which change a day was counted: what was touched since is counted anew."""

    day: date = Field(primary_key=True)
    touches: int


class TallyTouch(Table, table=True):
    """Something that counts for a day that was over was changed; rows only, so that nobody waits for anybody."""

    day: date = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    times: int = 1
