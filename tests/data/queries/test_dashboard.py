"""督办看板: decided from the open deadlines at the moment of asking (R-D7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hotline_tui.data.queries.dashboard import Counts, Snapshot, counts, overdue, snapshot
from hotline_tui.rules.indicators import Choices, Share
from hotline_tui.rules.words import Kind, OrderState, Verdict
from hotline_tui.services import notes
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Town

pytestmark = pytest.mark.requirement("R-6b", "R-D7")


def board(desk: Desk) -> Snapshot:
    with desk.store.read() as session:
        return snapshot(session, desk.viewer, edges_now(desk, session))


def pressing(desk: Desk) -> Counts:
    with desk.store.read() as session:
        return counts(session, desk.viewer, edges_now(desk, session))


def spread(town: Town) -> dict[str, str]:
    """Orders that stand in every way on Monday 2026-12-07 at 10:00."""
    made = {
        "serious": town.at("2026-11-20 09:00").assigned(),  # due 11-27
        "overdue": town.at("2026-11-30 09:00").assigned(kind=Kind.INQUIRY),  # due 12-03
        "overdue of b": town.assigned(town.b, kind=Kind.INQUIRY),
        "today": town.at("2026-12-02 09:00").assigned(kind=Kind.INQUIRY),  # due 12-07
        "tomorrow": town.at("2026-12-03 09:00").assigned(kind=Kind.INQUIRY),  # due 12-08
        "in time": town.at("2026-12-07 09:00").assigned(urgent=True),
        "waiting": town.register(urgent=True),
        "replied": town.replied(),
        "called": town.bring(OrderState.AWAITING_CALLBACK),
        "answered": town.bring(OrderState.ANSWERED),
        "archived": town.bring(OrderState.ARCHIVED),
    }
    town.refused()
    town.at("2026-12-07 10:00")
    return {name: order.number for name, order in made.items()}


def test_the_board_counts_each_order_where_it_stands(town: Town) -> None:
    made = spread(town)
    seen = board(town.office)
    assert (seen.waiting, seen.open, seen.due_today, seen.due_soon) == (1, 6, 1, 2)
    assert (seen.overdue, seen.seriously_overdue, seen.urgent_open) == (3, 1, 2)
    assert (seen.awaiting_release, seen.awaiting_callback, seen.under_review) == (1, 1, 0)
    assert [(line.unit, line.open, line.due_soon, line.overdue, line.seriously_overdue) for line in seen.units] == [
        ("房产分局", 5, 2, 2, 1),
        ("工商分局", 1, 0, 1, 0),
    ]
    assert [(row.order.number, row.days, row.unit) for row in seen.overdue_orders] == [
        (made["serious"], 6, "房产分局"),
        (made["overdue"], 2, "房产分局"),
        (made["overdue of b"], 2, "工商分局"),
    ]
    assert seen.units[0].worst == 6
    assert pressing(town.office) == Counts(1, 2, 3, 1)


def test_a_deadline_is_overdue_the_moment_after_it_and_seriously_after_five_working_days(town: Town) -> None:
    town.assigned()  # due 2026-11-27 18:00
    for moment, expected in {
        "2026-11-25 23:59:59": Counts(0, 0, 0, 0),
        "2026-11-26 00:00": Counts(0, 1, 0, 0),
        "2026-11-27 18:00": Counts(0, 1, 0, 0),
        "2026-11-27 18:00:01": Counts(0, 0, 1, 0),
        "2026-12-04 18:00": Counts(0, 0, 1, 0),
        "2026-12-04 18:00:01": Counts(0, 0, 1, 1),
    }.items():
        town.at(moment)
        assert pressing(town.office) == expected, moment
        seen = board(town.office)
        assert (seen.due_soon, seen.overdue, seen.seriously_overdue) == (
            expected.due_soon, expected.overdue, expected.seriously_overdue,
        )  # fmt: skip


def test_a_unit_sees_its_own_figures_alone(town: Town) -> None:
    spread(town)
    assert pressing(town.handler_b) == Counts(0, 0, 1, 0)
    seen = board(town.handler_b)
    assert [line.unit for line in seen.units] == ["工商分局"]
    assert len(seen.overdue_orders) == 1
    assert pressing(town.admin) == Counts(0, 0, 0, 0)


def test_a_secret_order_is_counted_for_those_who_may_see_it(town: Town) -> None:
    town.assigned(secret=True)
    town.at("2026-12-20 10:00")
    assert [pressing(desk).overdue for desk in (town.office, town.authority, town.agent, town.agent2)] == [1, 1, 1, 0]


def test_the_month_is_that_of_shanghai_and_only_deadlines_that_fell_in_it_until_now_count(town: Town) -> None:
    spread(town)
    month = board(town.office).month
    assert month.since.astimezone(town.now.tzinfo).isoformat() == "2026-11-30T16:00:00+00:00"
    assert month.on_time == Share(0, 2)
    assert dict(month.on_time_by_unit) == {town.a: Share(0, 1), town.b: Share(0, 1)}
    assert month.satisfied == Share(1, 1)
    assert month.direct == Share(1, 8)
    town.at("2026-12-15 10:00")
    month = board(town.office).month
    assert month.on_time == Share(3, 8)
    assert Share(0, 0).rate is None


def test_intake_is_counted_by_shanghai_day(town: Town) -> None:
    town.at("2026-11-20 23:59:59").register()
    town.at("2026-11-21 00:00").register()
    town.register()
    town.at("2026-11-22 12:00")
    seen = board(town.office)
    assert len(seen.intake) == 30
    assert seen.intake[-3:] == ((date(2026, 11, 20), 1), (date(2026, 11, 21), 2), (date(2026, 11, 22), 0))
    assert seen.received_today == 0


def test_the_overdue_are_paged_and_narrowed_to_a_unit(town: Town) -> None:
    made = spread(town)
    notes.urge(town.office, next(iter(board(town.office).overdue_orders)).order.id)
    with town.store.read() as session:
        edges = edges_now(town.office, session)
        first = overdue(session, town.office.viewer, edges, limit=2)
        second = overdue(session, town.office.viewer, edges, limit=2, after=first.next)
        of_b = overdue(session, town.office.viewer, edges, unit_id=town.b)
    assert len(first.rows) == 2
    assert first.rows[0].order.urges == 1
    assert [row.order.number for row in second.rows] == [made["overdue of b"]]
    assert second.next is None
    assert [row.order.number for row in of_b.rows] == [made["overdue of b"]]


def test_a_board_of_an_empty_hotline_is_all_zero(town: Town) -> None:
    seen = board(town.office)
    assert (seen.open, seen.overdue, seen.units, seen.overdue_orders, seen.urgent_open) == (0, 0, (), (), 0)
    assert seen.month.on_time == seen.month.satisfied == seen.month.direct == Share(0, 0)


def test_whether_mostly_satisfied_counts_is_the_city_to_say(town: Town) -> None:
    town.call(town.bring(OrderState.AWAITING_CALLBACK), Verdict.MOSTLY_SATISFIED)
    with town.store.read() as session:
        edges = edges_now(town.office, session)
        for counts, share in ((True, Share(1, 1)), (False, Share(0, 1))):
            told = snapshot(session, town.office.viewer, edges, choices=Choices(mostly_satisfied=counts))
            assert told.month.satisfied == share


def test_the_month_is_not_counted_again_when_it_is_handed_back(town: Town) -> None:
    spread(town)
    before = board(town.office)
    month = before.month
    town.later(seconds=5)
    with town.store.read() as session:
        again = snapshot(session, town.office.viewer, edges_now(town.office, session), past=before.past)
    assert again.month is month
    assert again.at - month.until == timedelta(seconds=5)
