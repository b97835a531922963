"""R-15: a complaint or tip-off that came in without the four facts leaves the queue by no way but the refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, select

from hotline_tui.errors import NotAccepted
from hotline_tui.models import Caller, Event, OrderCaller, WorkOrder
from hotline_tui.rules.acceptance import CallerFacts, Fact, fullest
from hotline_tui.rules.words import Action, Channel, Kind, OrderState, RefusalReason
from hotline_tui.rules.workflow import ORDER_STEPS
from hotline_tui.services import answer, dispatch, handling, instruction, intake
from hotline_tui.services.classify import classify
from tests.builders import Built, Town
from tests.services.looks import order_of, share_of

pytestmark = pytest.mark.requirement("R-15", "R-10")

NAMELESS: dict[str, Any] = {"name": "", "phone": "", "workplace": "", "home_address": ""}
WAYS: dict[Action, Callable[[Town, Built], object]] = {
    Action.ASSIGN: lambda town, order: dispatch.assign(town.agent, order.order_id, town.a),
    Action.ANSWER: lambda town, order: answer.answer(town.agent, order.order_id, town.article),
    Action.REPORT: lambda town, order: instruction.report(town.agent, order.order_id, "重要事项"),
    Action.PROPOSE_COUNTERSIGN: lambda town, order: instruction.propose(town.agent, order.order_id, "涉及几个单位"),
    Action.MERGE: lambda town, order: intake.merge(town.agent, order.order_id, town.register().number),
}
"""Every way of taking an order on."""
every_way = pytest.mark.parametrize("way", WAYS)


def letter(town: Town, kind: Kind = Kind.TIPOFF, **told: Any) -> Built:
    """As an import leaves a letter of this kind: stored at once, whatever it lacks."""
    made = town.register(**({"kind": Kind.OTHER, "channel": Channel.MAILBOX} | NAMELESS | told))
    with town.store.write() as session:
        order = session.get(WorkOrder, made.order_id)
        assert order is not None
        order.kind = kind
        session.commit()
    return made


def events(town: Town, order: Built) -> int:
    with town.store.read() as session:
        return len(session.exec(select(Event).where(Event.order_id == order.order_id)).all())


def test_the_ways_walked_here_are_all_that_lead_out_of_the_queue_but_the_refusal() -> None:
    out = {step.action for step in ORDER_STEPS if step.source is OrderState.RECEIVED and step.target is not step.source}
    assert out == {*WAYS, Action.REFUSE}


@every_way
@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.TIPOFF])
def test_a_letter_without_name_is_taken_on_by_no_way_and_what_is_missing_is_named(
    town: Town, way: Action, kind: Kind
) -> None:
    made = letter(town, kind, name="王小明")
    before = events(town, made)
    with pytest.raises(NotAccepted) as refused:
        WAYS[way](town, made)
    assert str(refused.value) == f"{kind.label}须实名, 还缺: 联系方式、工作单位、家庭住址(第十五条)"
    assert refused.value.missing == ("contact", "workplace", "home_address")
    assert (order_of(town, made).state, events(town, made)) == (OrderState.RECEIVED, before)


@every_way
def test_with_the_four_facts_each_way_is_open(town: Town, way: Action) -> None:
    made = letter(town)
    told = CallerFacts("王小明", "13900002211", "某某公司", "某某花园3栋501")
    classify(town.agent, made.order_id, kind=Kind.TIPOFF, told=told)
    WAYS[way](town, made)
    assert order_of(town, made).state is not OrderState.RECEIVED


@every_way
def test_other_kinds_may_be_anonymous_on_every_way(town: Town, way: Action) -> None:
    made = letter(town, Kind.SUGGESTION)
    WAYS[way](town, made)
    assert order_of(town, made).state is not OrderState.RECEIVED


def test_without_name_it_can_be_refused(town: Town) -> None:
    made = letter(town)
    intake.refuse_received(town.agent, made.order_id, RefusalReason.VAGUE, "请说明时间和地点")
    assert order_of(town, made).state is OrderState.REFUSED


def test_what_a_unit_returned_is_asked_again(town: Town) -> None:
    made = town.assigned(kind=Kind.TIPOFF)
    handling.return_(town.handler, share_of(made), "不属职责")
    with town.store.write() as session:
        held = select(Caller).join(OrderCaller, col(OrderCaller.caller_id) == col(Caller.id))
        caller = session.exec(held.where(OrderCaller.order_id == made.order_id)).one()
        caller.name = caller.masked_name = ""
        session.commit()
    with pytest.raises(NotAccepted, match="还缺: 姓名"):
        dispatch.assign(town.agent, made.order_id, town.b)


def test_of_several_callers_one_with_a_name_is_enough(town: Town) -> None:
    nameless = letter(town)
    named = town.register(name="李小红", phone="13900003344")
    intake.merge(town.agent, named.order_id, nameless.number)
    classify(town.agent, nameless.order_id, kind=Kind.COMPLAINT)
    dispatch.assign(town.agent, nameless.order_id, town.a)
    assert order_of(town, nameless).state is OrderState.ASSIGNED


def test_two_halves_of_a_name_are_no_name() -> None:
    whole = CallerFacts("王", "139", "厂", "楼")
    halves = replace(whole, name="", contact=""), replace(whole, workplace="", home_address=" ")
    assert fullest(halves) == halves[0]
    assert fullest((*halves, whole)) == whole
    assert not any(fullest(()).told(fact) for fact in Fact)
