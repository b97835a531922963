"""A unit's tray: urgent on top, then the earliest of both clocks; what is delegated stands in both trays (R-S1)."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.data.queries import tray
from hotline_tui.data.queries.rows import Cursor
from hotline_tui.data.queries.tray import Held
from hotline_tui.rules.words import AssignmentState, Kind, Release, RequestMatter
from hotline_tui.services import consent, handling, promise, release
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import SHANGHAI, Town
from tests.services.looks import share_of

pytestmark = pytest.mark.requirement("R-S1")


def held(town: Town, desk: Desk, limit: int = 50) -> list[Held]:
    """Every page of the tray."""
    found: list[Held] = []
    after: Cursor | None = None
    with town.store.read() as session:
        while True:
            page = tray.tray(session, desk.viewer, edges_now(desk, session), after=after, limit=limit)
            found += page.rows
            after = page.next
            if after is None:
                return found


def test_urgent_orders_stand_on_top_a_page_at_a_time_too(town: Town) -> None:
    quick = town.assigned(kind=Kind.INQUIRY)
    slow = town.later(minutes=1).assigned(kind=Kind.TIPOFF)
    urgent_slow = town.later(minutes=1).assigned(kind=Kind.TIPOFF, urgent=True)
    urgent_quick = town.later(minutes=1).assigned(kind=Kind.INQUIRY, urgent=True)
    for limit in (1, 2, 50):
        assert [row.order.number for row in held(town, town.handler, limit)] == [
            urgent_quick.number,
            urgent_slow.number,
            quick.number,
            slow.number,
        ]


def test_a_delegated_order_stands_in_both_trays_with_the_superiors_clock(town: Town) -> None:
    order = town.signed()
    assert held(town, town.handler_below) == []
    handling.delegate(town.handler, share_of(order), town.a_below)
    (above,) = held(town, town.handler)
    (below,) = held(town, town.handler_below)
    assert (above.holder, above.worker) == (below.holder, below.worker) == ("房产分局", "物业科")
    assert (above.relation.own_unit, below.relation.own_unit, below.relation.delegated) == (True, False, True)
    assert below.due_at == above.due_at is not None
    handling.delegate(town.handler, share_of(order), town.a)
    assert held(town, town.handler_below) == []


def test_a_reply_to_a_delegated_order_waits_for_the_superiors_leader_alone(town: Town) -> None:
    order = town.signed()
    handling.delegate(town.handler, share_of(order), town.a_below)
    handling.draft_reply(town.handler_below, share_of(order), "已退费")
    with town.store.read() as session:
        edges = edges_now(town.leader, session)
        assert len(tray.to_approve(session, town.leader.viewer, edges).rows) == 1
        assert tray.to_approve(session, town.handler_below.viewer, edges).rows == ()


def test_what_is_due_is_the_promise_once_the_first_reply_has_left(town: Town) -> None:
    order = town.signed()
    (row,) = held(town, town.handler)
    assert row.due_at is not None
    assert row.due_at.astimezone(SHANGHAI).strftime("%m-%d") == "11-27"
    assert row.return_until is not None
    promise.promise(town.handler, share_of(order), "正在清退", date(2027, 12, 10))
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    (row,) = held(town, town.handler)
    assert row.due_at is not None
    assert (row.state, row.due_at.astimezone(SHANGHAI).date()) == (AssignmentState.PROMISED, date(2027, 12, 10))
    assert (row.provisional, row.return_until) == (True, None)


def test_a_request_stands_there_until_the_office_has_answered(town: Town) -> None:
    order = town.signed()
    town.at("2026-11-23 09:00")
    asked = consent.request_return(town.handler, share_of(order), "应由城管局办理")
    (row,) = held(town, town.handler)
    assert row.asks is RequestMatter.LATE_RETURN
    consent.decline(town.office, asked, "属本单位职责")
    (row,) = held(town, town.handler)
    assert row.asks is None
