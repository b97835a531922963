"""A screen behind a desk: reads through queries, writes through services, and keeps what is typed as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from uuid import UUID

from hotline_tui.screens.base import HotlineScreen
from hotline_tui.screens.unsaved import leave

if TYPE_CHECKING:
    from hotline_tui.data.drafts import DraftBox, DraftWriter
    from hotline_tui.data.search import KnowledgeIndex
    from hotline_tui.data.store import Session
    from hotline_tui.services.desk import Desk

T = TypeVar("T")


class Seat(Protocol):
    """What the application gives its screens."""

    desk: Desk
    drafts: DraftWriter
    draft_box: DraftBox
    knowledge: KnowledgeIndex

    def go(self, place: str, **options: Any) -> None:
        """Open a place by its id; `options` go to the screen."""
        ...

    def open_order(self, order_id: UUID) -> None:
        """Open an order."""
        ...

    def changed(self) -> None:
        """Something was written: seal it, and count again."""
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

    def write(self, service: Callable[[], T], then: Callable[[T], object], **options: Any) -> bool:
        """Run a service in a thread; pressed twice, it is done once."""

        def done(result: T) -> object:
            self.seat.changed()
            return then(result)

        return self.work_write(service, done, **options)
