"""What is looked for a stretch of time at a time is what is found at once, on every engine and at a seat with roles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline_tui.data.queries import orders, stretches
from hotline_tui.data.queries.orders import EVERYTHING, OrderFilter, Sort
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.words import Kind, OrderState
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.engines import GUARDED

pytestmark = [
    pytest.mark.requirement("R-6b"),
    pytest.mark.parametrize("storage", ["sqlite", "postgres", GUARDED], indirect=True),
]
DAYS = ("2026-01-05", "2026-01-06", "2026-02-11", "2026-06-01", "2026-06-02", "2026-11-30", "2026-12-02")


@pytest.fixture
def years(town: Town) -> Town:
    """Orders close to one another and far apart."""
    for day in DAYS:
        town.at(f"{day} 10:00")
        town.register(narrative="路灯不亮", kind=Kind.INQUIRY)
        town.assigned(town.a)
        town.bring(OrderState.REFUSED)
    return town


def in_parts(desk: Desk, asked: OrderFilter, sort: Sort, many: int) -> tuple[list[OrderRow], int]:
    """The orders of one page, and in how many parts they came: each as short as can be."""
    found, parts, after = list[OrderRow](), 0, None
    with desk.store.read() as session:
        edges = edges_now(desk, session)
        while True:
            page = orders.page(
                session, desk.viewer, edges, asked, sort=sort, after=after, limit=many - len(found), seconds=0
            )
            found, parts, after = [*found, *page.rows], parts + 1, page.next
            if page.looked_to is None or len(found) == many:
                return found, parts


@pytest.mark.parametrize("sort", Sort)
def test_the_parts_of_a_page_are_the_page(years: Town, sort: Sort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "FIRST", timedelta(days=60))
    monkeypatch.setattr(stretches, "LAST", timedelta(days=400))
    first, last = (edge.astimezone() for edge in (years.now - timedelta(days=200), years.now - timedelta(days=2)))
    for asked in (
        EVERYTHING,
        OrderFilter(words="路灯"),
        OrderFilter(words="无此词语"),
        OrderFilter(kind=Kind.INQUIRY),
        OrderFilter(states=frozenset({OrderState.REFUSED})),
        OrderFilter(since=first),
        OrderFilter(until=last),
        OrderFilter(since=first, until=last, words="路灯"),
        OrderFilter(number="0001"),
    ):
        for desk in (years.office, years.agent, years.handler):
            with desk.store.read() as session:
                edges = edges_now(desk, session)
                whole = orders.page(session, desk.viewer, edges, asked, sort=sort, limit=500)
            found, parts = in_parts(desk, asked, sort, 500)
            assert tuple(found) == whole.rows, (desk.role, asked)
            assert parts == 1 if sort is Sort.DUE else parts > 1 or asked.since
            if len(whole.rows) > 4:
                some, _ = in_parts(desk, asked, sort, 4)
                assert tuple(some) == whole.rows[:4]


def test_a_page_that_is_full_goes_on_where_it_ended_and_one_that_is_not_says_how_far_it_came(years: Town) -> None:
    desk = years.office
    with desk.store.read() as session:
        edges = edges_now(desk, session)

        def page(asked: OrderFilter = EVERYTHING, limit: int = 2) -> orders.Page[OrderRow]:
            return orders.page(session, desk.viewer, edges, asked, limit=limit, seconds=0)

        full, short = page(), page(limit=50)
        assert (len(full.rows), full.looked_to) == (2, None)
        assert short.looked_to is not None
        assert {row.received_at >= short.looked_to for row in short.rows} == {True}
        assert page(OrderFilter(number=full.rows[0].number)).looked_to is None
