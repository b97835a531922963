"""限定知悉, by keys: an order that is found later to accuse a unit, or to need secrecy (Art. 13)."""

from __future__ import annotations

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.errors import NotFound
from hotline_tui.rules.words import OrderState
from hotline_tui.screens.deeds_restrict import RestrictForm
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import on, open_order, painted, said, sitting, text, until

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-13a"),
]


def stands(town: Town, order: Built, login: str = "office"):
    desk = town.desks[login]
    with town.store.read() as session:
        return detail(session, desk.viewer, edges_now(desk, session), order.order_id)


async def open_form(pilot) -> RestrictForm:
    await pilot.press("f5")
    await on(pilot, "Picker")
    await pilot.press(*"xdzx", "enter")
    return await on(pilot, "RestrictForm")


async def test_a_closed_order_is_made_secret_and_names_a_unit(town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED, town.a)
    async with sitting(town, "authority") as pilot:
        await open_order(pilot, order.order_id)
        await open_form(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: "请标为保密, 或指明被反映单位(第十三条)" in painted(pilot))
        await pilot.press("space", "tab", "enter")
        await on(pilot, "FieldPicker")
        await pilot.press(*"fcfj", "enter")
        await on(pilot, "RestrictForm")
        await pilot.press("f4")
        await until(pilot, lambda: "请写明限定知悉的理由(第十三条)" in painted(pilot))
        await pilot.press(*"told later", "f4")
        await said(pilot, "已限定知悉")
        assert "列为保密; 被反映单位: 城南新区房产管理分" in text(pilot, "#course")
        assert "理由: told later" in text(pilot, "#course")
    found = stands(town, order)
    assert (found.row.secret, found.accused) == (True, ("城南新区房产管理分局",))
    with pytest.raises(NotFound):
        stands(town, order, "handler")


async def test_what_stands_already_is_not_offered_again(town: Town) -> None:
    order = town.assigned(town.b, secret=True, accused=(town.a,))
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        form = await open_form(pilot)
        assert "本件已是保密件" in painted(pilot)
        assert "已指明: 城南新区房产管理分局" in painted(pilot)
        assert {item.key for item in form.units} == {str(town.b), str(town.a_below)}


async def test_a_refusal_keeps_what_was_written(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await open_form(pilot)
        await pilot.press("tab", "enter")
        await on(pilot, "FieldPicker")
        await pilot.press(*"fcfj", "enter")
        await on(pilot, "RestrictForm")
        await pilot.press("tab", *"told later", "f4")
        await until(pilot, lambda: "请先撤销承办, 再限定知悉" in painted(pilot))
        await pilot.press("escape")
        await on(pilot, "OrderScreen")
        form = await open_form(pilot)
        assert form.fields() == {"text": "told later", "secret": False, "accused": [str(town.a)]}
    assert stands(town, order).accused == ()
