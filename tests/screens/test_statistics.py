"""统计: figures of any period, sorted, drawn, opened to the orders behind them and exported (R-11.7)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from textual.pilot import Pilot
from textual.widgets import Input, Static

from hotline_tui.rules.words import Kind, OrderState, Verdict
from hotline_tui.screens.statistics import StatisticsScreen
from tests.builders import Town
from tests.screens.seats import WIDE, app_of, on, painted, rows, sitting, status, until

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-11.7")]


async def opened(pilot: Pilot[Any]) -> StatisticsScreen:
    app_of(pilot).go("statistics")
    screen = await on(pilot, "StatisticsScreen")
    await until(pilot, lambda: rows(pilot, "#table") and screen.trend)
    return screen


def meaning(pilot: Pilot[Any]) -> str:
    return str(pilot.app.screen.query_one("#meaning", Static).content)


def busy(town: Town) -> list[str]:
    """Two complaints and an inquiry in November, a suggestion in October."""
    town.at("2026-10-13 09:00")
    town.register(kind=Kind.SUGGESTION)
    town.at("2026-11-18 09:00")
    first = town.bring(OrderState.ARCHIVED)
    second = town.bring(OrderState.AWAITING_CALLBACK)
    town.call(second, Verdict.UNSATISFIED)
    third = town.register(kind=Kind.INQUIRY)
    return [first.number, second.number, third.number]


async def test_this_month_by_kind_with_shares_and_comparisons(town: Town) -> None:
    busy(town)
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        told = rows(pilot, "#table")
        assert told[0].split()[:5] == ["合计", "3", "100.00%", "+200.00%", "无数据"]
        shares = [each.split()[2] for each in told[1:]]
        assert sum(float(each.rstrip("%")) for each in shares) == pytest.approx(100)
        assert "统计    2026年11月" in painted(pilot)
        assert "环比 2026年10月, 同比 2025年11月" in painted(pilot)
        assert "期内收到的诉求, 不予受理的除外; 上期 1, 上年同期 0" in meaning(pilot)


async def test_the_rows_go_by_the_column_that_is_chosen_and_what_has_no_data_stands_last(town: Town) -> None:
    busy(town)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        await pilot.press("5")
        await until(pilot, lambda: screen.table and screen.table.asked.by.value == "unit")
        assert [each.split()[0] for each in rows(pilot, "#table")][:2] == ["合计", "房产分局"]
        await pilot.press(*["right"] * 4)
        await until(pilot, lambda: screen.figure.title == "满意率")
        rates = [each.split()[5] for each in rows(pilot, "#table")[1:]]
        assert rates[0] == "50.00%"
        assert set(rates[1:]) == {"无数据"}
        assert "满意率 50.00% = 1 / 2" in meaning(pilot)
        await pilot.press(*["left"] * 9)
        assert screen.chosen == 0


async def test_a_figure_is_opened_to_just_as_many_orders_and_each_of_them_to_its_page(town: Town) -> None:
    numbers = busy(town)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        await pilot.press("enter")
        await on(pilot, "FigureOrdersScreen")
        await until(pilot, lambda: len(rows(pilot, "#counted")) == 3)
        assert {each.split()[1] for each in rows(pilot, "#counted")} == set(numbers)
        assert "合计 受理 3" in painted(pilot)
        await pilot.press("enter")
        await on(pilot, "OrderScreen")
        await pilot.press("escape", "escape")
        await on(pilot, "StatisticsScreen")
        await pilot.press("end")
        await until(pilot, lambda: screen.table and screen.at_cursor() is not screen.table.total)
        await pilot.press("enter")
        await until(pilot, lambda: "这个数字是 0, 没有可以列出的工单" in status(pilot))


async def test_periods_go_back_and_forth_and_none_lies_ahead(town: Town) -> None:
    busy(town)
    async with sitting(town, "authority") as pilot:
        screen = await opened(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: "后面的时段还没有开始" in status(pilot))
        await pilot.press("f4")
        await until(pilot, lambda: screen.table and screen.table.asked.period.title == "2026年10月")
        assert rows(pilot, "#table")[0].split()[:2] == ["合计", "1"]
        await pilot.press("f4")
        await until(pilot, lambda: screen.table and screen.table.asked.period.title == "2026年9月")
        assert rows(pilot, "#table")[0].split()[1:4] == ["0", "无数据", "无数据"]
        await pilot.press("f5", "f5")
        await until(pilot, lambda: screen.table and screen.table.asked.period.title == "2026年11月")


async def test_any_two_days_are_a_period_and_what_is_none_is_told(town: Town) -> None:
    busy(town)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        for typed, said in (
            ("昨天", "日期写法不对"),
            ("2027-01-01 2027-01-31", "还没有开始"),
            ("1949-10-01", "须在 2000 年至"),
        ):
            await pilot.press("f6")
            await on(pilot, "Picker")
            await pilot.press(*"zixuan", "enter")
            await on(pilot, "Ask")
            await pilot.press(*typed, "enter")
            await until(pilot, lambda said=said: said in painted(pilot))
            await pilot.press("escape")
            await on(pilot, "StatisticsScreen")
            assert screen.asked.period.title == "2026年11月"
        await pilot.press("f6")
        await on(pilot, "Picker")
        await pilot.press(*"zixuan", "enter")
        await on(pilot, "Ask")
        await pilot.press(*"2026-10-13 2026-11-18", "enter")
        await until(pilot, lambda: screen.table and screen.table.asked.period.length == 37)
        assert rows(pilot, "#table")[0].split()[:2] == ["合计", "4"]
        await pilot.press("f6")
        await on(pilot, "Picker")
        await pilot.press(*"jinnian", "enter")
        await until(pilot, lambda: screen.table and screen.table.asked.period.title == "2026年")
        assert [name for name, _ in screen.trend][-2:] == ["2026-10", "2026-11"]


async def test_the_trend_is_that_of_the_row_under_the_cursor(town: Town) -> None:
    busy(town)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        assert len(screen.trend) == 18
        await pilot.press("down")
        await until(pilot, lambda: "投诉 每日受理" in painted(pilot))
        await pilot.press("f7")
        await until(pilot, lambda: "###" in painted(pilot))
        await pilot.press("f7")
        await until(pilot, lambda: rows(pilot, "#table")[0].split()[0] == "合计")


async def test_the_table_is_exported_as_it_stands_and_no_file_is_overwritten(town: Town, tmp_path: Path) -> None:
    busy(town)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        for name in ("a.csv", "a.xlsx"):
            await pilot.press("f8")
            await on(pilot, "Ask")
            pilot.app.screen.query_one(Input).value = str(tmp_path / name)
            await pilot.press("enter")
            await until(pilot, lambda name=name: (tmp_path / name).is_file())
            await until(pilot, lambda: type(app_of(pilot).screen) is type(screen))
        with (tmp_path / "a.csv").open(encoding="utf-8-sig") as file:
            told = list(csv.reader(file))
        assert told[0][:3] == ["类别", "受理", "占比(%)"]
        assert told[1][:2] == ["合计", "3"]
        book = load_workbook(tmp_path / "a.xlsx").worksheets[0]
        assert [cell.value for cell in book[2]][:2] == ["合计", 3]
        await pilot.press("f8")
        await on(pilot, "Ask")
        pilot.app.screen.query_one(Input).value = str(tmp_path / "a.csv")
        await pilot.press("enter")
        await until(pilot, lambda: "文件已存在" in painted(pilot))


async def test_an_empty_hotline_says_that_there_are_no_data(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        assert rows(pilot, "#table")[0].split() == ["合计", "0", *["无数据"] * 5]
        await pilot.press("5")
        await until(pilot, lambda: "房产分局" in painted(pilot))
        assert "0%" not in "".join(rows(pilot, "#table"))


async def test_a_wide_terminal_shows_more_columns(town: Town) -> None:
    busy(town)
    async with sitting(town, "office", size=WIDE) as pilot:
        screen = await opened(pilot)
        assert len(screen.figures) == 11
        assert "直答率" in painted(pilot)


@pytest.mark.parametrize("login", ["agent", "handler", "leader", "admin"])
async def test_it_is_the_office_the_authority_and_the_leaders_who_read_them(town: Town, login: str) -> None:
    async with sitting(town, login) as pilot:
        app_of(pilot).go("statistics")
        await until(pilot, lambda: "不使用统计" in status(pilot))
