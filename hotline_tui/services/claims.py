"""The callback queue gives each order to one agent at a time (R-11.6)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data.queries.queues import to_call_back
from hotline_tui.data.queries.rows import Cursor, OrderRow
from hotline_tui.errors import Conflict, NotAllowed, NotFound
from hotline_tui.models import Account, CallbackClaim, WorkOrder
from hotline_tui.rules.words import Action
from hotline_tui.rules.workflow import Case, order_step
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at

HELD = timedelta(minutes=15)
"""A claim lasts this long unless renewed: a seat that died gives its order back."""


def claim(desk: Desk, order_id: UUID) -> None:
    """Take an order from the queue, or keep it longer; raises Conflict when somebody else has it, or NotAllowed."""
    with work_at(desk) as work:
        order = work.order(order_id)
        refuse_if_closed(work, order)
        held_by_another(work, order)
        take(work, order)
        work.session.commit()


def give_up(desk: Desk, order_id: UUID) -> None:
    """Put an order back into the queue."""
    with work_at(desk) as work:
        give_back(work, order_id)
        work.session.commit()


def take_next(desk: Desk, after: UUID | None = None) -> UUID | None:
    """Take the first order in the queue that nobody has, putting back `after`, which is not taken again.

    None when no order is free.
    """
    with work_at(desk) as work:
        if after is not None:
            give_back(work, after)
        passed: Cursor | None = None
        while True:
            page = to_call_back(work.session, desk.viewer, edges_now(desk, work.session), after=passed)
            for waiting in page.rows:
                if waiting.holder or waiting.order.id == after:
                    continue
                order = _still_waiting(work, waiting.order)
                if order is not None:
                    take(work, order)
                    work.session.commit()
                    return order.id
            if page.next is None:
                work.session.commit()
                return None
            passed = page.next


def _still_waiting(work: Work, listed: OrderRow) -> WorkOrder | None:
    """The order, locked; None when somebody was quicker: he has it, or has already rung."""
    try:
        order = work.order(listed.id, seen=listed.version)
        refuse_if_closed(work, order)
        held_by_another(work, order)
    except (Conflict, NotAllowed, NotFound):
        return None
    return order


def refuse_if_closed(work: Work, order: WorkOrder) -> None:
    """Raise NotAllowed unless the desk may call back on this order (R-11.6)."""
    order_step(Action.CALL_BACK, order.state, work.desk.role, work.relation(order), Case.UNREACHED)


def take(work: Work, order: WorkOrder) -> None:
    """The desk's own claim on an order; the command line has none."""
    account_id = work.desk.viewer.account_id
    if account_id is None:
        return
    claim = work.session.get(CallbackClaim, order.id)
    if claim is None:
        work.add(CallbackClaim(order_id=order.id, account_id=account_id, until=work.now + HELD))
    else:
        claim.account_id, claim.until = account_id, work.now + HELD


def give_back(work: Work, order_id: UUID) -> None:
    """End the desk's own claim."""
    work.session.connection().execute(
        sa.delete(CallbackClaim).where(
            col(CallbackClaim.order_id) == order_id, col(CallbackClaim.account_id) == work.desk.viewer.account_id
        )
    )


def held_by_another(work: Work, order: WorkOrder) -> None:
    """Raise Conflict while another agent has the order."""
    holder = work.session.exec(
        select(Account.name)
        .join(CallbackClaim, col(CallbackClaim.account_id) == col(Account.id))
        .where(
            CallbackClaim.order_id == order.id,
            col(CallbackClaim.until) > work.now,
            col(CallbackClaim.account_id) != work.desk.viewer.account_id if work.desk.viewer.account_id else sa.true(),
        )
    ).first()
    if holder is not None:
        raise Conflict(f"{holder} 正在回访本件, 请回访下一件")
