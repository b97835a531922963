"""分类 (Art. 9, 15): a letter gets its kind before it is dispatched."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from hotline_tui.errors import Conflict, NotAccepted, NotAllowed, NotFound, Refused
from hotline_tui.models import Caller, Deadline, Event, OrderAccused, OrderCaller, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.acceptance import CallerFacts
from hotline_tui.rules.words import Action, Channel, Duty, Kind, OrderState
from hotline_tui.services import dispatch, instruction
from hotline_tui.services.classify import classify
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-9", "R-15")


def test_a_letter_gets_kind_topic_place_and_flags_and_stays_received(town: Town) -> None:
    letter = town.register(kind=Kind.OTHER, channel=Channel.MAILBOX, topic_id=None, region_id=None)
    classify(
        town.agent,
        letter.order_id,
        kind=Kind.COMPLAINT,
        topic_id=town.parking,
        region_id=town.region,
        urgent=True,
        secret=True,
        accused=(town.b,),
    )
    with town.store.read() as session:
        row = session.get(WorkOrder, letter.order_id)
        assert row is not None
        assert row.state is OrderState.RECEIVED
        assert (row.kind, row.topic_id, row.region_id) == (Kind.COMPLAINT, town.parking, town.region)
        assert (row.urgent, row.secret) == (True, True)
        accused = session.exec(select(OrderAccused.unit_id).where(OrderAccused.order_id == letter.order_id)).all()
        assert list(accused) == [town.b]
        event = session.exec(
            select(Event).where(Event.order_id == letter.order_id, Event.action == Action.CLASSIFY)
        ).one()
        assert (event.from_state, event.to_state) == ("received", "received")


def test_the_limit_of_a_dispatch_is_that_of_the_kind_it_was_given(town: Town) -> None:
    letter = town.register(kind=Kind.OTHER)
    classify(town.agent, letter.order_id, kind=Kind.TIPOFF)
    dispatch.assign(town.agent, letter.order_id, town.a)
    with town.store.read() as session:
        clock = session.exec(
            select(Deadline).where(Deadline.order_id == letter.order_id, Deadline.duty == Duty.REPLY)
        ).one()
    assert clock.working_days == 10


def test_a_letter_without_the_four_facts_does_not_become_a_complaint(town: Town) -> None:
    letter = town.register(kind=Kind.OTHER, workplace="", home_address="")
    with pytest.raises(NotAccepted, match="第十五条") as refusal:
        classify(town.agent, letter.order_id, kind=Kind.COMPLAINT)
    assert refusal.value.missing == ("workplace", "home_address")


def test_what_is_not_given_stays_as_it_was(town: Town) -> None:
    letter = town.register(kind=Kind.HELP, urgent=True)
    classify(town.agent, letter.order_id, region_id=town.region)
    with town.store.read() as session:
        row = session.get(WorkOrder, letter.order_id)
        assert row is not None
        assert (row.kind, row.urgent, row.topic_id) == (Kind.HELP, True, town.parking)


def test_an_accused_unit_once_named_stays_named(town: Town) -> None:
    letter = town.register(accused=(town.a,))
    classify(town.agent, letter.order_id, accused=(town.b, town.a))
    classify(town.agent, letter.order_id, urgent=True)
    with town.store.read() as session:
        accused = session.exec(select(OrderAccused.unit_id).where(OrderAccused.order_id == letter.order_id)).all()
    assert set(accused) == {town.a, town.b}
    with pytest.raises(Refused, match="第十三条"):
        dispatch.assign(town.agent, letter.order_id, town.a)


def test_an_accused_unit_must_be_one(town: Town) -> None:
    letter = town.register()
    with pytest.raises(NotFound):
        classify(town.agent, letter.order_id, accused=(new_id(),))


def test_a_dispatched_order_is_not_classified_again(town: Town) -> None:
    order = town.assigned()
    with pytest.raises(NotAllowed, match="第九条"):
        classify(town.agent, order.order_id, kind=Kind.HELP)


def test_a_classification_loses_the_race_against_whoever_was_faster(town: Town) -> None:
    order = town.register()
    classify(town.agent, order.order_id, urgent=True, seen=1)
    with pytest.raises(Conflict):
        classify(town.agent2, order.order_id, urgent=False, seen=1)


def letter_of(town: Town, **told: Any) -> Built:
    plain: dict[str, Any] = {
        "kind": Kind.OTHER,
        "channel": Channel.MAILBOX,
        "topic_id": None,
        "region_id": None,
        "address": "",
    }
    return town.register(**(plain | told))


@pytest.mark.parametrize(
    ("told", "sentence"), [({}, "请先选诉求分类"), ({"topic": "parking"}, "请先选区域"), ({"region": "region"}, "分类")]
)
def test_a_letter_without_topic_and_place_goes_to_no_unit(town: Town, told: dict[str, str], sentence: str) -> None:
    letter = letter_of(town)
    if told:
        classify(town.agent, letter.order_id, **{f"{name}_id": getattr(town, key) for name, key in told.items()})
    with pytest.raises(NotAccepted, match=sentence):
        dispatch.assign(town.agent, letter.order_id, town.a)


def test_a_letter_about_no_one_place_says_so_in_its_address(town: Town) -> None:
    letter = letter_of(town)
    classify(town.agent, letter.order_id, topic_id=town.parking, address="全区")
    dispatch.assign(town.agent, letter.order_id, town.a)


def test_without_a_topic_nothing_is_reported_for_instruction(town: Town) -> None:
    letter = letter_of(town)
    with pytest.raises(NotAccepted, match="请先选诉求分类"):
        instruction.report(town.office, letter.order_id, "涉及多个部门")


def test_an_instructed_order_needs_no_region(town: Town) -> None:
    letter = letter_of(town, topic_id=town.parking)
    instruction.report(town.office, letter.order_id, "涉及多个部门")
    instruction.instruct(town.city_leader, letter.order_id, "由房产分局牵头办理")
    dispatch.assign(town.office, letter.order_id, town.a)


def test_what_the_writer_says_when_called_back_makes_it_a_complaint_and_stands_in_no_event(town: Town) -> None:
    letter = letter_of(town, workplace="", home_address="")
    told = CallerFacts(workplace="新河纺织厂", home_address="荷花苑3栋501")
    classify(town.agent, letter.order_id, kind=Kind.COMPLAINT, told=told)
    with town.store.read() as session:
        row = session.get(WorkOrder, letter.order_id)
        caller = session.exec(select(Caller)).one()
        payloads = str([event.payload for event in session.exec(select(Event))])
    assert row is not None
    assert row.kind is Kind.COMPLAINT
    assert (caller.name, caller.phone) == ("王小明", "13900002211")
    assert (caller.workplace, caller.home_address) == ("新河纺织厂", "荷花苑3栋501")
    for secret in ("新河纺织厂", "荷花苑3栋501", "王小明"):
        assert secret not in payloads


def test_facts_that_are_still_missing_leave_caller_and_letter_as_they_were(town: Town) -> None:
    letter = letter_of(town, workplace="", home_address="")
    with pytest.raises(NotAccepted, match="还缺: 家庭住址"):
        classify(town.agent, letter.order_id, kind=Kind.TIPOFF, told=CallerFacts(workplace="新河纺织厂"))
    with town.store.read() as session:
        assert session.exec(select(Caller.workplace)).one() == ""


def test_a_letter_that_names_nobody_gets_its_writer(town: Town) -> None:
    letter = letter_of(town)
    with town.store.write() as session:
        session.delete(session.exec(select(OrderCaller)).one())
        session.commit()
    told = CallerFacts("王小明", "139 0000 2211", "新河纺织厂", "荷花苑3栋501")
    classify(town.agent, letter.order_id, kind=Kind.COMPLAINT, told=told)
    with town.store.read() as session:
        query = select(Caller.phone).join(OrderCaller, col(OrderCaller.caller_id) == col(Caller.id))
        assert session.exec(query).one() == "13900002211"
