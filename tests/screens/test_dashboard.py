"""督办看板: what presses, kept current under a cursor that stays where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline_tui.data.queries.timeline import timeline
from hotline_tui.errors import StorageError
from hotline_tui.models import OrderAccused
from hotline_tui.rules.words import Action, Kind, OfficeAction
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import handling, notes
from hotline_tui.wall import BoardApp
from tests.builders import Built, Town
from tests.screens.seats import THIN, WIDE, app_of, keys, on, painted, rows, said, settled, sitting, status, until
from tests.services.looks import share_of

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-6b")]


def overdue(town: Town, *, many: int = 3) -> list[Built]:
    """Complaints of unit a, each a day younger than the one before; seen on Wednesday 2026-12-02 at 14:32."""
    orders = []
    for day in range(many):
        town.at(f"2026-11-{18 + day} 09:00")
        orders.append(town.signed(town.a))
    town.at("2026-12-02 14:32")
    return orders


async def board(pilot):
    """Open the board, and wait until it has been read."""
    pilot.app.go("dashboard")
    screen = await on(pilot, "DashboardScreen")
    await until(pilot, lambda: screen.board is not None)
    await pilot.pause()
    return screen


async def read_again(pilot, screen):
    """What the timer does, and wait until it is shown."""
    before = screen.board
    screen.tick()
    await until(pilot, lambda: screen.board is not before)
    await pilot.pause()


def steps(town: Town, order: Built) -> list[Action | OfficeAction]:
    with town.store.read() as session:
        return [step.action for step in timeline(session, town.office.viewer, order.order_id)]


def orders_shown(pilot) -> list[str]:
    return [line.split()[0] for line in rows(pilot, "#orders")]


async def test_the_board_says_what_presses_and_lists_the_most_overdue_first(town: Town) -> None:
    orders = overdue(town)
    waiting = town.register()
    async with sitting(town, "office") as pilot:
        await board(pilot)
        shown = painted(pilot)
        assert orders_shown(pilot) == [order.number for order in orders]
    assert "2026-12-02 周三" in shown
    assert "待派 1   在办 3   今日到期 0   临期 0   超期 3" in shown
    assert waiting.number not in shown
    assert "! 超期 5日" in shown
    assert "11-25" in shown


async def test_more_than_five_working_days_is_said_in_words_as_seriously_overdue(town: Town) -> None:
    overdue(town, many=1)
    town.at("2026-12-07 10:00")
    async with sitting(town, "office") as pilot:
        await board(pilot)
        assert "!!严重超期 8日" in painted(pilot)


async def test_the_cursor_stays_on_its_order_while_the_list_changes_under_it(town: Town) -> None:
    orders = overdue(town)
    async with sitting(town, "office") as pilot:
        screen = await board(pilot)
        await pilot.press("tab", "down")
        listed = pilot.app.screen.query_one("#orders", RowList)
        key = listed.key
        assert screen.order.order.number == orders[1].number
        handling.draft_reply(town.handler, share_of(orders[0]), "已解决")
        handling.approve(town.leader, share_of(orders[0]))
        await read_again(pilot, screen)
        assert listed.key == key
        assert orders_shown(pilot) == [orders[1].number, orders[2].number]


async def test_on_a_wall_that_nobody_touched_the_most_overdue_order_stands_first_whatever_comes(town: Town) -> None:
    orders = overdue(town)
    app = BoardApp(replace(town.settings, refresh_seconds=3600), clock=town.clock, profile=Profile.THIN)
    async with app.run_test(size=THIN) as pilot:
        screen = await on(pilot, "DashboardScreen")
        await until(pilot, lambda: screen.board is not None)
        listed = screen.query_one("#orders", RowList)
        assert orders_shown(pilot)[0] == orders[0].number
        notes.supervise(town.office, orders[-1].order_id, "请加快", urgent=True)
        await read_again(pilot, screen)
        assert orders_shown(pilot)[0] == orders[-1].number
        assert listed.key == listed.rows[0].key
        await pilot.press("tab", "down", "up")
        key = listed.key
        notes.supervise(town.office, orders[-2].order_id, "请加快", urgent=True)
        await read_again(pilot, screen)
        assert (orders_shown(pilot)[0], listed.key) == (orders[-2].number, key)
        await settled(pilot)


async def test_a_paused_board_does_not_change_and_says_so(town: Town) -> None:
    orders = overdue(town)
    async with sitting(town, "office") as pilot:
        screen = await board(pilot)
        await pilot.press("f8")
        before = painted(pilot)
        assert "已暂停, 为 14:32 的数据" in before
        notes.urge(town.agent, orders[0].order_id)
        screen.tick()
        await settled(pilot)
        await pilot.pause()
        assert painted(pilot) == before
        await pilot.press("f8")
        await until(pilot, lambda: "催办 1" in painted(pilot))


@pytest.mark.parametrize("key", ["p", "P", "ｐ", "Ｐ", "f8"])
async def test_an_input_method_left_on_does_not_keep_anybody_from_pausing(town: Town, key: str) -> None:
    async with sitting(town, "office") as pilot:
        screen = await board(pilot)
        await pilot.press(key)
        assert screen.paused


async def test_enter_on_a_unit_shows_its_orders_alone_and_f9_everybodys(town: Town) -> None:
    orders = overdue(town)
    other = town.at("2026-11-19 09:00").signed(town.b)
    town.at("2026-12-02 14:32")
    async with sitting(town, "office") as pilot:
        await board(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: orders_shown(pilot) == [other.number])
        assert "超期工单 (工商分局) 1 件" in painted(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: len(orders_shown(pilot)) == len(orders) + 1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gsfj", "b"),
        ("工商", "b"),
        ("tousu", "a"),
        ("zixun yyzz", "b"),
        ("tcsf", "a"),
        ("jj", "b"),
        ("紧急", "b"),
        ("tcsf jj", ""),
    ],
)
async def test_a_filter_finds_unit_kind_topic_and_urgency_by_characters_or_pinyin(
    town: Town, typed: str, found: str
) -> None:
    town.at("2026-11-18 09:00")
    made = {
        "a": town.signed(town.a).number,
        "b": town.signed(town.b, kind=Kind.INQUIRY, urgent=True, topic_id=town.licence).number,
    }
    town.at("2026-12-02 14:32")
    async with sitting(town, "office") as pilot:
        await board(pilot)
        await pilot.press("ctrl+f", *(each if each != " " else "space" for each in typed), "enter")
        await until(pilot, lambda: orders_shown(pilot) == ([made[found]] if found else []))
        await until(pilot, lambda: f"筛选: {typed}" in painted(pilot))


async def test_a_refreshed_board_waits_while_a_filter_is_typed(town: Town) -> None:
    orders = overdue(town)
    async with sitting(town, "office") as pilot:
        screen = await board(pilot)
        await pilot.press("slash")
        before = painted(pilot)
        notes.urge(town.agent, orders[0].order_id)
        screen.tick()
        await settled(pilot)
        await pilot.pause()
        assert painted(pilot) == before
        await pilot.press("t")
        await until(pilot, lambda: "催办 1" in painted(pilot))


async def test_escape_leaves_the_filter_first_and_then_the_board(town: Town) -> None:
    overdue(town)
    async with sitting(town, "office") as pilot:
        await board(pilot)
        await pilot.press("slash", "j", "j")
        await until(pilot, lambda: orders_shown(pilot) == [])
        await pilot.press("escape")
        await until(pilot, lambda: len(orders_shown(pilot)) == 3)
        await pilot.press("escape")
        await on(pilot, "HomeScreen")


async def test_f4_urges_the_order_under_the_cursor_and_it_is_recorded(town: Town) -> None:
    orders = overdue(town)
    async with sitting(town, "agent") as pilot:
        await board(pilot)
        await pilot.press("tab", "down", "f4")
        await on(pilot, "Ask")
        assert orders[1].number in painted(pilot)
        await pilot.press(*"kuai", "enter")
        await said(pilot, f"已催办 {orders[1].number}")
        await until(pilot, lambda: "催办 1" in rows(pilot, "#orders")[1])
    assert steps(town, orders[1])[-1] is Action.URGE
    assert Action.URGE not in steps(town, orders[0])


async def test_f5_supervises_in_words_and_is_closed_to_the_front_desk_with_the_article(town: Town) -> None:
    orders = overdue(town, many=1)
    async with sitting(town, "agent") as pilot:
        await board(pilot)
        await pilot.press("f5")
        assert "督办由热线办、主管机关进行(第十一条(四))" in status(pilot)
    async with sitting(town, "authority") as pilot:
        await board(pilot)
        await pilot.press("f5")
        await on(pilot, "SuperviseForm")
        await pilot.press("f4")
        assert "请写明督办要求(第十一条(四))" in painted(pilot)
        await pilot.press(*"report", "f4")
        await said(pilot, "已督办")
    assert steps(town, orders[0])[-1] is Action.SUPERVISE


async def test_what_is_made_urgent_comes_to_the_top_of_the_board(town: Town) -> None:
    orders = overdue(town)
    async with sitting(town, "office") as pilot:
        await board(pilot)
        await pilot.press("tab", "down", "f5")
        await on(pilot, "SuperviseForm")
        await pilot.press(*"now", "tab", "space", "f4")
        await said(pilot, "已督办, 列为急件")
        await until(pilot, lambda: orders[1].number in rows(pilot, "#orders")[0])
        assert "急 督办" in rows(pilot, "#orders")[0]


async def test_who_loses_the_race_is_told_and_keeps_his_words(town: Town) -> None:
    orders = overdue(town, many=1)
    async with sitting(town, "office") as pilot:
        await board(pilot)
        await pilot.press("f5")
        await on(pilot, "SuperviseForm")
        await pilot.press(*"three")
        notes.urge(town.agent, orders[0].order_id)
        await pilot.press("f4")
        await until(pilot, lambda: "已被他人" in painted(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "催办 1" in painted(pilot))
        await pilot.press("f5")
        await on(pilot, "SuperviseForm")
        assert "three" in painted(pilot)
        await pilot.press("f4")
        await said(pilot, "已督办")
    assert steps(town, orders[0])[-2:] == [Action.URGE, Action.SUPERVISE]


async def test_f6_opens_the_order_under_the_cursor(town: Town) -> None:
    orders = overdue(town)
    async with sitting(town, "office") as pilot:
        await board(pilot)
        await pilot.press("f6")
        await on(pilot, "OrderScreen")
        await until(pilot, lambda: orders[0].number in painted(pilot))


@pytest.mark.parametrize(("login", "seen"), [("handler", "0"), ("handler_b", "0"), ("office", "1")])
async def test_an_order_that_accuses_a_unit_is_not_even_counted_before_its_eyes(
    town: Town, login: str, seen: str
) -> None:
    """R-13a: it came to light only after the dispatch."""
    order = overdue(town, many=1)[0]
    with town.store.write() as session:
        session.add(OrderAccused(order_id=order.order_id, unit_id=town.a))
        session.commit()
    async with sitting(town, login) as pilot:
        screen = await board(pilot)
        shown = painted(pilot)
        assert screen.board.snapshot.received_today == 0
        assert sum(many for _, many in screen.board.snapshot.intake) == int(seen)
    assert f"在办 {seen}   今日到期 0   临期 0   超期 {seen}   严重超期 0" in shown
    assert (order.number in shown) is (seen == "1")


async def test_a_unit_sees_its_own_orders_and_those_of_units_below_it(town: Town) -> None:
    mine = overdue(town, many=1)[0]
    below = town.at("2026-11-19 09:00").signed(town.a_below)
    others = town.signed(town.b)
    town.at("2026-12-02 14:32")
    async with sitting(town, "leader") as pilot:
        await board(pilot)
        assert orders_shown(pilot) == [mine.number, below.number]
        assert others.number not in painted(pilot)


async def test_an_empty_board_says_that_nothing_is_overdue(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await board(pilot)
        shown = painted(pilot)
        assert "没有超期工单" in shown
        await pilot.press("f4")
        assert status(pilot) == "没有超期工单"


async def test_a_list_longer_than_a_page_grows_as_the_cursor_goes_down(town: Town) -> None:
    town.at("2026-11-18 09:00")
    for _ in range(53):
        town.assigned(town.a)
    town.at("2026-12-02 14:32")
    async with sitting(town, "office") as pilot:
        await board(pilot)
        assert "前 50 件" in painted(pilot)
        await pilot.press("tab", "end")
        await until(pilot, lambda: len(orders_shown(pilot)) == 53)
        assert "53 件" in painted(pilot)


@pytest.mark.parametrize("size", [THIN, WIDE])
async def test_the_board_at_both_sizes(town: Town, size: tuple[int, int]) -> None:
    overdue(town)
    async with sitting(town, "office", size) as pilot:
        await board(pilot)
        lines = painted(pilot).split("\n")
        units = next(number for number, line in enumerate(lines) if "承办单位" in line)
        late = next(number for number, line in enumerate(lines) if "超期工单" in line)
        assert (units == late) is (size == WIDE)
        for key in ("F4 催办", "F5 督办", "F6 打开工单", "/ 筛选", "F8 暂停", "F9 全部"):
            assert key in keys(pilot)


async def test_a_board_that_could_not_be_read_does_not_say_that_nothing_is_late(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StorageError("数据库连接中断")

    monkeypatch.setattr("hotline_tui.screens.dashboard.read_board", away)
    async with sitting(town, "office") as pilot:
        app_of(pilot).go("dashboard")
        await until(pilot, lambda: "读取失败, 稍后自动再读" in painted(pilot))
        assert "没有超期工单" not in painted(pilot)


async def test_the_trend_names_its_busiest_day_and_today(town: Town) -> None:
    town.register()
    town.later(days=1).register()
    town.register()
    async with sitting(town, "office") as pilot:
        app_of(pilot).go("dashboard")
        await until(pilot, lambda: "最多 2 (11-21)  今日 2" in painted(pilot))
