"""相似工单: the same number first, then the same matter; never what the viewer may not see."""

from __future__ import annotations

from hotline_tui.data.search.similar import Similar, similar_orders
from hotline_tui.rules.words import OrderState
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Town

PARKING = "小区物业对业主的私家车乱收停车费, 没有公示"


def similar(desk: Desk, text: str = PARKING, place: str = "某某花园", phone: str = "", limit: int = 5) -> list[Similar]:
    with desk.store.read() as session:
        edges = edges_now(desk, session)
        return list(similar_orders(session, desk.viewer, edges, text=text, place=place, phone=phone, limit=limit))


def test_the_same_matter_is_named_and_another_is_not(town: Town) -> None:
    same = town.assigned()
    town.register(narrative="人行道路灯不亮已经一周", address="南湖路口")
    (found,) = similar(town.agent2, place="某某花园5栋")
    assert (found.order.number, found.same_phone) == (same.number, False)
    assert 0 < found.alike <= 1


def test_orders_of_the_same_number_come_first_whatever_they_are_about(town: Town) -> None:
    same_matter = town.register(phone="13700000000")
    same_phone = town.register(narrative="人行道路灯不亮", address="南湖路口", phone="13812345678")
    assert [each.order.number for each in similar(town.agent, phone="13812345678")] == [
        same_phone.number, same_matter.number,
    ]  # fmt: skip
    assert [each.order.number for each in similar(town.leader, phone="13812345678")] == []


def test_only_the_last_thirty_days_and_living_orders_are_compared(town: Town) -> None:
    town.refused(narrative=PARKING)
    town.bring(OrderState.MERGED)
    assert len(similar(town.agent)) == 1
    town.later(days=31)
    assert similar(town.agent) == []


def test_a_secret_order_is_not_named_to_another_agent(town: Town) -> None:
    town.register(secret=True)
    assert len(similar(town.agent)) == 1
    assert similar(town.agent2) == []


def test_little_or_senseless_text_names_nothing(town: Town) -> None:
    town.register()
    for text in ("", "停车", "!!!", "'; DROP TABLE work_order; --", "😀" * 100):
        assert similar(town.agent, text, place="") == []
    assert len(similar(town.agent, PARKING + "x" * 5000)) == 1


def test_no_more_are_named_than_were_asked_for(town: Town) -> None:
    for _ in range(4):
        town.register()
    assert len(similar(town.agent, limit=3)) == 3
