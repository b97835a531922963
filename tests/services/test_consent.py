"""退件 (R-11.3, R-D5, R-D9): late returns by consent, counted; the second return is the office's matter."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, Deadline, WorkOrder
from hotline_tui.rules.words import AssignmentState, Duty, OrderState
from hotline_tui.services import consent, dispatch, handling
from tests.builders import Town

pytestmark = pytest.mark.requirement("R-11.3", "R-D5", "R-D9")


def test_a_late_return_needs_the_offices_consent_and_counts_as_late(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    town.at("2026-11-23 09:00")
    with pytest.raises(Refused, match="申请退件"):
        handling.return_(town.handler, order.assignment_id, "不属职责")
    asked = consent.request_return(town.handler, order.assignment_id, "查明后属工商分局职责")
    consent.grant(town.office, asked, "同意")
    with town.store.read() as session:
        share = session.get_one(Assignment, order.assignment_id)
        assert (share.state, share.return_late, share.return_reason) == (
            AssignmentState.RETURNED,
            True,
            "查明后属工商分局职责",
        )
        row = session.get_one(WorkOrder, order.order_id)
        assert (row.state, row.returns, row.unit_id) == (OrderState.RECEIVED, 1, None)
        assert all(clock.met_at or clock.void_at for clock in session.exec(select(Deadline)))


def test_a_declined_return_leaves_the_unit_and_its_clock(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    town.at("2026-11-23 09:00")
    asked = consent.request_return(town.handler, order.assignment_id, "不属职责")
    with pytest.raises(Refused, match="理由"):
        consent.decline(town.office, asked, " ")
    consent.decline(town.office, asked, "属三定方案明确的职责")
    with town.store.read() as session:
        assert session.get_one(Assignment, order.assignment_id).state is AssignmentState.SIGNED
        open_ = [clock.duty for clock in session.exec(select(Deadline)) if not (clock.met_at or clock.void_at)]
    assert set(open_) == {Duty.REPLY, Duty.RETURN}


def test_the_second_return_makes_it_the_offices_matter(town: Town) -> None:
    order = town.register()
    for unit, handler in ((town.a, town.handler), (town.b, town.handler_b)):
        made = dispatch.assign(town.agent, order.order_id, unit)
        handling.return_(handler, made.assignment_id, "不属职责")
    with pytest.raises(NotAllowed, match="已两次退件, 由热线办确定"):
        dispatch.assign(town.agent, order.order_id, town.a)
    dispatch.assign(town.office, order.order_id, town.a)


def test_the_same_unit_twice_counts_as_two_returns(town: Town) -> None:
    order = town.register()
    for _ in range(2):
        made = dispatch.assign(town.agent, order.order_id, town.a)
        handling.return_(town.handler, made.assignment_id, "不属职责")
    with pytest.raises(NotAllowed, match="由热线办确定"):
        dispatch.assign(town.agent, order.order_id, town.b)
