"""Figures of any period: what counts for which day and whom, what stands behind them, and who may see it.

`tests/services/test_whole_orders.py` compares every figure with a full count after random walks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from hotline_tui.data import tally
from hotline_tui.data.queries.counted import Counted, counted
from hotline_tui.data.queries.measured import CALLS, LETTERS, Scope
from hotline_tui.data.queries.rows import Cursor
from hotline_tui.data.queries.statistics import by_day, by_month, counts
from hotline_tui.rules.indicators import Choices, Share, formula
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import (
    Channel,
    Dimension,
    Indicator,
    Kind,
    Measure,
    OrderState,
    Release,
    Span,
    Verdict,
)
from hotline_tui.services import dispatch, handling, release, restrict
from hotline_tui.services.clock import reckoning_now
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-11.7")
NOVEMBER, DECEMBER = (Period.of(Span.MONTH, date(2026, month, 1)) for month in (11, 12))


def told(
    town: Town,
    period: Period = NOVEMBER,
    by: Dimension = Dimension.TOTAL,
    viewer: Viewer | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen
) -> Mapping[str, Mapping[Measure, int]]:
    """Of each key what is not nothing."""
    with town.store.read() as session:
        found = counts(
            session, viewer or town.office.viewer, reckoning_now(town.office, session), period, by, scope=scope
        )
    return {key: {measure: many for measure, many in sums.items() if many} for key, sums in found.items()}


def total(town: Town, period: Period = NOVEMBER, scope: Scope = Scope()) -> Mapping[Measure, int]:  # noqa: B008
    return told(town, period, scope=scope)[""]


def behind(town: Town, measure: Measure, viewer: Viewer | None = None, scope: Scope = Scope()) -> list[Counted]:  # noqa: B008
    """The whole list, two rows a page."""
    rows: list[Counted] = []
    after: Cursor | None = None
    with town.store.read() as session:
        reckoning = reckoning_now(town.office, session)
        while True:
            page = counted(
                session,
                viewer or town.office.viewer,
                reckoning,
                measure,
                NOVEMBER,
                scope=scope,
                after=after,
                limit=2,
            )
            rows += page.rows
            after = page.next
            if after is None:
                return rows


def test_of_an_empty_period_everything_is_nothing_and_every_indicator_without_data(town: Town) -> None:
    found = total(town)
    assert found == {}
    with town.store.read() as session:
        sums = counts(session, town.office.viewer, reckoning_now(town.office, session), NOVEMBER)[""]
    assert set(sums) == set(Measure)
    for indicator in Indicator:
        assert formula(indicator, Choices()).share(sums) == Share(0, 0)
        assert formula(indicator, Choices()).share(sums).rate is None
    assert told(town, by=Dimension.UNIT) == {}
    assert not any(behind(town, measure) for measure in Measure)


def test_one_order_is_counted_from_its_receipt_to_its_callback(town: Town) -> None:
    town.bring(OrderState.ARCHIVED)
    assert total(town) == dict.fromkeys(
        (
            Measure.RECEIVED, Measure.ACCEPTED, Measure.ANSWERED, Measure.DISPATCHED, Measure.SIGNED, Measure.CALLED,
            Measure.REACHED, Measure.SATISFIED,
        ),
        1,
    )  # fmt: skip
    assert told(town, by=Dimension.KIND).keys() == {"complaint"}
    assert told(town, by=Dimension.TOPIC).keys() == {town.parking.hex}
    assert told(town, by=Dimension.REGION).keys() == {town.region.hex}
    units = told(town, by=Dimension.UNIT)
    assert units.keys() == {town.a.hex}  # a unit without orders has no line
    assert Measure.RECEIVED not in units[town.a.hex]


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2026-11-30 23:59:59.999999", NOVEMBER),
        ("2026-12-01 00:00:00", DECEMBER),
        ("2026-12-01 00:00:00.000001", DECEMBER),
    ],
)
def test_at_midnight_in_shanghai_the_next_day_begins(town: Town, at: str, month: Period) -> None:
    town.at(at).assigned()
    town.at("2026-12-31 12:00")
    for kept in (False, True):
        if kept:
            assert tally.fold(town.store, town.now, date(2026, 11, 1)) == 60
        for period in (NOVEMBER, DECEMBER):
            many = 1 if period is month else 0
            assert (
                total(town, period).get(Measure.RECEIVED, 0) == total(town, period).get(Measure.DISPATCHED, 0) == many
            )
        day = Period.between(town_day := date.fromisoformat(at[:10]), town_day)
        assert total(town, day)[Measure.RECEIVED] == 1


def test_a_deadline_counts_once_it_has_come_not_before(town: Town) -> None:
    town.signed()  # Friday the 20th: due on the 27th at 18:00
    town.at("2026-11-27 17:59")
    assert Measure.DUE not in total(town)
    town.at("2026-11-27 18:00")
    assert total(town)[Measure.DUE] == 1
    found = total(town.at("2026-11-27 18:01"))
    assert (found[Measure.OPEN], found[Measure.OVERDUE]) == (1, 1)
    assert Measure.SERIOUS not in total(town.at("2026-12-04 18:00"))
    assert total(town.at("2026-12-04 18:01"))[Measure.SERIOUS] == 1


def test_what_was_done_too_late_stays_late_and_only_far_too_late_seriously(town: Town) -> None:
    late, very_late = town.signed(), town.signed(town.b)
    for order, handler, leader, at in (
        (late, town.handler, town.leader, "2026-11-30 10:00"),
        (very_late, town.handler_b, town.leader_b, "2026-12-07 10:00"),
    ):
        town.at(at)
        assert order.assignment_id is not None
        handling.draft_reply(handler, order.assignment_id, "已处理")
        handling.approve(leader, order.assignment_id)
    town.at("2027-03-01 10:00")
    found = told(town, by=Dimension.UNIT)
    both = {Measure.DISPATCHED: 1, Measure.SIGNED: 1, Measure.DUE: 1, Measure.COMPLETED: 1, Measure.LATE: 1}
    both |= {Measure.OVERDUE: 1}
    assert found == {town.a.hex: both, town.b.hex: both | {Measure.SERIOUS: 1}}
    assert [one.order.id for one in behind(town, Measure.SERIOUS)] == [very_late.order_id]
    whole = Period.between(date(2024, 1, 1), date(2027, 3, 1))  # more days than one statement judges
    assert total(town, whole)[Measure.SERIOUS] == 1


def test_a_dispatch_after_an_unsatisfied_callback_counts_for_the_unit_that_did_not_satisfy(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    dispatch.redispatch(town.office, order.order_id, town.b, "来电人不满意")
    found = told(town, by=Dimension.UNIT)
    assert found[town.a.hex][Measure.REDISPATCHED] == 1
    assert Measure.REDISPATCHED not in found[town.b.hex]
    assert found[town.b.hex][Measure.DISPATCHED] == 1
    assert formula(Indicator.REDISPATCHED, Choices()).share(found[town.a.hex]) == Share(1, 1)
    assert [one.unit_id for one in behind(town, Measure.REDISPATCHED)] == [town.a]


def test_what_the_next_unit_did_is_not_told_of_the_first(town: Town) -> None:
    order = town.assigned()
    assert order.assignment_id is not None
    handling.return_(town.handler, order.assignment_id, "不属本单位职责")
    town.later(minutes=5)
    town.assign(order, town.b)
    found = told(town, by=Dimension.UNIT)
    assert found == {
        town.a.hex: {Measure.DISPATCHED: 1, Measure.RETURNED: 1},
        town.b.hex: {Measure.DISPATCHED: 1},
    }


def test_letters_are_told_apart_from_calls_and_published_answers_are_counted(town: Town) -> None:
    letter = town.replied(channel=Channel.MAILBOX, kind=Kind.SUGGESTION)
    release.release(town.office, letter.order_id, Release.PUBLIC)
    town.bring(OrderState.ANSWERED)
    of_letters = total(town, scope=LETTERS)
    assert {of_letters[each] for each in (Measure.RECEIVED, Measure.ANSWERED, Measure.PUBLISHED)} == {1}
    assert total(town, scope=CALLS) == dict.fromkeys(
        (Measure.RECEIVED, Measure.ACCEPTED, Measure.DIRECT, Measure.ANSWERED), 1
    )
    assert told(town, by=Dimension.KIND, scope=LETTERS)["suggestion"][Measure.RECEIVED] == 1


def test_a_narrower_scope_is_counted_from_the_rows(town: Town) -> None:
    town.bring(OrderState.ARCHIVED)
    town.bring(OrderState.ARCHIVED, town.b, topic_id=town.licence)
    town.refused()
    scopes = {
        Scope(topics=frozenset({town.licence})): 1,
        Scope(topics=frozenset({town.licence, town.parking})): 2,
        Scope(topics=frozenset({None})): 1,
        Scope(topics=frozenset({None, town.licence})): 2,
        Scope(kinds=frozenset({Kind.COMPLAINT})): 2,
        Scope(kinds=frozenset()): 0,
        Scope(regions=frozenset({town.region}), channels=frozenset({Channel.PHONE})): 2,
        Scope(units=frozenset({town.b})): 0,
    }
    for scope, many in scopes.items():
        assert total(town, scope=scope).get(Measure.RECEIVED, 0) == len(behind(town, Measure.RECEIVED, scope=scope))
        assert total(town, scope=scope).get(Measure.RECEIVED, 0) == many
    assert total(town, scope=Scope(units=frozenset({town.b})))[Measure.DISPATCHED] == 1


def test_days_and_months_are_told_one_by_one_up_to_today(town: Town) -> None:
    town.at("2026-10-31 09:00").register()
    town.at("2026-11-02 09:00").register()
    town.at("2026-11-04 09:00")
    for _ in range(2):
        with town.store.read() as session:
            reckoning = reckoning_now(town.office, session)
            asked = session, town.office.viewer, reckoning
            days = by_day(*asked, NOVEMBER, measures=(Measure.RECEIVED,))
            months = by_month(*asked, Period.of(Span.YEAR, date(2026, 1, 1)), measures=(Measure.RECEIVED,))
        assert [(day.day, sums.get("", {}).get(Measure.RECEIVED, 0)) for day, sums in days] == [
            (1, 0), (2, 1), (3, 0), (4, 0),
        ]  # fmt: skip
        assert len(months) == 11
        assert [sums.get("", {}).get(Measure.RECEIVED) for _, sums in months[-2:]] == [1, 1]
        tally.fold(town.store, town.now, date(2026, 10, 1))


def test_a_period_that_lies_ahead_has_nothing(town: Town) -> None:
    town.register()
    assert total(town, DECEMBER) == {}
    with town.store.read() as session:
        assert by_day(session, town.office.viewer, reckoning_now(town.office, session), DECEMBER) == []


def test_the_list_behind_a_figure_is_as_long_as_the_figure_page_by_page(town: Town) -> None:
    for verdict in (Verdict.SATISFIED, Verdict.UNREACHED, Verdict.MOSTLY_SATISFIED):
        order = town.bring(OrderState.AWAITING_CALLBACK)
        town.call(order, verdict)
    for unit in (town.a, town.b, town.a_below):
        town.assigned(unit)
    town.refused()
    found = total(town)
    assert found[Measure.DISPATCHED] == 6
    for measure in Measure:
        rows = behind(town, measure)
        assert len(rows) == found.get(measure, 0), measure
        assert len({row.id for row in rows}) == len(rows)
        assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)


@pytest.mark.requirement("R-13a")
def test_a_unit_counts_its_own_shares_and_never_what_accuses_it(town: Town) -> None:
    town.bring(OrderState.ARCHIVED)
    town.bring(OrderState.ARCHIVED, town.b)
    town.bring(OrderState.ARCHIVED, town.a_below)
    accusing: Built = town.bring(OrderState.ARCHIVED, town.b, accused=(town.a,))
    town.at("2026-12-20 10:00")
    tally.fold(town.store, town.now, date(2026, 11, 1))
    restrict.restrict(town.office, town.bring(OrderState.ARCHIVED, town.b).order_id, "来信反映", accused=[town.b])
    assert len(behind(town, Measure.DISPATCHED)) == total(town)[Measure.DISPATCHED] == 4
    seen: dict[str, set[UUID]] = {}
    for login in ("handler", "leader", "handler_below", "handler_b", "leader_b"):
        viewer = town.desks[login].viewer
        units = told(town, by=Dimension.UNIT, viewer=viewer)
        seen[login] = {UUID(hex=key) for key in units}
        assert seen[login] <= viewer.unit_ids
        for measure in Measure:
            rows = behind(town, measure, viewer)
            assert len(rows) == told(town, viewer=viewer)[""].get(measure, 0)
            assert accusing.order_id not in {row.order.id for row in rows} or login.endswith("_b")
    assert seen["leader"] == {town.a, town.a_below}
    assert seen["handler_below"] == {town.a_below}
    assert told(town, viewer=town.handler_b.viewer)[""][Measure.DISPATCHED] == 2  # of three one accuses it
    assert told(town, viewer=town.admin.viewer)[""] == {}


@pytest.mark.requirement("R-13a", "R-13b")
def test_who_may_not_see_a_secret_order_does_not_count_it_either(town: Town) -> None:
    town.assigned()
    town.assigned(secret=True, kind=Kind.HELP)
    town.at("2026-11-25 10:00")
    tally.fold(town.store, town.now, date(2026, 11, 1))
    wall = replace(town.office.viewer, on_wall=True)
    for viewer, many in ((town.office.viewer, 2), (town.agent.viewer, 2), (town.agent2.viewer, 1), (wall, 1)):
        assert told(town, viewer=viewer)[""][Measure.RECEIVED] == many == len(behind(town, Measure.RECEIVED, viewer))
        assert sum(sums[Measure.DISPATCHED] for sums in told(town, by=Dimension.KIND, viewer=viewer).values()) == many
