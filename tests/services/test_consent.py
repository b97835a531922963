"""退件 (R-11.3, R-D5, R-D9): late returns by consent, counted; the second return is the office's matter."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from hotline_tui.data.queries.consents import to_consent
from hotline_tui.data.queries.tray import tray
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, Deadline, WorkOrder
from hotline_tui.rules.consents import GRANTS, answerable, answers
from hotline_tui.rules.words import (
    Action,
    AssignmentState,
    Duty,
    OrderState,
    Release,
    RequestMatter,
    Role,
)
from hotline_tui.rules.workflow import Relation, why_not, why_not_assignment
from hotline_tui.services import consent, dispatch, handling, instruction, promise, release
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town

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


def asked_of_the_office(town: Town) -> list[RequestMatter]:
    """What stands in 申请, and in the tray of the unit that still has a share, as the same."""
    with town.store.read() as session:
        found = [row.matter for row in to_consent(session, town.office.viewer, edges_now(town.office, session)).rows]
        held = tray(session, town.handler.viewer, edges_now(town.handler, session)).rows
    assert [row.asks for row in held if row.asks] == found
    return found


def promised_another(town: Town) -> tuple[Built, UUID, UUID]:
    """A promise has left, another day is asked for."""
    order = town.signed()
    assert order.assignment_id is not None
    promise.promise(town.handler, order.assignment_id, "正在清退", date(2026, 12, 11))
    handling.approve(town.leader, order.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    asked = consent.request_promise(town.handler, order.assignment_id, date(2026, 12, 18), "须等评审")
    return order, order.assignment_id, asked


@pytest.mark.requirement("R-D8")
def test_a_request_stands_in_the_list_as_long_as_somebody_can_answer_it(town: Town) -> None:
    order, share, asked = promised_another(town)
    assert asked_of_the_office(town) == [RequestMatter.PROMISED_DAY]
    handling.draft_reply(town.handler, share, "已清退")
    assert asked_of_the_office(town) == [RequestMatter.PROMISED_DAY]  # it can be declined
    with pytest.raises(NotAllowed, match="待领导审核"):
        consent.grant(town.office, asked)
    handling.approve(town.leader, share)
    assert asked_of_the_office(town) == []
    release.reject_reply(town.office, order.order_id, "未说明金额")
    assert asked_of_the_office(town) == [RequestMatter.PROMISED_DAY]
    handling.draft_reply(town.handler, share, "已清退 320 元")
    handling.approve(town.leader, share)
    release.release(town.office, order.order_id, Release.PRIVATE)
    assert asked_of_the_office(town) == []
    with pytest.raises(NotAllowed):
        consent.decline(town.office, asked, "已办结")


def test_a_request_of_a_unit_that_has_no_share_any_more_is_nobodys(town: Town) -> None:
    for end in (
        lambda order, share: instruction.propose_from_unit(town.handler, share, "应由几个单位办理"),
        lambda order, share: dispatch.cancel(town.office, share, "机构调整"),
    ):
        order = town.signed()
        assert order.assignment_id is not None
        consent.request_return(town.handler, order.assignment_id, "不属职责")
        assert asked_of_the_office(town) == [RequestMatter.LATE_RETURN]
        end(order, order.assignment_id)
        assert asked_of_the_office(town) == []


def test_a_request_is_answerable_exactly_where_the_workflow_opens_an_answer_to_the_office() -> None:
    anybody = Relation(countersigned=True)
    for matter in RequestMatter:
        assert {each.action for each in answers(matter)} == {GRANTS[matter], Action.DECLINE}
        for order in OrderState:
            for share in AssignmentState:
                open_ = any(
                    why_not(action, order, Role.OFFICE, anybody) is None
                    and why_not_assignment(action, share, Role.OFFICE, anybody) is None
                    for action in (GRANTS[matter], Action.DECLINE)
                )
                assert answerable(matter, order, share) is open_, (matter, order, share)
