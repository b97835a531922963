"""不予受理: nothing is refused by a slip of a key, and nothing typed for it is lost (Art. 8, R-D1)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.words import Action, Channel, Kind, OrderState, RefusalReason
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.services import intake
from tests.builders import Built, Town
from tests.screens.front import Seat, seat
from tests.screens.seats import go

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-8", "R-D1"),
]


async def refusing(here: Seat, narrative: str = "还是停车费", phone: str = "", again: str = "") -> None:
    """A call, and F8; once the order `again` was found alike."""
    await here.press("f2")
    await here.on("IntakeScreen")
    await here.until(lambda: here.focus == "phone")
    if phone:
        await here.type(phone)
        await here.press("enter")
        await here.sees("历史 1 件")
    await here.press("pagedown")
    await here.type(narrative)
    if again:
        await here.until(lambda: any(row.number == again for row in here.app.screen.similar))
    await here.press("f8")
    await here.on("RefusalModal")


async def opened(here: Seat) -> None:
    """F8 on the letter that waits for dispatch."""
    screen = await go(here.pilot, "dispatch")
    await here.until(lambda: screen.why_not("refuse") is None)
    await here.press("f8")
    await here.on("RefusalModal")


def letter(town: Town, **told: Any) -> Built:
    return town.register(kind=Kind.OTHER, topic_id=None, region_id=None, channel=Channel.MAILBOX, **told)


def told(here: Seat) -> str:
    return here.app.screen.query_one("#told", Narrative).text


def number(here: Seat) -> str:
    return here.app.screen.query_one("#number", HotlineInput).value


@pytest.mark.parametrize("key", ["enter", "f4"])
async def test_no_reason_stands_chosen_before_somebody_chooses_it(town: Town, key: str) -> None:
    async with seat(town) as here:
        await refusing(here)
        await here.press(key)
        await here.sees("请先选不予受理的理由")
        assert told(here) == ""
        await here.press("down")
        await here.sees("含有攻击、辱骂他人的言语")
        await here.press("down", "down", key)
        await here.until(lambda: "不予受理" in here.said)
        assert [order.refusal_reason for order in here.orders()] == [RefusalReason.VAGUE]


async def test_what_the_words_suggest_is_shown_as_such_before_enter_confirms_it(town: Town) -> None:
    async with seat(town) as here:
        await refusing(here, "楼下着火了")
        await here.sees("诉求中写有 着火: 紧急警情, 请先告知拨打 119; 核对后按 Enter")
        assert "立即挂断并拨打119" in told(here)
        await here.press("5")
        assert "推销" in told(here)
        await here.press("enter")
        await here.until(lambda: "不予受理" in here.said)
        assert [order.refusal_reason for order in here.orders()] == [RefusalReason.ADVERTISING]


async def test_digits_after_a_reason_with_a_number_are_the_number_and_the_words_wait_for_it(town: Town) -> None:
    earlier = town.register(narrative="楼上漏水", address="别处", phone="13900009999")
    async with seat(town) as here:
        await refusing(here)
        await here.press("2")
        assert (here.focus, told(here)) == ("number", "")
        await here.press("enter")
        await here.sees("请指明先前的工单编号")
        await here.type(earlier.number[:-1].lower())
        assert told(here) == ""
        await here.type(earlier.number[-1])
        await here.until(lambda: f"工单编号是{earlier.number}，正在办理，" in told(here))
        await here.sees("待处理 楼上漏水")
        await here.press("enter")
        await here.until(lambda: "不予受理" in here.said)
        assert here.orders()[-1].refusal_reason is RefusalReason.DUPLICATE
        await refusing(here)
        await here.press("8")
        assert (here.focus, told(here)) == ("number", "")
        await here.type("122")
        assert "拨打122" in told(here)
        await here.press("up")
        assert here.focus == "reasons"
        await here.press("4")
        assert "不具备答复条件" in told(here)


async def test_a_number_that_stands_there_already_is_typed_over(town: Town) -> None:
    earlier = town.register(narrative="小区物业对业主私家车按每天十元收费")
    other = town.register(narrative="楼上漏水", address="别处", phone="13900009999")
    async with seat(town) as here:
        await refusing(here, "小区物业对业主私家车按每天十元收费", again=earlier.number)
        await here.press("2")
        assert number(here) == earlier.number
        await here.type(other.number)
        assert number(here) == other.number
        await here.sees("楼上漏水")


async def test_what_the_caller_brought_before_is_not_taken_for_the_same_matter(town: Town) -> None:
    town.register(narrative="楼上漏水", address="别处", phone="13900007788")
    async with seat(town) as here:
        await refusing(here, phone="13900007788")
        await here.press("2")
        assert number(here) == ""


async def test_the_words_say_what_the_earlier_order_has_come_to(town: Town) -> None:
    earlier = town.bring(OrderState.ARCHIVED)
    async with seat(town) as here:
        await refusing(here)
        await here.press("2")
        await here.type(earlier.number)
        await here.press("enter")
        await here.until(lambda: "不予受理" in here.said)
        assert f"{earlier.number}，已经办结，不再重复登记" in here.orders()[-1].refusal_told


async def test_what_can_not_be_joined_is_said_before_anything_is_written(town: Town) -> None:
    archived = town.bring(OrderState.ARCHIVED)
    async with seat(town) as here:
        before = len(here.orders())
        await refusing(here)
        await here.press("2")
        await here.type(archived.number)
        await here.press("f7")
        await here.sees("已归档, 请并入办理中的工单(第八条)")
        assert (number(here), len(here.orders())) == (archived.number, before)


@pytest.mark.parametrize("key", ["enter", "f7"])
async def test_a_wrong_number_leaves_the_box_as_it_is_with_the_sentence(town: Town, key: str) -> None:
    async with seat(town) as here:
        await refusing(here)
        await here.press("2")
        await here.type("C01-20261120-0999")
        here.app.screen.query_one("#told", Narrative).focus()
        await here.type("已告知")
        here.app.screen.query_one("#number").focus()
        await here.pilot.pause()
        words = told(here)
        await here.press(key)
        await here.sees("没有编号为 C01-20261120-0999 的工单, 请核对编号")
        assert type(here.app.screen).__name__ == "RefusalModal"
        assert (number(here), told(here), here.orders()) == ("C01-20261120-0999", words, [])
        await here.press("backspace")
        await here.press("enter")
        await here.sees("没有编号为 C01-20261120-099 的工单, 请核对编号")
        await here.press("escape")
        await here.on("IntakeScreen")
        await here.press("f8")
        await here.on("RefusalModal")
        assert (number(here), told(here)) == ("C01-20261120-099", words)


async def test_words_written_for_one_reason_do_not_go_to_another_and_come_back(town: Town) -> None:
    async with seat(town) as here:
        await refusing(here)
        await here.press("5", "tab")
        await here.type("谢谢来电")
        written = told(here)
        assert written.startswith("谢谢来电")
        here.app.screen.query_one("#reasons").focus()
        await here.press("6")
        assert "人大常委会" in told(here)
        assert "谢谢来电" not in told(here)
        await here.press("5")
        assert told(here) == written


async def test_what_was_written_for_a_letter_is_there_again_after_esc_and_gone_when_it_is_refused(town: Town) -> None:
    made = letter(town)
    async with seat(town) as here:
        await opened(here)
        await here.press("3", "tab")
        await here.type("请说明地点")
        written = told(here)
        await here.press("escape")
        here.app.drafts.flush()
        await here.press("f8")
        await here.on("RefusalModal")
        assert told(here) == written
        await here.press("f4")
        await here.until(lambda: "不予受理" in here.said)
        here.app.drafts.flush()
        assert here.app.draft_box.of("agent") == []
    with town.store.read() as session:
        kept = session.get(WorkOrder, made.order_id)
        assert kept is not None
        assert (kept.state, kept.refusal_told) == (OrderState.REFUSED, written)


async def test_a_call_put_by_keeps_what_was_written_to_refuse_it(town: Town) -> None:
    async with seat(town) as here:
        await refusing(here)
        await here.press("3", "tab")
        await here.type("请说明地点")
        written = told(here)
        await here.press("escape")
        await here.on("IntakeScreen")
        await here.press("f9")
        await here.until(lambda: "已存为草稿" in here.said)
        here.app.drafts.flush()
        (draft,) = here.app.draft_box.of("agent")
        await here.press("escape")
        await here.on("HomeScreen")
        here.app.go("intake", draft=draft)
        await here.on("IntakeScreen")
        await here.press("f8")
        await here.on("RefusalModal")
        assert told(here) == written


async def test_of_several_callers_each_is_to_be_told(town: Town) -> None:
    living = letter(town)
    double = town.register(name="李小红", phone="13900003344")
    intake.merge(town.agent, double.order_id, living.number)
    async with seat(town) as here:
        await opened(here)
        await here.sees("告知来电人(共 2 位, 逐位告知):")
        await here.press("3", "enter")
        await here.until(lambda: "不予受理" in here.said)
        event = here.read(lambda session: session.exec(select(Event).where(Event.action == Action.REFUSE)).one())
        assert event.payload["facts"]["callers"] == 2


async def test_a_refused_order_is_told_beside_its_number_and_on_enter_and_the_number_stays(town: Town) -> None:
    refused, other = town.refused(), town.register(narrative="楼上漏水", address="别处", phone="13900009999")
    async with seat(town) as here:
        before = len(here.orders())
        await refusing(here)
        await here.press("2")
        await here.type(refused.number)
        await here.sees(" 不予受理, 不能作为先前的工单")
        assert told(here) == ""
        await here.press("enter")
        await here.sees(f"{refused.number} 不予受理, 不能作为先前的工单, 请改选理由或受理本件(第八条)")
        assert (here.focus, number(here), len(here.orders())) == ("number", refused.number, before)
        await here.press("home", *["delete"] * 24)
        await here.type(other.number)
        await here.press("enter")
        await here.until(lambda: "不予受理" in here.said)
        assert here.orders()[-1].refusal_reason is RefusalReason.DUPLICATE


async def test_a_letter_is_no_duplicate_of_itself_which_is_said_before_anything_is_written(town: Town) -> None:
    made = letter(town)
    async with seat(town) as here:
        await opened(here)
        await here.press("2")
        await here.type(made.number)
        await here.sees(" 本件, 不能作为先前的工单")
        await here.press("enter")
        await here.sees("本件自身不能作为先前的工单(第八条)")
        assert number(here) == made.number
        assert [order.state for order in here.orders()] == [OrderState.RECEIVED]
