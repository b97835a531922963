"""What the application does about the terminal: profile, theme, signals, painting, size, the clock's minute."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.theme import Theme

from hotline_tui.screens.lean import give_back
from hotline_tui.screens.paint import ChangedOnly, Frame, can_compare
from hotline_tui.screens.profile import Profile, profile_from, shows_faint
from hotline_tui.screens.type_ahead import TypeAhead
from hotline_tui.screens.widgets.lines import StatusFacts
from hotline_tui.screens.widgets.too_small import TooSmall

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Colours of the 256-colour cube, so that they look the same where there are no others.
RICH_THEME = Theme(
    name="hotline",
    primary="#5fafd7",
    secondary="#5fafaf",
    accent="#d7af5f",
    warning="#d7af5f",
    error="#d75f5f",
    success="#87af5f",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#303030",
    dark=True,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HotlineShell(App[None], inherit_bindings=False):
    """The base of the application; screens may ask it for `profile`, `clock` and `status_facts`."""

    # The first screen's own among them: one that comes with a screen has all of them read again.
    CSS_PATH = [Path(__file__).with_name(name) for name in ("base.tcss", "sign_in.tcss")]  # noqa: RUF012 - as in Textual
    ENABLE_COMMAND_PALETTE = False
    # Ctrl+Q and Ctrl+C are not bound: the one is flow control on old lines, the other belongs to shells.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "repaint", "重绘", show=False, priority=True),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    def __init__(self, profile: Profile | None = None, clock: Callable[[], datetime] = _utc_now) -> None:
        self.profile = profile or profile_from(os.environ)
        plain = self.profile is Profile.THIN or "NO_COLOR" in os.environ
        super().__init__(ansi_color=True if plain else None)
        self.marks_closed = not shows_faint(os.environ)
        """Whether a closed key has a sign beside it, because the terminal may not show it faintly."""
        self.clock = clock
        self.status_facts = StatusFacts()
        self._frame = Frame()
        self._type_ahead = TypeAhead(self, super().on_event)
        self.register_theme(RICH_THEME)
        self.add_class(self.profile.css_class)
        self.theme = "ansi-dark" if plain else "hotline"
        # Nothing here moves for its own sake, and every frame of an animation may wipe a half-typed phrase.
        self.animation_level = "none"

    @property
    def thin(self) -> bool:
        """Whether every byte counts."""
        return self.profile is Profile.THIN

    def run_in_terminal(self) -> None:
        """Run until the person leaves, or the terminal is closed (then at once: drafts are in their own files)."""
        from hotline_tui.screens.pastes import read_pastes_whole

        read_pastes_whole()
        for signum in (signal.SIGHUP, signal.SIGTERM):
            _leave_on(signum)
        threading.Thread(target=_watch_line, name="line", daemon=True).start()
        give_back()
        self.run(mouse=not self.thin)

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
        self._check_size(event.size)

    def check_size(self) -> None:
        """Show a sentence instead of a screen that has no room; the screen below keeps everything."""
        self._check_size(self.size)

    def _check_size(self, size: Size) -> None:
        fits = size.width >= TooSmall.WIDTH and size.height >= TooSmall.HEIGHT
        if self.screen_stack and not fits and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif fits and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def hold_keys(self) -> None:
        """What is typed waits for `release_keys`, a few seconds at most."""
        self._type_ahead.hold()

    def release_keys(self) -> None:
        """What was typed goes where the focus is now."""
        self._type_ahead.release()

    async def on_event(self, event: events.Event) -> None:
        """One key after the other."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._type_ahead.take(event)
        else:
            await super().on_event(event)

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


# Paste, wrapping, focus and mouse reports, alternate screen and cursor as they were.
_RESTORE = b"\x1b[?2004l\x1b[?7h\x1b[?1004l\x1b[?1003l\x1b[?1000l\x1b[?1006l\x1b[?1015l\x1b[?1049l\x1b[?25h"


def _watch_line() -> None:
    """Raise SIGHUP when the line is cut: the kernel tells only the first process of the session, such as a shell."""
    if os.isatty(0):
        line = select.poll()
        line.register(0, 0)
        line.poll()
        os.kill(os.getpid(), signal.SIGHUP)


def _leave_on(signum: int) -> None:
    """End at once on this signal: a graceful stop would wait for a terminal that is gone, and could spin on it.

    Who called the program may have a last thing to do: the handler that stood before is called.
    """
    terminal = 0
    last = signal.getsignal(signum)
    before = termios.tcgetattr(terminal) if os.isatty(terminal) else None

    def leave(_signum: int, frame: FrameType | None) -> None:
        with contextlib.suppress(OSError, termios.error):
            os.set_blocking(2, False)
            os.write(2, _RESTORE)
            if before is not None:
                termios.tcsetattr(terminal, termios.TCSANOW, before)
                termios.tcflush(terminal, termios.TCIFLUSH)
        try:
            if callable(last):
                last(signum, frame)
        finally:
            os._exit(128 + signum)

    signal.signal(signum, leave)
