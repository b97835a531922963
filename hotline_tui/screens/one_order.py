"""A screen about one order: reads it, keeps it fresh, closes itself where the desk may not see it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hotline_tui.data.news import News
from hotline_tui.errors import HotlineError, NotFound
from hotline_tui.screens.deeds import DeedsScreen, Subject, subject_of
from hotline_tui.screens.lock import LockScreen
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.services import presence

if TYPE_CHECKING:
    from hotline_tui.services.desk import Desk

REFRESH_SECONDS = 10
SEEN_SECONDS = 60
"""Well within `presence.LASTS`."""
OPENING = "正在打开, 请稍候"


class OneOrderScreen(DeedsScreen):
    """Sub-classes give `show_order`."""

    def __init__(self, order_id: UUID, **options: Any) -> None:
        super().__init__(**options)
        self.order_id = order_id
        self._asked = False
        """Somebody waits for what is being read."""

    def show_order(self, seen: OrderSeen) -> None:
        """Paint what was read."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Read at once, and again every few seconds; be seen here meanwhile."""
        self.load()
        self.follow(self._look_again, News.ORDERS, every=REFRESH_SECONDS)
        self._be_seen(presence.come)
        self.set_interval(SEEN_SECONDS, lambda: self._be_seen(presence.come))

    def on_unmount(self) -> None:
        """Gone; where that can not be told, the presence ends by itself (`presence.LASTS`)."""
        self._be_seen(presence.leave)

    def _be_seen(self, tell: Callable[[Desk, UUID], None]) -> None:
        """Tell it to the others; nobody waits for it. At a locked seat nobody is."""
        desk, order_id = self.desk, self.order_id
        if isinstance(self.app.screen, LockScreen) and tell is presence.come:
            return

        def run() -> None:
            with suppress(HotlineError):
                tell(desk, order_id)

        self.app.run_worker(run, thread=True, group="presence", exit_on_error=False)

    def on_screen_resume(self) -> None:
        """Somebody may have worked on it."""
        if self.seen is not None:
            self.reload()

    def subject(self) -> Subject | None:
        """The order, once it was read."""
        return subject_of(self.seen) if self.seen is not None else None

    def load(self) -> None:
        """Read it for the first time."""
        self.reload()

    def reload(self) -> None:
        """Read it again, and show it at once: somebody asked for it."""
        self._asked = True
        self._read()

    def why_not_read(self) -> str | None:
        """Why nothing is open yet: the order is still being read."""
        return OPENING if self.seen is None else None

    def _take(self, seen: OrderSeen) -> None:
        # Held back, the new version is not seen either: what is written meanwhile must lose the race.
        if self.is_attached:
            self.seen = seen
            self.show_order(seen)
            self.refresh_actions()

    def _not_read(self, error: HotlineError) -> None:
        if not isinstance(error, NotFound):
            self.show_error(error)
        elif self.is_active:  # under a box: coming back reads again
            self.dismiss(str(error))
            self.app.call_later(self._say_below, str(error))

    def _say_below(self, sentence: str) -> None:
        flash = getattr(self.app.screen, "flash", None)
        if flash is not None:
            flash(sentence)

    def _look_again(self) -> None:
        if self.seen is not None:
            self._read()

    def _read(self) -> None:
        first = self.seen is None
        self.read(look(self.desk, self.order_id), self._given, lane="order", otherwise=self._not_read, opens=first)

    def _given(self, seen: OrderSeen) -> None:
        # What somebody asked for is shown at once though a look of the clock or of news overtook it.
        if self._asked:
            self._asked = False
            self._held.pop("order", None)
            self._take(seen)
        else:
            self.hold("order", lambda: self._take(seen))
