"""An order that repeats another: how the two are held together, and what forbids to link or to refuse it (R-8)."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from hotline_tui.data.queries.visibility import visible
from hotline_tui.data.store import CHANGED
from hotline_tui.errors import Conflict, NotFound, Refused
from hotline_tui.models import WorkOrder
from hotline_tui.rules.acceptance import NOT_EARLIER, why_not_earlier
from hotline_tui.rules.words import Action
from hotline_tui.rules.workflow import why_not_join
from hotline_tui.services.work import Work

BECOMES_URGENT = "并入的工单为急件, 本件一并列为急件"


def by_number(work: Work, number: str) -> WorkOrder:
    """The order of a spoken number; raises NotFound also for one that this desk may not see."""
    query = select(WorkOrder).where(WorkOrder.number == number, visible(work.desk.viewer))
    order = work.session.exec(query).one_or_none()
    if order is None:
        raise NotFound(f"没有编号为 {number} 的工单, 请核对编号")
    return order


def lock(work: Work, *order_ids: UUID) -> None:
    """Hold both orders to the end of the work, in one sequence: two who merge crosswise do not block each other."""
    columns = select(WorkOrder).where(col(WorkOrder.id).in_(order_ids), visible(work.desk.viewer))
    locked = columns.order_by(col(WorkOrder.id)).with_for_update().execution_options(populate_existing=True)
    work.session.exec(locked).all()


def held_earlier(work: Work, number: str, order_id: UUID | None = None) -> WorkOrder:
    """The earlier order of a duplicate, held with the one in hand: two refused for each other would both be lost.

    Raises NotFound, Conflict, or Refused for what is no earlier order (Art. 8).
    """
    chain = _chain(work, by_number(work, number))
    lock(work, *(each.id for each in chain), *([order_id] if order_id else []))
    if _chain(work, chain[0]) != chain:
        raise Conflict(CHANGED)
    earlier, living = chain[0], chain[-1]
    if earlier.id == order_id:
        raise Refused(f"本件自身{NOT_EARLIER}", "第八条")
    if living.id == order_id:
        raise Refused(f"{number} 已并入本件, {NOT_EARLIER}", "第八条")
    if (closed := why_not_earlier(living.number, living.state)) is not None:
        raise Refused(closed, "第八条")
    return earlier


def _chain(work: Work, order: WorkOrder) -> list[WorkOrder]:
    """The order, and those that it lives on in, as far as this desk may see them."""
    found = [order]
    while (into := found[-1].merged_into_id) is not None:
        query = select(WorkOrder).where(WorkOrder.id == into, visible(work.desk.viewer))
        further = work.session.exec(query).one_or_none()
        if further is None or further in found:
            break
        found.append(further)
    return found


def check_living(work: Work, order: WorkOrder, living: WorkOrder) -> None:
    """Raise Refused unless the duplicate may be linked to this order."""
    if living.id == order.id:
        raise Refused("不能与本件自身并案", "第八条")
    if (closed := why_not_join(living.number, living.state)) is not None:
        raise Refused(closed, "第八条")
    if order.secret and not living.secret:
        raise Refused(f"本件须保密, {living.number} 不是保密件, 不能并案", "第十三条")
    if living.secret and not order.secret:
        raise Refused("先前的工单是保密件, 不能并案", "第十三条")
    ours, theirs = work.accused(order), work.accused(living)
    if not ours <= theirs:
        raise Refused(f"本件反映的单位可以看到 {living.number}, 不能并案", "第十三条")
    if theirs - ours and work.assignments(order):
        # A unit that returned it still sees it, and would learn of the other from the number.
        raise Refused("先前的工单有被反映单位, 本件曾交办, 不能并案", "第十三条")


def make_urgent(work: Work, living: WorkOrder) -> None:
    """Commit it with an event of its own: an order's row changes only along its own events, which replay it."""
    living = work.order(living.id)
    work.move(living, Action.NOTE)
    living.urgent = True
    work.commit(living, Action.NOTE, facts={"text": BECOMES_URGENT, "urgent": True})
