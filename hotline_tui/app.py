"""The application: sign-in, home, the way from place to place, lock, status. It owns no business."""

from __future__ import annotations

import os
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import events, work
from textual.binding import Binding, BindingType

from hotline_tui.errors import ExitCode, HotlineError, SignInFailed, StorageError, Unreachable
from hotline_tui.screens.following import QUIET_SECONDS
from hotline_tui.screens.places import BY_ID, places_for
from hotline_tui.screens.profile import Profile, profile_from
from hotline_tui.screens.shell import HotlineShell
from hotline_tui.screens.sign_in import SignInScreen
from hotline_tui.screens.widgets.lines import StatusFacts
from hotline_tui.screens.widgets.too_small import TooSmall
from hotline_tui.settings import Settings

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from hotline_tui.data.drafts import DraftBox, DraftWriter
    from hotline_tui.data.live import Live
    from hotline_tui.data.news import News
    from hotline_tui.data.search.alike import AlikeIndex
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.data.store import Store
    from hotline_tui.data.suggest.advisor import Advisor
    from hotline_tui.services.desk import Desk
    from hotline_tui.services.missing import Asked

COUNT_SECONDS = 15
AWAY_SECONDS = 2
"""So often a server that is away is asked for."""
SILENT_SECONDS = 8
"""A server that has not counted for so long is away."""
AWAY = "数据库连接中断, 正在重新连接; 可以继续录入, 已录入的内容留在草稿中"
BACK = "数据库连接已恢复"
STANDBY_SECONDS = 2
"""So long after a change at the primary a standby is read again: what is behind has arrived."""
COUNT_GAP_SECONDS = 5
"""Where changes are told, the status line counts no more often."""
TALLY_SECONDS = 60
LOCK_LOOK_SECONDS = 10
PAINT_SECONDS = 0.05
"""What the thread that writes to the terminal needs for the first screen: imports would take its turns."""
REOPEN_SECONDS = 5
"""So often a database that could not be reached at the start is tried again."""
LEAVING_SECONDS = 1
"""So long the end of a sitting waits for a server that does not answer."""
OPENING_SECONDS = 30
"""So long a password waits for the database that is still being opened."""


