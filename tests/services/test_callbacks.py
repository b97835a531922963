"""Art. 11(6): what the caller says, review, archive."""

from __future__ import annotations

import pytest

from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Callback
from hotline_tui.rules.words import OrderState, Release, Verdict
from hotline_tui.services import callbacks, dispatch, handling, notes, release
from tests.builders import Town
from tests.services.looks import order_of, rows, share_of, steps

pytestmark = pytest.mark.requirement("R-11.6")


@pytest.mark.parametrize("verdict", [Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED])
def test_a_contented_callers_order_is_archived(town: Town, verdict: Verdict) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    assert callbacks.call_back(town.agent2, order.order_id, verdict, remark="态度好") is OrderState.AWAITING_CALLBACK
    callbacks.archive(town.agent, order.order_id)
    kept = order_of(town, order)
    assert (kept.state, kept.closed_at, kept.verdict) == (OrderState.ARCHIVED, town.now, verdict)


def test_before_a_callback_there_is_no_archive(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    with pytest.raises(NotAllowed, match="回访满意"):
        callbacks.archive(town.agent, order.order_id, "嫌麻烦")


def test_an_unsatisfied_caller_is_heard_by_the_office(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    with pytest.raises(Refused, match="没有解决"):
        callbacks.call_back(town.agent2, order.order_id, Verdict.UNSATISFIED)
    state = callbacks.call_back(town.agent2, order.order_id, Verdict.UNSATISFIED, not_solved="费用没退")
    assert state is OrderState.UNDER_REVIEW
    with pytest.raises(NotAllowed, match="热线办"):
        callbacks.archive(town.agent, order.order_id, "无法再办")
    with pytest.raises(Refused, match="理由"):
        callbacks.archive(town.office, order.order_id)
    callbacks.archive(town.office, order.order_id, "依法不予退费, 已解释")
    assert order_of(town, order).archive_reason == "依法不予退费, 已解释"


def test_three_attempts_in_vain_may_be_archived_with_a_reason(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    for attempt in range(1, 4):
        with pytest.raises(NotAllowed):
            callbacks.archive(town.agent, order.order_id, "多次未联系上")
        callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
        assert order_of(town, order).unreached == attempt
    with pytest.raises(Refused, match="理由"):
        callbacks.archive(town.agent, order.order_id)
    callbacks.archive(town.agent, order.order_id, "三次未联系上")
    assert [each.attempt for each in sorted(rows(town, Callback, order), key=lambda each: each.attempt)] == [1, 2, 3]


def test_the_second_round_begins_anew(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    made = dispatch.redispatch(town.office, order.order_id, town.a, "费用没退")
    handling.sign(town.handler, made.assignment_id)
    handling.draft_reply(town.handler, made.assignment_id, "已退费")
    handling.approve(town.leader, made.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    with pytest.raises(NotAllowed, match="回访满意"):
        callbacks.archive(town.agent, order.order_id)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    callbacks.archive(town.agent, order.order_id)
    assert [each.sequence for each in steps(town, order)] == list(range(1, len(steps(town, order)) + 1))


def test_notes_and_urging_stand_on_the_time_line(town: Town) -> None:
    order = town.assigned()
    notes.note(town.office, order.order_id, "来电人又来电")
    notes.urge(town.office, order.order_id, "请尽快")
    notes.urge(town.office, order.order_id)
    assert order_of(town, order).urges == 2
    assert [event.payload["facts"].get("text") for event in steps(town, order)][-3:] == ["来电人又来电", "请尽快", ""]
    with pytest.raises(Refused, match="备注"):
        notes.note(town.office, order.order_id, "")


def test_a_look_at_the_callers_data_is_recorded_with_its_reason(town: Town) -> None:
    order = town.assigned()
    with pytest.raises(Refused, match="理由"):
        notes.unmask(town.agent, order.order_id, "")
    (data,) = notes.unmask(town.handler, order.order_id, "上门核实")
    assert (data.name, data.phone) == ("王小明", "13900002211")
    last = steps(town, order)[-1]
    assert last.payload["facts"] == {"reason": "上门核实"}
    with pytest.raises(Refused, match="市领导"):
        notes.unmask(town.city_leader, order.order_id, "看看")


def test_nothing_is_done_to_an_order_twice(town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED)
    with pytest.raises(NotAllowed, match="已归档"):
        callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    with pytest.raises(NotAllowed):
        handling.sign(town.handler, share_of(order))
