"""督办看板 alone and read-only, for the wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hotline_tui.app import HotlineApp, in_terminal
from hotline_tui.errors import ExitCode
from hotline_tui.screens.widgets.lines import StatusFacts
from hotline_tui.settings import Settings

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from hotline_tui.data.news import News
    from hotline_tui.services.desk import Desk

STANDBY_SECONDS = 2
"""So long after a change at the primary a standby is read again: what is behind has arrived."""


class BoardApp(HotlineApp):
    """督办看板 alone, for the wall: nobody signs in, so that nothing is done and no order is opened."""

    writes = False
    _behind: Timer | None = None

    def first_screen(self) -> Screen[Any]:
        """Nothing yet."""
        from hotline_tui.screens.base import HotlineScreen

        return HotlineScreen()

    def _open(self) -> Desk:
        from hotline_tui.services.desk import system_desk

        super()._open()
        desk = system_desk(self.store, self.settings)
        return replace(desk, viewer=replace(desk.viewer, on_wall=True), clock=self.clock)

    def signed_in(self, desk: Desk) -> None:
        """Straight to the board."""
        from hotline_tui.screens.dashboard import DashboardScreen

        self.desk = desk
        self.set_status(StatusFacts(site=desk.site_name or desk.site, role="只供查看"))
        self.switch_screen(DashboardScreen(alone=True))
        self.keep_counting()
        self.go_live()

    def news(self, kinds: frozenset[News]) -> None:
        """Read now; from a standby once more, when what was told at the primary has arrived there."""
        super().news(kinds)
        if self.settings.read_url and self._behind is None:
            self._behind = self.set_timer(STANDBY_SECONDS, lambda: self._arrived(kinds))

    def _arrived(self, kinds: frozenset[News]) -> None:
        self._behind = None
        super().news(kinds)

    def go(self, place: str, **options: Any) -> None:
        """No other place is open to nobody."""
        self._say("看板单独运行时只供查看, 办理请登录 (hotline)")

    async def action_go(self, place: str) -> None:
        """F2 and F3."""
        self.go(place)

    def lock_when_idle(self) -> None:
        """Nobody sits here who could unlock it."""


def run_dashboard(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> ExitCode:
    """Run 督办看板 alone and read-only in this terminal; returns the exit code."""
    return in_terminal(BoardApp(settings, clock=clock))
