"""R-8, R-11.4: which order a duplicate may be refused for, and what a merged one brings to the order it lives on in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import select

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.queries.parts import JoinedRow
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.replay import differences
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused
from hotline_tui.models import Event, OrderAccused, WorkOrder
from hotline_tui.rules.words import Kind, OrderState, RefusalReason
from hotline_tui.services import dispatch, intake
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake
from tests.builders import Built, Town
from tests.services.looks import order_of

pytestmark = pytest.mark.requirement("R-8")

SECOND: dict[str, Any] = {"name": "李小红", "phone": "13900003344", "narrative": "十二栋的路灯整夜不亮"}


def refuse(town: Town, order: Built, earlier: str) -> None:
    intake.refuse_received(town.agent, order.order_id, RefusalReason.DUPLICATE, "已有工单", earlier_number=earlier)


def merged(town: Town, living: Built, desk: Desk | None = None, **told: Any) -> Built:
    double = town.register(desk, **(SECOND | told))
    intake.merge(desk or town.agent, double.order_id, living.number)
    return double


def joined(desk: Desk, order: Built) -> tuple[JoinedRow, ...]:
    with desk.store.read() as session:
        return detail(session, desk.viewer, edges_now(desk, session), order.order_id).joined


def written(town: Town) -> int:
    with town.store.read() as session:
        return len(session.exec(select(Event)).all())


# -- refused as a duplicate


def test_an_order_is_no_duplicate_of_itself(town: Town) -> None:
    order = town.register()
    before = written(town)
    with pytest.raises(Refused, match=r"本件自身不能作为先前的工单\(第八条\)"):
        refuse(town, order, order.number)
    assert (order_of(town, order).state, written(town)) == (OrderState.RECEIVED, before)


def test_nor_of_one_that_lives_on_in_it(town: Town) -> None:
    order = town.register()
    double = merged(town, order)
    further = merged(town, order)
    before = written(town)
    for each in (double, further):
        with pytest.raises(Refused, match=r"已并入本件, 不能作为先前的工单\(第八条\)"):
            refuse(town, order, each.number)
    assert (order_of(town, order).state, written(town)) == (OrderState.RECEIVED, before)


def test_of_two_orders_refused_for_each_other_the_second_stays(town: Town) -> None:
    one, other = town.register(), town.register(**SECOND)
    refuse(town, one, other.number)
    before = written(town)
    with pytest.raises(Refused, match=rf"{one.number} 不予受理, 不能作为先前的工单.*第八条"):
        refuse(town, other, one.number)
    told = Intake(Kind.OTHER, "又来电")
    with pytest.raises(Refused, match="不能作为先前的工单"):
        intake.refuse(town.agent, told, RefusalReason.DUPLICATE, "已有工单", earlier_number=one.number)
    assert (order_of(town, other).state, written(town)) == (OrderState.RECEIVED, before)


def test_what_was_merged_into_a_refused_order_is_as_little_an_earlier_one(town: Town) -> None:
    living = town.register()
    double = merged(town, living)
    intake.refuse_received(town.agent, living.order_id, RefusalReason.VAGUE, "请说明地点")
    with pytest.raises(Refused, match=f"{living.number} 不予受理"):
        refuse(town, town.register(), double.number)


@pytest.mark.parametrize("state", [OrderState.ASSIGNED, OrderState.ANSWERED, OrderState.ARCHIVED, OrderState.MERGED])
def test_any_other_earlier_order_is_one(town: Town, state: OrderState) -> None:
    earlier, order = town.bring(state), town.register(**SECOND)
    refuse(town, order, earlier.number)
    assert order_of(town, order).state is OrderState.REFUSED


def test_of_two_agents_who_refuse_two_orders_for_each_other_at_once_one_is_told(town: Town) -> None:
    one, other = town.register(), town.register(**SECOND)
    together = Barrier(2)

    def at_once(pair: tuple[Built, Built]) -> bool:
        together.wait()
        try:
            refuse(town, pair[0], pair[1].number)
        except (Refused, NotAllowed, Conflict):
            return False
        return True

    with ThreadPoolExecutor(2) as seats:
        assert sorted(seats.map(at_once, [(one, other), (other, one)])) == [False, True]


# -- merged


@pytest.mark.requirement("R-11.4")
def test_an_urgent_duplicate_makes_the_living_order_urgent_and_the_time_line_says_so(town: Town) -> None:
    living = town.assigned()
    seen = order_of(town, living).version
    double = merged(town, living, urgent=True)
    held = order_of(town, living)
    assert (held.urgent, held.version) == (True, seen + 1)
    with town.handler.store.read() as session:
        steps = timeline(session, town.handler.viewer, living.order_id)
    with town.store.read() as session:
        assert list(differences(session)) == []
    assert [sentence(step) for step in steps[-2:]] == [
        "另一来电人的工单 并入本件",
        "并入的工单为急件, 本件一并列为急件",
    ]
    assert order_of(town, double).state is OrderState.MERGED


@pytest.mark.requirement("R-11.4")
@pytest.mark.parametrize("urgent", [True, False])
def test_where_nothing_becomes_urgent_the_living_order_stays_as_it_was_seen(town: Town, urgent: bool) -> None:
    living = town.assigned(urgent=True)
    before = order_of(town, living)
    merged(town, living, urgent=urgent)
    assert (order_of(town, living).urgent, order_of(town, living).version) == (True, before.version)


@pytest.mark.requirement("R-11.4")
def test_urgency_goes_on_to_where_the_living_order_is_merged_in_its_turn(town: Town) -> None:
    living, middle = town.assigned(), town.register(**SECOND)
    merged(town, middle, urgent=True)
    intake.merge(town.agent, middle.order_id, living.number)
    assert order_of(town, living).urgent
    with town.store.read() as session:
        assert list(differences(session)) == []


def test_whoever_works_on_the_living_order_reads_what_the_other_asked_and_not_who_asked(town: Town) -> None:
    living = town.assigned()
    double = merged(town.later(minutes=5), living, subject="路灯")
    for desk, number in (
        (town.handler, ""),
        (town.leader, ""),
        (town.agent, double.number),
        (town.office, double.number),
    ):
        (part,) = joined(desk, living)
        assert (part.number, part.subject, part.narrative, part.merged_at) == (
            number,
            "路灯",
            SECOND["narrative"],
            town.now,
        )
        assert not any(each in repr(part) for each in ("李", "3344", "某某公司"))
    with pytest.raises(NotFound):
        joined(town.handler_b, living)
    assert joined(town.agent, double) == ()


def test_what_was_merged_by_way_of_another_is_read_too_first_merged_first(town: Town) -> None:
    living, middle = town.assigned(), town.register(**SECOND)
    merged(town, middle, narrative="三栋也不亮", phone="13900009999")
    intake.merge(town.later(minutes=5).agent, middle.order_id, living.number)
    assert [part.narrative for part in joined(town.handler, living)] == ["三栋也不亮", SECOND["narrative"]]


@pytest.mark.requirement("R-13a")
def test_the_words_of_a_duplicate_that_accuses_a_unit_never_reach_it(town: Town) -> None:
    living = town.register(accused=(town.a,))
    merged(town, living, accused=(town.a,))
    dispatch.assign(town.agent, living.order_id, town.b)
    assert len(joined(town.handler_b, living)) == 1
    for desk in (town.handler, town.leader, town.handler_below):
        with pytest.raises(NotFound):
            joined(desk, living)


@pytest.mark.requirement("R-13a")
def test_words_are_held_back_from_whom_their_own_order_is_hidden_though_the_living_one_is_not(town: Town) -> None:
    living = town.signed()
    double = merged(town, living)
    with town.store.write() as session:  # by no service: the two are always restricted together
        session.add(OrderAccused(order_id=double.order_id, unit_id=town.a))
        held = session.get(WorkOrder, double.order_id)
        assert held is not None
        held.secret = True
        session.commit()
    assert joined(town.handler, living) == joined(town.agent2, living) == ()
    assert [part.number for part in joined(town.office, living)] == [double.number]
