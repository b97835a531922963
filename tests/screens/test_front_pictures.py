"""Pictures of 受理, 知识库 and 派单: thin at 80 x 24, rich at 132 x 43."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.data.drafts import Draft
from hotline_tui.data.queries import picks
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import Channel, Kind
from hotline_tui.screens.profile import Profile
from hotline_tui.services import handling
from tests.builders import Town
from tests.screens.seats import THIN, WIDE, go, on, painted, settled, until

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"]),
]
LONG = "小区物业从本月起对业主私家车按每天十元收费, 没有公示收费依据, 也没有征求业主意见。" * 4


@pytest.fixture
def picture(town: Town, snap_compare: Any, size: tuple[int, int], profile: Profile) -> Callable[..., bool]:
    """Compares what the front sees after some keys."""

    def take(keys: Callable[[Pilot[Any]], Awaitable[object]], login: str = "agent") -> bool:
        async def before(pilot: Pilot[Any]) -> None:
            await on(pilot, "HomeScreen")
            await keys(pilot)
            await settled(pilot)
            await pilot.pause()

        app = HotlineApp(town.settings, account_id=town.accounts[login], clock=town.clock, profile=profile)
        return snap_compare(app, run_before=before, terminal_size=size)

    return take


async def told(pilot: Pilot[Any]) -> Any:
    """A complaint, all but the workplace, with a long narrative; everything looked up."""
    app: Any = pilot.app
    with app.desk.store.read() as session:
        topic = next(each for each in picks.topics(session) if each.path == "物业管理/停车收费")
        [region] = picks.regions(session)
    fields = {
        "phone": "13900002211",
        "name": "王小明",
        "kind": "complaint",
        "topic": [str(topic.id)],
        "region": [str(region.id)],
        "address": "某某花园3栋",
        "home_address": "某某花园3栋501",
        "narrative": LONG,
        "urgent": True,
    }
    app.go("intake", draft=Draft(new_id(), "agent", "intake", app.clock(), None, fields))
    screen = await on(pilot, "IntakeScreen")
    await until(pilot, lambda: screen.found and screen.similar and screen.history.total and screen._dues)
    await pilot.press("!", "backspace")
    await until(pilot, lambda: "房产分局" in painted(pilot) and not screen._held)
    return screen


def test_an_empty_call(picture: Callable[..., bool]) -> None:
    async def keys(pilot: Pilot[Any]) -> None:
        await pilot.press("f2")
        screen = await on(pilot, "IntakeScreen")
        await until(pilot, lambda: screen.directory.units and screen._dues)

    assert picture(keys)


def test_a_call_half_told(town: Town, picture: Callable[..., bool]) -> None:
    town.register(narrative=LONG)
    town.assigned(narrative=LONG)
    assert picture(told)


def test_a_dispatch_with_the_days_it_skips(town: Town, picture: Callable[..., bool]) -> None:
    town.register(narrative=LONG)

    async def keys(pilot: Pilot[Any]) -> None:
        screen = await told(pilot)
        screen.form.query_one("#workplace").value = "某某公司"
        await pilot.pause()
        await pilot.press("f5")
        await on(pilot, "UnitPicker")

    assert picture(keys)


def test_a_refusal(town: Town, picture: Callable[..., bool]) -> None:
    town.register(narrative=LONG)

    async def keys(pilot: Pilot[Any]) -> None:
        await told(pilot)
        await pilot.press("f8")
        await on(pilot, "RefusalModal")
        await pilot.press("2")

    assert picture(keys)


def test_the_knowledge_base(town: Town, picture: Callable[..., bool]) -> None:
    town.write_article("物业收费未公示应向哪里反映?", LONG, basis="价格法第十三条", phrasings="收费没有公示找谁")

    async def keys(pilot: Pilot[Any]) -> None:
        await pilot.press("f3")
        screen = await on(pilot, "KnowledgeScreen")
        await pilot.press(*"物业收费")
        await until(pilot, lambda: screen.why_not("revise") is None)

    assert picture(keys, "office")


def test_what_waits_for_a_unit(town: Town, picture: Callable[..., bool]) -> None:
    town.register(
        kind=Kind.OTHER, topic_id=None, region_id=None, channel=Channel.MAILBOX, narrative=LONG, address="[red]某路[/]"
    )
    town.later(minutes=20)
    back = town.assigned(kind=Kind.HELP, narrative="楼道照明坏了一个月没有人修")
    assert back.assignment_id is not None
    handling.return_(town.handler, back.assignment_id, "楼道照明由物业公司负责, 属新河街道协调")
    town.register(kind=Kind.TIPOFF, urgent=True, accused=(town.b,))

    async def keys(pilot: Pilot[Any]) -> None:
        screen = await go(pilot, "dispatch")
        await pilot.press("down", "down")
        await until(pilot, lambda: screen.why_not("assign") is None)

    assert picture(keys)


def test_a_letter_to_be_classified(town: Town, picture: Callable[..., bool]) -> None:
    town.register(kind=Kind.OTHER, topic_id=None, channel=Channel.MAILBOX, accused=(town.b,))

    async def keys(pilot: Pilot[Any]) -> None:
        screen = await go(pilot, "dispatch")
        await until(pilot, lambda: screen.why_not("classify") is None and screen.directory.units)
        await pilot.press("f9")
        await on(pilot, "ClassifyForm")

    assert picture(keys)
