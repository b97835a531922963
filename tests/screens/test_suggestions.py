"""What suggests itself while a matter is typed: shown with its reason, taken by a key, never filled in."""

from __future__ import annotations

import threading

import pytest

from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.suggest.advice import Advice
from hotline_tui.data.suggest.advisor import Advisor
from hotline_tui.rules.words import Channel, Kind
from hotline_tui.screens.form_fields import PickField
from hotline_tui.services.places import save_places
from tests.builders import Town
from tests.screens.front import Seat, seat
from tests.screens.intake_form import PARKING, form, new_call

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


def field(here: Seat, name: str) -> PickField:
    return form(here).query_one(f"#{name}", PickField)


async def test_topic_region_and_unit_are_proposed_with_their_reasons_and_nothing_is_filled_in(town: Town) -> None:
    save_places(town.office, [PlaceRow(2, "锦绣花园", (), "新河街道", "")])
    async with seat(town) as here:
        await new_call(here)
        assert "分类建议: 写入诉求后给出" in here.text()
        await here.press("pagedown")
        await here.type(f"锦绣花园{PARKING}")
        await here.sees("分类建议: 物业管理>停车收费(停车收费")
        await here.sees("区域建议: 新河街道(锦绣花园)")
        await here.sees("交办建议: 房产分局(分类 停车收费")
        assert (field(here, "topic").keys, field(here, "region").keys) == ((), ())


async def test_enter_on_the_field_and_enter_on_the_proposal_take_it(town: Town) -> None:
    save_places(town.office, [PlaceRow(2, "锦绣花园", (), "新河街道", "")])
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type(f"锦绣花园{PARKING}")
        await here.sees("区域建议")
        field(here, "topic").focus()
        await here.press("enter")
        await here.on("FieldPicker")
        await here.sees("物业管理/停车收费 (建议)")
        await here.sees("依据: 停车收费")
        await here.press("enter")
        await here.until(lambda: here.focus == "region")
        assert field(here, "topic").keys == (str(town.parking),)
        await here.press("enter")
        await here.on("FieldPicker")
        await here.sees("依据: 锦绣花园")
        await here.press("enter")
        await here.until(lambda: field(here, "region").keys == (str(town.region),))
        assert "区域建议" not in here.text()


async def test_a_slower_earlier_answer_never_stands_in_place_of_a_later_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, real = threading.Event(), Advisor.advise

    def slow(self: Advisor, session: object, narrative: str, **told: str) -> Advice:
        if narrative == PARKING:
            gate.wait(20)
        return real(self, session, narrative, **told)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Advisor, "advise", slow)
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type(PARKING)
        await here.until(lambda: here.app.screen._asked_advice == (PARKING, ""))
        await here.press("ctrl+u")
        await here.type("营业执照怎么办")
        await here.sees("分类建议: 市场监管>营业执照")
        gate.set()
        await here.type("理")
        await here.until(lambda: here.app.screen._asked_advice[0].endswith("办理"))
        await here.sees("分类建议: 市场监管>营业执照")
        assert "停车收费" not in here.text()


async def test_an_accused_unit_is_not_proposed(town: Town) -> None:
    async with seat(town) as here:
        await new_call(here)
        await here.press("pagedown")
        await here.type(PARKING)
        await here.sees("交办建议: 房产分局")
        field(here, "accused").put(str(town.a))
        await here.until(lambda: "交办建议: 房产分局" not in here.text())
        assert "交办建议: 选定分类或区域后给出" in here.text()


async def test_a_letter_without_a_topic_is_classified_by_two_keys(town: Town) -> None:
    save_places(town.office, [PlaceRow(2, "锦绣花园", (), "新河街道", "")])
    town.register(
        kind=Kind.HELP,
        narrative=f"锦绣花园{PARKING}",
        topic_id=None,
        region_id=None,
        address="",
        channel=Channel.MAILBOX,
    )
    async with seat(town) as here:
        here.app.go("dispatch")
        await here.on("DispatchScreen")
        await here.until(lambda: here.app.screen.why_not("classify") is None)
        await here.press("f9")
        await here.on("ClassifyForm")
        here.app.screen.query_one("#topic").focus()
        await here.press("enter")
        await here.on("FieldPicker")
        await here.sees("物业管理/停车收费 (建议)")
        await here.press("enter")
        await here.on("ClassifyForm")
        assert here.focus == "region"
        await here.press("enter")
        await here.sees("依据: 锦绣花园")
        await here.press("enter")
        await here.on("ClassifyForm")
        await here.press("f4")
        await here.until(lambda: "已分类" in here.said)
    [order] = here.orders()
    assert (order.topic_id, order.region_id) == (town.parking, town.region)
