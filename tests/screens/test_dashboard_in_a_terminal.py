"""督办看板 on a thin line: what did not change is not written again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline_tui.services import notes
from tests.builders import Built, Town
from tests.journeys.terminal import Terminal

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-6a", "R-6b")]
ROOT = Path(__file__).resolve().parents[2]
APP = Path(__file__).with_name("board_app.py")
NOW = "2026-12-02T14:32:00+08:00"


@pytest.fixture
def orders(town: Town) -> list[Built]:
    """Overdue."""
    town.at("2026-11-18 09:00")
    return [town.signed(town.a) for _ in range(5)]


@pytest.fixture(params=["alone", "office"])
def terminal(town: Town, orders: list[Built], request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The board, read every second, its clock standing still."""
    town.at("2026-12-02 14:32")
    command = [sys.executable, str(APP), str(town.settings.home), request.param, NOW, str(counter(town))]
    env = {
        "PYTHONPATH": str(ROOT),
        "HOTLINE_PROFILE": "thin",
        "HOTLINE_DATABASE_URL": town.settings.database_url,
    }
    with Terminal(command, env=env) as running:
        yield running.wait_for(*(order.number for order in orders), "今日受理")


def counter(town: Town) -> Path:
    return town.settings.home.with_name("readings")


def read_more(terminal: Terminal, town: Town, times: int) -> None:
    """Wait until the board was read so often again."""
    path = counter(town)
    wanted = path.stat().st_size + times
    terminal.wait_until(lambda: path.stat().st_size >= wanted, f"{times} readings")


def test_an_idle_board_whose_data_do_not_change_writes_nothing(terminal: Terminal, town: Town) -> None:
    read_more(terminal, town, 2)
    before = terminal.bytes
    read_more(terminal, town, 4)
    assert terminal.bytes == before


def test_of_a_changed_order_only_the_changed_cells_are_written(
    terminal: Terminal, town: Town, orders: list[Built]
) -> None:
    read_more(terminal, town, 2)
    before = terminal.bytes
    notes.urge(town.agent, orders[3].order_id)
    terminal.wait_for("催办 1")
    read_more(terminal, town, 2)
    assert terminal.bytes - before < 100
