"""受理: a call put by is a draft, and goes on where it was left (R-D1)."""

from __future__ import annotations

import pytest

from hotline_tui.data.drafts import Draft, DraftBox
from hotline_tui.screens.widgets.entry import Narrative
from tests.builders import Town
from tests.screens.front import Seat, seat
from tests.screens.intake_form import PARKING, complaint, form, new_call

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-8", "R-9", "R-15", "R-D1"),
]


def drafts(here: Seat) -> list[Draft]:
    here.app.drafts.flush()
    return DraftBox(here.town.settings.drafts).of("agent", "intake")


async def test_a_draft_brings_back_every_field_and_the_cursor_to_the_end_of_the_narrative(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        await here.press("shift+tab")
        await here.type("gongshang")
        await here.on("FieldPicker")
        await here.press("enter")
        await here.on("IntakeScreen")
        await here.press("pageup", "tab", "tab", "tab", "space", "tab", "space")
        kept = form(here).fields()
        assert (kept["urgent"], kept["secret"]) == (True, True)
        await here.sees("草稿已存 09:12")
        await here.press("escape")
        await here.on("HomeScreen")
        await here.sees(PARKING)
        await here.press("tab", "enter")
        await here.on("IntakeScreen")
        await here.until(lambda: "工商分局" in here.text())
        assert form(here).fields() == kept
        narrative = here.app.screen.query_one(Narrative)
        assert narrative.has_focus
        assert narrative.cursor_location == (0, len(PARKING))
        [draft] = drafts(here)
        assert draft.fields == kept


async def test_the_phone_rings_again_and_the_first_call_stays_as_a_draft(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        await here.press("f2")
        await here.until(lambda: here.focus == "phone")
        assert form(here).empty
        await here.type("13800001111")
        assert {draft.fields["phone"] for draft in drafts(here)} == {"13900007788", "13800001111"}


async def test_the_phone_rings_while_a_unit_is_being_picked(town: Town) -> None:
    async with seat(town) as here:
        await complaint(here)
        await here.press("f5")
        await here.until(lambda: type(here.app.screen).__name__ == "UnitPicker")
        await here.press("f2")
        await here.on("IntakeScreen")
        await here.until(lambda: here.focus == "phone")
        assert form(here).empty
        assert [draft.fields["phone"] for draft in drafts(here)] == ["13900007788"]
        assert here.orders() == []


async def test_an_empty_call_leaves_no_draft(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.type("1")
        await here.press("backspace", "escape")
        await here.on("HomeScreen")
        assert drafts(here) == []


async def test_an_opened_draft_lists_its_answers_before_a_key_is_pressed(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type("小区停车收费")
        await here.press("f9")
        await here.until(lambda: "已存为草稿" in here.said)
        here.app.drafts.flush()
        (draft,) = here.app.draft_box.of("agent")
        await here.press("escape")
        await here.on("HomeScreen")
        here.app.go("intake", draft=draft)
        await here.on("IntakeScreen")
        await here.sees("住宅小区机动车停放收费如何确定")
