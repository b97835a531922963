"""Secrets in a town: orders that accuse unit a, secret ones, and a caller whose every fact is like no other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import select

from hotline_tui.models import Event
from hotline_tui.rules.words import OrderState, Release
from hotline_tui.services import dispatch, handling, intake, notes, release
from hotline_tui.services.restrict import restrict
from tests.builders import Built, Town

CALLER: dict[str, Any] = {
    "name": "钱无忌",
    "phone": "13777001234",
    "workplace": "秘苑机械公司",
    "home_address": "隐泉里九幢八零八",
}
FACTS = tuple(CALLER.values())
ACCUSING, SECRET = "暗语甲", "暗语乙"
CAUGHT = "2026-12-15 10:00"
"""When everything is asked: some clocks are overdue."""
NOT_ACCUSED = ("handler", "leader", "handler_below", "admin")
"""They find neither what accuses unit a nor the secret orders of unit b."""
NOT_SECRET = (*NOT_ACCUSED, "agent2")
"""The agent took the secret ones himself."""
BY_B = [state for state in OrderState if state is not OrderState.REFUSED]
ENDED = (OrderState.AWAITING_CALLBACK, OrderState.UNDER_REVIEW, OrderState.ARCHIVED)


def plain(town: Town) -> Built:
    """What everybody concerned may see: released, looked at, in several states; the first of them."""
    first = town.replied(town.a, narrative="路灯不亮", **CALLER)
    release.release(town.office, first.order_id, Release.PUBLIC)
    notes.unmask(town.office, first.order_id, "核对回访号码")
    for state in (OrderState.ASSIGNED, OrderState.UNDER_REVIEW, OrderState.ARCHIVED, OrderState.REFUSED):
        town.bring(state, None if state is OrderState.REFUSED else town.b, **CALLER)
    again = town.signed(town.a, **CALLER)
    assert again.assignment_id is not None
    handling.progress(town.handler, again.assignment_id, "正在更换灯具")
    town.signed(town.a_below)
    return first


def secret(town: Town) -> list[Built]:
    """Secret orders of unit b in every state, one of them made secret after it was published."""
    told = {"narrative": SECRET, "subject": SECRET, **CALLER}
    found = [town.bring(state, town.b, secret=True, **told) for state in BY_B]
    published = town.replied(town.b, **told)
    release.release(town.office, published.order_id, Release.PUBLIC)
    restrict(town.office, published.order_id, "后来发现涉及举报人", secret=True)
    found += [town.refused(narrative=SECRET, secret=True), published]
    return _touched(town, found)


def accusing(town: Town) -> list[Built]:
    """Orders of unit b that accuse unit a, in every state; and some that a had before it was found to be accused."""
    told = {"narrative": ACCUSING, "subject": ACCUSING, **CALLER}
    found = [town.bring(state, town.b, accused=(town.a,), **told) for state in BY_B]
    late = [town.bring(state, unit, **told) for state in ENDED for unit in (town.a, town.a_below)]
    for order in late:
        restrict(town.office, order.order_id, "来电人补充", accused=[town.a])
    taken_off = town.signed(town.a, **told)
    dispatch.cancel(town.office, _share(taken_off), "反映的是该单位")
    restrict(town.office, taken_off.order_id, "来电人补充", accused=[town.a])
    twin = town.register(accused=(town.a,), **told)
    intake.merge(town.agent, twin.order_id, found[0].number)
    return _touched(town, [*found, *late, taken_off, twin])


def _touched(town: Town, orders: list[Built]) -> list[Built]:
    for order in orders:
        notes.unmask(town.office, order.order_id, "核对回访号码")
    return orders


def _share(order: Built) -> UUID:
    assert order.assignment_id is not None
    return order.assignment_id


def events(town: Town) -> list[Event]:
    """All of them."""
    with town.store.read() as session:
        return list(session.exec(select(Event)))


def marks(*orders: Built) -> list[str]:
    """By which these orders would be known in an answer."""
    return [mark for order in orders for mark in (order.number, str(order.order_id))]
