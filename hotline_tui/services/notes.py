"""What is written on an order without moving it: notes, urging, supervision, a look at the caller's data."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hotline_tui.data.queries.told import told
from hotline_tui.errors import Refused
from hotline_tui.rules.secrecy import MAY_UNMASK
from hotline_tui.rules.words import Action
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.work import work_at


@dataclass(frozen=True, slots=True)
class CallerData:
    """A caller's personal data, unmasked."""

    name: str
    phone: str
    workplace: str
    home_address: str


def note(desk: Desk, order_id: UUID, text: str, *, seen: int | None = None) -> None:
    """备注 on the time line."""
    text = must(text, "请写明备注内容", "第十一条(七)")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.NOTE)
        work.commit(order, Action.NOTE, facts={"text": text})


def urge(desk: Desk, order_id: UUID, text: str = "", *, seen: int | None = None) -> None:
    """催办: recorded each time (R-11.4)."""
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.URGE)
        order.urges += 1
        work.commit(order, Action.URGE, facts={"text": text.strip(), "count": order.urges})


def supervise(desk: Desk, order_id: UUID, text: str, *, urgent: bool = False, seen: int | None = None) -> None:
    """督办: what the office demands of the unit, in words; `urgent` puts it on top everywhere (Art. 11(4))."""
    text = must(text, "请写明督办要求", "第十一条(四)")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.SUPERVISE)
        order.urgent = order.urgent or urgent
        facts: dict[str, object] = {"text": text, "urgent": True} if urgent else {"text": text}
        work.commit(order, Action.SUPERVISE, facts=facts)


def unmask(desk: Desk, order_id: UUID, reason: str) -> tuple[CallerData, ...]:
    """The callers' data in full, first caller first; the look is recorded with its reason (R-13b)."""
    reason = must(reason, "请写明查看来电人信息的理由", "第十三条")
    if desk.role not in MAY_UNMASK:
        raise Refused(f"{desk.role.label}不能查看来电人信息", "第十三条")
    with work_at(desk) as work:
        order = work.order(order_id)
        work.move(order, Action.UNMASK)
        work.commit(order, Action.UNMASK, facts={"reason": reason})
        viewer = work.desk.viewer
    # Only once the look is kept: what is read in the same transaction could be rolled back with it.
    with desk.store.read() as session:
        found = told(session, viewer, order_id, reason)
    return tuple(CallerData(each.name, each.phone, each.workplace, each.home_address) for each in found)
