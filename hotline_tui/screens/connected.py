"""What the application hears of and asks its database: news, counts, seals; and what it does when that is away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import work

from hotline_tui.errors import HotlineError, SignInFailed, StorageError
from hotline_tui.screens.following import QUIET_SECONDS
from hotline_tui.screens.places import BY_ID
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.shell import HotlineShell
from hotline_tui.screens.widgets.lines import Link, StatusFacts
from hotline_tui.settings import Settings

if TYPE_CHECKING:
    from textual.timer import Timer

    from hotline_tui.data.live import Live
    from hotline_tui.data.news import News
    from hotline_tui.data.store import Store
    from hotline_tui.services.desk import Desk
    from hotline_tui.services.missing import Asked

COUNT_SECONDS = 15
AWAY_SECONDS = 2
"""So often a server that is away is asked for."""
SILENT_SECONDS = 8
"""A server that has not counted for so long is away."""
AWAY = "数据库连接中断, 正在重新连接; 可以继续录入, 已录入的内容留在草稿中"
AWAY_OF_NOBODY = "数据库连接中断, 正在重新连接"
UNREAD = "数据库文件读不了, 正在重试; 可以继续录入, 已录入的内容留在草稿中"
UNREAD_OF_NOBODY = "数据库文件读不了, 正在重试"
BACK, READ_AGAIN = "数据库连接已恢复", "数据库文件又能读了"
COUNT_GAP_SECONDS = 5
"""Where changes are told, the status line counts no more often."""
TALLY_SECONDS = 60
LEAVING_SECONDS = 1
"""So long the end of a sitting waits for a server that does not answer."""


class ConnectedShell(HotlineShell):
    """The base of the application at a database."""

    desk: Desk
    store: Store
    writes: ClassVar = True
    """A server that only reads is none for whoever sits here."""

    def __init__(self, settings: Settings, profile: Profile, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(profile, **({"clock": clock} if clock else {}))
        self.settings = settings
        self._signed_in = False
        self.live: Live | None = None
        self._counted = -inf
        self._tallied = -inf
        self._count_timer: Timer | None = None
        self._away: Timer | None = None
        """Asks for a server that is away."""
        self._counting = threading.Lock()
        self._to_count = threading.Event()
        self._unanswered = 0
        """How many looks in a row found the counting not ended."""

    def lock(self) -> None:
        """Hide everything behind the password; what is open stays as it is."""
        raise NotImplementedError

    def go_live(self) -> None:
        """Listen to the database from now on."""
        from hotline_tui.data.live import Live

        self.live = Live(self.store, self._heard, address=self.settings.listen_url).start()

    def keep_counting(self) -> None:
        """Count, and notice a server that is away, from now on."""
        self.set_interval(COUNT_SECONDS, self.count_if_untold)
        self.set_interval(AWAY_SECONDS, self._notice_silence)

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
        from hotline_tui.data.tally import keep

        if sees_every_order(self.desk.viewer) and monotonic() - self._tallied >= TALLY_SECONDS:
            self._tallied = monotonic()
            keep(self.desk.store, self.clock())

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

    def _ask(self) -> None:
        """Where nobody is signed in there is nothing to count: only whether the server answers."""
        try:
            self.store.answers(writing=self.writes)
        except StorageError:
            link = self._cut
        else:
            link = Link.ONLINE
        if self.is_running:
            self.call_from_thread(self._show_link, link)

    def _show_link(self, link: Link) -> None:
        if link is not self.status_facts.link:
            self._show_counts(replace(self.status_facts, link=link))

    def _count(self) -> None:
        if not self._signed_in:
            self._ask()
            return
        from hotline_tui.data.queries.dashboard import counts
        from hotline_tui.services.clock import edges_now
        from hotline_tui.services.sitting import as_it_is

        desk = self.desk
        facts = StatusFacts(seat=desk.name, site=desk.site_name or desk.site, role=desk.role.label)
        try:
            if self._away is not None:
                desk.store.answers(writing=True)
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
            facts = StatusFacts(seat=facts.seat, site=facts.site, role=facts.role, link=self._cut)
        except SignInFailed:
            # Nobody can unlock it: what was typed stays a draft.
            self.call_from_thread(self.lock)
            return
        if facts != self.status_facts and self.is_running:
            self.call_from_thread(self._show_counts, facts)

    @property
    def _cut(self) -> Link:
        """How a database that does not answer is called."""
        return Link.UNREAD if self.store.is_sqlite else Link.AWAY

    def away(self) -> None:
        """The database could not be reached: said at once, and asked for until it is back."""
        if self._away is None:
            self._away = self.set_interval(AWAY_SECONDS, self.count)
            self._show_counts(replace(self.status_facts, link=self._cut))
            told = (AWAY, AWAY_OF_NOBODY) if self._cut is Link.AWAY else (UNREAD, UNREAD_OF_NOBODY)
            self._say_of_line(told[0] if self._signed_in else told[1])
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
            if not getattr(self.screen, "answering", False):  # what was done says more: the line itself says 在线
                self._say_of_line(BACK if self._cut is Link.AWAY else READ_AGAIN)
            for screen in self.screen_stack:
                getattr(screen, "read_again", lambda: None)()

    def _show_counts(self, facts: StatusFacts) -> None:
        self.status_facts = facts
        if facts.online:
            self._back()
        else:
            self.away()
        page = next((each for each in reversed(self.screen_stack) if hasattr(each, "refresh_status")), None)
        hold = getattr(self.screen, "hold", None)
        if hold is not None and page is not None:  # the page's line is seen below a box, too
            hold("status", page.refresh_status)  # type: ignore[attr-defined]

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
        with suppress(HotlineError):
            if self._signed_in:
                from hotline_tui.services.accounts import sign_out

                sign_out(self.desk)
            self.store.answers()

    def _say_of_line(self, sentence: str) -> None:
        self._say(sentence, of_line=True)

    def _say(self, sentence: str, **options: bool) -> None:
        sayer = getattr(self.screen, "flash", None) or getattr(self.screen, "complain", None)
        if sayer is None:
            return
        say = partial(sayer, **options)
        if self.screen.is_mounted:
            say(sentence)
        else:  # it has nowhere to say it yet
            self.screen.call_later(say, sentence)
