"""Which orders a viewer may see: the one condition that every query of orders carries (R-11.7, R-13a)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import col

from hotline_tui.models import Assignment, OrderAccused, WorkOrder
from hotline_tui.rules.secrecy import SEES_ALL_ORDERS, SEES_SECRET_ORDERS, Viewer


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: what this viewer's role, unit and the order's secrecy allow."""
    conditions: list[sa.ColumnElement[bool]] = []
    if viewer.role not in SEES_ALL_ORDERS:
        conditions.append(
            sa.exists().where(
                col(Assignment.order_id) == col(WorkOrder.id), col(Assignment.unit_id).in_(viewer.unit_ids)
            )
            if viewer.unit_ids
            else sa.false()
        )
    elif viewer.role not in SEES_SECRET_ORDERS:
        conditions.append(sa.or_(col(WorkOrder.secret).is_(False), col(WorkOrder.registered_by) == viewer.account_id))
    if viewer.above_ids:
        conditions.append(
            ~sa.exists().where(
                col(OrderAccused.order_id) == col(WorkOrder.id), col(OrderAccused.unit_id).in_(viewer.above_ids)
            )
        )
    return sa.and_(sa.true(), *conditions)
