"""Art. 8, 10, 15: register, refuse, merge - on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from hotline_tui.errors import Conflict, NotAccepted, NotAllowed, NotFound, Refused
from hotline_tui.models import Caller, OrderAccused, OrderCaller, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import Action, Channel, Kind, OrderState, RefusalReason
from hotline_tui.services import intake
from hotline_tui.services.intake import Intake
from tests.builders import Built, Town
from tests.engines import OWNERS
from tests.services.looks import order_of, steps

pytestmark = pytest.mark.requirement("R-8", "R-10", "R-15")


def test_a_call_becomes_an_order_with_a_number_people_can_speak(town: Town) -> None:
    first = town.register()
    second = town.register(kind=Kind.HELP, name="", phone="", workplace="", home_address="")
    assert (first.number, second.number) == ("C01-20261120-0001", "C01-20261120-0002")
    order = order_of(town, first)
    assert (order.state, order.channel, order.version) == (OrderState.RECEIVED, Channel.PHONE, 1)
    assert order.received_at == town.now
    assert [event.action for event in steps(town, first)] == [Action.REGISTER]


def test_the_day_in_a_number_is_shanghais(town: Town) -> None:
    town.at("2026-11-20T23:59:59")
    assert town.register().number == "C01-20261120-0001"
    town.at("2026-11-21T00:00:00")
    assert town.register().number == "C01-20261121-0001"


@OWNERS
def test_each_site_counts_its_own(town: Town) -> None:
    from hotline_tui.models import Site

    with town.store.write() as session:
        session.add(Site(code="N02", name="新河街道便民服务点"))
        session.commit()
    town.register()
    assert town.register(replace(town.agent, site="N02")).number == "N02-20261120-0001"


def test_an_incomplete_complaint_changes_nothing(town: Town) -> None:
    with pytest.raises(NotAccepted, match="工作单位、家庭住址") as refused:
        town.register(workplace="", home_address=" ")
    assert refused.value.missing == ("workplace", "home_address")
    with town.store.read() as session:
        assert session.exec(select(WorkOrder)).all() == []
        assert session.exec(select(Caller)).all() == []


def test_a_refused_registration_gives_its_number_back(town: Town) -> None:
    with pytest.raises(NotAllowed):
        town.register(town.handler)
    assert town.register().number.endswith("-0001")


def test_personal_data_stay_out_of_the_order_and_its_events(town: Town) -> None:
    order = town.register()
    told = ("王小明", "13900002211", "某某公司", "3栋501")
    stored = order_of(town, order).model_dump_json() + "".join(event.model_dump_json() for event in steps(town, order))
    assert not [text for text in told if text in stored]


def test_the_same_citizen_is_one_caller(town: Town) -> None:
    town.register()
    town.register()
    town.register(name="王大明")
    town.register(kind=Kind.HELP, name="", phone="")
    town.register(kind=Kind.HELP, name="", phone="")
    with town.store.read() as session:
        assert len(session.exec(select(Caller)).all()) == 4


def test_control_characters_stop_at_the_door(town: Town) -> None:
    order = order_of(town, town.register(narrative="停电\x1b[2J\u202e\r\n三天\x00", address="某街\n3号"))
    assert order.narrative == "停电[2J\n三天"
    assert order.address == "某街 3号"


def test_an_accused_unit_stands_on_the_order(town: Town) -> None:
    order = town.register(accused=(town.b,))
    assert [each.unit_id for each in _accused(town, order.order_id)] == [town.b]


@pytest.mark.parametrize("reason", RefusalReason)
def test_each_refusal_is_kept_with_what_the_caller_was_told(town: Town, reason: RefusalReason) -> None:
    earlier = town.register()
    made = intake.refuse(
        town.agent,
        Intake(Kind.OTHER, "不便受理的内容"),
        reason,
        "已说明不予受理",
        earlier_number=earlier.number,
        emergency_number="119",
    )
    with town.store.read() as session:
        order = session.get(WorkOrder, made.order_id)
        assert order is not None
        assert (order.state, order.refusal_reason) == (OrderState.REFUSED, reason)
        assert order.refusal_told == "已说明不予受理"
        assert order.closed_at == town.now


def test_a_duplicate_must_name_an_order_that_exists(town: Town) -> None:
    with pytest.raises(NotFound, match="请核对编号"):
        intake.refuse(
            town.agent,
            Intake(Kind.OTHER, "又来电"),
            RefusalReason.DUPLICATE,
            "已有工单",
            earlier_number="C01-20200101-0001",
        )
    with town.store.read() as session:
        assert session.exec(select(WorkOrder)).all() == []


def test_a_received_letter_can_be_refused(town: Town) -> None:
    order = town.register()
    intake.refuse_received(town.agent, order.order_id, RefusalReason.LEGAL_REMEDY, "请依法申请行政复议")
    assert order_of(town, order).state is OrderState.REFUSED
    with pytest.raises(NotAllowed, match="不予受理"):
        intake.refuse_received(town.agent, order.order_id, RefusalReason.VAGUE, "请说明")


def test_a_merged_order_adds_its_caller_to_the_living_one(town: Town) -> None:
    living = town.assigned()
    double = town.register(name="李某", phone="13900003344")
    intake.merge(town.agent, double.order_id, living.number)
    assert order_of(town, double).merged_into_id == living.order_id
    assert order_of(town, double).closed_at == town.now
    assert [link.position for link in sorted(_callers(town, living), key=lambda link: link.position)] == [0, 1]


def test_an_order_cannot_be_merged_into_itself_or_into_a_dead_one(town: Town) -> None:
    order = town.register()
    with pytest.raises(Refused, match="自身"):
        intake.merge(town.agent, order.order_id, order.number)
    with pytest.raises(Refused, match="不予受理"):
        intake.merge(town.agent, order.order_id, town.refused().number)
    assert order_of(town, order).state is OrderState.RECEIVED


def test_who_saw_an_older_state_of_the_order_is_told_so(town: Town) -> None:
    order = town.register()
    seen = order_of(town, order).version
    intake.refuse_received(town.agent, order.order_id, RefusalReason.VAGUE, "请说明", seen=seen)
    with pytest.raises(Conflict, match="他人"):
        intake.refuse_received(town.agent2, order.order_id, RefusalReason.VAGUE, "请说明", seen=seen)


def _accused(town: Town, order_id: object) -> list[OrderAccused]:
    with town.store.read() as session:
        return list(session.exec(select(OrderAccused).where(OrderAccused.order_id == order_id)))


def _callers(town: Town, order: Built) -> list[OrderCaller]:
    with town.store.read() as session:
        return list(session.exec(select(OrderCaller).where(OrderCaller.order_id == order.order_id)))


def test_a_draft_registered_again_is_the_same_order(town: Town) -> None:
    draft = new_id()
    first = town.register(draft_id=draft)
    again = town.register(draft_id=draft)
    assert (first.order_id, again.order_id, again.number) == (draft, draft, first.number)
    assert len(steps(town, first)) == 1
    refused = intake.refuse(
        town.agent, Intake(Kind.OTHER, "你好", draft_id=draft), RefusalReason.VAGUE, "请说明具体事项"
    )
    assert refused.number == first.number
    assert order_of(town, first).state is OrderState.RECEIVED


def test_a_number_told_with_blanks_is_found_as_it_is_dialled(town: Town) -> None:
    from hotline_tui.data.queries.callers import history
    from hotline_tui.services.clock import edges_now

    order = town.register(phone="139 0000-2211")
    for typed in ("13900002211", "139 0000 2211"):
        with town.agent.store.read() as session:
            found = history(session, town.agent.viewer, edges_now(town.agent, session), typed)
        assert [row.id for row in found.rows] == [order.order_id]


def test_an_accepted_call_has_a_topic_and_what_arrives_by_itself_gets_it_later(town: Town) -> None:
    with pytest.raises(NotAccepted, match="请先选诉求分类") as refusal:
        town.register(topic_id=None)
    assert refusal.value.missing == ("topic",)
    town.register(topic_id=None, channel=Channel.MAILBOX)


def test_a_call_about_an_earlier_order_takes_its_topic_and_region(town: Town) -> None:
    earlier = town.assigned()
    form = Intake(Kind.HELP, "还是停车收费的事", phone="13800001111")
    made = intake.register(town.agent, form, repeats=earlier.number)
    with town.store.read() as session:
        row = session.get(WorkOrder, made.order_id)
    assert row is not None
    assert (row.topic_id, row.region_id) == (town.parking, town.region)
