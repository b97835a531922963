"""R-15, R-8, R-11.4: what lacks its name gets it first on every way out; what a merge brings is said and shown."""

from __future__ import annotations

from typing import Any

import pytest

from hotline_tui.models import WorkOrder
from hotline_tui.rules.words import Channel, Kind, OrderState
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.services import intake
from tests.builders import Built, Town
from tests.screens.seats import go, on, open_order, painted, said, sitting, text, until

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-15", "R-8")]

NEXT = {"f4": "KnowledgeScreen", "f5": "UnitPicker", "f6": "ReportForm", "f7": "EarlierOrders"}
"""What each way out asks, once nothing is missing."""


def tipoff(town: Town, **told: Any) -> Built:
    """As an import leaves it: classified by its file, with a topic and a place, of nobody."""
    plain: dict[str, Any] = {"name": "", "phone": "", "workplace": "", "home_address": ""}
    made = town.register(**({"kind": Kind.OTHER, "channel": Channel.MAILBOX} | plain | told))
    with town.store.write() as session:
        order = session.get(WorkOrder, made.order_id)
        assert order is not None
        order.kind = Kind.TIPOFF
        session.commit()
    return made


def held(town: Town, order: Built) -> WorkOrder:
    with town.store.read() as session:
        found = session.get(WorkOrder, order.order_id)
    assert found is not None
    return found


@pytest.mark.parametrize("key", NEXT)
async def test_a_tipoff_without_name_is_classified_before_any_way_out(town: Town, key: str) -> None:
    made = tipoff(town, name="王小明", phone="13900002211")
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: screen.why_not("assign") is None)
        await pilot.press(key)
        form = await on(pilot, "ClassifyForm")
        await pilot.press("f4")
        await until(pilot, lambda: "举报须实名, 还缺: 工作单位、家庭住址(第十五条)" in painted(pilot))
        await pilot.press(*"纺织厂")
        form.query_one("#home_address", HotlineInput).focus()
        await pilot.press(*"荷花苑3栋", "f4")
        await on(pilot, NEXT[key])
    assert held(town, made).state is OrderState.RECEIVED


async def test_a_refusal_that_turns_into_a_merge_asks_for_the_name_too(town: Town) -> None:
    living, made = town.assigned(), tipoff(town, name="王小明", phone="13900002211", workplace="纺织厂")
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: screen.why_not("refuse") is None)
        await pilot.press("f8")
        modal = await on(pilot, "RefusalModal")
        await pilot.press("2", "home", *["delete"] * 24, *living.number)
        await until(pilot, lambda: living.number in modal.known)
        await pilot.press("f7")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        form = await on(pilot, "ClassifyForm")
        form.query_one("#home_address", HotlineInput).focus()
        await pilot.press(*"荷花苑3栋", "f4")
        await said(pilot, f"已并入 {living.number}")
    assert held(town, made).merged_into_id == living.order_id


async def test_one_of_several_callers_with_a_name_is_enough_for_the_form(town: Town) -> None:
    made = tipoff(town)
    named = town.register(name="李小红", phone="13900003344")
    intake.merge(town.agent, named.order_id, made.number)
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: screen.why_not("classify") is None)
        await pilot.press("f9")
        await on(pilot, "ClassifyForm")
        await pilot.press("f4")
        await said(pilot, "已分类")
        await pilot.press("f5")
        await on(pilot, "UnitPicker")


@pytest.mark.requirement("R-11.4")
@pytest.mark.parametrize("urgent", [True, False])
async def test_before_an_urgent_order_is_merged_it_is_said_that_the_other_becomes_urgent(
    town: Town, urgent: bool
) -> None:
    living, made = town.assigned(), town.register(urgent=urgent, phone="13900003344", name="李小红")
    async with sitting(town, "agent") as pilot:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: screen.why_not("merge") is None)
        await pilot.press("f7")
        await on(pilot, "EarlierOrders")
        await pilot.press("f7")
        await on(pilot, "Confirm")
        assert (f"本件紧急, 并入后 {living.number} 列为急件" in painted(pilot)) is urgent
        assert "并案后不能撤回, 承办单位可看到本件的诉求" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, f"已并入 {living.number}")
    assert held(town, made).state is OrderState.MERGED
    assert held(town, living).urgent is urgent


async def test_the_unit_reads_what_the_other_asked_under_its_own_matter_and_not_who_asked(town: Town) -> None:
    living = town.signed()
    other = town.register(name="李小红", phone="13900003344", narrative="十二栋的路灯整夜不亮")
    intake.merge(town.agent, other.order_id, living.number)
    async with sitting(town, "handler") as pilot:
        await open_order(pilot, living.order_id)
        await until(pilot, lambda: "十二栋的路灯整夜不亮" in text(pilot, "#text"))
        shown = text(pilot, "#text")
        assert shown.index("每天十元收费") < shown.index("并入的诉求") < shown.index("十二栋的路灯整夜不亮")
        assert other.number not in painted(pilot)
        assert "李小红" not in painted(pilot)
        assert "13900003344" not in painted(pilot)
