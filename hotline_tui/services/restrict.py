"""限定知悉: what is found later to accuse a unit, or to need secrecy, is hidden from then on (Art. 13, R-13a)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data.store import CHANGED
from hotline_tui.errors import Conflict, Refused
from hotline_tui.models import Claim, OrderAccused, Unit, WorkOrder
from hotline_tui.rules.secrecy import unit_and_above
from hotline_tui.rules.words import Action, OrderState
from hotline_tui.rules.workflow import article
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.work import Work, work_at

ARTICLE = article(Action.RESTRICT)


def restrict(
    desk: Desk,
    order_id: UUID,
    reason: str,
    *,
    secret: bool = False,
    accused: Collection[UUID] = (),
    seen: int | None = None,
) -> None:
    """Make the order secret, or name units that it accuses, in whatever state, and with it all that were merged.

    Nothing is taken away: what was hidden must not open by a slip. Raises Refused without a reason, where nothing would
    change, and while an accused unit or one below it works on the order.
    """
    reason = must(reason, "请写明限定知悉的理由", ARTICLE)
    if not secret and not accused:
        raise Refused("请标为保密, 或指明被反映单位", ARTICLE)
    with work_at(desk) as work:
        related = _merged(work, order_id)
        # In one sequence, as merging does: two at once do not block each other.
        orders = [work.order(each, seen if each == order_id else None) for each in sorted(related | {order_id})]
        if _merged(work, order_id) != related:
            raise Conflict(CHANGED)
        for order in orders:
            _check_nobody_works(work, order, accused)
        if not [order for order in orders if _hide(work, order, accused, reason, secret=secret)]:
            raise Refused("本件已是保密件或已指明这些单位, 没有新的限定", ARTICLE)
        work.session.commit()


def _hide(work: Work, order: WorkOrder, accused: Collection[UUID], reason: str, *, secret: bool) -> bool:
    """Hide one order; whether that changed anything."""
    work.move(order, Action.RESTRICT)
    known = work.accused(order)
    new = [work.unit(unit_id) for unit_id in dict.fromkeys(accused) if unit_id not in known]
    becomes_secret = secret and not order.secret
    if not new and not becomes_secret:
        return False
    if becomes_secret:
        order.secret = True
    work.add(*(OrderAccused(order_id=order.id, unit_id=unit.id) for unit in new))
    facts = {"secret": becomes_secret, "accused": [unit.name for unit in new], "reason": reason}
    work.record(order, Action.RESTRICT, facts=facts)
    if becomes_secret:  # once it is written: of what is not secret the database lets nobody end another's claim
        _end_claim(work, order)
    return True


def _merged(work: Work, order_id: UUID) -> set[UUID]:
    """The orders of the same matter: those it was merged into, and those that were merged into it or into them."""
    found: set[UUID] = set()
    ahead = {order_id}
    while ahead:
        found |= ahead
        linked = work.session.exec(
            select(col(WorkOrder.id), col(WorkOrder.merged_into_id)).where(
                col(WorkOrder.merged_into_id).is_not(None),
                sa.or_(col(WorkOrder.id).in_(ahead), col(WorkOrder.merged_into_id).in_(ahead)),
            )
        )
        ahead = {each for pair in linked for each in pair if each is not None} - found
    return found


def _check_nobody_works(work: Work, order: WorkOrder, accused: Collection[UUID]) -> None:
    """Raise Refused while work would be left with a unit that no longer finds the order."""
    parents = work.unit_parents()
    hidden = {unit_id for unit_id in parents if not unit_and_above(unit_id, parents).isdisjoint(accused)}
    for share in work.live_assignments(order):
        if share.unit_id in hidden:
            name = _name(work, share.unit_id)
            raise Refused(f"{name}正在承办 {order.number}, 请先撤销承办, 再限定知悉", ARTICLE)
        if share.delegated_to_id in hidden:
            above, below = _name(work, share.unit_id), _name(work, share.delegated_to_id)
            raise Refused(f"{above}已把 {order.number} 转{below}办理, 请先撤销{above}的承办, 再限定知悉", ARTICLE)
    if order.state is OrderState.REPLIED and order.unit_id in hidden:
        name = _name(work, order.unit_id)
        raise Refused(f"{name}对 {order.number} 的回复待审核发布, 请先退回重办并撤销承办, 再限定知悉", ARTICLE)


def _name(work: Work, unit_id: UUID | None) -> str:
    unit = work.session.get(Unit, unit_id)
    return (unit.short_name or unit.name) if unit else ""


def _end_claim(work: Work, order: WorkOrder) -> None:
    """Whoever is about to call back or to dispatch may not see it any more."""
    work.session.connection().execute(sa.delete(Claim).where(col(Claim.order_id) == order.id))
