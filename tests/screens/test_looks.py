"""查看记录: the authority reads who looked at a caller's data, when and why (R-13b)."""

from __future__ import annotations

import pytest

from hotline_tui.services import notes
from tests.builders import Town
from tests.screens.seats import app_of, on, painted, rows, said, sitting, text, until

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-13b")]


def looked(town: Town) -> list[str]:
    """Two looks, on Friday and on Monday."""
    first, second = town.assigned(), town.register()
    notes.unmask(town.handler, first.order_id, "上门核实前与来电人约定时间")
    town.at("2026-11-23 09:00")
    notes.unmask(town.agent, second.order_id, "补问地址")
    return [first.number, second.number]


async def test_the_authority_reads_who_looked_when_and_why(town: Town) -> None:
    first, second = looked(town)
    async with sitting(town, "authority") as pilot:
        app_of(pilot).go("looks")
        await on(pilot, "LooksScreen")
        await until(pilot, lambda: rows(pilot, "#looks"))
        assert rows(pilot, "#looks") == [
            f"2026-11-23 09:00 坐席03 {second} 补问地址",
            f"2026-11-20 09:12 房产分局 李某 {first} 上门核实前与来电人约定时间",
        ]
        await pilot.press("down")
        await until(pilot, lambda: text(pilot, "#reason") == "上门核实前与来电人约定时间")
        assert "王小明" not in painted(pilot)
        await pilot.press("enter")
        screen = await on(pilot, "OrderScreen")
        await until(pilot, lambda: screen.seen is not None)
        assert screen.seen.detail.row.number == first


async def test_they_are_found_by_person_number_and_day(town: Town) -> None:
    first, _second = looked(town)
    async with sitting(town, "office") as pilot:
        app_of(pilot).go("looks")
        screen = await on(pilot, "LooksScreen")
        await until(pilot, lambda: len(rows(pilot, "#looks")) == 2)
        for entry, typed, many in (
            ("person", "李某", 1),
            ("person", "没有此人", 0),
            ("number", first.lower(), 1),
            ("days", "2026-11-23", 1),
            ("days", "2026-11-20 2026-11-23", 2),
        ):
            screen.query_one(f"#{entry}").value = typed
            screen.query_one(f"#{entry}").focus()
            await pilot.press("enter")
            await until(pilot, lambda many=many: len(rows(pilot, "#looks")) == many)
            await pilot.press("f5")
            await until(pilot, lambda: len(rows(pilot, "#looks")) == 2)
        screen.query_one("#days").value = "昨天"
        await pilot.press("f4")
        await said(pilot, "请写成 2026-11-20")


async def test_an_empty_list_says_so(town: Town) -> None:
    async with sitting(town, "authority") as pilot:
        app_of(pilot).go("looks")
        await on(pilot, "LooksScreen")
        await until(pilot, lambda: "没有查看记录" in painted(pilot))


async def test_further_looks_are_read_as_the_cursor_comes_near(town: Town) -> None:
    order = town.register()
    for number in range(60):
        notes.unmask(town.agent, order.order_id, f"第{number}次")
    async with sitting(town, "authority") as pilot:
        app_of(pilot).go("looks")
        await on(pilot, "LooksScreen")
        await until(pilot, lambda: len(rows(pilot, "#looks")) == 50)
        await pilot.press("end")
        await until(pilot, lambda: len(rows(pilot, "#looks")) == 60)
        assert rows(pilot, "#looks")[-1].endswith("第0次")


@pytest.mark.parametrize("login", ["agent", "handler", "city_leader", "admin"])
async def test_nobody_else_has_it(town: Town, login: str) -> None:
    async with sitting(town, login) as pilot:
        app_of(pilot).go("looks")
        await said(pilot, "不使用查看记录")
