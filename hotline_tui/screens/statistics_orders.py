"""What stands behind a figure of 统计, one by one, as far as one's role may see (R-11.7, R-13a)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from hotline_tui.data.queries.counted import Counted, counted
from hotline_tui.data.queries.measured import Scope
from hotline_tui.data.queries.rows import Page
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.indicators import MEANINGS
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Measure
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.paging import Paging
from hotline_tui.screens.search_lines import About, order_row
from hotline_tui.screens.search_lines import columns as order_columns
from hotline_tui.screens.standing import received
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.row_list import Column, Row, RowList
from hotline_tui.services.clock import reckoning_now

if TYPE_CHECKING:
    from hotline_tui.data.store import Session

PAGE = 50
EMPTY = "没有可以列出的工单"


class FigureOrdersScreen(DeskScreen):
    """The newest first; an order stands there as often as it was counted."""

    TITLE_TEXT = "明细"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (ScreenAction("enter", "open", "工单", "打开工单, 看全部过程"),)

    def __init__(self, measure: Measure, period: Period, scope: Scope, name: str, many: int) -> None:
        """`many`: what the figure says."""
        super().__init__()
        self.measure, self.period, self.scope, self.of, self.many = measure, period, scope, name, many
        self.found: dict[str, Counted] = {}
        self.paging = Paging()

    def compose_body(self) -> ComposeResult:
        """What is counted, the list, the order under the cursor."""
        yield Rule(f"{self.of} {self.measure.label} {self.many}: {MEANINGS[self.measure]}", id="counted-title")
        number, _received, *others = order_columns(wide=False)
        yield RowList((Column("计入", 6), number, *others), empty="正在读取", id="counted")
        yield About()

    def on_mount(self) -> None:
        """The newest page."""
        self.set_title(f" 统计 {self.TITLE_TEXT}    {self.period.title}", f"{self.desk.name}  {self.desk.role.label} ")
        self.query_one("#counted", RowList).focus()
        self._load(0, self._take_first)

    def _load(self, number: int, then: Callable[[int, Page[Counted]], object]) -> None:
        desk, paging = self.desk, self.paging

        def read(session: Session) -> Page[Counted]:
            reckoning = reckoning_now(desk, session)
            return counted(
                session,
                desk.viewer,
                reckoning,
                self.measure,
                self.period,
                scope=self.scope,
                after=paging.start(number),
                limit=PAGE,
            )

        def take(page: Page[Counted]) -> None:
            paging.took(number, [str(each.id) for each in page.rows], page.next)
            self.found |= {str(each.id): each for each in page.rows}
            then(number, page)

        self.read(read, take, lane="page")

    def _take_first(self, number: int, page: Page[Counted]) -> None:
        rows = self.query_one("#counted", RowList)
        rows.empty = EMPTY
        rows.show((), more=False)
        rows.show(map(self._row, page.rows), more=self.paging.more(number, "after"))
        self._moved()

    @on(RowList.Wanted, "#counted")
    def _more_wanted(self, event: RowList.Wanted) -> None:
        edge, beyond = event.edge, self.paging.beyond(event.key or "", event.edge)

        def take(number: int, page: Page[Counted]) -> None:
            rows = self.query_one("#counted", RowList)
            rows.extend(map(self._row, page.rows), edge, more=self.paging.more(number, edge))

        if beyond is not None:
            self._load(beyond, take)

    def _row(self, each: Counted) -> Row:
        today = shanghai_day(self.desk.clock())
        number, _received, *others = order_row(each.order, today, wide=False).cells
        return Row(str(each.id), (received(each.at, today, wide=False), number, *others))

    def at_cursor(self) -> Counted | None:
        """What the cursor stands on."""
        return self.found.get(self.query_one("#counted", RowList).key or "") if self.query("#counted") else None

    @on(RowList.Moved, "#counted")
    def _moved(self) -> None:
        found = self.at_cursor()
        self.query_one(About).show(found.order if found else None)
        self.refresh_actions()

    def why_not(self, action_id: str) -> str | None:
        """An order is opened from a line."""
        return EMPTY if action_id == "open" and self.at_cursor() is None else None

    @on(RowList.Chosen, "#counted")
    def do_open(self) -> None:
        """Enter."""
        if found := self.at_cursor():
            self.seat.open_order(found.order.id)
