"""督办看板 in a terminal for tests: `python board_app.py HOME LOGIN|alone NOW COUNTER` with a clock that stands still.

Every reading of the board adds a byte to the file COUNTER, so that a test knows that the board was read.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import hotline_tui  # noqa: F401 - sets what Textual reads at its import
from hotline_tui.app import HotlineApp
from hotline_tui.screens import board, dashboard, following
from hotline_tui.settings import load
from hotline_tui.wall import run_dashboard

home, login, now, counter = sys.argv[1:]
settings = load({"home": Path(home), "refresh_seconds": 1})
moment = datetime.fromisoformat(now)


def counted(*args):
    found = board.read_board(*args)
    with Path(counter).open("a", encoding="utf-8") as file:
        file.write(".")
    return found


dashboard.read_board = counted
following.QUIET_SECONDS = 0  # read every second, whether something was changed or not


class SeatApp(HotlineApp):
    """Straight to the board."""

    def signed_in(self, desk):
        super().signed_in(desk)
        self.go("dashboard")


def account():
    from sqlmodel import select

    from hotline_tui.data.store import Store
    from hotline_tui.models import Account

    with Store(settings.database_url).read() as session:
        return session.exec(select(Account.id).where(Account.login == login)).one()


if login == "alone":
    sys.exit(run_dashboard(settings, clock=lambda: moment))
SeatApp(settings, account_id=account(), clock=lambda: moment).run_in_terminal()
