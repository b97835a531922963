"""Who has an order open: shown to the others, so that nobody begins what a colleague is about to end (R-11.6)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from hotline_tui.data.queries.detail import NOT_HERE
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.errors import NotFound
from hotline_tui.models import Presence, WorkOrder
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import work_at

LASTS = timedelta(minutes=3)
"""Unless renewed: a seat that died is seen no longer."""
FORGOTTEN = timedelta(hours=1)
"""So long after its end a row is taken away: none that its seat is about to renew."""


def come(desk: Desk, order_id: UUID) -> None:
    """Be seen at an order, or go on being seen; raises NotFound where the desk may not see it."""
    account_id = desk.viewer.account_id
    if account_id is None:
        return
    with work_at(desk) as work:
        # Not locked: who looks keeps nobody from working.
        seen = orders_of(work.desk.viewer, col(WorkOrder.id)).where(col(WorkOrder.id) == order_id)
        if work.session.connection().execute(seen).first() is None:
            raise NotFound(NOT_HERE)
        here = work.session.get(Presence, (order_id, account_id))
        if here is None:
            work.session.connection().execute(sa.delete(Presence).where(col(Presence.until) < work.now - FORGOTTEN))
            work.add(Presence(order_id=order_id, account_id=account_id, until=work.now + LASTS))
        else:
            here.until = work.now + LASTS
        work.session.commit()


def leave(desk: Desk, order_id: UUID) -> None:
    """Be seen there no more; who was not is not missed."""
    with work_at(desk) as work:
        work.session.connection().execute(
            sa.delete(Presence).where(
                sa.or_(
                    sa.and_(col(Presence.order_id) == order_id, col(Presence.account_id) == desk.viewer.account_id),
                    sa.and_(col(Presence.account_id) == desk.viewer.account_id, col(Presence.until) < work.now),
                )
            )
        )
        work.session.commit()
