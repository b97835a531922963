"""督办看板 on a wall goes on by itself when its line to the server was cut, or the server restarted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hotline_tui.data import live
from hotline_tui.screens import connected, dashboard
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.widgets.lines import TitleLine
from hotline_tui.services import notes
from hotline_tui.wall import BoardApp
from tests.builders import Town
from tests.lines import line_to
from tests.screens.seats import THIN, on, painted, rows, settled, until

pytestmark = pytest.mark.requirement("R-6b", "R-6d")
POSTGRES, SQLITE = (pytest.mark.parametrize("storage", [each], indirect=True) for each in ("postgres", "sqlite"))


@SQLITE
async def test_a_board_whose_file_was_taken_away_says_so_and_goes_on_when_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.1)
    town.at("2026-11-18 09:00").signed(town.a)
    town.at("2026-12-02 14:32")
    file, away = Path(town.store.url.database or ""), Path(f"{town.store.url.database}.away")
    app = BoardApp(replace(town.settings, refresh_seconds=1), clock=town.clock, profile=Profile.THIN)
    async with app.run_test(size=THIN) as pilot:
        screen = await on(pilot, "DashboardScreen")
        await until(pilot, lambda: screen.board is not None and app.listening)
        _move(file, away)
        await until(pilot, lambda: "数据库文件读不了" in painted(pilot), "the status line did not say so")
        await until(pilot, lambda: "读取失败, 为 14:32 的数据" in _title(screen), "the board did not say so")
        _move(away, file)
        await until(pilot, lambda: " 在线" in painted(pilot) and "读取失败" not in _title(screen))
        await settled(pilot)


@POSTGRES
async def test_a_board_whose_line_was_cut_says_so_and_then_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LONGEST_PAUSE", 0.5)
    order = town.at("2026-11-18 09:00").signed(town.a)
    town.at("2026-12-02 14:32")
    with line_to(town.settings.database_url) as (line, near):
        settings = replace(town.settings, database_url=near, refresh_seconds=1)
        app = BoardApp(settings, clock=town.clock, profile=Profile.THIN)
        async with app.run_test(size=THIN) as pilot:
            screen = await on(pilot, "DashboardScreen")
            await until(pilot, lambda: screen.board is not None and app.listening)
            line.cut()
            await until(pilot, lambda: not app.listening)
            await until(pilot, lambda: "读取失败, 为 14:32 的数据" in _title(screen), "the board did not say so")
            await until(pilot, lambda: "离线, 正在重新连接" in painted(pilot), "the status line did not say so")
            assert [order.number in row for row in rows(pilot, "#orders")] == [True]
            notes.urge(town.agent, order.order_id)
            line.join()
            await until(pilot, lambda: "催办 1" in rows(pilot, "#orders")[0])
            await until(pilot, lambda: app.listening and "在线" in painted(pilot))
            assert "读取失败" not in _title(screen)
            await settled(pilot)


def _move(file: Path, to: Path) -> None:
    """Nothing has come in its place."""
    assert not to.exists()
    file.rename(to)


def _title(screen: dashboard.DashboardScreen) -> str:
    line = screen.query_one(TitleLine)
    return f"{line.left}{line.right}"
