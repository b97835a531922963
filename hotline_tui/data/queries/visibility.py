"""Which orders a viewer may see (R-11.7, R-13a), and the only selects that read orders and their clocks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.store import store_of
from hotline_tui.models import Assignment, Deadline, OrderAccused, WorkOrder
from hotline_tui.rules.secrecy import SEES_ALL_ORDERS, SEES_SECRET_ORDERS, Viewer
from hotline_tui.rules.words import Duty, Kind

Query = sa.Select[*tuple[Any, ...]]
"""A select whose columns are known where its rows are read."""
ANSWER_DUTIES = (Duty.REPLY, Duty.PROMISE)
"""What 临期 and 超期 speak of: the unit owes an answer."""
# Aliases of their own: a query that joins the same table would otherwise be taken for the one meant here.
_Own = aliased(Assignment, name="own_share")
_Accused = aliased(OrderAccused, name="accused_unit")
Part = aliased(WorkOrder, name="part")
"""An order that was merged into the one in hand; of it only what concerns that one, and `number_of_part`."""


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: what this viewer's role, unit and the order's secrecy allow."""
    conditions: list[sa.ColumnElement[bool]] = []
    if viewer.role not in SEES_ALL_ORDERS:
        conditions.append(
            _exists(
                col(_Own.order_id) == col(WorkOrder.id),
                sa.or_(among(col(_Own.unit_id), viewer.unit_ids), among(col(_Own.delegated_to_id), viewer.unit_ids)),
            )
            if viewer.unit_ids
            else sa.false()
        )
    elif viewer.role not in SEES_SECRET_ORDERS:
        mine = sa.false() if viewer.account_id is None else col(WorkOrder.registered_by) == viewer.account_id
        conditions.append(sa.or_(col(WorkOrder.secret).is_(False), mine))
    if viewer.above_ids:
        conditions.append(
            ~_exists(col(_Accused.order_id) == col(WorkOrder.id), among(col(_Accused.unit_id), viewer.above_ids))
        )
    if viewer.on_wall:
        conditions.append(col(WorkOrder.veiled).is_(False))
    return sa.and_(sa.true(), *conditions)


def to_veil() -> sa.ColumnElement[bool]:
    """What `WorkOrder.veiled` has to say of each order."""
    accusing = _exists(col(_Accused.order_id) == col(WorkOrder.id))
    return sa.or_(col(WorkOrder.secret).is_(True), col(WorkOrder.kind) == Kind.TIPOFF, accusing)


def sees_every_order(viewer: Viewer) -> bool:
    """Whether `visible` holds nothing back from this viewer, so that a count need not look at the orders."""
    return viewer.role in SEES_SECRET_ORDERS and not viewer.above_ids and not viewer.on_wall


def orders_of(viewer: Viewer, *columns: Any) -> Query:
    """These columns of the orders that this viewer may see; what else is asked of an order is joined to it.

    The statement carries the viewer, by which a test knows that no query of orders went another way.
    """
    return sa.select(*columns).select_from(WorkOrder).where(visible(viewer)).execution_options(viewer=viewer)


def orders_here(session: Session, viewer: Viewer, *columns: Any) -> Query:
    """The same of a session, for what reads through many of a unit's orders.

    Where the database itself gives a unit its orders alone it is not told so a second time: its planner takes the rows
    for few then, and asks the same of each again.
    """
    told = viewer.guarded and viewer.role not in SEES_ALL_ORDERS and not viewer.on_wall
    if told and store_of(session).guarded:
        return sa.select(*columns).select_from(WorkOrder).execution_options(viewer=viewer)
    return orders_of(viewer, *columns)


def parts() -> sa.CTE:
    """The keys of the order in hand and of all that were merged into it, also by way of another (R-8)."""
    itself = sa.select(col(WorkOrder.id)).correlate(WorkOrder)
    found = itself.cte("parts", recursive=True, nesting=True)
    return found.union(sa.select(col(Part.id)).join(found, col(Part.merged_into_id) == found.c.id))


def number_of_part(viewer: Viewer) -> sa.ScalarSelect[str]:
    """The number of `Part`; NULL where this viewer may not see that order."""
    seen = sa.select(col(WorkOrder.number)).where(col(WorkOrder.id) == col(Part.id), visible(viewer))
    return seen.correlate(Part).scalar_subquery()


def clocks_of(viewer: Viewer, *columns: Any) -> Query:
    """These columns of the open reply and promise clocks of those orders; of a unit only its own and below.

    Of several clocks that run for one unit on one order only the earliest; `place` tells the earliest of the order.
    It starts from the partial index on open deadlines and reads the order only where something may be held back.
    """
    clocks = sa.select(*columns).select_from(Deadline).where(first_of_unit())
    if viewer.role not in SEES_ALL_ORDERS:
        clocks = clocks.where(among(col(Deadline.unit_id), viewer.unit_ids))
    if viewer.on_wall:
        clocks = clocks.where(col(Deadline.veiled).is_(False))
    elif not sees_every_order(viewer):
        # A value of each clock and no join: Postgres takes open clocks for many more than they are, and would read all
        # orders instead of theirs.
        order = sa.select(visible(viewer)).select_from(WorkOrder).where(col(WorkOrder.id) == col(Deadline.order_id))
        seen = order.correlate(Deadline).scalar_subquery().is_(True)
        # What is not veiled is open to whoever sees the orders of all units, and need not be looked at.
        open_to_all = viewer.role in SEES_ALL_ORDERS and not viewer.above_ids
        clocks = clocks.where(sa.or_(col(Deadline.veiled).is_(False), seen) if open_to_all else seen)
    return clocks.execution_options(viewer=viewer)


def owes_answer(clocks: type[Deadline] = Deadline) -> sa.ColumnElement[bool]:
    """An open reply or promise clock."""
    return runs(*ANSWER_DUTIES, clocks=clocks)


def first_of_unit() -> sa.ColumnElement[bool]:
    """An open reply or promise clock, of those of one order and unit the earliest."""
    return sa.and_(col(Deadline.met_at).is_(None), col(Deadline.void_at).is_(None), col(Deadline.place) <= 1)


def runs(*duties: Duty, clocks: type[Deadline] = Deadline) -> sa.ColumnElement[bool]:
    """An open clock of one of these duties.

    Said by what it is not: `duty IN` would draw a planner without statistics to the index of all deadlines, closed ones
    among them, away from the partial one and from the order's own.
    """
    others = (col(clocks.duty) != duty for duty in Duty if duty not in duties)
    return sa.and_(col(clocks.met_at).is_(None), col(clocks.void_at).is_(None), *others)


def among(column: Any, values: Collection[Any]) -> sa.ColumnElement[bool]:
    """`column IN values`; of a single one `=`, since a list is written anew into the statement each time it is sent."""
    ordered = sorted(values)
    return column == ordered[0] if len(ordered) == 1 else column.in_(ordered)


def _exists(*conditions: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists(sa.select(sa.literal(1)).where(*conditions).correlate(WorkOrder))
