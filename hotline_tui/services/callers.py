"""来电人 of an order, as services need them: by their keys and by what of them is told; never their data to be shown.

At a guarded seat the database's functions answer what would need the data (`data/roles/passages.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data.roles import calls
from hotline_tui.models import Caller, OrderCaller, WorkOrder
from hotline_tui.rules.acceptance import CallerFacts, Fact
from hotline_tui.rules.numbers import dialled
from hotline_tui.rules.secrecy import masked
from hotline_tui.rules.text import clean_line
from hotline_tui.services.asked import CALLERS, FACTS, SAME_CALLER
from hotline_tui.services.work import Work

_COLUMN = {Fact.CONTACT: "phone"}


def callers_of(work: Work, order: WorkOrder) -> list[UUID]:
    """Whose matter it is, first caller first."""
    return list(work.ask(CALLERS, order=order.id).scalars())


def facts_of(work: Work, order: WorkOrder) -> list[CallerFacts]:
    """Which facts each of them told, masked."""
    return [CallerFacts(*told) for told in work.ask(FACTS, order=order.id)]


def tell(work: Work, order: WorkOrder, told: CallerFacts) -> None:
    """Add what was told to the first caller; an empty fact leaves what was told before."""
    new = {_COLUMN.get(fact, fact.value): clean_line(getattr(told, fact.value)) for fact in Fact}
    new["phone"] = dialled(new["phone"])
    new = {fact: value for fact, value in new.items() if value}
    if not new:
        return
    first = next(iter(callers_of(work, order)), None)
    if first is None:
        caller = Caller.model_validate(new | {"created_at": work.now})
        work.add(caller, OrderCaller(order_id=order.id, caller_id=caller.id))
        return
    work.session.connection().execute(sa.update(Caller).where(col(Caller.id) == first).values(new | masked(new)))


def known_by(work: Work, told: Mapping[str, str]) -> UUID | None:
    """Who told just this before and left a number: the same citizen is one row."""
    if not told["phone"]:
        return None
    if work.desk.viewer.guarded:
        return work.session.connection().execute(calls.caller_of(told)).scalar_one_or_none()
    return work.ask(SAME_CALLER, **told).scalar()


def same_person(work: Work, one: UUID, other: UUID) -> bool:
    """One row, or one name at one number: he is rung once."""
    if one == other:
        return True
    if work.desk.viewer.guarded:
        return bool(work.session.connection().execute(calls.same_person(one, other)).scalar_one())
    query = select(Caller.phone, Caller.name).where(col(Caller.id).in_((one, other)), Caller.phone != "")
    found = work.session.exec(query).all()
    return len(found) == 2 and found[0] == found[1]
