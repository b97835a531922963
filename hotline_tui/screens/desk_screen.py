"""A screen behind a desk: reads through queries, writes through services, and keeps what is typed as a draft."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from uuid import UUID

from hotline_tui.errors import Conflict, Lost, StorageError
from hotline_tui.screens.base import HotlineScreen
from hotline_tui.screens.following import Followed
from hotline_tui.screens.unsaved import leave

if TYPE_CHECKING:
    from hotline_tui.data.drafts import DraftBox, DraftWriter
    from hotline_tui.data.search.alike import AlikeIndex
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.data.store import Session
    from hotline_tui.data.suggest.advisor import Advisor
    from hotline_tui.errors import HotlineError
    from hotline_tui.screens.widgets.modals import HotlineModal
    from hotline_tui.services.desk import Desk
    from hotline_tui.services.missing import Asked

T = TypeVar("T")
WAITING = "数据库连接中断, 正在等待恢复, 恢复后自动存入, 不会重复"
IN_FORM = "\n已录入的内容留在表单中"
OVERTAKEN = "\n按 Esc 看最新情况, 已录入的内容留在草稿中"


class Seat(Protocol):
    """What the application gives its screens."""

    desk: Desk
    drafts: DraftWriter
    draft_box: DraftBox

    @property
    def knowledge(self) -> KnowledgeIndex:
        """Standard answers by words; to be asked for in a thread."""
        ...

    @property
    def advisor(self) -> Advisor:
        """What speaks for topics and units; to be asked for in a thread."""
        ...

    @property
    def alike(self) -> AlikeIndex:
        """Orders of late by their text; likewise."""
        ...

    @property
    def listening(self) -> bool:
        """Whether changes are told."""
        ...

    def go(self, place: str, **options: Any) -> None:
        """Open a place by its id; `options` go to the screen."""
        ...

    def open_order(self, order_id: UUID) -> None:
        """Open an order."""
        ...

    def changed(self) -> None:
        """Something was written: seal it, and count again."""
        ...

    def asked(self, asked: Asked) -> None:
        """A search was ended without an answer."""
        ...

    def count(self) -> None:
        """Count for the status line, and see whether the database answers."""
        ...

    def away(self) -> None:
        """The database could not be reached: the status line says so, and it is asked for until it is back."""
        ...


class DeskScreen(HotlineScreen):
    """Base of the screens after sign-in; from 120 columns on they lay what is below beside it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as in Textual

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._unread: dict[str, Callable[[], object]] = {}
        self._follows: list[Followed] = []

    @property
    def seat(self) -> Seat:
        """The application, as screens know it."""
        return cast("Seat", self.app)

    @property
    def desk(self) -> Desk:
        """Who sits here."""
        return self.seat.desk

    # -- what was changed by whomever

    def follow(self, refresh: Callable[[], object], *kinds: str, every: float) -> None:
        """Call `refresh` when things of these kinds were changed; where nobody tells, every so many seconds.

        Only while this page is on top: coming back to it is its own affair.
        """
        followed = Followed(frozenset(kinds), refresh, monotonic())
        self._follows.append(followed)

        def look() -> None:
            if self.is_active:
                followed.looks(listening=self.seat.listening)

        self.set_interval(every, look)

    def news(self, kinds: frozenset[str]) -> None:
        """Told by the application: things of these kinds were changed."""
        for followed in self._follows:
            if self.is_active and not followed.kinds.isdisjoint(kinds):
                followed.now()

    def left(self) -> None:
        """Another place is opened on top of this page, by F2, F3 or Ctrl+P: nothing is to be done."""

    def drafts_here(self) -> tuple[UUID, ...]:
        """Under which ids what is typed on this page is kept."""
        return ()

    def do_back(self) -> None:
        """Esc: one step back; not away from what could not be kept, unless the person says so."""
        leave(self, self.seat.drafts, self.drafts_here(), super().do_back)

    def read(
        self,
        query: Callable[[Session], T],
        then: Callable[[T], object],
        *,
        lane: str = "read",
        otherwise: Callable[[HotlineError], object] | None = None,
        opens: bool = False,
    ) -> None:
        """Run a query in a thread in a transaction of its own; `then` gets the answer unless a later read began.

        What the server does not answer is read again when it is back.
        """
        store = self.desk.store

        def run() -> T:
            with store.read() as session:
                return query(session)

        self.read_by(run, then, lane=lane, otherwise=otherwise, opens=opens)

    def read_by(
        self,
        run: Callable[[], T],
        then: Callable[[T], object],
        *,
        lane: str,
        otherwise: Callable[[HotlineError], object] | None = None,
        opens: bool = False,
    ) -> None:
        """The same with what opens its transactions itself."""

        def failed(error: HotlineError) -> object:
            if isinstance(error, Lost):
                self._unread[lane] = lambda: self.read_by(run, then, lane=lane, otherwise=otherwise)
                self.seat.away()
            return (otherwise or self.show_error)(error)

        self._unread.pop(lane, None)
        self.work_read(run, then, lane=lane, otherwise=failed, opens=opens)

    def read_again(self) -> None:
        """The server is back."""
        unread, self._unread = self._unread, {}
        for again in unread.values():
            again()

    def write(
        self,
        service: Callable[[], T],
        then: Callable[[T], object],
        *,
        otherwise: Callable[[HotlineError], object] | None = None,
    ) -> bool:
        """Run a service in a thread; pressed twice, it is done once; while the server is away, it waits for a while.

        A form whose answer this is stays open until it is accepted; refused, the sentence stands in it (R-D1).
        """
        form, self._form = self._form, None

        def done(result: T) -> object:
            self.seat.changed()
            return then(result) if form is None else form.accept(lambda: then(result))

        def failed(error: HotlineError) -> object:
            if isinstance(error, Lost):
                self.seat.away()
            if self._of_line:
                self._end_flash()  # what waited is given up: nothing is stored by itself any more
            self._refused = form if form in self.app.screen_stack else None
            try:
                return (otherwise or self.show_error)(error)
            finally:
                self._refused = None

        def away() -> None:
            self.app.call_from_thread(self._wait_for_server)

        return self.work_write(lambda: self.desk.store.patiently(service, tell=away), done, otherwise=failed)

    def _wait_for_server(self) -> None:
        self.seat.away()
        self.flash(WAITING, of_line=True)

    # -- forms that stay until what they ask is accepted

    _form: HotlineModal[Any] | None = None
    """Whose answer is about to be written."""
    _refused: HotlineModal[Any] | None = None
    """Whose answer was just refused."""

    def open_form(self, form: HotlineModal[T], answered: Callable[[T], object]) -> None:
        """Ask by a form; `answered` writes at once, and the form closes when that is accepted, or with Esc."""

        def given(answer: T) -> None:
            self._form = form
            answered(answer)
            if self._form is form:  # nothing was to be written
                self._form = None
                form.accept(lambda: None)

        form.answered = given
        self.app.push_screen(form)

    def show_error(self, error: HotlineError) -> None:
        """In the form that was refused, where it still stands; what is grave also in a box."""
        form = self._refused
        if form is None or isinstance(error, StorageError):
            super().show_error(error)
        if form is not None:
            if isinstance(error, Lost):
                form.complain(f"{error.at_seat}{self._where_kept()}", of_line=True)
                return
            left = OVERTAKEN if isinstance(error, Conflict) else ""
            form.complain(f"{error}{left}")

    def _where_kept(self) -> str:
        """In the drafts, or in the form that stays open."""
        return super()._where_kept() or ("" if self._refused is None else IN_FORM)
