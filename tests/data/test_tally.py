"""Days that are over are counted once, and anew when something that counts for them was changed.

`tests/services/test_whole_orders.py` compares what is kept with a full count after random walks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data import tally
from hotline_tui.data.queries.dashboard import snapshot
from hotline_tui.models import Tally, TallyDay, TallyTouch
from hotline_tui.rules.words import Kind, OrderState
from hotline_tui.services import restrict
from hotline_tui.services.clock import edges_now
from tests.builders import Town

pytestmark = pytest.mark.requirement("R-6b", "R-13a", "R-13b", "R-D7")


def folded(town: Town) -> set[date]:
    with town.store.read() as session:
        days = session.exec(select(col(TallyDay.day))).all()
        return tally.standing(session, min(days), max(days)) if days else set()


def test_a_day_is_kept_once_it_is_over_and_counted_anew_once_it_was_touched(town: Town) -> None:
    order = town.at("2026-11-18 09:00").signed()
    town.at("2026-11-19 00:30")
    assert tally.fold(town.store, town.now, date(2026, 11, 16)) == 2
    assert date(2026, 11, 18) not in folded(town)
    town.at("2026-11-19 01:30")
    assert tally.fold(town.store, town.now, date(2026, 11, 16)) == 1
    assert date(2026, 11, 18) in folded(town)
    restrict.restrict(town.office, order.order_id, "来信反映", secret=True)
    assert date(2026, 11, 18) not in folded(town)
    restrict.restrict(town.office, order.order_id, "来信反映", accused=[town.b])
    assert tally.fold(town.store, town.now, date(2026, 11, 16)) == 1
    assert date(2026, 11, 18) in folded(town)
    assert tally.fold(town.store, town.now, date(2026, 11, 16)) == 0


def test_many_touches_become_one_and_a_later_one_still_counts(town: Town) -> None:
    orders = [town.at("2026-11-18 09:00").register() for _ in range(3)]
    town.at("2026-11-20 09:00")
    for order in orders[:2]:
        restrict.restrict(town.office, order.order_id, "来信反映", secret=True)
    tally.fold(town.store, town.now, date(2026, 11, 18))
    with town.store.read() as session:
        assert [(each.day.day, each.times) for each in session.exec(select(TallyTouch))] == [(18, 2)]
    restrict.restrict(town.office, orders[2].order_id, "来信反映", secret=True)
    assert date(2026, 11, 18) not in folded(town)


def test_the_wall_counts_no_veiled_order_in_the_past_either(town: Town) -> None:
    town.at("2026-11-10 09:00").assigned()
    town.assigned(secret=True)
    town.assigned(kind=Kind.TIPOFF)
    town.at("2026-11-20 09:15")
    wall = replace(town.office.viewer, on_wall=True)
    for _ in range(2):
        with town.store.read() as session:
            seen = snapshot(session, wall, edges_now(town.office, session))
        assert sum(many for _, many in seen.intake) == 1
        assert (seen.open, seen.overdue, seen.month.on_time.whole, seen.month.direct.whole) == (1, 1, 1, 1)
        assert seen.usual == pytest.approx(0.25 / 29)  # of its hour a quarter is over
        tally.fold(town.store, town.now, date(2026, 10, 1))


def test_a_tally_that_is_not_what_the_orders_say_is_found(town: Town) -> None:
    town.at("2026-11-18 09:00").assigned()
    town.at("2026-11-20 09:00")
    tally.fold(town.store, town.now, date(2026, 11, 16))
    with town.store.read() as session:
        assert tally.wrong(session) == []
    with town.store.write() as session:
        kept = session.exec(select(Tally).where(Tally.day == date(2026, 11, 18))).first()
        assert kept is not None
        kept.received += 1
        session.commit()
    with town.store.read() as session:
        assert tally.wrong(session) == [date(2026, 11, 18)]


def test_all_days_are_kept_by_and_by_the_newest_first(town: Town) -> None:
    town.at("2026-08-03 09:00").assigned()
    town.at("2026-11-20 09:00").assigned()
    town.at("2026-12-20 09:00")
    assert tally.keep(town.store, town.now) == 49  # the month before and this one
    assert min(folded(town)) == date(2026, 11, 1)
    assert tally.keep(town.store, town.now) == tally.AT_ONCE
    assert min(folded(town)) == date(2026, 10, 25)
    while tally.keep(town.store, town.now):
        pass
    assert (min(folded(town)), len(folded(town))) == (date(2026, 8, 3), 139)


def test_what_is_wrong_is_made_right_and_what_lacks_is_made(town: Town) -> None:
    town.at("2026-11-18 09:00").bring(OrderState.ARCHIVED)
    town.at("2026-11-25 09:00")
    tally.fold(town.store, town.now, date(2026, 11, 18))
    with town.store.write() as session:
        session.connection().execute(sa.update(Tally).values(dispatched=col(Tally.dispatched) + 1))
        session.connection().execute(sa.delete(TallyDay).where(col(TallyDay.day) == date(2026, 11, 20)))
        session.commit()
    assert tally.repair(town.store, town.now) == [date(2026, 11, 18)]
    with town.store.read() as session:
        assert tally.wrong(session) == []
    assert len(folded(town)) == 7
    assert tally.repair(town.store, town.now) == []


def test_an_empty_database_has_nothing_to_keep(town: Town) -> None:
    assert tally.repair(town.store, town.now) == []
    assert folded(town) == set()
