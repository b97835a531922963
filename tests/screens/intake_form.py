"""The intake page, filled by keys."""

from __future__ import annotations

from hotline_tui.screens.intake_form import IntakeForm
from tests.screens.front import Seat

PARKING = "小区停车收费没有公示"


async def new_call(here: Seat) -> None:
    await here.press("f2")
    await here.on("IntakeScreen")
    await here.until(lambda: here.focus == "phone")


async def complaint(here: Seat, *, workplace: str = "某某公司") -> None:
    """Everything that a complaint needs, in the order of the form; the cursor ends in the narrative."""
    await new_call(here)
    await here.type("13900007788")
    await here.press("enter")
    await here.type("王小明")
    await here.press("enter", "3")
    assert here.focus == "topic"
    await here.type("tcsf")
    await here.on("FieldPicker")
    await here.press("enter")
    await here.until(lambda: here.focus == "region")
    await here.type("xhjd")
    await here.on("FieldPicker")
    await here.press("enter")
    await here.until(lambda: here.focus == "address")
    await here.type("某某花园3栋")
    await here.press("enter")
    await here.type(workplace)
    await here.press("enter")
    await here.type("某某花园3栋501")
    await here.press("pagedown")
    assert here.focus == "narrative"
    await here.type(PARKING)


def form(here: Seat) -> IntakeForm:
    return here.app.screen.query_one(IntakeForm)
