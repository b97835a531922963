"""Pictures of 批示 and of the office's side of 工单: thin at 80 x 24, rich at 132 x 43."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.models import Assignment
from hotline_tui.rules.words import Kind, OrderState, Verdict
from hotline_tui.screens.profile import Profile
from hotline_tui.services import consent, dispatch, handling, instruction, on_site
from tests.builders import Built, Town
from tests.screens.seats import THIN, WIDE, app_of, go, on, open_order, painted, settled, text, until

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"]),
]
LONG = "小区物业从本月起对业主私家车按每天十元收费, 没有公示收费依据, 也没有征求业主意见。" * 6


@pytest.fixture
def picture(town: Town, snap_compare: Any, size: tuple[int, int], profile: Profile) -> Callable[..., bool]:
    """Compares what a person sees after some keys."""

    def take(login: str, keys: Callable[[Pilot[Any]], Awaitable[object]]) -> bool:
        async def before(pilot: Pilot[Any]) -> None:
            await on(pilot, "HomeScreen")
            await keys(pilot)
            await settled(pilot)
            await pilot.pause()

        app = HotlineApp(town.settings, account_id=town.accounts[login], clock=town.clock, profile=profile)
        return snap_compare(app, terminal_size=size, run_before=before)

    return take


def countersigned(town: Town) -> Built:
    """Two units, one has answered; the lead has asked to be freed of it."""
    order = town.register(narrative=LONG, urgent=True)
    instruction.propose(town.agent, order.order_id, "涉及物业收费和价格公示, 建议会签")
    leader = town.accounts["city_leader"]
    instruction.report(town.office, order.order_id, "建议房产分局牵头", leader_id=leader, countersign=True)
    instruction.instruct(town.city_leader, order.order_id, "请抓紧办理", lead=town.a, assists=[town.b])
    made = dispatch.assign(town.office, order.order_id, town.a, assists=[town.b])
    with town.store.read() as session:
        query = select(Assignment.id).where(Assignment.order_id == order.order_id, Assignment.unit_id == town.b)
        assist = session.exec(query).one()
    handling.sign(town.handler_b, assist)
    handling.draft_reply(town.handler_b, assist, "价格公示已检查, 责令补正")
    handling.approve(town.leader_b, assist)
    record = on_site.send(town.office, order.order_id, "应急分队 王某", town.now)
    town.later(minutes=35)
    on_site.arrive(town.office, record, town.now, "现场已停止收费")
    consent.request_return(town.handler, made.assignment_id, "牵头职责不在我单位")
    return order


def test_a_countersigned_order_with_a_request(town: Town, picture: Callable[..., bool]) -> None:
    order = countersigned(town)
    assert picture("office", lambda pilot: open_order(pilot, order.order_id))


def test_what_waits_for_a_leader(town: Town, picture: Callable[..., bool]) -> None:
    town.bring(OrderState.AWAITING_INSTRUCTION, narrative=LONG)
    town.bring(OrderState.AWAITING_INSTRUCTION, urgent=True)

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "instruction")
        await until(pilot, lambda: "呈报 全体市领导" in text(pilot, "#look"))

    assert picture("city_leader", keys)


def test_an_instruction_being_recorded(town: Town, picture: Callable[..., bool]) -> None:
    town.bring(OrderState.AWAITING_INSTRUCTION, accused=(town.b,))

    async def keys(pilot: Pilot[Any]) -> None:
        await go(pilot, "instruction")
        await pilot.press("f6")
        await until(pilot, lambda: "呈报 全体市领导" in text(pilot, "#look"))
        await pilot.press("f4")
        await on(pilot, "InstructForm")

    assert picture("office", keys)


def figures(town: Town) -> None:
    """A month with a little of everything."""
    town.bring(OrderState.ARCHIVED, narrative=LONG)
    town.call(town.bring(OrderState.AWAITING_CALLBACK), Verdict.UNSATISFIED)
    town.bring(OrderState.ASSIGNED, unit=town.b)
    town.register(kind=Kind.SUGGESTION)


async def counted(pilot: Pilot[Any]) -> None:
    """This month by kind."""
    app_of(pilot).go("statistics")
    screen = await on(pilot, "StatisticsScreen")
    await until(pilot, lambda: screen.trend and screen.table is not None)


def test_the_figures_of_a_month(town: Town, picture: Callable[..., bool]) -> None:
    figures(town)
    assert picture("office", counted)


def test_the_figures_of_units_as_bars(town: Town, picture: Callable[..., bool]) -> None:
    figures(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await counted(pilot)
        await pilot.press("5")
        await until(pilot, lambda: "房产分局" in painted(pilot))
        await pilot.press("f7")
        await until(pilot, lambda: "房产分局 每日交办" in painted(pilot))

    assert picture("office", keys)


def test_the_orders_behind_a_figure(town: Town, picture: Callable[..., bool]) -> None:
    figures(town)

    async def keys(pilot: Pilot[Any]) -> None:
        await counted(pilot)
        await pilot.press("enter")
        screen = await on(pilot, "FigureOrdersScreen")
        await until(pilot, lambda: screen.found)

    assert picture("office", keys)
