"""A draft that the disk does not take: it stays with the program, and nobody is told otherwise (R-D1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hotline_tui.data.drafts import DraftBox
from hotline_tui.errors import StorageError
from hotline_tui.screens.base import IN_DRAFTS, NOT_IN_DRAFTS
from hotline_tui.screens.widgets.entry import Narrative
from tests.builders import Town
from tests.media import SmallDisk, small_disk
from tests.screens import seats
from tests.screens.front import Seat, seat

pytestmark = pytest.mark.requirement("R-D1")

MATTER = "停水三天无人处理"


@pytest.fixture
def disk(town: Town, tmp_path: Path) -> Any:
    """The drafts have a disk of their own, on which nothing more fits."""
    with small_disk(town.settings.drafts, 64) as disk:
        disk.fill()
        yield disk


async def typed(here: Seat) -> None:
    """A call in hand that could not be kept."""
    await here.press("f2")
    await here.on("IntakeScreen")
    await here.press("pagedown")
    await here.type(MATTER)
    await here.sees("草稿没有存上")


def narrative(here: Seat) -> str:
    return here.app.screen.query_one("#narrative", Narrative).text


def on_disk(here: Seat) -> list[object]:
    here.app.drafts.flush()
    return [each.fields["narrative"] for each in DraftBox(here.town.settings.drafts).of("agent")]


@pytest.mark.parametrize("key", ["escape", "f9", "f2"])
async def test_a_call_that_could_not_be_kept_is_neither_left_nor_emptied_unasked(
    town: Town, disk: SmallDisk, key: str
) -> None:
    async with seat(town) as here:
        await typed(here)
        await here.press(key)
        await here.on("Unsaved")
        assert "磁盘已满" in here.text()
        assert "Enter 留在本页  F4 仍要离开" in here.text()
        await here.press("enter")
        await here.on("IntakeScreen")
        assert narrative(here) == MATTER


async def test_what_is_left_all_the_same_waits_at_home_and_is_on_disk_once_there_is_room(
    town: Town, disk: SmallDisk
) -> None:
    async with seat(town) as here:
        await typed(here)
        await here.press("f9")
        await here.on("Unsaved")
        await here.press("f4")
        await here.on("IntakeScreen")
        await here.until(lambda: narrative(here) == "")
        assert "已存为草稿" not in here.text()
        await here.press("escape")
        await here.on("HomeScreen")
        await here.sees("没有存上")
        assert MATTER in here.text()
        await here.press("tab", "enter")
        await here.on("IntakeScreen")
        await here.until(lambda: narrative(here) == MATTER)
        disk.empty()
        await here.type("天")
        await here.until(lambda: on_disk(here) == [f"{MATTER}天"])
        await here.press("escape")
        await here.on("HomeScreen")
        await here.until(lambda: "没有存上" not in here.text())


async def test_the_program_is_not_left_with_what_would_be_lost_unless_the_person_says_so(
    town: Town, disk: SmallDisk
) -> None:
    async with seat(town) as here:
        await typed(here)
        await here.press("escape")
        await here.on("Unsaved")
        await here.press("f4")
        await here.on("HomeScreen")
        await here.press("escape")
        await here.on("Unsaved")
        assert "没有存上的内容会丢失" in here.text()
        assert f"受理登记  {MATTER}" in here.text()
        await here.press("escape")
        await here.on("HomeScreen")
        disk.empty()
        await here.press("f2")
        await here.on("IntakeScreen")
        await here.press("escape")
        await here.on("HomeScreen")
        await here.until(lambda: on_disk(here) == [MATTER])
        await here.press("escape")
        await here.on("Confirm")
        assert "已存为草稿" in here.text()


async def test_a_failing_database_is_told_with_what_became_of_the_text(town: Town, disk: SmallDisk) -> None:
    async with seat(town) as here:
        here.app.screen.show_error(StorageError("数据库连接不上"))
        await here.on("Notice")
        assert "已录入的内容" not in here.text()
        await here.press("enter")
        await typed(here)
        here.app.screen.show_error(StorageError("数据库连接不上"))
        await here.on("Notice")
        assert NOT_IN_DRAFTS.strip() in here.text()
        await here.press("enter")
        disk.empty()
        await here.type("天")
        await here.until(lambda: on_disk(here) == [f"{MATTER}天"])
        here.app.screen.show_error(StorageError("数据库连接不上"))
        await here.on("Notice")
        assert IN_DRAFTS.strip() in here.text()


@pytest.mark.parametrize(("key", "form"), [("f5", "ReplyScreen"), ("f6", "AskKept")], ids=["reply", "reason"])
async def test_what_a_unit_writes_and_could_not_be_kept_is_there_again(
    town: Town, disk: SmallDisk, key: str, form: str
) -> None:
    town.signed()
    async with seats.sitting(town, "handler") as pilot:
        here = Seat(pilot, town)
        await seats.go(pilot, "unit")
        await here.press(key)
        await seats.on(pilot, form)
        await here.type("fees are stopped")
        await here.until(lambda: here.app.drafts.failure() is not None)
        await here.press("escape")
        await here.on("Unsaved")
        await here.press("escape")
        await here.on(form)
        await here.press("escape")
        await here.on("Unsaved")
        await here.press("f4")
        await here.on("UnitScreen")
        await here.press(key)
        await seats.on(pilot, form)
        await here.sees("fees are stopped")