class HotlineApp(HotlineShell):
    """One seat."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "go('intake')", "新受理", show=False),
        Binding("f3", "go('knowledge')", "知识库", show=False),
        Binding("ctrl+p", "palette", "命令", show=False),
    ]

    desk: Desk
    store: Store
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
        super().__init__(chosen, **({"clock": clock} if clock else {}))
        self.settings = settings
        self.account_id = account_id
        self._timed = clock is not None
        """The time is told from outside, not by the database."""
        self._touched = self.clock()
        self._signed_in = False
        self._opened = threading.Event()
        """The database was opened, or it is known why not."""
        self.live: Live | None = None
        self._counted = -inf
        self._tallied = -inf
        self._count_timer: Timer | None = None
        self.unopened: HotlineError | None = None
        self._away: Timer | None = None
        """Asks for a server that is away."""
        self._counting = threading.Lock()
        self._to_count = threading.Event()
        self._unanswered = 0
        """How many looks in a row found the counting not ended."""

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

    def _hang_up(self) -> None:
        """Where the database knows who sits here it forgets it; a server that does not answer keeps nobody.

        There the sitting ends by itself.
        """
        if self._away is None:
            leaving = threading.Thread(target=self._sign_out, name="sign-out", daemon=True)
            leaving.start()
            leaving.join(LEAVING_SECONDS)
            if not leaving.is_alive():
                return
        self.store.hang_up()

    def _sign_out(self) -> None:
        from hotline_tui.services.accounts import sign_out

        with suppress(HotlineError):
            if self._signed_in:
                sign_out(self.desk)
            self.store.answers()

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
        elif failed is not None and isinstance(self.screen, SignInScreen):
            self.call_from_thread(self.screen.say, "")

    def not_opened(self, error: HotlineError) -> None:
        """The sign-in stays and says why: whoever types there must not type the rest of a password into the shell."""
        passes = isinstance(error, Unreachable)
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
        self.store = Store(self.settings.database_url, self.settings.database_key)
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
        self.set_interval(COUNT_SECONDS, self.count_if_untold)
        self.set_interval(AWAY_SECONDS, self._notice_silence)
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

    # -- what was written, by whomever, and what waits

    def go_live(self) -> None:
        """Listen to the database from now on."""
        from hotline_tui.data.live import Live

        self.live = Live(self.store, self._heard, address=self.settings.listen_url).start()

    @property
    def listening(self) -> bool:
        """Whether changes are told; otherwise one has to look oneself every few seconds."""
        return self.live is not None and self.live.listening

    def _heard(self, kinds: frozenset[News]) -> None:
        """From the listener's thread."""
        if self._running:
            self.call_later(self.news, kinds)

    def news(self, kinds: frozenset[News]) -> None:
        """Something of these kinds was changed: the page on top reads again what it shows of them."""
        if self._signed_in and "orders" in kinds:
            rest = self._counted + COUNT_GAP_SECONDS - monotonic()
            if rest <= 0:
                self.count()
            elif self._count_timer is None:
                self._count_timer = self.set_timer(rest, self.count)
        told = getattr(self.screen, "news", None)
        if told is not None:
            told(kinds)

    def count_if_untold(self) -> None:
        """Time passes also where nothing is changed."""
        if not self.listening or monotonic() - self._counted >= QUIET_SECONDS:
            self.count()

    def changed(self) -> None:
        """Something was written: seal it, and count again."""
        self.seal()
        self.count()

    @work(thread=True, exclusive=True, group="seal")
    def seal(self) -> None:
        """Put this node's new events into its chain, and count days that are over; where there is a keeper, he does."""
        if self.desk.viewer.guarded:
            return
        from hotline_tui.data.heads import seal_and_note

        try:
            seal_and_note(self.desk.store, self.desk.site, self.settings.home)
            self._keep_tallies()
        except HotlineError as error:
            self.log.warning(str(error))

    def _keep_tallies(self) -> None:
        """Count the days that are over, once, at a seat from which no order is hidden. In a thread."""
        from hotline_tui.data.queries.visibility import sees_every_order
        from hotline_tui.data.tally import fold, window

        if sees_every_order(self.desk.viewer) and monotonic() - self._tallied >= TALLY_SECONDS:
            self._tallied = monotonic()
            now = self.clock()
            fold(self.desk.store, now, window(now))

    @work(thread=True, group="asked")
    def asked(self, asked: Asked) -> None:
        """A search was ended without an answer: kept if that is possible, and nobody waits for it."""
        from hotline_tui.services.missing import note

        try:
            note(self.desk, [asked])
        except HotlineError as error:
            self.log.warning(str(error))

    def count(self) -> None:
        """What the status line tells; a database that is away shows as offline."""
        self._counted = monotonic()
        if self._count_timer is not None:
            self._count_timer.stop()
            self._count_timer = None
        self._count_behind()

    @work(thread=True, group="count")
    def _count_behind(self) -> None:
        """One at a time: of those asked for while a server that is away is waited for, one remains."""
        self._to_count.set()
        while self._to_count.is_set() and self._counting.acquire(blocking=False):
            try:
                self._to_count.clear()
                self._count()
            finally:
                self._counting.release()

    def _count(self) -> None:
        from hotline_tui.data.queries.dashboard import counts
        from hotline_tui.services.clock import edges_now
        from hotline_tui.services.sitting import as_it_is

        desk = self.desk
        facts = StatusFacts(seat=desk.name, site=desk.site_name or desk.site, role=desk.role.label)
        try:
            with desk.store.read() as session:
                self.desk = desk = as_it_is(session, desk)
                found = counts(session, desk.viewer, edges_now(desk, session))
            facts = StatusFacts(
                seat=facts.seat,
                site=facts.site,
                role=facts.role,
                # Only to those who dispatch: nobody else has a list of what waits.
                waiting=found.waiting if desk.role in BY_ID["dispatch"].roles else None,
                due_soon=found.due_soon,
                overdue=found.overdue,
                seriously_overdue=found.seriously_overdue,
            )
        except StorageError:
            facts = StatusFacts(seat=facts.seat, site=facts.site, role=facts.role, online=False)
        except SignInFailed:
            # Nobody can unlock it: what was typed stays a draft.
            self.call_from_thread(self.lock)
            return
        if facts != self.status_facts and self.is_running:
            self.call_from_thread(self._show_counts, facts)

    def away(self) -> None:
        """The database could not be reached: said at once, and asked for until it is back."""
        if self._away is None:
            self._away = self.set_interval(AWAY_SECONDS, self.count)
            self._show_counts(replace(self.status_facts, online=False))
            self._say(AWAY)
            self.count()

    def _notice_silence(self) -> None:
        """A server that takes a question and gives no answer is away, too."""
        self._unanswered = self._unanswered + 1 if self._counting.locked() else 0
        if self._unanswered * AWAY_SECONDS >= SILENT_SECONDS:
            self.away()

    def _back(self) -> None:
        if self._away is not None:
            self._away.stop()
            self._away = None
            self._say(BACK)
            for screen in self.screen_stack:
                getattr(screen, "read_again", lambda: None)()

    def _show_counts(self, facts: StatusFacts) -> None:
        self.status_facts = facts
        if facts.online:
            self._back()
        else:
            self.away()
        hold = getattr(self.screen, "hold", None)
        if hold is not None:
            hold("status", self.screen.refresh_status)  # type: ignore[attr-defined]

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

    def _say(self, sentence: str) -> None:
        say = getattr(self.screen, "flash", None) or getattr(self.screen, "complain", None)
        if say is None:
            return
        if self.screen.is_mounted:
            say(sentence)
        else:  # it has nowhere to say it yet
            self.screen.call_later(say, sentence)

    @property
    def failure(self) -> Exception | None:
        """What ended the program unforeseen."""
        return self._exception

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


class BoardApp(HotlineApp):
    """督办看板 alone, for the wall: nobody signs in, so that nothing is done and no order is opened."""

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
        self.go_live()

    def news(self, kinds: frozenset[News]) -> None:
        """Read now; from a standby once more, when what was told at the primary has arrived there."""
        super().news(kinds)
        if self.settings.read_url and self._behind is None:
            self._behind = self.set_timer(STANDBY_SECONDS, lambda: self._arrived(kinds))

    def _arrived(self, kinds: frozenset[News]) -> None:
        self._behind = None
        super().news(kinds)

    def away(self) -> None:
        """The board says so itself, and reads again by itself."""

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
    return _in_terminal(BoardApp(settings, clock=clock))


def run(settings: Settings, *, account_id: UUID | None = None, clock: Callable[[], datetime] | None = None) -> ExitCode:
    """Run the program in this terminal; returns its exit code."""
    return _in_terminal(HotlineApp(settings, account_id=account_id, clock=clock))


def _leave_it() -> None:
    """Have nothing made."""


def _in_terminal(app: HotlineApp) -> ExitCode:
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise StorageError("这里不是终端, 打不开界面; 请在终端中运行 hotline")
    try:
        app.run_in_terminal()
    finally:
        termios.tcflush(0, termios.TCIFLUSH)  # what was typed for the program, a password too, is not for the shell
    if app.failure is not None:
        raise app.failure
    return ExitCode(app.return_code or 0)
