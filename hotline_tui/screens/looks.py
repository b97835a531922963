"""查看记录: who looked at whose data, when and why, for those who watch over it (R-13b)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from hotline_tui.data.queries.looks import Look, LookFilter, looks
from hotline_tui.data.queries.rows import Page
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.paging import Paging
from hotline_tui.screens.search_filters import days
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.pages import Pages, Para
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

if TYPE_CHECKING:
    from hotline_tui.data.store import Session

PAGE = 50
NO_DAY = "请写成 2026-11-20, 或起止两个日期"
EMPTY = "没有查看记录; 可以换条件再查"
_LABELS = {"person": "人员", "number": "编号", "days": "日期"}


class LooksScreen(DeskScreen):
    """Typed conditions above, the looks under them, newest first; the reason of the one under the cursor in full."""

    TITLE_TEXT = "查看记录"
    CSS_PATH = "looks.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "search", "查询", "按人员、编号、日期查; 日期写一天, 或起止两天"),
        ScreenAction("f5", "refresh", "刷新", "清除条件, 再读最新的"),
        ScreenAction("f6", "order", "工单", "打开光标所在的工单"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.asked = LookFilter()
        self.found: dict[str, Look] = {}
        self.paging = Paging()

    def compose_body(self) -> ComposeResult:
        """Conditions, list, reason."""
        with Horizontal(id="entries"):
            for entry, label in _LABELS.items():
                yield Static(f" {label}", classes="entry-label", markup=False)
                yield HotlineInput(id=entry)
        yield Rule("查看来电人信息的记录, 新的在前", id="looks-title")
        columns = (Column("时间", 16), Column("查看人", 22), Column("编号", 17), Column("理由"))
        yield RowList(columns, empty="正在读取", id="looks")
        yield Pages("理由", id="reason")

    def on_mount(self) -> None:
        """The newest."""
        desk = self.desk
        self.set_title(f" {self.TITLE_TEXT}    {desk.site_name}", f"{desk.name}  {desk.role.label} ")
        self.query_one("#looks", RowList).focus()
        self._load(0, self._take_first)

    # -- searching

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.do_search()

    def do_search(self) -> None:
        """F4, and Enter in a condition."""
        typed = {entry: self.query_one(f"#{entry}", HotlineInput).value.strip() for entry in _LABELS}
        asked = LookFilter(person=typed["person"], number=typed["number"])
        if typed["days"]:
            try:
                first, last = days(typed["days"])
            except ValueError:
                self.flash(NO_DAY)
                self.query_one("#days").focus()
                return
            until = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
            asked = replace(asked, since=datetime.combine(first, time(), SHANGHAI), until=until)
        self.asked = asked
        self._load_anew()

    def do_refresh(self) -> None:
        """F5."""
        for entry in _LABELS:
            self.query_one(f"#{entry}", HotlineInput).value = ""
        self.asked = LookFilter()
        self._load_anew()

    def _load_anew(self) -> None:
        self.paging = Paging()
        self.query_one("#looks", RowList).focus()
        self._load(0, self._take_first)

    def _load(self, number: int, then: Callable[[int, Page[Look]], object]) -> None:
        desk, asked, paging = self.desk, self.asked, self.paging

        def read(session: Session) -> Page[Look]:
            return looks(session, desk.viewer, asked, after=paging.start(number), limit=PAGE)

        def take(page: Page[Look]) -> None:
            paging.took(number, [str(each.id) for each in page.rows], page.next)
            self.found |= {str(each.id): each for each in page.rows}
            then(number, page)

        self.read(read, take, lane="page")

    def _take_first(self, number: int, page: Page[Look]) -> None:
        rows = self.query_one("#looks", RowList)
        rows.empty = EMPTY
        rows.show(())
        rows.show(map(_row, page.rows), more=self.paging.more(number, "after"))
        many = f"{len(page.rows)} 条{'以上' if page.next else ''}"
        self.query_one("#looks-title", Rule).show("查看来电人信息的记录, 新的在前", many if page.rows else "")
        self._show_reason()

    @on(RowList.Wanted, "#looks")
    def _more_wanted(self, event: RowList.Wanted) -> None:
        edge, beyond = event.edge, self.paging.beyond(event.key or "", event.edge)

        def take(number: int, page: Page[Look]) -> None:
            self.query_one("#looks", RowList).extend(map(_row, page.rows), edge, more=self.paging.more(number, edge))

        if beyond is not None:
            self._load(beyond, take)

    # -- the look under the cursor

    def at_cursor(self) -> Look | None:
        """What the cursor stands on."""
        return self.found.get(self.query_one("#looks", RowList).key or "") if self.query("#looks") else None

    @on(RowList.Moved, "#looks")
    def _show_reason(self) -> None:
        look = self.at_cursor()
        self.query_one("#reason", Pages).show([Para(look.reason)] if look else [], of=look.id if look else None)
        self.refresh_actions()

    def why_not(self, action_id: str) -> str | None:
        """An order is opened from a line."""
        return "没有查看记录" if action_id == "order" and self.at_cursor() is None else None

    @on(RowList.Chosen, "#looks")
    def do_order(self) -> None:
        """Enter and F6."""
        if look := self.at_cursor():
            self.seat.open_order(look.order_id)


def _row(look: Look) -> Row:
    at = f"{look.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return Row(str(look.id), (at, line_of(look.actor), look.number, line_of(look.reason)))
