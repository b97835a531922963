"""A screen behind a desk: reads through queries, writes through services, and keeps what is typed as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from uuid import UUID

from hotline_tui.errors import Conflict, StorageError
from hotline_tui.screens.base import HotlineScreen
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


class DeskScreen(HotlineScreen):
    """Base of the screens after sign-in; from 120 columns on they lay what is below beside it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as in Textual

    @property
    def seat(self) -> Seat:
        """The application, as screens know it."""
        return cast("Seat", self.app)

    @property
    def desk(self) -> Desk:
        """Who sits here."""
        return self.seat.desk

    def drafts_here(self) -> tuple[UUID, ...]:
        """Under which ids what is typed on this page is kept."""
        return ()

    def do_back(self) -> None:
        """Esc: one step back; not away from what could not be kept, unless the person says so."""
        leave(self, self.seat.drafts, self.drafts_here(), super().do_back)

    def read(
        self, query: Callable[[Session], T], then: Callable[[T], object], *, lane: str = "read", **options: Any
    ) -> None:
        """Run a query in a thread in a transaction of its own; `then` gets the answer unless a later read began."""
        store = self.desk.store

        def run() -> T:
            with store.read() as session:
                return query(session)

        self.work_read(run, then, lane=lane, **options)

    def write(
        self,
        service: Callable[[], T],
        then: Callable[[T], object],
        *,
        otherwise: Callable[[HotlineError], object] | None = None,
    ) -> bool:
        """Run a service in a thread; pressed twice, it is done once.

        A form whose answer this is stays open until it is accepted; refused, the sentence stands in it (R-D1).
        """
        form, self._form = self._form, None

        def done(result: T) -> object:
            self.seat.changed()
            return then(result) if form is None else form.accept(lambda: then(result))

        def failed(error: HotlineError) -> object:
            self._refused = form if form in self.app.screen_stack else None
            try:
                return (otherwise or self.show_error)(error)
            finally:
                self._refused = None

        return self.work_write(service, done, otherwise=failed)

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
            left = OVERTAKEN if isinstance(error, Conflict) else ""
            form.complain(f"{error}{left}")
