"""Art. 11(3), (5): the unit signs, returns, drafts; its leader passes or sends back."""

from __future__ import annotations

import pytest

from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused
from hotline_tui.models import Assignment, Reply
from hotline_tui.rules.words import Action, AssignmentState, Duty, OrderState
from hotline_tui.services import handling
from tests.builders import Town
from tests.services.looks import clocks, order_of, row, rows, share_of, steps

pytestmark = pytest.mark.requirement("R-11.3", "R-11.5")


def test_signing_is_kept_with_who_and_when(town: Town) -> None:
    order = town.assigned()
    town.later(minutes=5)
    handling.sign(town.handler, share_of(order))
    assignment = row(town, Assignment, share_of(order))
    assert (assignment.state, assignment.signed_at) == (AssignmentState.SIGNED, town.now)
    assert assignment.signed_by == town.handler.viewer.account_id


def test_another_units_people_do_not_find_it(town: Town) -> None:
    order = town.assigned()
    for desk in (town.handler_b, town.leader_b, town.handler_below):
        with pytest.raises(NotFound):
            handling.sign(desk, share_of(order))


def test_a_superior_unit_answers_for_those_below_it(town: Town) -> None:
    order = town.assigned(town.a_below)
    handling.sign(town.handler, share_of(order))
    assert row(town, Assignment, share_of(order)).state is AssignmentState.SIGNED


@pytest.mark.parametrize(
    ("dispatched", "returned", "in_time"),
    [
        ("2026-11-20T09:00", "2026-11-20T18:00", True),
        ("2026-11-20T09:00", "2026-11-20T18:00:01", False),
        ("2026-11-20T18:30", "2026-11-23T18:00", True),
        ("2026-11-21T10:00", "2026-11-23T17:59", True),
        ("2026-11-21T10:00", "2026-11-24T09:00", False),
    ],
)
def test_a_return_is_for_the_day_of_dispatch(town: Town, dispatched: str, returned: str, in_time: bool) -> None:
    order = town.at(dispatched).assigned()
    town.at(returned)
    if in_time:
        handling.return_(town.handler, share_of(order), "不属本单位职责")
        assert order_of(town, order).state is OrderState.RECEIVED
        assert row(town, Assignment, share_of(order)).return_reason == "不属本单位职责"
    else:
        with pytest.raises(Refused, match="热线办同意"):
            handling.return_(town.handler, share_of(order), "不属本单位职责")
        assert row(town, Assignment, share_of(order)).state is AssignmentState.DISPATCHED


def test_a_return_needs_a_reason_and_ends_the_clocks(town: Town) -> None:
    order = town.signed()
    with pytest.raises(Refused, match="退件理由"):
        handling.return_(town.handler, share_of(order), " \n")
    handling.return_(town.handler, share_of(order), "不属本单位职责")
    assert all(clock.void_at for clock in clocks(town, order, Duty.REPLY))
    assert all(clock.met_at for clock in clocks(town, order, Duty.RETURN))


def test_progress_is_told_and_moves_nothing(town: Town) -> None:
    order = town.signed()
    handling.progress(town.handler, share_of(order), "已约谈物业")
    last = steps(town, order)[-1]
    assert (last.action, last.from_state, last.to_state) == (Action.PROGRESS, "assigned", "assigned")
    assert last.payload["facts"]["text"] == "已约谈物业"


def test_a_draft_is_replaced_until_the_leader_looks(town: Town) -> None:
    order = town.signed()
    handling.draft_reply(town.handler, share_of(order), "初稿")
    handling.draft_reply(town.handler, share_of(order), "定稿")
    (reply,) = rows(town, Reply, order)
    assert reply.text == "定稿"


def test_only_the_leader_passes_a_reply(town: Town) -> None:
    order = town.drafted()
    with pytest.raises(NotAllowed, match="单位分管领导"):
        handling.approve(town.handler, share_of(order))
    town.later(hours=1)
    handling.approve(town.leader, share_of(order))
    assert order_of(town, order).state is OrderState.REPLIED
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.met_at == town.now


def test_what_the_leader_sends_back_is_kept_beside_the_new_text(town: Town) -> None:
    order = town.drafted()
    with pytest.raises(Refused, match="理由"):
        handling.send_back(town.leader, share_of(order), "")
    handling.send_back(town.leader, share_of(order), "没有写明退费时间")
    assert row(town, Assignment, share_of(order)).state is AssignmentState.SIGNED
    handling.draft_reply(town.handler, share_of(order), "三日内退费")
    first, second = sorted(rows(town, Reply, order), key=lambda reply: reply.position)
    assert first.sent_back_reason == "没有写明退费时间"
    assert second.text == "三日内退费"
    assert clocks(town, order, Duty.REPLY)[0].met_at is None


def test_an_overdue_reply_is_still_taken_and_counts_as_late(town: Town) -> None:
    order = town.signed()
    town.at("2026-12-15T10:00")
    handling.draft_reply(town.handler, share_of(order), "迟到的回复")
    handling.approve(town.leader, share_of(order))
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.met_at is not None
    assert clock.met_at > clock.due_at


def test_the_second_of_two_who_sign_is_told(town: Town) -> None:
    order = town.assigned()
    seen = order_of(town, order).version
    handling.sign(town.handler, share_of(order), seen=seen)
    with pytest.raises(Conflict):
        handling.sign(town.leader, share_of(order), seen=seen)
