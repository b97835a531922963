"""What the unit of work asks of the database with almost every action: statements that are made once.

Each is about one order, or what hangs on it; none is asked but by a `Work` that may see that order.
"""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from hotline_tui.data.queries.rows import KEPT
from hotline_tui.data.queries.visibility import Query, visible
from hotline_tui.models import (
    Account,
    Assignment,
    Callback,
    Caller,
    Claim,
    Deadline,
    Event,
    OrderAccused,
    OrderCaller,
    Reply,
    Unit,
    WorkOrder,
)
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.secrecy import Viewer

ORDER, SHARE = sa.bindparam("order", type_=sa.Uuid()), sa.bindparam("share", type_=sa.Uuid())
ACCOUNT = sa.bindparam("account", type_=sa.Uuid())
FORGOTTEN = sa.bindparam("forgotten", type_=UTC_TIME)


@lru_cache(maxsize=KEPT)
def order_to_change(viewer: Viewer, *, by_share: bool = False, waits: bool = True) -> Query:
    """The order, or that of a share, if this viewer may see it, and its last event; locked until the end.

    Who had to wait for the lock sees the order as it is then, but no event that was not there when he asked.
    """
    key = (
        sa.select(col(Assignment.order_id)).where(col(Assignment.id) == SHARE).scalar_subquery() if by_share else ORDER
    )
    last = sa.select(col(Event.id)).where(
        col(Event.order_id) == col(WorkOrder.id), col(Event.sequence) == col(WorkOrder.version)
    )
    query = sa.select(WorkOrder, last.correlate(WorkOrder).scalar_subquery())
    return query.where(col(WorkOrder.id) == key, visible(viewer)).with_for_update(skip_locked=not waits)


EVENT_BEFORE = sa.select(col(Event.id)).where(
    col(Event.order_id) == ORDER, col(Event.sequence) == sa.bindparam("sequence")
)
SHARES = (
    sa.select(Assignment, Unit)
    .join(Unit, col(Unit.id) == col(Assignment.unit_id))
    .where(col(Assignment.order_id) == ORDER)
    .order_by(col(Assignment.position))
)
RUNNING = sa.select(Deadline).where(
    col(Deadline.order_id) == ORDER, col(Deadline.met_at).is_(None), col(Deadline.void_at).is_(None)
)
ACCUSED = sa.select(col(OrderAccused.unit_id)).where(col(OrderAccused.order_id) == ORDER)
LAST_CALLBACK = (
    sa.select(Callback).where(col(Callback.order_id) == ORDER).order_by(col(Callback.attempt).desc()).limit(1)
)
LAST_REPLY = sa.select(Reply).where(col(Reply.assignment_id) == SHARE).order_by(col(Reply.position).desc()).limit(1)
REPLIES = sa.select(sa.func.count()).where(col(Reply.order_id) == ORDER)
CALLERS = (
    sa.select(col(OrderCaller.caller_id)).where(col(OrderCaller.order_id) == ORDER).order_by(col(OrderCaller.position))
)
FACTS = (
    sa.select(
        col(Caller.masked_name), col(Caller.masked_phone), col(Caller.masked_workplace), col(Caller.masked_home_address)
    )
    .join(OrderCaller, col(OrderCaller.caller_id) == col(Caller.id))
    .where(col(OrderCaller.order_id) == ORDER)
    .order_by(col(OrderCaller.position))
)
SAME_CALLER = (
    sa.select(col(Caller.id))
    .where(
        *(col(getattr(Caller, fact)) == sa.bindparam(fact) for fact in ("name", "phone", "workplace", "home_address"))
    )
    .limit(1)
)
CLAIM = (
    sa.select(Claim, col(Account.name))
    .join(Account, col(Account.id) == col(Claim.account_id))
    .where(col(Claim.order_id) == ORDER)
)
GIVE_BACK = sa.delete(Claim).where(
    sa.or_(sa.and_(col(Claim.order_id) == ORDER, col(Claim.account_id) == ACCOUNT), col(Claim.until) < FORGOTTEN)
)
"""With it go claims of seats that never came back."""


@lru_cache
def taking(*, lite: bool) -> sa.Insert:
    """A claim, made or renewed."""
    insert = (sqlite if lite else postgresql).insert(Claim)
    renewed = {"account_id": insert.excluded.account_id, "until": insert.excluded.until}
    return insert.on_conflict_do_update(index_elements=["order_id"], set_=renewed)
