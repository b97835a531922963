"""The queues of 回访 and 派单 give each order to one agent at a time (R-11.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from hotline_tui.data.queries.queues import to_call_back, to_dispatch
from hotline_tui.data.queries.rows import Cursor, OrderRow, Page
from hotline_tui.errors import Conflict, NotAllowed, NotFound
from hotline_tui.models import WorkOrder
from hotline_tui.rules.words import Action, OrderState
from hotline_tui.rules.workflow import Case, order_step
from hotline_tui.services.asked import GIVE_BACK, taking
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at

HELD = timedelta(minutes=3)
"""A claim lasts this long unless renewed: a seat that died gives its order back."""
FORGOTTEN = timedelta(hours=1)
"""So long after its end a claim is taken away: none that its seat is about to renew."""
_AT_ONCE = 10
"""Of a queue so many are looked at: as many as are taken in the moment in which it is read."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What is given out to one at a time."""

    told: str
    """What the others hear; `{}` is the holder's name."""
    page: Callable[..., Page[Any]]
    refuse_if_closed: Callable[[Work, WorkOrder], None]
    """Raises NotAllowed unless the desk may do it."""
    refuse_as_next: Callable[[Work, WorkOrder], None]
    """Raises NotAllowed unless it is given to the desk also where nobody asked for this very one."""


def refuse_if_closed(work: Work, order: WorkOrder) -> None:
    """Raise NotAllowed unless the desk may call back on this order (R-11.6)."""
    order_step(Action.CALL_BACK, order.state, work.desk.role, work.relation(order), Case.UNREACHED)


def _refuse_if_dispatched(work: Work, order: WorkOrder) -> None:
    if order.state is not OrderState.RECEIVED:
        raise NotAllowed(f"现为{order.state.label}, 不再待派", "第十一条(二)2")
    order_step(Action.CLASSIFY, order.state, work.desk.role, work.relation(order))


def _refuse_if_not_to_assign(work: Work, order: WorkOrder) -> None:
    """What the office alone assigns the front desk may still report, refuse or merge (R-D9)."""
    _refuse_if_dispatched(work, order)
    order_step(Action.ASSIGN, order.state, work.desk.role, work.relation(order))


CALLBACKS = Queue("{} 正在回访本件, 请回访下一件", to_call_back, refuse_if_closed, refuse_if_closed)
DISPATCH = Queue("{} 正在办本件的派单, 请办下一件", to_dispatch, _refuse_if_dispatched, _refuse_if_not_to_assign)


def claim(desk: Desk, order_id: UUID, queue: Queue = CALLBACKS) -> None:
    """Take an order from the queue, or keep it longer; raises Conflict when somebody else has it, or NotAllowed."""
    with work_at(desk) as work:
        order = work.order(order_id)
        queue.refuse_if_closed(work, order)
        held_by_another(work, order, queue)
        take(work, order)
        work.session.commit()


def give_up(desk: Desk, order_id: UUID) -> None:
    """Put an order back into the queue."""
    with work_at(desk) as work:
        give_back(work, order_id)
        work.session.commit()


def take_next(desk: Desk, after: UUID | None = None, queue: Queue = CALLBACKS) -> UUID | None:
    """Take the first order in the queue that nobody has, putting back `after`, which is not taken again.

    None when no order is free.
    """
    with work_at(desk) as work:
        if after is not None:
            give_back(work, after)
        passed: Cursor | None = None
        while True:
            edges = edges_now(desk, work.session)
            page = queue.page(work.session, desk.viewer, edges, after=passed, limit=_AT_ONCE, free=True)
            for waiting in page.rows:
                if waiting.order.id == after:
                    continue
                order = _still_waiting(work, waiting.order, queue)
                if order is not None:
                    take(work, order)
                    work.session.commit()
                    return order.id
            if page.next is None:
                work.session.commit()
                return None
            passed = page.next


def _still_waiting(work: Work, listed: OrderRow, queue: Queue) -> WorkOrder | None:
    """The order, locked; None when somebody is quicker: he takes it now, has it, or has already done it."""
    try:
        order = work.order(listed.id, seen=listed.version, waits=False)
        queue.refuse_as_next(work, order)
        held_by_another(work, order, queue)
    except (Conflict, NotAllowed, NotFound):
        return None
    return order


def take(work: Work, order: WorkOrder) -> None:
    """The desk's own claim on an order; the command line has none."""
    account_id = work.desk.viewer.account_id
    if account_id is None:
        return
    # One that ran out long ago may be forgotten by another seat in this moment: it is made again.
    told = {"order_id": order.id, "account_id": account_id, "until": work.now + HELD}
    work.session.connection().execute(taking(lite=work.desk.store.is_sqlite), told)


def give_back(work: Work, order_id: UUID) -> None:
    """End the desk's own claim."""
    told = {"order": order_id, "account": work.desk.viewer.account_id, "forgotten": work.now - FORGOTTEN}
    work.session.connection().execute(GIVE_BACK, told)


def held_by_another(work: Work, order: WorkOrder, queue: Queue = CALLBACKS) -> None:
    """Raise Conflict while another agent has the order."""
    there = work.claim_on(order)
    if there is None:
        return
    claim, holder = there
    if claim.until > work.now and claim.account_id != work.desk.viewer.account_id:
        raise Conflict(queue.told.format(holder))
