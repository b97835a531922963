"""Art. 11(2)2, 13; R-D2, R-D5, R-D6, R-D9: dispatch and its clocks."""

from __future__ import annotations

from datetime import datetime

import pytest

from hotline_tui.errors import NotAllowed, NotFound, Refused
from hotline_tui.models import Assignment
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import AssignmentState, Duty, Kind, OrderState, Route
from hotline_tui.services import dispatch, handling
from tests.builders import SHANGHAI, Town
from tests.services.looks import clocks, order_of, rows, share_of, steps

pytestmark = pytest.mark.requirement("R-11.2.2", "R-D2", "R-D5", "R-D6", "R-D9")

LIMITS = {
    Kind.INQUIRY: "2026-11-25",
    Kind.HELP: "2026-11-27",
    Kind.COMPLAINT: "2026-11-27",
    Kind.TIPOFF: "2026-12-04",
    Kind.SUGGESTION: "2026-11-27",
    Kind.PRAISE: "2026-11-25",
    Kind.OTHER: "2026-11-25",
}


def closing(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T18:00").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_working_days(town: Town, kind: Kind) -> None:
    order = town.assigned(kind=kind)
    (reply,) = clocks(town, order, Duty.REPLY)
    assert reply.due_at == closing(LIMITS[kind])
    assert not reply.provisional


def test_the_preview_is_what_dispatch_does(town: Town) -> None:
    shown = dispatch.preview(town.agent, Kind.COMPLAINT)
    order = town.register()
    assert dispatch.assign(town.agent, order.order_id, town.a).due == shown


def test_dispatch_starts_the_clocks_of_reply_and_return(town: Town) -> None:
    order = town.assigned()
    assert [each.due_at for each in clocks(town, order, Duty.RETURN)] == [closing("2026-11-20")]
    kept = order_of(town, order)
    assert (kept.state, kept.route, kept.unit_id, kept.first_unit_id) == (
        OrderState.ASSIGNED,
        Route.ASSIGNED,
        town.a,
        town.a,
    )
    assert steps(town, order)[-1].payload["facts"]["skipped"] == [["2026-11-21", "周六"], ["2026-11-22", "周日"]]


def test_a_dispatch_over_new_year_is_provisional(town: Town) -> None:
    town.at("2026-12-29T10:00")
    (reply,) = clocks(town, town.assigned(kind=Kind.HELP), Duty.REPLY)
    assert reply.provisional


@pytest.mark.parametrize("unit", ["a", "a_below"])
def test_the_accused_and_those_below_receive_nothing(town: Town, unit: str) -> None:
    order = town.register(accused=(town.a,))
    with pytest.raises(Refused, match="第十三条"):
        dispatch.assign(town.agent, order.order_id, getattr(town, unit))
    assert order_of(town, order).state is OrderState.RECEIVED
    assert rows(town, Assignment, order) == []
    dispatch.assign(town.agent, order.order_id, town.b)


def test_an_unknown_unit_or_order_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound, match="承办单位"):
        dispatch.assign(town.agent, town.register().order_id, new_id())
    with pytest.raises(NotFound, match="工单"):
        dispatch.assign(town.agent, new_id(), town.a)


def test_after_a_return_the_next_dispatch_has_a_clock_of_its_own(town: Town) -> None:
    order = town.assigned()
    handling.return_(town.handler, share_of(order), "不属本单位职责")
    town.at("2026-11-23T09:00")
    dispatch.assign(town.agent, order.order_id, town.b)
    first, second = clocks(town, order, Duty.REPLY)
    assert first.void_at is not None
    assert second.due_at == closing("2026-11-30")
    kept = order_of(town, order)
    assert (kept.first_unit_id, kept.unit_id, kept.dispatches, kept.returns) == (town.a, town.b, 2, 1)


def test_two_returns_leave_it_to_the_office(town: Town) -> None:
    order = town.assigned()
    handling.return_(town.handler, share_of(order), "不属本单位职责")
    second = town.assign(order, town.b)
    handling.return_(town.handler_b, share_of(second), "也不属本单位职责")
    with pytest.raises(NotAllowed, match="由热线办"):
        dispatch.assign(town.agent, order.order_id, town.a)
    dispatch.assign(town.office, order.order_id, town.a)


def test_redispatch_is_a_new_assignment(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    town.at("2026-11-24T09:00")
    with pytest.raises(NotAllowed):
        dispatch.redispatch(town.agent, order.order_id, town.b, "费用没有退")
    made = dispatch.redispatch(town.office, order.order_id, town.b, "费用没有退")
    assignments = sorted(rows(town, Assignment, order), key=lambda each: each.position)
    assert [each.again for each in assignments] == [False, True]
    assert assignments[1].id == made.assignment_id
    assert assignments[1].state is AssignmentState.DISPATCHED
    kept = order_of(town, order)
    assert (kept.verdict, kept.unreached, kept.first_unit_id) == (None, 0, town.a)
