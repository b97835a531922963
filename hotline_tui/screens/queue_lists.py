"""Several queues on one screen, one shown at a time: F6, or left and right, go from list to list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType

from hotline_tui.data.queries.rows import Cursor, Page
from hotline_tui.screens.queue_screen import QueueScreen
from hotline_tui.screens.widgets.row_list import RowList

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.rules.deadlines import Edges


@dataclass(frozen=True)
class Queue:
    """One of the lists."""

    label: str
    empty: str
    read: Callable[..., Page[Any]]


ListT = TypeVar("ListT", bound=Queue)


class QueueLists(QueueScreen, Generic[ListT]):
    """Sub-classes name the lists of the role, and bind a key to the action `queue`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.place = 0

    @property
    def queues(self) -> tuple[ListT, ...]:
        """The lists of this role."""
        raise NotImplementedError

    @property
    def queue(self) -> ListT:
        """The one that is shown."""
        return self.queues[self.place]

    def queue_title(self) -> str:
        """All lists, the shown one in brackets."""
        if len(self.queues) == 1:
            return self.queue.label
        return " ".join(f"[{each.label}]" if each is self.queue else f" {each.label} " for each in self.queues)

    def empty(self) -> str:
        """Of the list that is shown."""
        return self.queue.empty

    def page(self, session: Session, edges: Edges, after: Cursor | None) -> Page[Any]:
        """Of the list that is shown."""
        return self.queue.read(session, self.desk.viewer, edges, after=after)

    def do_queue(self) -> None:
        """The next list."""
        self.action_turn(1)

    def action_turn(self, step: int) -> None:
        """To another list, from its beginning."""
        if len(self.queues) == 1:
            return
        self.place = (self.place + step) % len(self.queues)
        self.waiting, self._next, self._awaited = {}, None, True
        rows = self.query_one("#queue", RowList)
        rows.empty = "正在读取"
        rows.show(())
        self.reload()
