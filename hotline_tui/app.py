"""The application: sign-in, home, the way from place to place, lock. It owns no business."""

from __future__ import annotations

import os
import sys
import termios
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import events, work
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from hotline_tui.errors import ExitCode, HotlineError, StorageError, Unreachable
from hotline_tui.screens.connected import ConnectedShell
from hotline_tui.screens.places import BY_ID, places_for
from hotline_tui.screens.profile import Profile, profile_from
from hotline_tui.screens.sign_in import SignInScreen
from hotline_tui.screens.widgets.lines import Link, StatusFacts
from hotline_tui.screens.widgets.too_small import TooSmall
from hotline_tui.settings import Settings

if TYPE_CHECKING:
    from textual.screen import Screen

    from hotline_tui.data.drafts import DraftBox, DraftWriter
    from hotline_tui.data.search.alike import AlikeIndex
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.data.suggest.advisor import Advisor
    from hotline_tui.services.desk import Desk

LOCK_LOOK_SECONDS = 10
PAINT_SECONDS = 0.05
"""What the thread that writes to the terminal needs for the first screen: imports would take its turns."""
REOPEN_SECONDS = 5
"""So often a database that could not be reached at the start is tried again."""
OPENING_SECONDS = 30
"""So long a password waits for the database that is still being opened."""


