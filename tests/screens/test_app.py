"""Sign-in, home, palette, lock, and an end that nobody foresaw."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from rich.text import Text
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.worker import WorkerFailed

from hotline_tui.app import HotlineApp
from hotline_tui.errors import Lost, StorageError, Unreachable
from hotline_tui.rules.words import Role
from hotline_tui.screens import connected
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.widgets.display import FAINT
from hotline_tui.screens.widgets.lines import ActionBar
from hotline_tui.screens.widgets.modals import Ask
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import accounts
from hotline_tui.services.accounts import NewAccount
from tests.builders import Town
from tests.screens.seats import THIN, app_of, on, painted, rows, settled, sitting, status, until

PASSWORD = "correct-horse-battery"


@asynccontextmanager
async def at_the_door(town: Town) -> AsyncIterator[Pilot[Any]]:
    accounts.create(town.admin, NewAccount("zhang", "张敏", Role.AGENT, "C01", None), PASSWORD)
    app = HotlineApp(town.settings, clock=town.clock, profile=Profile.THIN)
    async with app.run_test(size=THIN) as pilot:
        await on(pilot, "SignInScreen")
        await until(pilot, lambda: hasattr(app, "drafts"))
        yield pilot
        await settled(pilot)


def message(pilot: Pilot[Any]) -> str:
    return str(pilot.app.screen.query_one("#message", Static).content)


async def test_name_and_password_open_the_workbench(town: Town) -> None:
    async with at_the_door(town) as pilot:
        pilot.app.screen.query_one("#login", Input).value = "zhang"
        await pilot.press("enter")
        pilot.app.screen.query_one("#password", Input).value = PASSWORD
        await pilot.press("enter")
        await on(pilot, "HomeScreen")
        assert [row.key for row in pilot.app.screen.query_one("#places", RowList).rows] == [
            "intake",
            "dispatch",
            "callback",
            "dashboard",
            "search",
            "knowledge",
            "calendar",
        ]


async def test_a_wrong_password_says_so_and_waits_for_another(town: Town) -> None:
    async with at_the_door(town) as pilot:
        pilot.app.screen.query_one("#login", Input).value = "zhang"
        pilot.app.screen.query_one("#password", Input).value = "wrong-password"
        await pilot.press("f4")
        await until(pilot, lambda: "口令" in message(pilot) and "正在" not in message(pilot))
        assert pilot.app.screen.query_one("#password", Input).value == ""
        assert type(pilot.app.screen).__name__ == "SignInScreen"


def focused(pilot: Pilot[Any]) -> str | None:
    widget = pilot.app.screen.focused
    return widget.id if widget else None


async def test_the_cursor_stays_where_something_is_missing_and_it_is_said(town: Town) -> None:
    async with at_the_door(town) as pilot:
        screen = pilot.app.screen
        await pilot.press("enter")
        assert (focused(pilot), message(pilot)) == ("login", "请输入账号")
        await pilot.press("tab", *"secret", "enter")
        assert (focused(pilot), message(pilot)) == ("login", "请输入账号")
        await pilot.press(*"zhang", "enter")
        assert (focused(pilot), message(pilot)) == ("password", "")
        await pilot.press("enter")
        await until(pilot, lambda: "账号或口令不对" in message(pilot))
        assert (focused(pilot), screen.query_one("#password", Input).value) == ("password", "")
        await pilot.press("tab", "f4")
        assert (focused(pilot), message(pilot)) == ("password", "请输入口令")


async def test_behind_the_sign_in_no_key_leads_further(town: Town) -> None:
    async with at_the_door(town) as pilot:
        await pilot.press("f2", "f3", "ctrl+p")
        assert type(pilot.app.screen).__name__ == "SignInScreen"


async def test_an_idle_seat_locks_and_what_was_open_is_still_there(town: Town) -> None:
    async with at_the_door(town) as pilot:
        app: Any = pilot.app
        pilot.app.screen.query_one("#login", Input).value = "zhang"
        pilot.app.screen.query_one("#password", Input).value = PASSWORD
        await pilot.press("f4")
        await on(pilot, "HomeScreen")
        await pilot.press("f2")
        await on(pilot, "IntakeScreen")
        await pilot.press(*"13900002211")
        town.later(minutes=9)
        app.lock_when_idle()
        assert type(app.screen).__name__ == "IntakeScreen"
        town.later(minutes=2)
        app.lock_when_idle()
        await on(pilot, "LockScreen")
        await pilot.press("escape", "f2", "ctrl+p")
        assert type(app.screen).__name__ == "LockScreen"
        app.screen.query_one("#password", Input).value = "not-the-password"
        await pilot.press("f4")
        await until(pilot, lambda: message(pilot))
        assert type(app.screen).__name__ == "LockScreen"
        app.screen.query_one("#password", Input).value = PASSWORD
        await pilot.press("f4")
        intake = await on(pilot, "IntakeScreen")
        assert "13900002211" in [entry.value for entry in intake.query(Input)]


async def test_a_digit_its_full_width_twin_and_the_palette_go_to_the_same_place(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        for keys in (["5"], ["\uff15"], ["ctrl+p", "c", "x", "enter"]):
            await pilot.press(*keys)
            await on(pilot, "SearchScreen")
            await pilot.press("escape")
            await on(pilot, "HomeScreen")


@pytest.mark.parametrize(("login", "told"), [("office", True), ("agent", True), ("leader", False), ("handler", False)])
async def test_what_waits_for_dispatch_is_told_to_those_who_dispatch(town: Town, login: str, told: bool) -> None:
    async with sitting(town, login) as pilot:
        await until(pilot, lambda: "临期" in painted(pilot))
        assert ("待派 0" in painted(pilot)) is told


async def test_the_tenth_place_is_opened_by_nought_and_a_later_one_has_no_digit(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        tenth, eleventh = (row.split() for row in rows(pilot, "#places")[9:])
        assert tenth[:2] == ["0", "日历"]
        assert eleventh[0] == "查看记录"
        await pilot.press("0")
        await on(pilot, "CalendarScreen")


async def test_of_two_lists_only_the_one_with_the_keys_is_marked(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("f2")
        await on(pilot, "IntakeScreen")
        await pilot.press(*"13900002211", "escape")
        await on(pilot, "HomeScreen")
        await until(pilot, lambda: rows(pilot, "#drafts"))
        assert marked(pilot) == ["受理"]
        await pilot.press("tab")
        await pilot.pause()
        assert marked(pilot) == ["受理登记"]
        await pilot.press("tab")
        await pilot.pause()
        assert marked(pilot) == ["受理"]


def marked(pilot: Pilot[Any]) -> list[str]:
    """What the lines with a mark are about."""
    lines = [line.split() for line in painted(pilot).splitlines() if line.startswith("> ")]
    return [next(word for word in line[1:] if not word.isdigit()) for line in lines]


async def test_a_place_closed_to_a_role_says_so(town: Town) -> None:
    async with sitting(town, "handler") as pilot:
        await pilot.press("f2")
        await pilot.pause()
        assert type(pilot.app.screen).__name__ == "HomeScreen"
        assert "承办人" in status(pilot)


@pytest.mark.parametrize("login", ["agent", "office", "handler", "leader", "city_leader", "authority", "admin"])
async def test_every_role_opens_each_of_its_places(town: Town, login: str) -> None:
    async with sitting(town, login) as pilot:
        for row in pilot.app.screen.query_one("#places", RowList).rows:
            app: Any = pilot.app
            app.go(row.key)
            await until(pilot, lambda: type(pilot.app.screen).__name__ != "HomeScreen")
            await settled(pilot)
            await pilot.press("escape")
            await on(pilot, "HomeScreen")


@pytest.mark.parametrize(("key", "place"), [("f2", "IntakeScreen"), ("f3", "KnowledgeScreen")])
async def test_the_telephone_rings_over_a_dialog_and_what_was_typed_there_stays(
    town: Town, key: str, place: str
) -> None:
    async with sitting(town, "office") as pilot:
        pilot.app.push_screen(Ask("督办", "督办要求:"))
        await on(pilot, "Ask")
        await pilot.press(*"写了一半", key)
        await on(pilot, place)
        await pilot.press("escape")
        ask = await on(pilot, "Ask")
        assert ask.query_one("#answer", Input).value == "写了一半"
        await pilot.press("续")
        assert ask.query_one("#answer", Input).value == "写了一半续"


@pytest.mark.parametrize(
    ("login", "key", "sentence"),
    [("agent", "f3", "知识库已经打开, 请先按 Esc 关闭这里"), ("handler", "f2", "承办人不使用受理")],
)
async def test_a_dialog_says_why_a_place_does_not_open_from_it(town: Town, login: str, key: str, sentence: str) -> None:
    async with sitting(town, login) as pilot:
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        pilot.app.push_screen(Ask("问题"))
        await on(pilot, "Ask")
        await pilot.press(*"甲", key)
        await until(pilot, lambda: sentence in painted(pilot))
        assert type(pilot.app.screen).__name__ == "Ask"


async def test_nothing_opens_under_a_window_too_small(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        await pilot.press(*"停车")
        await pilot.resize_terminal(40, 10)
        await on(pilot, "TooSmall")
        assert "按键不会录入" in painted(pilot)
        await pilot.press("f2", "f3", "ctrl+p", "甲")
        await pilot.resize_terminal(80, 24)
        screen = await on(pilot, "KnowledgeScreen")
        await pilot.press("场")
        assert screen.query_one("#words", Input).value == "停车场"


async def test_an_unforeseen_error_shows_no_values(town: Town) -> None:
    app = HotlineApp(town.settings, account_id=town.accounts["agent"], clock=town.clock, profile=Profile.THIN)

    async def stumble() -> None:
        async with app.run_test(size=THIN) as pilot:
            await on(pilot, "HomeScreen")
            app.call_later(lambda: 1 // 0)
            await until(pilot, lambda: app.failure)

    with pytest.raises(ZeroDivisionError):
        await stumble()
    assert isinstance(app.failure, ZeroDivisionError)
    assert app._exit_renderables == []


async def test_a_database_of_another_version_is_said_at_the_sign_in_and_nothing_is_typed_there(town: Town) -> None:
    import sqlalchemy as sa

    with town.store.write() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    app = HotlineApp(replace(town.settings), clock=town.clock, profile=Profile.THIN)
    async with app.run_test(size=THIN) as pilot:
        await until(pilot, lambda: "更新版本" in message(pilot))
        await pilot.press(*"zhang", "enter", "f4")
        assert pilot.app.screen.query_one("#login", Input).value == ""
        assert app.return_code is None
        await pilot.press("escape")
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 3


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
async def test_a_database_that_comes_back_while_somebody_signs_in_is_opened(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline_tui import app as module
    from hotline_tui.data.store import Store

    accounts.create(town.admin, NewAccount("zhang", "张敏", Role.AGENT, "C01", None), PASSWORD)
    away, monkeyed = [True], Store.read

    def read(self: Store) -> Any:
        if away:
            raise Unreachable("数据库连接不上")
        return monkeyed(self)

    monkeypatch.setattr(Store, "read", read)
    monkeypatch.setattr(module, "REOPEN_SECONDS", 0.2)
    app = HotlineApp(town.settings, clock=town.clock, profile=Profile.THIN)
    async with app.run_test(size=THIN) as pilot:
        await until(pilot, lambda: "数据库连接不上" in message(pilot))
        await until(pilot, lambda: "离线, 正在重新连接" in painted(pilot))
        assert "在线" not in painted(pilot)
        await pilot.press(*"zhang", "enter", *PASSWORD)
        away.clear()
        await until(pilot, lambda: message(pilot) == "" and "在线" in painted(pilot))
        await pilot.press("enter")
        await on(pilot, "HomeScreen")


async def test_a_role_that_takes_no_calls_sees_a_faint_key_and_why(town: Town) -> None:
    async with sitting(town, "handler") as pilot:
        bar = pilot.app.screen.query_one(ActionBar)
        line = bar.left if isinstance(bar.left, Text) else Text(bar.left)
        assert any(span.style == FAINT and line.plain[span.start : span.end] == "F2" for span in line.spans)
        await pilot.press("f2")
        assert "承办人不受理来电(第十一条(一))" in status(pilot)
        await pilot.press("f1")
        await on(pilot, "Help")
        assert "现在不能: 承办人不受理来电" in pilot.app.screen.query_one("#reading", Pages).plain


async def test_the_administrator_is_told_where_the_rest_of_the_work_is(town: Town) -> None:
    async with sitting(town, "admin") as pilot:
        assert "日历" in painted(pilot)
        assert "命令行" in painted(pilot)


async def test_a_seat_whose_account_was_closed_locks(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        accounts.close(town.admin, town.accounts["agent"])
        app_of(pilot).count()
        await on(pilot, "LockScreen")


async def test_what_failed_in_a_thread_is_what_the_log_tells(town: Town) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    app = HotlineApp(town.settings, account_id=town.accounts["agent"], clock=town.clock)

    async def run() -> None:
        async with app.run_test() as pilot:
            app.run_worker(fails, thread=True)
            await until(pilot, lambda: app.failure)

    with pytest.raises(WorkerFailed):
        await run()
    assert isinstance(app.failure, ZeroDivisionError)


async def test_a_count_that_comes_while_a_page_is_being_made_stands_on_it(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        app = app_of(pilot)
        await settled(pilot)
        app.go("search")
        app._show_counts(replace(app.status_facts, due_soon=7))
        await on(pilot, "SearchScreen")
        await until(pilot, lambda: "临期 7" in painted(pilot))


async def test_where_nothing_opens_the_sign_in_does_not_say_that_it_is_online(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline_tui.data.store import Store

    def read(self: Store) -> Any:
        raise StorageError("数据库拒绝登录: 口令不对")

    monkeypatch.setattr(Store, "read", read)
    app = HotlineApp(town.settings, clock=town.clock, profile=Profile.THIN)
    async with app.run_test(size=THIN) as pilot:
        await on(pilot, "SignInScreen")
        assert "在线" not in painted(pilot)
        await until(pilot, lambda: "数据库拒绝登录" in message(pilot) and "离线" in painted(pilot))
        assert "在线" not in painted(pilot)
        assert "正在重新连接" not in painted(pilot)


async def test_a_server_that_goes_away_before_somebody_signs_in_is_said_until_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline_tui.data.store import Store

    gone: list[bool] = []

    def answers(self: Store, *, writing: bool = False) -> None:
        if gone:
            raise Lost("数据库连接不上")

    def check(self: HotlineApp, login: str, password: str) -> Any:
        raise Lost("数据库连接不上")

    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.01)
    monkeypatch.setattr(Store, "answers", answers)
    monkeypatch.setattr(HotlineApp, "check_password", check)
    async with at_the_door(town) as pilot:
        await until(pilot, lambda: "在线" in painted(pilot))
        gone.append(True)
        await pilot.press(*"zhang", "enter", *PASSWORD, "enter")
        await until(pilot, lambda: "数据库连接不上" in message(pilot))
        assert not app_of(pilot).status_facts.online
        gone.clear()
        await until(pilot, lambda: message(pilot) == "" and app_of(pilot).status_facts.online)
