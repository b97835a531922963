"""查询: what a person remembers of an order finds it, as far as his role may see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hotline_tui.models import OrderAccused
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.words import Kind, OrderState
from hotline_tui.screens.search_filters import days, period
from hotline_tui.screens.spellings import SPELLINGS, URGENT, URGENT_SPELLING
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import conduct, notes
from tests.builders import Town
from tests.screens.seats import THIN, WIDE, keys, on, painted, rows, said, settled, sitting, status, until

on_sqlite = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


async def search(pilot, number: str = ""):
    """Open the search, and wait for the first page."""
    pilot.app.go("search", number=number)
    screen = await on(pilot, "SearchScreen")
    await until(pilot, lambda: "正在查询" not in painted(pilot) and screen.directory is not None)
    return screen


def found(pilot) -> list[str]:
    return [line.split()[0] for line in rows(pilot, "#result")]


def focus(pilot) -> str | None:
    return pilot.app.focused.id if pilot.app.focused else None


async def type_(pilot, text: str) -> None:
    await pilot.press(*("space" if each == " " else each for each in text))


async def pick(pilot, key: str, typed: str) -> None:
    """Choose from the picker behind a function key."""
    await pilot.press(key)
    await on(pilot, "Picker")
    await type_(pilot, typed)
    await pilot.press("enter")
    await on(pilot, "SearchScreen")


@on_sqlite
async def test_the_newest_orders_stand_there_before_anything_is_asked(town: Town) -> None:
    older = town.register()
    newer = town.later(minutes=5).register()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        assert found(pilot) == [newer.number, older.number]


@on_sqlite
@pytest.mark.parametrize("typed", ["C01-20261120-0002", "c01-20261120-0002", "c01202611200002"])
async def test_a_whole_number_and_enter_opens_its_order_however_it_is_typed(town: Town, typed: str) -> None:
    town.register()
    town.register()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await type_(pilot, typed)
        await pilot.press("enter")
        await on(pilot, "OrderScreen")
        await until(pilot, lambda: "C01-20261120-0002" in painted(pilot))


@on_sqlite
async def test_a_number_given_by_the_palette_is_opened_at_once(town: Town) -> None:
    order = town.register()
    async with sitting(town, "office") as pilot:
        app: Any = pilot.app
        app.go("search", number=order.number)
        await on(pilot, "OrderScreen")


@on_sqlite
async def test_the_last_four_digits_find_an_order_and_enter_opens_it(town: Town) -> None:
    town.register()
    second = town.register()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await type_(pilot, "0002")
        await pilot.press("enter")
        await until(pilot, lambda: found(pilot) == [second.number])
        await until(pilot, lambda: focus(pilot) == "result")
        await pilot.press("enter")
        await on(pilot, "OrderScreen")


@on_sqlite
async def test_a_number_that_no_order_has_is_told_and_what_to_try_instead(town: Town) -> None:
    town.register()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await type_(pilot, "C01-20261120-9999")
        await pilot.press("enter")
        await said(pilot, "没有编号为 C01-20261120-9999 的工单")
        await until(pilot, lambda: "没有符合的工单: 可少填几个词" in painted(pilot))


@on_sqlite
async def test_the_front_desk_finds_by_phone_and_nothing_of_the_caller_is_shown(town: Town) -> None:
    order = town.register(phone="13911112222", name="欧阳某某")
    town.register()
    async with sitting(town, "agent") as pilot:
        await search(pilot)
        await pilot.press("tab")
        await type_(pilot, "13911112222")
        await pilot.press("enter")
        await until(pilot, lambda: found(pilot) == [order.number])
        listed = "\n".join(rows(pilot, "#result"))
        for secret in ("13911112222", "欧阳", "某某公司", "501"):
            assert secret not in listed


@on_sqlite
@pytest.mark.parametrize("login", ["handler", "leader", "city_leader", "authority"])
async def test_who_may_not_ask_by_phone_has_no_entry_for_it(town: Town, login: str) -> None:
    async with sitting(town, login) as pilot:
        screen = await search(pilot)
        assert not screen.query("#phone")
        assert "电话" not in painted(pilot)


@on_sqlite
async def test_every_word_must_be_in_the_order(town: Town) -> None:
    order = town.register(narrative="夜间施工噪声扰民")
    town.register(narrative="施工占道")
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await pilot.press("ctrl+f", "ctrl+f", "施", "工", "space", "噪", "声", "enter")
        await until(pilot, lambda: found(pilot) == [order.number])


@on_sqlite
async def test_state_unit_kind_and_topic_are_picked_by_initials_and_narrow_together(town: Town) -> None:
    wanted = town.signed(town.b, kind=Kind.INQUIRY, topic_id=town.licence)
    town.signed(town.b, kind=Kind.HELP, topic_id=town.licence)
    town.signed(town.a, kind=Kind.INQUIRY)
    town.register(kind=Kind.INQUIRY)
    async with sitting(town, "office") as pilot:
        await search(pilot)
        for key, typed in (("f4", "blz"), ("f5", "gsfj"), ("f6", "zx"), ("f8", "yyzz")):
            await pick(pilot, key, typed)
        await until(pilot, lambda: found(pilot) == [wanted.number])
        shown = painted(pilot)
        assert "状态 办理中  单位 工商分局  类别 咨询  时间 全部  分类 市场监管/营业执照" in shown
        await pilot.press("f9")
        await until(pilot, lambda: len(found(pilot)) == 4)


@on_sqlite
async def test_overdue_is_a_state_to_search_by_and_stands_in_the_list_in_words(town: Town) -> None:
    late = town.signed()
    town.at("2026-12-01 10:00")
    town.signed()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await pick(pilot, "f4", "超期")
        await until(pilot, lambda: found(pilot) == [late.number])
        assert "超期 11-27" in painted(pilot)


@on_sqlite
@pytest.mark.requirement("R-16")
async def test_what_was_referred_to_the_police_is_found_as_such(town: Town) -> None:
    town.register()
    referred = town.refused()
    conduct.refer(town.office, referred.order_id, "已移送新河派出所")
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await pick(pilot, "f4", "ysga")
        await until(pilot, lambda: found(pilot) == [referred.number])
        assert "状态 移送公安" in painted(pilot)


@on_sqlite
async def test_a_period_of_ones_own_is_two_dates_and_wrong_ones_are_asked_for_again(town: Town) -> None:
    order = town.register()
    town.at("2026-11-23 09:00").register()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await pilot.press("f7")
        await on(pilot, "Picker")
        await type_(pilot, "自选")
        await pilot.press("enter")
        await on(pilot, "Ask")
        await type_(pilot, "2026-11-31")
        await pilot.press("enter")
        await until(pilot, lambda: "日期写法不对" in painted(pilot))
        await pilot.press("ctrl+u")
        await type_(pilot, "2026.11.20")
        await pilot.press("enter")
        await on(pilot, "SearchScreen")
        await until(pilot, lambda: found(pilot) == [order.number])


@on_sqlite
async def test_a_long_result_comes_a_page_at_a_time_and_back(town: Town) -> None:
    for _ in range(420):
        town.refused()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        result = pilot.app.screen.query_one("#result", RowList)
        assert len(result.rows) == 50
        assert "结果 50 件以上" in painted(pilot)
        result.focus()
        seen: list[str | None] = []
        while result.key not in seen[-1:]:
            seen.append(result.key)
            await pilot.press("end")
            await settled(pilot)
            await pilot.pause()
        assert result.rows[-1].cells[0] == "C01-20261120-0001"
        assert len(result.rows) <= 300
        back: list[str | None] = []
        while result.key not in back[-1:]:
            back.append(result.key)
            await pilot.press("home")
            await settled(pilot)
            await pilot.pause()
        assert result.rows[0].cells[0] == "C01-20261120-0420"
        numbers = [str(row.cells[0]) for row in result.rows]
        assert numbers == sorted(numbers, reverse=True)
        assert numbers == [f"C01-20261120-{420 - place:04}" for place in range(len(numbers))]


@on_sqlite
async def test_the_order_under_the_cursor_is_told_whole_with_when_it_came(town: Town) -> None:
    town.register(address="某某花园3栋")
    async with sitting(town, "office") as pilot:
        await search(pilot)
        await until(pilot, lambda: "电话受理 2026-11-20 09:12" in painted(pilot))
        assert "地址 某某花园3栋" in painted(pilot)
        assert "11-20" in rows(pilot, "#result")[0].split()


@on_sqlite
async def test_the_sort_is_said_and_changed_by_a_key(town: Town) -> None:
    late = town.signed()
    late_too = town.later(minutes=5).signed(town.b, kind=Kind.HELP)
    waiting = town.later(minutes=5).register()
    async with sitting(town, "office") as pilot:
        await search(pilot)
        assert "新的在前" in painted(pilot)
        assert found(pilot) == [waiting.number, late_too.number, late.number]
        await pilot.press("ctrl+o")
        await until(pilot, lambda: "先到期的在前" in painted(pilot))
        assert sorted(found(pilot)) == sorted([late_too.number, late.number])
        await pilot.press("ctrl+o")
        await until(pilot, lambda: "旧的在前" in painted(pilot))
        assert found(pilot) == [late.number, late_too.number, waiting.number]


@on_sqlite
async def test_a_unit_finds_its_own_orders_only_and_never_one_that_accuses_it(town: Town) -> None:
    mine = town.signed(town.a)
    town.signed(town.b)
    hidden = town.signed(town.a)
    with town.store.write() as session:
        session.add(OrderAccused(order_id=hidden.order_id, unit_id=town.a))
        session.commit()
    async with sitting(town, "handler") as pilot:
        await search(pilot)
        assert found(pilot) == [mine.number]
        await type_(pilot, hidden.number)
        await pilot.press("enter")
        await said(pilot, "没有编号为")
        assert found(pilot) == []


@on_sqlite
async def test_an_order_that_moved_on_while_it_was_open_is_shown_as_it_is_now(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        screen = await search(pilot)
        await pilot.press("tab", "tab", "tab", "enter")
        await on(pilot, "OrderScreen")
        notes.urge(town.agent, order.order_id)
        pilot.app.pop_screen()
        await on(pilot, "SearchScreen")
        await until(pilot, lambda: screen.found[str(order.order_id)].urges == 1)


@on_sqlite
@pytest.mark.parametrize("size", [THIN, WIDE])
async def test_the_search_at_both_sizes(town: Town, size: tuple[int, int]) -> None:
    town.register(urgent=True)
    async with sitting(town, "agent", size) as pilot:
        await search(pilot)
        shown = painted(pilot)
        for key in ("F4 状态", "F5 单位", "F6 类别", "F7 时间", "F8 分类", "F9 清空"):
            assert key in keys(pilot)
        assert "投诉 待处理" in shown
        assert "急 停车收费" in shown
        assert status(pilot) == ""


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("week", "2026-11-16", "2026-11-22"),
        ("month", "2026-11-01", "2026-11-22"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("quarter", "2026-10-01", "2026-11-22"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("year", "2026-01-01", "2026-11-22"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_periods_are_those_of_the_calendar(key: str, first: str, last: str) -> None:
    assert period(key, date(2026, 11, 22)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026-11-01 2026-11-20", "2026-11-01", "2026-11-20"),
        ("2026年11月1日至2026年11月20日", "2026-11-01", "2026-11-20"),
        ("2026/1/2", "2026-01-02", "2026-01-02"),
        ("2026-11-01 ~ 2026-11-20", "2026-11-01", "2026-11-20"),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, first: str, last: str) -> None:
    assert days(typed) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("typed", ["", "昨天", "2026-13-01", "2026-11-20 2026-11-01", "11-20", "2026-11-01 5"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of the readers said so
        days(typed)


def test_the_spellings_written_down_are_those_of_the_dictionary() -> None:
    assert {word: spell(word.label) for word in SPELLINGS} == SPELLINGS
    assert spell(URGENT) == URGENT_SPELLING
    assert set(SPELLINGS) >= {*Kind, *OrderState}


@on_sqlite
@pytest.mark.parametrize("typed", ["tingche shoufei", "tcsf", "tingcsf"])
async def test_words_that_no_order_holds_are_read_as_pinyin_and_it_is_said_how(town: Town, typed: str) -> None:
    town.register(narrative="路灯不亮")
    town.write_article("停车收费怎么定?", "公示。")
    parking = town.register(narrative="小区停车乱收费")
    async with sitting(town, "office") as pilot:
        screen = await search(pilot)
        screen.query_one("#words").focus()
        await type_(pilot, typed)
        await pilot.press("enter")
        await until(pilot, lambda: "(拼音: " in painted(pilot))
        assert found(pilot) == [parking.number]
        assert "停车" in painted(pilot).partition("(拼音: ")[2].partition("\n")[0]
        await pilot.press("ctrl+o", "ctrl+o")
        await until(pilot, lambda: "旧的在前 (拼音: " in painted(pilot))
        assert found(pilot) == [parking.number]


@on_sqlite
async def test_letters_that_an_order_holds_are_looked_for_as_they_stand(town: Town) -> None:
    town.write_article("停车收费怎么定?", "公示。")
    town.register(narrative="小区停车乱收费")
    literal = town.register(narrative="车牌tcsf的车挡了消防通道")
    async with sitting(town, "office") as pilot:
        screen = await search(pilot)
        screen.query_one("#words").focus()
        await type_(pilot, "tcsf")
        await pilot.press("enter")
        await until(pilot, lambda: found(pilot) == [literal.number])
        assert "拼音" not in painted(pilot)
