"""督办看板: counts, units, and what is overdue, most overdue first; read again every few seconds, quietly."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, Static

from hotline_tui.data.news import News
from hotline_tui.data.queries.dashboard import OverdueRow
from hotline_tui.errors import HotlineError, StorageError
from hotline_tui.rules import workflow
from hotline_tui.rules.words import Action
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.board import PAGE, Asked, Board, read_board
from hotline_tui.screens.board_lines import (
    ORDER_COLUMNS,
    UNIT_COLUMNS,
    Segments,
    counts,
    figures,
    order_row,
    queues,
    trend,
    unit_row,
)
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.shell import SHANGHAI
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import Ask
from hotline_tui.screens.widgets.plot import Plot
from hotline_tui.screens.widgets.row_list import KEEP, RowList
from hotline_tui.services import notes

WIDTHS = [(0, "-narrow"), (120, "-wide")]
_WEEK = "一二三四五六日"
_ALONE = "看板单独运行时只供查看, 办理请登录 (hotline)"
_READING = "正在读取"
_NOT_READ = "读取失败, 稍后自动再读"
_DOES = {"urge": Action.URGE, "supervise": Action.SUPERVISE}
_OF_AN_ORDER = (*_DOES, "open")


class DashboardScreen(DeskScreen):
    """`alone`: opened by `hotline dashboard`, by nobody who signed in, so that nothing can be done on it."""

    TITLE_TEXT = "督办看板"
    CSS_PATH = "dashboard.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "urge", "催办", "催办光标所在的超期工单, 每次都记录在案"),
        ScreenAction("f5", "supervise", "督办", "对光标所在的超期工单提出督办要求, 可以列为急件"),
        ScreenAction("f6", "open", "打开工单", "打开光标所在的超期工单"),
        ScreenAction("slash,ctrl+f", "filter", "筛选", "按单位、类别、分类、紧急、编号筛选, 可输汉字、拼音或首字母"),
        ScreenAction("f8,p", "pause", "暂停", "停止更新, 再按一次继续"),
        ScreenAction("f9", "everything", "全部", "取消筛选, 显示全部单位的超期工单"),
    )

    def __init__(self, *, alone: bool = False) -> None:
        super().__init__()
        self.alone = alone
        self.asked = Asked()
        self.board: Board | None = None
        self.paused = False
        self._reading = False
        self._again = False
        """Something was changed while it was being read."""
        self._failed = False
        self._late: dict[str, OverdueRow] = {}
        # What was written to a unit and not accepted: a lost race must not cost the words.
        self._written: dict[str, str] = {}

    def compose_body(self) -> ComposeResult:
        """Counts; units, overdue orders and the month, side by side where there is room."""
        yield Segments(id="counts")
        yield Segments(id="queues")
        yield Segments(id="figures")
        with Container(id="body"):
            yield RowList(UNIT_COLUMNS, empty=_READING, unattended=self.alone, id="units")
            with Vertical(id="late"):
                yield Rule("超期工单", "/ 筛选", id="late-rule")
                with Horizontal(id="filter-line"):
                    yield Static(" 筛选", id="filter-label", markup=False)
                    yield HotlineInput(placeholder="单位、类别、分类、紧急、编号", id="filter")
                yield RowList(ORDER_COLUMNS, head=False, empty=_READING, unattended=self.alone, id="orders")
            with Vertical(id="trend"):
                yield Rule("近30日受理", id="trend-rule")
                yield Plot(id="plot")

    def on_mount(self) -> None:
        """The cursor stands in the units."""
        self.query_one("#units", RowList).focus()
        self._show_title()
        self.reload()
        self.follow(self.tick, News.ORDERS, every=self.desk.settings.refresh_seconds)

    def on_screen_resume(self) -> None:
        """What lay on top may have changed an order."""
        if self.board is not None and not self.paused:
            self.reload()

    # -- reading

    def tick(self) -> None:
        """Read again, unless paused; while it is still reading, once more behind that."""
        if self._reading:
            self._again = True
        elif not self.paused:
            self._read(lambda board: self.hold("board", lambda: self._show(board)))

    def reload(self) -> None:
        """Read now: the person asked for it, or did something."""
        self._read(self._show)

    def _read(self, then: Callable[[Board], object]) -> None:
        desk, asked, before = self.desk, self.asked, self.board
        self._reading, self._again = True, False

        def take(board: Board) -> None:
            self._reading = self._failed = False
            then(board)
            if self._again and self.is_active:
                self.tick()

        self.read(
            lambda session: read_board(session, desk, asked, before), take, otherwise=self._not_read, lane="board"
        )

    def _not_read(self, error: HotlineError) -> None:
        """The board stays as it was and says so; the next tick tries again."""
        self._reading = False
        self._failed = True
        self.hold("title", self._show_title)
        if self.board is None:
            self._show_empty(_NOT_READ, _NOT_READ)
        if isinstance(error, StorageError):
            self.seat.count()  # the status line says so, too
        else:
            self.show_error(error)

    # -- showing

    def _show(self, board: Board) -> None:
        if board.asked != self.asked:
            return
        self.board = board
        self._late = {str(row.deadline_id): row for row in board.orders}
        found = board.snapshot
        self.query_one("#counts", Segments).show_segments(counts(found))
        self.query_one("#queues", Segments).show_segments(queues(found))
        self.query_one("#figures", Segments).show_segments(figures(found))
        self._show_empty("没有在办工单", "没有超期工单")
        self.query_one("#units", RowList).show(unit_row(line) for line in found.units)
        self.query_one("#orders", RowList).show(
            (order_row(key, row, unit=board.asked.unit_id is None) for key, row in self._late.items()),
            more=board.more and board.asked.limit < KEEP,
        )
        self.query_one("#trend-rule", Rule).show(*trend(found))
        self.query_one("#plot", Plot).show([many for _, many in found.intake])
        self._show_title()
        self._show_rule()
        self.refresh_actions()

    def _show_empty(self, units: str, orders: str) -> None:
        """What stands in place of the lists: nothing late is not the same as nothing known."""
        for selector, sentence in (("#units", units), ("#orders", orders)):
            rows = self.query_one(selector, RowList)
            if rows.empty != sentence:
                rows.empty = sentence
                rows.refresh()

    def _show_title(self) -> None:
        """The minute of the last reading, not its second: an idle board writes nothing but the clock's minute."""
        if self.board is None:
            self.set_title(f" {self.TITLE_TEXT}", "读取失败 " if self._failed else "正在读取 ")
            return
        at = self.board.snapshot.at.astimezone(SHANGHAI)
        if self.paused:
            state = f"已暂停, 为 {at:%H:%M} 的数据   F8 继续 "
        elif self._failed:
            state = f"读取失败, 为 {at:%H:%M} 的数据 "
        else:
            state = f"{at:%H:%M} 更新   F8 暂停 "
        self.set_title(f" {self.TITLE_TEXT}    {at:%Y-%m-%d} 周{_WEEK[at.weekday()]}", state)

    def _show_rule(self) -> None:
        board = self.board
        if board is None:
            return
        asked = [self._unit_name() or "全部单位"]
        if words := board.asked.words.strip():
            asked.append(f"筛选: {words}")
        many = f"前 {len(board.orders)} 件" if board.more else f"{len(board.orders)} 件"
        self.query_one("#late-rule", Rule).show(f"超期工单 ({', '.join(asked)}) {many}, 按工作日计", "/ 筛选")

    def _unit_name(self) -> str:
        units = self.board.snapshot.units if self.board else ()
        return next((line.unit for line in units if line.unit_id == self.asked.unit_id), "")

    # -- choosing

    @on(RowList.Chosen, "#units")
    def _unit_chosen(self, event: RowList.Chosen) -> None:
        """Its orders alone; Enter again: everybody's."""
        line = (
            next((line for line in self.board.snapshot.units if str(line.unit_id) == event.key), None)
            if self.board
            else None
        )
        if line is not None:
            self._ask(unit_id=None if line.unit_id == self.asked.unit_id else line.unit_id)

    @on(RowList.Chosen, "#orders")
    def _order_chosen(self) -> None:
        self.run_worker(self.action_act("open"))

    @on(RowList.Moved, "#orders")
    def _order_moved(self) -> None:
        self.refresh_actions()

    @on(RowList.Wanted, "#orders")
    def _more_wanted(self) -> None:
        self._ask(limit=min(KEEP, self.asked.limit + PAGE))

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        if event.value.strip() != self.asked.words:
            self._ask(words=event.value.strip(), limit=PAGE)

    @on(Input.Submitted, "#filter")
    def _filter_given(self) -> None:
        """The entry gives way to the list; the rule above it says what it is filtered by."""
        self.query_one("#orders", RowList).focus()
        self.query_one("#filter-line").remove_class("-shown")

    def _ask(self, **changes: object) -> None:
        asked = Asked(**{"unit_id": self.asked.unit_id, "words": self.asked.words, "limit": PAGE} | changes)  # type: ignore[arg-type]
        if asked != self.asked:
            self.asked = asked
            self.reload()

    # -- doing

    @property
    def order(self) -> OverdueRow | None:
        """The order under the cursor of the list."""
        return self._late.get(self.query_one("#orders", RowList).key or "")

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """On a wall those alone that can ever be done there."""
        return tuple(each for each in self.all_actions() if not (self.alone and each.id in _OF_AN_ORDER))

    def why_not(self, action_id: str) -> str | None:
        """What is closed on this board, to this role, or in the order's state."""
        if action_id in _OF_AN_ORDER:
            if self.alone:
                return _ALONE
            row = self.order
            if row is None:
                return "没有超期工单"
            if action_id in _DOES:
                return workflow.why_not(_DOES[action_id], row.order.state, self.desk.role, workflow.Relation())
        if action_id == "everything" and self.asked.unit_id is None and not self.asked.words:
            return "现在显示的就是全部"
        return None

    def do_urge(self) -> None:
        """F4."""
        if (row := self.order) is None:
            return
        desk, order = self.desk, row.order

        def given(text: str) -> None:
            self._written[order.number] = text
            self._write(
                lambda: notes.urge(desk, order.id, text, seen=order.version),
                f"已催办 {order.number}",
                lambda: self._written.pop(order.number, None),
            )

        about = _about(row, "催办的话, 可以不写:")
        self.open_form(Ask("催办", about, value=self._written.get(order.number, "")), given)

    def do_supervise(self) -> None:
        """F5."""
        from hotline_tui.screens.deeds_record import SuperviseForm
        from hotline_tui.screens.kept import Kept

        if (row := self.order) is None:
            return
        desk, order = self.desk, row.order
        kept = Kept(self.seat, Action.SUPERVISE.value, order.id)
        form = SuperviseForm(kept, f"督办  {order.number}", _about(row, "督办要求:"), urgent=order.urgent)

        def given(text: str) -> None:
            self._write(
                lambda: notes.supervise(desk, order.id, text, urgent=form.urgent, seen=order.version),
                f"已督办{', 列为急件' if form.urgent else ''} {order.number}",
                kept.discard,
            )

        self.open_form(form, given)

    def _write(self, service: Callable[[], object], said: str, accepted: Callable[[], object]) -> None:
        def done(_: object) -> None:
            accepted()
            self.flash(said)
            self.reload()

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self.reload()

        self.write(service, done, otherwise=failed)

    def do_open(self) -> None:
        """F6."""
        if row := self.order:
            self.seat.open_order(row.order.id)

    def do_filter(self) -> None:
        """The filter entry."""
        self.query_one("#filter-line").add_class("-shown")
        self.query_one("#filter", HotlineInput).focus()

    def do_pause(self) -> None:
        """Stop, or go on."""
        self.paused = not self.paused
        self._held.pop("board", None)
        self._show_title()
        if not self.paused:
            self.reload()

    def do_everything(self) -> None:
        """No filter, no unit."""
        entry = self.query_one("#filter", HotlineInput)
        if entry.has_focus:
            self.query_one("#orders", RowList).focus()
        self.query_one("#filter-line").remove_class("-shown")
        with entry.prevent(Input.Changed):
            entry.value = ""
        self._ask(unit_id=None, words="")

    def do_back(self) -> None:
        """Out of the filter; then out of the board."""
        if self.query_one("#filter", HotlineInput).has_focus:
            self.do_everything()
        elif self.alone:
            self.app.exit()
        else:
            super().do_back()


def _about(row: OverdueRow, prompt: str) -> str:
    return f"{row.order.number}  {row.unit}  超期 {row.days} 日\n{row.order.brief}\n{prompt}"
