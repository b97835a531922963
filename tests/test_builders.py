"""The town that tests build on does what its helpers say."""

from __future__ import annotations

import pytest

from hotline_tui.models import WorkOrder
from hotline_tui.rules.words import OrderState
from tests.builders import Town


@pytest.mark.parametrize("state", OrderState)
def test_an_order_is_brought_to_any_state(town: Town, state: OrderState) -> None:
    order = town.bring(state)
    with town.store.read() as session:
        found = session.get(WorkOrder, order.order_id)
        assert found is not None
        assert found.state is state
        assert found.number == order.number


def test_the_unit_below_and_the_other_unit_bring_their_own_to_an_end(town: Town) -> None:
    for unit in (town.a_below, town.b):
        town.bring(OrderState.ARCHIVED, unit)
