"""A queue and the order under its cursor: the shape of 承办, 审核发布 and 回访."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.news import News
from hotline_tui.data.queries.queues import Waiting
from hotline_tui.data.queries.rows import Cursor, OrderRow, Page
from hotline_tui.errors import HotlineError, NotFound
from hotline_tui.rules.deadlines import working_days_left
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.one_order import REFRESH_SECONDS
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.screens.standing import standing_words
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.pages import Pages, Part
from hotline_tui.screens.widgets.row_list import Column, Row, RowList
from hotline_tui.services.clock import edges_now

if TYPE_CHECKING:
    from datetime import datetime

    from hotline_tui.data.store import Session
    from hotline_tui.rules.calendar import WorkingCalendar
    from hotline_tui.rules.deadlines import Edges

PAGE = 50
LOOK_SECONDS = 0.1
"""The order is read when the cursor rests: a held arrow key moves the cursor only."""


@dataclass(frozen=True)
class Known:
    """What painting a row needs beside the row."""

    calendar: WorkingCalendar
    now: datetime
    closing: Any

    def days_left(self, due_at: datetime | None) -> int | None:
        """Working days to a deadline."""
        return working_days_left(self.calendar, due_at, self.now, self.closing) if due_at else None


@dataclass(frozen=True)
class Leaf:
    """A page of the queue, painted."""

    waiting: dict[str, Waiting]
    rows: tuple[Row, ...]
    next: Cursor | None


class QueueScreen(DeedsScreen):
    """Sub-classes give the columns, the page, the row, and the parts of the order that are shown beside the list."""

    CSS_PATH = "queue_screen.tcss"
    QUEUE: ClassVar[str] = ""
    EMPTY: ClassVar[str] = "没有工单"

    def columns(self) -> tuple[Column, ...]:
        """Of the list."""
        return (Column("编号", 17), Column("类别", 4), Column("诉求"), Column("时限", 19))

    def page(self, session: Session, edges: Edges, after: Cursor | None) -> Page[Any]:
        """A page of the queue."""
        raise NotImplementedError

    def key(self, waiting: Any) -> str:
        """Of a row."""
        return str(waiting.order.id)

    def row(self, waiting: Any, known: Known) -> Row:
        """A line of the list."""
        order: OrderRow = waiting.order
        standing = standing_words(order.standing, known.days_left(order.due_at), order.provisional, short=True)
        return Row(self.key(waiting), (order.number, order.kind.label, brief(order), standing))

    def parts(self, seen: OrderSeen, waiting: Any) -> Iterable[Part]:
        """What is shown of the order under the cursor."""
        raise NotImplementedError

    def heading(self, seen: OrderSeen, waiting: Any) -> str:
        """Over it."""
        return seen.detail.row.number

    def empty(self) -> str:
        """In place of the list when nothing waits."""
        return self.EMPTY

    def queue_title(self) -> str:
        """Over the list."""
        return self.QUEUE

    # -- the screen

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.waiting: dict[str, Waiting] = {}
        self._next: Cursor | None = None
        self._look_timer: Timer | None = None
        self._read_once = False
        self._awaited = True
        """Nothing is shown yet: the keys pressed meanwhile are about what will be."""

    def compose_body(self) -> ComposeResult:
        """List and order."""
        with Container(id="panes"):
            with Container(id="left"):
                yield Rule(self.queue_title(), id="queue-title")
                yield RowList(self.columns(), empty="正在读取", id="queue")
            yield Pages(id="look")

    def on_mount(self) -> None:
        """Read at once, and again every few seconds."""
        desk = self.desk
        self.set_title(f" {self.TITLE_TEXT}    {desk.unit_name or desk.site_name}", f"{desk.name}  {desk.role.label} ")
        self.query_one("#queue", RowList).focus()
        self.reload()
        self.follow(self.reload, News.ORDERS, every=REFRESH_SECONDS)

    def on_screen_resume(self) -> None:
        """Things have changed while another screen was on top."""
        if self._read_once:
            self.reload()

    def at_cursor(self) -> Waiting | None:
        """What the cursor stands on."""
        key = self.query_one("#queue", RowList).key if self.query("#queue") else None
        return self.waiting.get(key) if key else None

    def subject(self) -> Subject | None:
        """The order under the cursor."""
        return subject_of_row(at) if (at := self.at_cursor()) else None

    def why_no_row(self) -> str | None:
        """Why nothing is open: the list is empty."""
        return None if self.at_cursor() else self.empty()

    # -- reading

    def reload(self) -> None:
        """Read the list again from its beginning; the cursor stays on its key."""
        many = max(PAGE, len(self.query_one("#queue", RowList).rows))
        opens, self._awaited = self._awaited, False
        self.read(lambda session: self._leaf(session, None, many), self._take, lane="queue", opens=opens)

    def _leaf(self, session: Session, after: Cursor | None, many: int = PAGE) -> Leaf:
        desk = self.desk
        edges = edges_now(desk, session)
        known = Known(calendar_in_force(session), edges.now, desk.settings.closing)
        waiting: dict[str, Waiting] = {}
        rows: list[Row] = []
        while True:
            page = self.page(session, edges, after)
            waiting |= {self.key(each): each for each in page.rows}
            rows += [self.row(each, known) for each in page.rows]
            after = page.next
            if after is None or len(rows) >= many:
                return Leaf(waiting, tuple(rows), after)

    def _take(self, leaf: Leaf) -> None:
        self._read_once = True
        self.hold("queue", lambda: self._paint(leaf))

    def _paint(self, leaf: Leaf) -> None:
        if not self.is_attached:
            return
        self.waiting, self._next = leaf.waiting, leaf.next
        rows = self.query_one("#queue", RowList)
        rows.empty = self.empty()
        rows.show(leaf.rows, more=leaf.next is not None)
        many = f"{len(leaf.rows)}{'+' if leaf.next else ''} 件"
        self.query_one("#queue-title", Rule).show(self.queue_title(), many if leaf.rows else "")
        if leaf.rows:
            self.look_at_cursor()
        else:
            self._show_nothing()
        self.refresh_actions()

    @on(RowList.Wanted, "#queue")
    def _wanted(self, event: RowList.Wanted) -> None:
        after = self._next
        if event.edge == "after" and after is not None:
            self.read(lambda session: self._leaf(session, after), self._extend, lane="queue-more")

    def _extend(self, leaf: Leaf) -> None:
        self.waiting |= leaf.waiting
        self._next = leaf.next
        self.query_one("#queue", RowList).extend(leaf.rows, "after", more=leaf.next is not None)

    @on(RowList.Moved, "#queue")
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.refresh_actions()
        if self._look_timer is not None:
            self._look_timer.stop()
        self._look_timer = self.set_timer(LOOK_SECONDS, self.look_at_cursor)

    def look_at_cursor(self) -> None:
        """Read the order under the cursor."""
        at = self.at_cursor()
        if at is None:
            self._show_nothing()
            return
        self.read(
            look(self.desk, at.order.id), lambda seen: self._seen(seen, at), lane="order", otherwise=self._not_seen
        )

    def _seen(self, seen: OrderSeen, waiting: Waiting) -> None:
        self.seen = seen
        self.hold("look", lambda: self._paint_look(seen, waiting))

    def _paint_look(self, seen: OrderSeen, waiting: Waiting) -> None:
        if self.is_attached:
            self.query_one("#look", Pages).show(
                self.parts(seen, waiting), of=self.key(waiting), title=self.heading(seen, waiting)
            )

    def _not_seen(self, error: HotlineError) -> None:
        if isinstance(error, NotFound):
            self._show_nothing()
        else:
            self.show_error(error)

    def _show_nothing(self) -> None:
        self.seen = None
        self.query_one("#look", Pages).show((), of=None, title="")

    @on(RowList.Chosen, "#queue")
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.open_row()

    def open_row(self) -> None:
        """Enter: the order in full."""
        if at := self.at_cursor():
            self.seat.open_order(at.order.id)


def subject_of_row(waiting: Waiting) -> Subject:
    """The order of a row of a queue."""
    order = waiting.order
    share = getattr(waiting, "assignment_id", None)
    return Subject(order.id, order.version, order.number, order.kind, order.state, order.unit_id, share)


def brief(order: OrderRow) -> str:
    """What it is about, its marks first."""
    marks = ("急 " if order.urgent else "") + ("密 " if order.secret else "")
    return f"{marks}{order.brief}"
