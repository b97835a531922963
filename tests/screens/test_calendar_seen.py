"""日历: a preview says what it may not list, and what was overtaken is looked at again (R-D4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from hotline_tui.rules.words import Kind
from hotline_tui.screens.calendar_change import ChangeModal
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.services import calendar as service
from tests.builders import Town
from tests.rules.notice.samples import MODERN
from tests.screens.seats import on, said, sitting, until
from tests.screens.test_calendar import opened, pasted, stands_on, works

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-D3", "R-D4")]


async def given_a_day(pilot: Pilot[Any], screen: Any, day: date) -> Any:
    """Up to the preview."""
    await stands_on(pilot, screen, day)
    await pilot.press("f5")
    await on(pilot, "DaysModal")
    await pilot.press("tab", *"Corban", "tab", *"notice", "f4")
    return await on(pilot, "ChangeModal")


def complaint(box: Any) -> str:
    return str(box.query_one("#complaint", Static).content)


async def test_who_may_not_see_orders_is_told_who_sees_which_deadlines_move(town: Town) -> None:
    order = town.assigned(kind=Kind.INQUIRY)
    async with sitting(town, "admin") as pilot:
        shown = (await given_a_day(pilot, await opened(pilot), date(2026, 11, 24))).query_one("#reading").plain
        assert "变动的时限 1" in shown
        assert "变动清单由能查看工单的热线办核对" in shown
        assert order.number not in shown
    async with sitting(town, "office") as pilot:
        shown = (await given_a_day(pilot, await opened(pilot), date(2026, 11, 24))).query_one("#reading").plain
        assert order.number in shown
        assert "变动清单" not in shown


async def test_a_preview_that_was_overtaken_is_shown_anew_and_nothing_is_stored_unseen(town: Town) -> None:
    town.assigned(kind=Kind.INQUIRY)
    day = date(2026, 11, 24)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        first = await given_a_day(pilot, screen, day)
        assert first.seen.moved_deadlines == 1
        service.add_days(town.office2, [day], "停工", "应急指挥部通告")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangeModal) and pilot.app.screen is not first)
        await pilot.pause()
        again = pilot.app.screen
        assert isinstance(again, ChangeModal)
        assert complaint(again) == "预览之后日历或时限有变动, 请重新核对"
        assert (again.seen.source, again.seen.moved_deadlines, again.seen.differences) == ("notice", 0, ())
        assert [each.source for each in service.sources(town.office, day)] == ["应急指挥部通告"]
        await pilot.press("enter")
        await said(pilot, "已存入, 0 个时限已重新计算")
    assert {each.source for each in service.sources(town.office, day)} == {"应急指挥部通告", "notice"}


async def test_a_notice_overtaken_is_shown_anew_and_its_text_stays(town: Town) -> None:
    town.at("2027-02-03T10:00").assigned(kind=Kind.INQUIRY)
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        screen = await pasted(pilot, MODERN)
        first = await on(pilot, "ChangeModal")
        town.assigned(kind=Kind.INQUIRY)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangeModal) and pilot.app.screen is not first)
        await pilot.pause()
        again = pilot.app.screen
        assert isinstance(again, ChangeModal)
        assert complaint(again) == "预览之后日历或时限有变动, 请重新核对"
        assert (first.seen.moved_deadlines, again.seen.moved_deadlines) == (1, 2)
        assert not works(town, date(2027, 2, 14))
        await pilot.press("escape")
        assert await on(pilot, "CalendarNoticeScreen") is screen
        assert screen.query_one("#notice", Narrative).text == MODERN
