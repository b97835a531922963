"""Art. 11(5), 14: private or public, or back to the unit."""

from __future__ import annotations

import pytest

from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, Reply
from hotline_tui.rules.words import AssignmentState, Duty, OrderState, Release
from hotline_tui.services import handling, release
from tests.builders import Town
from tests.services.looks import clocks, order_of, row, rows, share_of


@pytest.mark.parametrize("how", Release)
def test_the_office_lets_a_reply_go(town: Town, how: Release) -> None:
    order = town.replied()
    with pytest.raises(NotAllowed, match="热线办"):
        release.release(town.agent, order.order_id, how)
    release.release(town.office, order.order_id, how)
    (reply,) = rows(town, Reply, order)
    assert (reply.release, reply.released_at, reply.released_text) == (how, town.now, reply.text)
    assert order_of(town, order).state is OrderState.AWAITING_CALLBACK


def test_the_public_may_read_less_than_the_caller(town: Town) -> None:
    order = town.replied()
    release.release(town.office, order.order_id, Release.PUBLIC, text="已责令退费")
    (reply,) = rows(town, Reply, order)
    assert reply.released_text == "已责令退费"
    assert reply.text != reply.released_text


def test_a_secret_matter_is_answered_to_the_caller_alone(town: Town) -> None:
    order = town.replied(secret=True)
    with pytest.raises(Refused, match="第十四条"):
        release.release(town.office, order.order_id, Release.PUBLIC)
    release.release(town.office, order.order_id, Release.PRIVATE)


def test_a_rejected_reply_goes_back_and_its_first_clock_runs_on(town: Town) -> None:
    order = town.replied()
    with pytest.raises(Refused, match="理由"):
        release.reject_reply(town.office, order.order_id, "")
    release.reject_reply(town.office, order.order_id, "未答复退费问题")
    assert order_of(town, order).state is OrderState.ASSIGNED
    assert row(town, Assignment, share_of(order)).state is AssignmentState.SIGNED
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.met_at is None
    handling.draft_reply(town.handler, share_of(order), "三日内退费")
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    first, second = sorted(rows(town, Reply, order), key=lambda reply: reply.position)
    assert (first.release, second.release) == (None, Release.PRIVATE)


def test_nothing_is_released_twice(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    with pytest.raises((NotAllowed, Refused)):
        release.release(town.office, order.order_id, Release.PRIVATE)