class HotlineApp(ConnectedShell):
    """One seat."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "go('intake')", "新受理", show=False),
        Binding("f3", "go('knowledge')", "知识库", show=False),
        Binding("ctrl+p", "palette", "命令", show=False),
    ]

    drafts: DraftWriter
    draft_box: DraftBox

    def __init__(
        self,
        settings: Settings,
        *,
        account_id: UUID | None = None,
        clock: Callable[[], datetime] | None = None,
        profile: Profile | None = None,
    ) -> None:
        """`account_id` signs in without a password: the demonstration city alone may do so."""
        chosen = profile or profile_from({**os.environ, "HOTLINE_PROFILE": settings.profile})
        super().__init__(settings, chosen, clock)
        self.status_facts = StatusFacts(link=Link.OPENING)
        self.account_id = account_id
        self._timed = clock is not None
        """The time is told from outside, not by the database."""
        self._touched = self.clock()
        self._opened = threading.Event()
        """The database was opened, or it is known why not."""
        self.unopened: HotlineError | None = None

    def on_mount(self) -> None:
        """Paint the sign-in first; open the database behind it. Textual calls the base's handler too."""
        self.push_screen(self.first_screen())
        self.call_after_refresh(self.set_timer, PAINT_SECONDS, self.open_database)

    def on_unmount(self) -> None:
        """Everything typed is on disk, and the database is let go."""
        if hasattr(self, "store"):
            self._hang_up()
        if self.live is not None:
            self.live.close()
        if "alike" in vars(self):
            self.alike.close()
        if hasattr(self, "drafts"):
            self.drafts.close()
        if hasattr(self, "store"):
            self.store.dispose()

    # -- opening and signing in

    def first_screen(self) -> Screen[Any]:
        """What stands there while the database opens."""
        return SignInScreen()

    @work(thread=True)
    def open_database(self) -> None:
        """Import what is heavy and look at the database while the person types his name."""
        try:
            desk = self._open()
        except HotlineError as error:
            self.unopened = error
            self._opened.set()
            self.call_from_thread(self.not_opened, error)
            return
        failed, self.unopened = self.unopened, None
        self._opened.set()
        if desk is not None:
            self.call_from_thread(self.signed_in, desk)
        else:
            self.call_from_thread(self._has_opened, again=failed is not None)

    def _has_opened(self, *, again: bool) -> None:
        if not self._signed_in:  # who waited for this may be quicker
            self.set_status(StatusFacts())
        if again and isinstance(self.screen, SignInScreen):
            self.screen.say("")

    def not_opened(self, error: HotlineError) -> None:
        """The sign-in stays and says why: whoever types there must not type the rest of a password into the shell."""
        passes = isinstance(error, Unreachable)
        self.set_status(StatusFacts(link=Link.AWAY if passes else Link.SHUT))
        if isinstance(self.screen, SignInScreen):
            self.screen.cannot_open(error, passes=passes)
            if passes:
                self.set_timer(REOPEN_SECONDS, self.open_database)
        else:
            self.leave()

    def leave(self) -> None:
        """Leave the program; where the database did not open, with its sentence and its exit code."""
        if self.unopened is None:
            self.exit()
        else:
            self.exit(None, int(self.unopened.exit_code), str(self.unopened))

    def _open(self) -> Desk | None:
        from hotline_tui.data.drafts import DraftBox, DraftWriter
        from hotline_tui.data.migrate import check
        from hotline_tui.data.store import Store
        from hotline_tui.services.accounts import desk_of

        if hasattr(self, "store"):
            self.store.dispose()
        self.store = Store(self.settings.database_url, self.settings.database_key, self.settings.address_setting)
        check(self.store)
        if not self._timed:
            self.clock = self.store.now
        self.draft_box = DraftBox(self.settings.drafts)
        self.drafts = DraftWriter(self.draft_box, self._draft_saved)
        if self.account_id is None:
            return None
        return desk_of(self.store, self.settings, self.account_id, self.clock)

    def check_password(self, login: str, password: str) -> Desk:
        """Sign in; called in a thread. Raises SignInFailed or StorageError."""
        if not self._opened.wait(OPENING_SECONDS):
            raise StorageError("数据库还在打开, 请稍候再试")
        if self.unopened is not None:
            raise self.unopened
        from hotline_tui.services.accounts import sign_in

        return sign_in(self.store, self.settings, login, password, self.clock)

    def check_unlock(self, password: str) -> None:
        """Check who comes back, in a thread; raises SignInFailed. The demonstration has no password."""
        from hotline_tui.services.accounts import unlock

        if self.account_id is None:
            unlock(self.desk, password)

    def signed_in(self, desk: Desk) -> None:
        """Take the seat."""
        from hotline_tui.screens.home import HomeScreen

        self.desk = desk
        self._signed_in = True
        self._touched = self.clock()
        self.set_status(StatusFacts(seat=desk.name, site=desk.site_name or desk.site, role=desk.role.label))
        self.switch_screen(HomeScreen())
        self.keep_counting()
        self.set_interval(LOCK_LOOK_SECONDS, self.lock_when_idle)
        self.changed()
        self.go_live()

    @cached_property
    def knowledge(self) -> KnowledgeIndex:
        """Made when a thread first asks for it: what it stands on is slow to load."""
        from hotline_tui.data.search.knowledge import KnowledgeIndex
        from hotline_tui.data.search.maker import Apart

        file, make = self.settings.knowledge_index, Apart(self.settings)
        if self.desk.viewer.guarded:  # the keeper makes it; without it every answer is held in memory
            file, make = (file if file is not None and file.is_file() else None), _leave_it
        return KnowledgeIndex(self.desk.store, file, make, loosely=self.settings.fuzzy_pinyin)

    @cached_property
    def advisor(self) -> Advisor:
        """As the index: what it stands on is slow to load."""
        from hotline_tui.data.suggest.advisor import Advisor

        return Advisor(self.desk.store, self.settings.learned)

    @cached_property
    def alike(self) -> AlikeIndex:
        """Orders of late, of what this person may see; made when a thread first asks for it, too."""
        from hotline_tui.data.search.alike import AlikeIndex

        return AlikeIndex()

    # -- going about

    def go(self, place: str, **options: Any) -> None:
        """Open a place by its id, on top of what is open."""
        chosen = BY_ID[place]
        if self.desk.role not in chosen.roles:
            self._say(f"{self.desk.role.label}不使用{chosen.label}")
            return
        left = getattr(self.screen, "left", None)
        if left is not None:
            left()
        self.push_screen(chosen.make(**options))

    def open_order(self, order_id: UUID) -> None:
        """Open an order on top of what is open."""
        from hotline_tui.screens.order import OrderScreen

        self.push_screen(OrderScreen(order_id))

    async def action_go(self, place: str) -> None:
        """F2 and F3 from anywhere behind the sign-in, also on top of a dialog, which stays as it is.

        Not twice: F2 in a dialog of the intake closes the dialog, and the page takes the next call.
        """
        from textual.screen import ModalScreen

        if not self._may_leave():
            return
        page = next(screen for screen in reversed(self.screen_stack) if not isinstance(screen, ModalScreen))
        if type(page).__name__ != BY_ID[place].screen.partition(":")[2]:
            self.go(place)
        elif place == "intake":
            while self.screen is not page:
                self.screen.dismiss(None)
            await page.run_action("act('new')")
        elif page is not self.screen:
            self._say(f"{BY_ID[place].label}已经打开, 请先按 Esc 关闭这里")

    def action_palette(self) -> None:
        """Ctrl+P."""
        from hotline_tui.screens.base import HotlineScreen
        from hotline_tui.screens.palette import Palette, items

        screen = self.screen
        if not self._may_leave() or not isinstance(screen, HotlineScreen):
            return
        places = [(each.id, each.label, each.help, each.spelling) for each in places_for(self.desk.role)]
        actions = [(each.id, each.label, each.help) for each in screen.open_actions()]
        self.push_screen(Palette("命令", items(places, actions)), self._palette_chosen)

    async def _palette_chosen(self, key: str | None) -> None:
        from hotline_tui.screens.palette import ORDER

        if key is None:
            return
        kind, _, name = key.partition(":")
        if kind == "go":
            self.go(name)
        elif kind == ORDER.rstrip(":"):
            self.go("search", number=name)
        else:
            await self.screen.run_action(f"act('{name}')")

    def _may_leave(self) -> bool:
        from hotline_tui.screens.lock import LockScreen

        return self._signed_in and not isinstance(self.screen, LockScreen | TooSmall)

    def _draft_saved(self, outcome: object) -> None:
        """From the writer's thread."""
        if self._running:
            self.call_later(self._tell_draft, outcome)  # never waits: the writer must not hang on the screen

    def _tell_draft(self, outcome: object) -> None:
        if isinstance(outcome, HotlineError):
            self._say(str(outcome))
            told = getattr(self.screen, "draft_unsaved", None)
            if told is not None:
                told()
        else:
            told = getattr(self.screen, "draft_saved", None)
            if told is not None:
                told(outcome)

    @property
    def failure(self) -> Exception | None:
        """What ended the program unforeseen; of what failed in a thread, what failed there."""
        failed = self._exception
        if isinstance(failed, WorkerFailed) and isinstance(failed.error, Exception):
            return failed.error
        return failed

    def _fatal_error(self) -> None:
        """Textual would print a traceback with the values of variables; `run` raises the error, to be logged."""
        self._close_messages_no_wait()

    # -- lock

    async def on_event(self, event: events.Event) -> None:
        """Any key shows that somebody sits here."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown):
            self._touched = self.clock()
        await super().on_event(event)

    def lock_when_idle(self) -> None:
        """Lock once nobody has typed for the minutes that the settings say."""
        idle = (self.clock() - self._touched).total_seconds()
        if idle >= 60 * self.settings.lock_minutes and self.account_id is None:
            self.lock()

    def lock(self) -> None:
        """Hide everything behind the password; what is open stays as it is."""
        from hotline_tui.screens.lock import LockScreen

        if self._may_leave():
            self.push_screen(LockScreen())


def run(settings: Settings, *, account_id: UUID | None = None, clock: Callable[[], datetime] | None = None) -> ExitCode:
    """Run the program in this terminal; returns its exit code."""
    return in_terminal(HotlineApp(settings, account_id=account_id, clock=clock))


def _leave_it() -> None:
    """Have nothing made."""


def in_terminal(app: HotlineApp) -> ExitCode:
    """Run it here; returns its exit code, raises StorageError where this is no terminal."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise StorageError("这里不是终端, 打不开界面; 请在终端中运行 hotline")
    try:
        app.run_in_terminal()
    finally:
        termios.tcflush(0, termios.TCIFLUSH)  # what was typed for the program, a password too, is not for the shell
    if app.failure is not None:
        raise app.failure
    return ExitCode(app.return_code or 0)
