"""Who is at an order is shown to the others who may see it - on both engines."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.data.queries.presence import Company, others_at
from hotline_tui.errors import NotFound
from hotline_tui.models import Presence
from hotline_tui.rules.words import OrderState
from hotline_tui.services import claims, presence
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-11.6")


def company(town: Town, desk: Desk, order: Built) -> Company:
    with town.store.read() as session:
        return others_at(session, desk.viewer, order.order_id, town.now)


def rows(town: Town) -> list[Presence]:
    with town.store.read() as session:
        return list(session.exec(select(Presence)))


def test_who_has_an_order_open_is_seen_by_the_others_until_he_leaves(town: Town) -> None:
    order = town.register()
    presence.come(town.office, order.order_id)
    presence.come(town.office, order.order_id)
    assert company(town, town.agent, order) == Company(looking=("热线办 张某",))
    assert company(town, town.office, order) == Company()
    presence.leave(town.office, order.order_id)
    assert company(town, town.agent, order) == Company()


def test_who_took_it_from_a_queue_is_busy_and_not_named_twice(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    presence.come(town.agent2, order.order_id)
    claims.claim(town.agent2, order.order_id)
    assert company(town, town.office, order) == Company(busy=("坐席04",))


def test_a_seat_that_died_is_seen_no_longer_and_leaves_nothing_for_ever(town: Town) -> None:
    order, other = town.register(), town.register()
    presence.come(town.agent2, order.order_id)
    town.later(seconds=presence.LASTS.total_seconds())
    assert company(town, town.agent, order) == Company()
    town.later(seconds=1)
    presence.leave(town.agent2, other.order_id)
    assert rows(town) == []


def test_who_never_comes_back_is_forgotten_when_somebody_else_comes(town: Town) -> None:
    order, other = town.register(), town.register()
    presence.come(town.agent2, order.order_id)
    town.later(seconds=(presence.LASTS + presence.FORGOTTEN).total_seconds())
    presence.come(town.office, other.order_id)
    assert {row.order_id for row in rows(town)} == {order.order_id, other.order_id}
    town.later(seconds=1)
    presence.come(town.office, other.order_id)
    presence.come(town.agent, other.order_id)
    assert {row.account_id for row in rows(town)} == {town.accounts["office"], town.accounts["agent"]}


def test_nobody_is_seen_where_he_may_not_look_nor_sees_who_is_there(town: Town) -> None:
    order = town.assign(town.register())
    with pytest.raises(NotFound):
        presence.come(town.handler_b, order.order_id)
    presence.come(town.handler, order.order_id)
    assert company(town, town.handler_b, order) == Company()
    assert company(town, town.agent, order) == Company(looking=("李某",))
