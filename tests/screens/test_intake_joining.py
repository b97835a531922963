"""受理: what earlier orders are good for: a duplicate is named, or joined (Art. 9, 11(2))."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.models import OrderCaller, WorkOrder
from hotline_tui.rules.words import Kind, OrderState, RefusalReason
from hotline_tui.screens.widgets.entry import Narrative
from tests.builders import Town
from tests.screens.front import seat
from tests.screens.intake_form import complaint, form, new_call

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-8", "R-9", "R-15", "R-D1"),
]


async def test_a_duplicate_names_the_earlier_order_of_the_same_number(town: Town) -> None:
    earlier = town.register(phone="13900007788", narrative="小区停车费一天十元没有公示")
    async with seat(town) as here:
        await new_call(here)
        await here.type("13900007788")
        await here.press("enter")
        await here.sees("历史 1 件: 投诉1")
        await here.press("pagedown")
        await here.type("小区停车费一天十元没有公示")
        await here.until(lambda: here.app.screen.similar)
        await here.press("f8")
        await here.on("RefusalModal")
        await here.press("2")
        await here.sees(f"工单编号是{earlier.number}")
        await here.press("f4")
        await here.until(lambda: "不予受理" in here.said)
        assert here.orders()[-1].refusal_reason is RefusalReason.DUPLICATE


async def test_a_duplicate_can_be_linked_to_the_earlier_order_instead(town: Town) -> None:
    earlier = town.register(phone="13900007788")
    async with seat(town) as here:
        await new_call(here)
        await here.type("13900007788")
        await here.press("enter")
        await here.sees("历史 1 件")
        await here.type("李小红")
        await here.press("pagedown")
        await here.type("还是停车费")
        await here.press("f7")
        await here.on("EarlierOrders")
        await here.press("f7")
        await here.on("Confirm")
        await here.press("escape")
        await here.on("EarlierOrders")
        await here.press("f7")
        await here.on("Confirm")
        await here.sees("本件没有填的, 照该件: 分类 物业管理/停车收费, 区域 新河街道")
        await here.press("enter")
        await here.until(lambda: f"已并入 {earlier.number}" in here.said)
        [living, merged] = here.orders()
        assert (merged.state, merged.merged_into_id) == (OrderState.MERGED, earlier.order_id)
        assert (merged.topic_id, merged.region_id) == (living.topic_id, living.region_id)
        callers = here.read(
            lambda session: session.exec(select(OrderCaller).where(OrderCaller.order_id == earlier.order_id)).all()
        )
        assert len(callers) == 2


@pytest.mark.parametrize("way", ["f7", "f8"], ids=["earlier orders", "refusal"])
async def test_what_a_link_lacks_is_said_before_it_is_asked_for_and_the_cursor_stands_there(
    town: Town, way: str
) -> None:
    earlier = town.register(phone="13900007788")
    with town.store.write() as session:  # as a letter that nobody has classified
        session.get_one(WorkOrder, earlier.order_id).topic_id = None
        session.commit()
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type("小区物业对业主私家车按每天十元收费, 没有公示")
        await here.until(lambda: here.app.screen.similar)

        async def link() -> None:
            await here.press(way)
            await here.on("EarlierOrders" if way == "f7" else "RefusalModal")
            await here.press("f7")

        await link()
        await here.on("IntakeScreen")
        await here.until(lambda: "请先选诉求分类(第九条)" in here.said and here.focus == "topic")
        await here.press("shift+tab", "shift+tab", "shift+tab", "3")
        await link()
        await here.on("IntakeScreen")
        await here.until(lambda: "投诉须实名, 还缺: 姓名" in here.said and here.focus == "name")
        await here.press("down")
        await here.until(lambda: here.focus == "kind")
        await here.press("1")
        await here.until(lambda: here.focus == "topic")
        await here.type("tcsf")
        await here.on("FieldPicker")
        await here.press("enter")
        await here.until(lambda: here.focus == "region")
        await link()
        await here.on("Confirm")
        await here.press("enter")
        await here.until(lambda: f"已并入 {earlier.number}" in here.said)
        [_, merged] = here.orders()
        assert (merged.state, merged.merged_into_id) == (OrderState.MERGED, earlier.order_id)


async def test_of_the_callers_orders_the_one_alike_is_offered_first_and_another_matter_is_warned_of(town: Town) -> None:
    alike = town.register(phone="13900007788")
    other = town.register(
        phone="13900007788", kind=Kind.INQUIRY, narrative="路灯不亮", topic_id=town.topics["物业管理"]
    )
    async with seat(town) as here:
        await complaint(here)
        form(here).query_one(Narrative).load_text("小区物业对业主私家车按每天十元收费, 没有公示")
        await here.until(lambda: any(row.number == alike.number for row in here.app.screen.similar))
        await here.press("f7")
        await here.on("EarlierOrders")
        await here.sees(f"> 历史 相似 {alike.number}")
        await here.press("f7")
        await here.on("Confirm")
        assert "注意" not in here.text()
        assert "没有填的" not in here.text()
        await here.press("escape")
        await here.on("EarlierOrders")
        await here.press("down")
        await here.sees(f"> 历史      {other.number}")
        await here.press("f7")
        await here.on("Confirm")
        await here.sees("注意: 类别不同(本件投诉, 该件咨询), 分类不同(本件")
