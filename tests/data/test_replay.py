"""The order's tables can be rebuilt from its events; what differs is found, whichever side was touched."""

from __future__ import annotations

import pytest

from hotline_tui.data import replay
from hotline_tui.data.replay import differences
from hotline_tui.models import OrderAccused
from hotline_tui.rules.words import Kind, OrderState
from hotline_tui.services import intake, notes
from tests.builders import Built, Town
from tests.tampering import tamper

pytestmark = pytest.mark.requirement("R-11.7")


def found(town: Town) -> list[str]:
    with town.store.read() as session:
        return [f"{each.table} {each.what}" for each in differences(session)]


@pytest.mark.parametrize("state", OrderState)
def test_an_order_in_any_state_is_what_its_events_say(town: Town, state: OrderState) -> None:
    town.bring(state)
    assert found(town) == []


def test_a_merged_order_brings_its_caller_to_the_living_one(town: Town) -> None:
    living, other = town.register(), town.register(name="李某", phone="13700001111")
    intake.merge(town.agent, other.order_id, living.number)
    notes.note(town.agent, living.order_id, "两人反映同一件事")
    assert found(town) == []


def test_accused_units_and_looks_at_the_caller_are_replayed_too(town: Town) -> None:
    order = town.register(kind=Kind.TIPOFF, accused=(town.a,), secret=True)
    notes.unmask(town.agent, order.order_id, "回访核对")
    assert found(town) == []


def test_orders_beyond_one_batch_are_compared(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "_BATCH", 2)
    for state in (
        OrderState.RECEIVED,
        OrderState.ANSWERED,
        OrderState.REPLIED,
        OrderState.ASSIGNED,
        OrderState.REFUSED,
    ):
        town.bring(state)
    assert found(town) == []
    tamper(town.store, "UPDATE work_order SET narrative = 'x'")
    assert found(town) == ["work_order 不一致: narrative"] * 5


@pytest.fixture
def archived(town: Town) -> Built:
    return town.bring(OrderState.ARCHIVED)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE work_order SET verdict = 'unsatisfied'", "work_order 不一致: verdict"),
        ("UPDATE deadline SET due_at = '2027-01-01 00:00:00+00:00' WHERE duty = 'reply'", "deadline 不一致: due_at"),
        ("UPDATE reply SET text = 'x'", "reply 不一致: text"),
        ("UPDATE callback SET verdict = 'unsatisfied'", "callback 不一致: verdict"),
        ("DELETE FROM callback", "callback 缺少"),
        ("DELETE FROM deadline WHERE duty = 'reply'", "deadline 缺少"),
        ("DELETE FROM order_caller", "order_caller 缺少"),
        ("DELETE FROM work_order", "work_order 缺少"),
    ],
)
def test_a_table_that_was_touched_is_found(town: Town, archived: Built, statement: str, expected: str) -> None:
    if town.store.is_sqlite:
        statement = statement.replace("+00:00", ".000000")
    tamper(town.store, statement)
    assert [each for each in found(town) if each.startswith(expected)] != []


def test_a_row_that_no_event_made_is_found(town: Town, archived: Built) -> None:
    with town.store.write() as session:
        session.add(OrderAccused(order_id=archived.order_id, unit_id=town.b))
        session.commit()
    assert found(town) == ["order_accused 多出"]


def test_a_difference_names_the_order_and_says_nothing_of_its_content(town: Town, archived: Built) -> None:
    tamper(town.store, "UPDATE work_order SET narrative = '身份证号'")
    with town.store.read() as session:
        (only,) = differences(session)
    assert str(only) == f"{archived.number}: work_order {archived.order_id} 不一致: narrative"
