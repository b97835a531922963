"""What the application does about the terminal: profile, theme, signals, painting, size, the clock's minute."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme

from hotline_tui.screens.paint import ChangedOnly, Frame, can_compare
from hotline_tui.screens.profile import Profile, profile_from
from hotline_tui.screens.widgets.lines import StatusFacts
from hotline_tui.screens.widgets.too_small import TooSmall

SHANGHAI = ZoneInfo("Asia/Shanghai")

RICH_THEME = Theme(
    name="hotline",
    primary="#4f9cd6",
    secondary="#5fb3b3",
    accent="#e0b050",
    warning="#e0b050",
    error="#e06c75",
    success="#8fbf6f",
    foreground="#d8dee4",
    background="#14181d",
    surface="#1a2027",
    panel="#212932",
    dark=True,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HotlineShell(App[None], inherit_bindings=False):
    """The base of the application; screens may ask it for `profile`, `clock` and `status_facts`."""

    CSS_PATH = Path(__file__).with_name("base.tcss")
    ENABLE_COMMAND_PALETTE = False
    # Ctrl+Q and Ctrl+C are not bound: the one is flow control on old lines, the other belongs to shells.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "repaint", "重绘", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    def __init__(self, profile: Profile | None = None, clock: Callable[[], datetime] = _utc_now) -> None:
        super().__init__()
        self.profile = profile or profile_from(os.environ)
        self.clock = clock
        self.status_facts = StatusFacts()
        self._frame = Frame()
        self.register_theme(RICH_THEME)
        self.add_class(self.profile.css_class)
        if self.thin:
            self.theme = "ansi-dark"
        else:
            self.theme = "hotline"
        # Nothing here moves for its own sake, and every frame of an animation may wipe a half-typed phrase.
        self.animation_level = "none"

    @property
    def thin(self) -> bool:
        """Whether every byte counts."""
        return self.profile is Profile.THIN

    def run_in_terminal(self) -> None:
        """Run until the person leaves, or the terminal is closed (then at once: drafts are in their own files)."""
        with_mouse = not self.thin
        for closing in (signal.SIGHUP, signal.SIGTERM):
            signal.signal(closing, _leave_at_once)
        self.run(mouse=with_mouse)

    def local_time(self) -> str:
        """HH:MM in Shanghai."""
        return self.clock().astimezone(SHANGHAI).strftime("%H:%M")

    def set_status(self, facts: StatusFacts) -> None:
        """Show these facts on every screen from now on."""
        self.status_facts = facts
        refresh = getattr(self.screen, "refresh_status", None)
        if refresh is not None:
            refresh()

    def action_repaint(self) -> None:
        """Write the whole screen again: after noise on the line, or another program's message."""
        self._frame.forget()
        self.screen.refresh(layout=True)

    def on_mount(self) -> None:
        """Keep the clock, and look at the size."""
        self.app_resume_signal.subscribe(self, lambda _app: self.action_repaint())
        self._next_minute()

    def on_resize(self, event: events.Resize) -> None:
        """Step aside while the terminal is too small, and come back when it is not."""
        self.check_size()

    def check_size(self) -> None:
        """Show a sentence instead of a screen that has no room; the screen below keeps everything."""
        fits = self.size.width >= TooSmall.WIDTH and self.size.height >= TooSmall.HEIGHT
        if self.screen_stack and not fits and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif fits and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def _next_minute(self) -> None:
        now = self.clock()
        self.set_timer(60.05 - now.second - now.microsecond / 1e6, self._minute)

    def _minute(self) -> None:
        tick = getattr(self.screen, "tick_minute", None)
        if tick is not None:
            tick()
        self._next_minute()

    def _display(self, screen: Screen[object], renderable: object) -> None:  # type: ignore[override]
        if can_compare(renderable):
            self._frame.resize(*self.size)
            renderable = ChangedOnly(renderable, self._frame)  # type: ignore[arg-type]
        super()._display(screen, renderable)  # type: ignore[arg-type]


def _leave_at_once(signum: int, _frame: FrameType | None) -> None:
    """End now: a graceful stop would write to a terminal that is gone, and could spin on it for ever."""
    if signum == signal.SIGTERM and os.isatty(2):
        os.write(2, b"\x1b[?2004l\x1b[?7h\x1b[?1004l\x1b[?1003l\x1b[?1000l\x1b[?1006l\x1b[?1015l\x1b[?1049l\x1b[?25h")
    os._exit(128 + signum)
