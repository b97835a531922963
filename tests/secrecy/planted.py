"""Secrets in a town: an order that accuses unit a, a secret one, and a caller whose every fact is like no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from hotline_tui.models import Event
from hotline_tui.rules.words import OrderState, Release
from hotline_tui.services import handling, intake, notes, release
from tests.builders import Built, Town

CALLER: dict[str, Any] = {
    "name": "钱无忌",
    "phone": "13777001234",
    "workplace": "秘苑机械公司",
    "home_address": "隐泉里九幢八零八",
}
FACTS = tuple(CALLER.values())
TOPIC_OF_HIDDEN = "暗语"
"""Begins what the hidden orders are about."""
SEES_ACCUSED = {"agent", "agent2", "office", "office2", "handler_b", "leader_b", "city_leader", "authority"}
SEES_SECRET = {"agent", "office", "office2", "handler_b", "leader_b", "city_leader", "authority"}
"""The agent took the secret one himself."""


@dataclass(frozen=True)
class Planted:
    """Orders by what they are."""

    plain: Built
    accused: Built
    secret: Built

    def hidden_from(self, login: str) -> dict[str, Built]:
        """What this person must not find."""
        found = {}
        if login not in SEES_ACCUSED:
            found["accused"] = self.accused
        if login not in SEES_SECRET:
            found["secret"] = self.secret
        return found

    @property
    def all(self) -> tuple[Built, ...]:
        """Each of them."""
        return self.plain, self.accused, self.secret


def plant(town: Town) -> Planted:
    """Each has been through as much as it can: released, looked at, merged into, supervised."""
    plain = town.replied(town.a, narrative="路灯不亮", **CALLER)
    release.release(town.office, plain.order_id, Release.PUBLIC)
    accused = town.replied(town.b, narrative="暗语甲", subject="暗语甲", accused=(town.a,), **CALLER)
    release.release(town.office, accused.order_id, Release.PUBLIC)
    secret = town.replied(town.b, narrative="暗语乙", subject="暗语乙", secret=True, **CALLER)
    release.release(town.office, secret.order_id, Release.PRIVATE)
    for order in (plain, accused, secret):
        notes.unmask(town.office, order.order_id, "核对回访号码")
    twin = town.register(narrative="暗语甲", accused=(town.a,), **CALLER)
    intake.merge(town.agent, twin.order_id, accused.number)
    for state in (OrderState.ASSIGNED, OrderState.UNDER_REVIEW, OrderState.ARCHIVED, OrderState.REFUSED):
        town.bring(state, None if state is OrderState.REFUSED else town.b, **CALLER)
    again = town.signed(town.a, **CALLER)
    assert again.assignment_id is not None
    handling.progress(town.handler, again.assignment_id, "正在更换灯具")
    town.at("2026-12-15 10:00")
    return Planted(plain, accused, secret)


def events(town: Town) -> list[Event]:
    """All of them."""
    with town.store.read() as session:
        return list(session.exec(select(Event)))


def marks(orders: dict[str, Built]) -> list[str]:
    """By which these orders would be known in an answer."""
    words = {"accused": "暗语甲", "secret": "暗语乙"}
    return [mark for name, order in orders.items() for mark in (order.number, str(order.order_id), words[name])]
