"""查询 and the queues: what is asked for, in the right order, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from hotline_tui.data.queries import leaders, orders, picks, queues, tray
from hotline_tui.data.queries.callers import history
from hotline_tui.data.queries.orders import OrderFilter, Sort
from hotline_tui.data.queries.rows import Cursor, Page
from hotline_tui.errors import NotFound, Refused
from hotline_tui.rules.words import Channel, Kind, OrderState, Standing, Verdict
from hotline_tui.services import handling
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town


def numbers(desk: Desk, filters: OrderFilter = orders.EVERYTHING) -> list[str]:
    with desk.store.read() as session:
        page = orders.page(session, desk.viewer, edges_now(desk, session), filters)
    return [row.number for row in page.rows]


def every_page(desk: Desk, ask: Callable[..., Page], limit: int = 2) -> list:
    """All rows of a list, a small page at a time."""
    rows, after = [], None
    with desk.store.read() as session:
        edges = edges_now(desk, session)
        while True:
            page = ask(session, desk.viewer, edges, after=after, limit=limit)
            assert len(page.rows) <= limit
            rows += page.rows
            after = page.next
            if after is None:
                return rows


def test_pages_give_every_order_once_newest_first_even_within_one_moment(town: Town) -> None:
    made = [town.register().number for _ in range(3)]
    made += [town.later(minutes=1).register().number for _ in range(4)]
    assert [row.number for row in every_page(town.office, orders.page)] == made[::-1]


def test_sorted_by_deadline_only_orders_that_owe_an_answer_come_the_earliest_first(town: Town) -> None:
    town.register()
    later = [town.at("2026-11-23 09:00").signed(town.b).number, town.later(minutes=5).signed(town.b).number]
    first = [town.at("2026-11-20 09:00").signed(unit).number for unit in (town.a, town.b, town.a)]
    town.refused()
    found = every_page(town.office, partial(orders.page, sort=Sort.DUE))
    assert [row.number for row in found] == [*first, *later]
    assert [row.due_at for row in found] == sorted(row.due_at for row in found)


def test_the_oldest_first_is_the_newest_first_turned_round(town: Town) -> None:
    made = [town.later(minutes=1).register().number for _ in range(5)]
    assert [row.number for row in every_page(town.office, partial(orders.page, sort=Sort.OLDEST))] == made


def test_a_page_that_ends_with_the_last_order_has_no_next(town: Town) -> None:
    for _ in range(2):
        town.register()
    with town.store.read() as session:
        page = orders.page(session, town.office.viewer, edges_now(town.office, session), limit=2)
    assert len(page.rows) == 2
    assert page.next is None


def test_an_order_is_found_by_whatever_is_remembered_of_it(town: Town) -> None:
    other = town.register(kind=Kind.INQUIRY, narrative="医保卡 100% 报销_吗", address="", topic_id=town.licence)
    order = town.later(days=1).register(subject="停车费 ABC", urgent=True, channel=Channel.COUNTER)
    both, since = [order.number, other.number], town.now - timedelta(hours=1)
    for asked, found in {
        OrderFilter(number=order.number.lower().replace("-", "")): [order.number],
        OrderFilter(number="c01-20261120"): [other.number],
        OrderFilter(number="0001"): both,
        OrderFilter(number="C02"): [],
        OrderFilter(words="私家车 花园"): [order.number],
        OrderFilter(words="abc"): [order.number],
        OrderFilter(words="100%"): [other.number],
        OrderFilter(words="0_报"): [],
        OrderFilter(words="医保卡 私家车"): [],
        OrderFilter(readings=(("医保卡", "100%"),)): [other.number],
        OrderFilter(readings=(("医保卡", "停车"),)): both,
        OrderFilter(readings=(("医保卡", "停车"), ("花园", "0_报"))): [order.number],
        OrderFilter(phone=" 13900002211"): both,
        OrderFilter(phone="1390000221"): [],
        OrderFilter(kind=Kind.INQUIRY): [other.number],
        OrderFilter(topic_id=town.topics["物业管理"]): [order.number],
        OrderFilter(topic_id=town.parking): [order.number],
        OrderFilter(region_id=town.region, states=frozenset({OrderState.RECEIVED})): both,
        OrderFilter(states=frozenset({OrderState.ASSIGNED})): [],
        OrderFilter(unit_id=town.a): [],
        OrderFilter(since=since): [order.number],
        OrderFilter(until=since): [other.number],
        OrderFilter(urgent=False): [other.number],
        OrderFilter(channel=Channel.COUNTER): [order.number],
        OrderFilter(words="'; DROP TABLE work_order; --"): [],
        OrderFilter(number="%"): [],
    }.items():
        assert numbers(town.office, asked) == found, asked


def test_only_the_front_desk_and_the_office_ask_by_phone_number(town: Town) -> None:
    order = town.assigned()
    asked = OrderFilter(phone="13900002211")
    assert numbers(town.agent2, asked) == numbers(town.office, asked) == [order.number]
    for desk in (town.handler, town.leader, town.city_leader, town.authority, town.admin):
        with pytest.raises(Refused, match="第十三条"):
            numbers(desk, asked)


def test_standing_is_that_of_the_earliest_open_answer_and_moves_with_the_clock(town: Town) -> None:
    order = town.assigned()  # complaint: five working days, until Friday 2026-11-27 18:00

    def standing() -> list[Standing]:
        found = [each for each in Standing if numbers(town.office, OrderFilter(standing=each)) == [order.number]]
        with town.store.read() as session:
            row = orders.row(session, town.office.viewer, edges_now(town.office, session), order.order_id)
        assert row is not None
        assert row.standing in found
        return found

    assert standing() == [Standing.IN_TIME]
    town.at("2026-11-26 09:00")
    assert standing() == [Standing.DUE_SOON]
    town.at("2026-11-27 18:00")
    assert standing() == [Standing.DUE_SOON]
    town.later(seconds=1)
    assert standing() == [Standing.OVERDUE]
    town.at("2026-12-04 18:01")
    assert standing() == [Standing.OVERDUE, Standing.SERIOUSLY_OVERDUE]


def test_a_number_is_known_in_any_form_and_an_unknown_one_is_told(town: Town) -> None:
    order = town.register()
    with town.store.read() as session:
        assert orders.by_number(session, town.agent.viewer, " c0120261120 0001") == order.order_id
        for text in ("C01-20261120-9999", "", "'", "C" * 500):
            with pytest.raises(NotFound):
                orders.by_number(session, town.agent.viewer, text)
        with pytest.raises(NotFound):
            orders.by_number(session, town.handler.viewer, order.number)


def test_a_brief_is_one_line_of_the_subject_or_of_the_narrative(town: Town) -> None:
    town.register(narrative="第一行\n第二行" + "很长" * 50)
    town.later(minutes=1).register(subject="停车收费")
    with town.store.read() as session:
        rows = orders.page(session, town.office.viewer, edges_now(town.office, session)).rows
    assert rows[0].brief == "停车收费"
    assert rows[1].brief.startswith("第一行 第二行")
    assert len(rows[1].brief) <= 60


def test_what_waits_for_a_unit_comes_urgent_first_then_oldest(town: Town) -> None:
    first = town.register()
    urgent = [town.later(minutes=1).register(urgent=True) for _ in range(2)]
    last = [town.later(minutes=1).register() for _ in range(2)]
    found = [row.order.number for row in every_page(town.agent, queues.to_dispatch)]
    assert found == [order.number for order in (*urgent, first, *last)]


def test_a_returned_order_waits_again_with_the_last_reason(town: Town) -> None:
    order = town.register()
    for unit, desk, reason in ((town.a, town.handler, "不属本单位职责"), (town.b, town.handler_b, "应由城管局办理")):
        share = town.later(minutes=1).assign(order, unit)
        assert share.assignment_id is not None
        handling.return_(desk, share.assignment_id, reason)
    (row,) = every_page(town.office, queues.to_dispatch)
    assert (row.order.returns, row.returned_by, row.return_reason) == (2, "工商分局", "应由城管局办理")


def test_the_tray_holds_what_the_unit_owes_the_most_pressing_first(town: Town) -> None:
    slow = town.assigned(kind=Kind.TIPOFF)
    quick = town.later(minutes=1).signed(kind=Kind.INQUIRY)
    below = town.later(minutes=1).drafted(town.a_below)
    town.later(minutes=1).replied()
    town.assigned(town.b)
    assert [row.order.number for row in every_page(town.leader, tray.tray, 1)] == [
        quick.number, below.number, slow.number,
    ]  # fmt: skip
    (waiting,) = every_page(town.leader, tray.to_approve)
    assert (waiting.order.number, waiting.holder, waiting.standing) == (below.number, "物业科", Standing.IN_TIME)
    assert [row.order.number for row in every_page(town.handler_below, tray.tray)] == [below.number]
    assert every_page(town.office, tray.tray) == []


def test_each_step_after_the_unit_has_its_queue(town: Town) -> None:
    replied = town.replied()
    answered = town.bring(OrderState.ANSWERED)
    unsatisfied = town.bring(OrderState.UNDER_REVIEW)
    instruct = town.bring(OrderState.AWAITING_INSTRUCTION)
    called: dict[str, Built] = {}
    for name, verdicts in {
        "new": (),
        "satisfied": (Verdict.SATISFIED,),
        "once": (Verdict.UNREACHED,),
        "three times": (Verdict.UNREACHED,) * 3,
    }.items():
        called[name] = town.later(minutes=1).bring(OrderState.AWAITING_CALLBACK)
        for verdict in verdicts:
            town.call(called[name], verdict)

    def waiting(ask: Callable[..., Page], desk: Desk = town.office) -> list[str]:
        return [row.order.number for row in every_page(desk, ask)]

    assert waiting(queues.to_release) == [replied.number]
    assert waiting(queues.to_review) == [unsatisfied.number]
    assert waiting(leaders.to_instruct) == [instruct.number]
    assert waiting(queues.to_call_back, town.agent2) == [called[name].number for name in ("new", "once", "three times")]
    assert waiting(queues.to_call_back) == []  # the office released them all
    assert waiting(queues.to_archive) == [answered.number, called["satisfied"].number, called["three times"].number]
    attempts = [(row.attempts, row.unreached, row.verdict) for row in every_page(town.agent2, queues.to_call_back)]
    assert attempts == [(0, 0, None), (1, 1, Verdict.UNREACHED), (3, 3, Verdict.UNREACHED)]
    assert [row.not_solved for row in every_page(town.office, queues.to_review)] == ["费用还没有退"]
    assert all(row.approved_at == town.now - timedelta(minutes=4) for row in every_page(town.office, queues.to_release))


def test_a_number_that_calls_again_brings_its_history(town: Town) -> None:
    old = town.register(kind=Kind.INQUIRY)
    for _ in range(2):
        town.later(minutes=1).register()
    town.register(phone="13800000000")
    with town.store.read() as session:
        edges = edges_now(town.agent, session)
        found = history(session, town.agent.viewer, edges, "13900002211")
        assert [row.number for row in found.rows][-1] == old.number
        assert found.counts == ((Kind.COMPLAINT, 2), (Kind.INQUIRY, 1))
        assert found.total == 3
        assert history(session, town.agent.viewer, edges, "").total == 0
        with pytest.raises(Refused, match="第十三条"):
            history(session, town.leader.viewer, edges, "13900002211")


def test_a_cursor_beyond_the_end_gives_an_empty_page(town: Town) -> None:
    order = town.register()
    with town.store.read() as session:
        edges = edges_now(town.office, session)
        page = orders.page(
            session, town.office.viewer, edges, after=Cursor(town.now - timedelta(days=1), order.order_id)
        )
    assert page == Page(())


def test_pickers_hold_units_topics_and_regions_and_accounts_are_for_the_administrator(town: Town) -> None:
    with town.store.read() as session:
        units = {unit.key: unit for unit in picks.units(session)}
        topics = {topic.path: topic for topic in picks.topics(session)}
        (region,) = picks.regions(session)
        logins = [account.login for account in picks.accounts(session, town.admin.viewer)]
        with pytest.raises(Refused):
            picks.accounts(session, town.handler.viewer)
    assert (units["estates"].short, units["estates"].parent_id) == ("物业科", town.a)
    assert units["estates"].path == "城南新区房产管理分局/城南新区房产管理分局物业科"
    assert (topics["物业管理/停车收费"].unit, topics["物业管理/停车收费"].leaf) == ("房产分局", True)
    assert not topics["物业管理"].leaf
    assert region.path == "新河街道"
    assert logins == sorted(town.desks)
