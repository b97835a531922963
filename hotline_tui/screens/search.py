"""查询: an order by its number, its caller's phone, words in it, or what it is; a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from hotline_tui.data.queries import orders
from hotline_tui.data.queries.orders import MAY_ASK_BY_PHONE, OrderFilter, Sort
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.errors import HotlineError, NotFound
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.numbers import normalise
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.directory import Directory, read_directory
from hotline_tui.screens.paging import Paging
from hotline_tui.screens.search_filters import ALL, FACET, FACETS, OWN, Picked, days, narrowed
from hotline_tui.screens.search_lines import About, columns, order_row
from hotline_tui.screens.search_parts import Found, look_on
from hotline_tui.screens.widgets.display import STRONG
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Line, Rule
from hotline_tui.screens.widgets.modals import Ask
from hotline_tui.screens.widgets.picker import Picker
from hotline_tui.screens.widgets.row_list import Row, RowList
from hotline_tui.services.clock import edges_now

if TYPE_CHECKING:
    from hotline_tui.data.store import Session

_TRY = "没有符合的工单: 可少填几个词, 编号只填末四位, F7 放宽时间, F9 清空"
_TRY_PHONE = "没有符合的工单: 可少填几个词, 电话填全, 编号只填末四位, F9 清空"
_LOOKING = "正在查询"
_NONE = Picked(ALL, "全部")
_SORTS = {Sort.NEWEST: "新的在前", Sort.DUE: "先到期的在前, 已办结的不列", Sort.OLDEST: "旧的在前"}
_WIDE = 120


class SearchScreen(DeskScreen):
    """`number`: looked up at once."""

    TITLE_TEXT = "查询"
    CSS_PATH = "search.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "state", "状态", "按工单状态或时限状态查"),
        ScreenAction("f5", "unit", "单位", "按现在的承办单位查"),
        ScreenAction("f6", "kind", "类别", "按类别查"),
        ScreenAction("f7", "period", "时间", "按受理时间查"),
        ScreenAction("f8", "topic", "分类", "按诉求分类查, 包括下级分类"),
        ScreenAction("f9", "clear", "清空", "清空全部条件"),
        ScreenAction("ctrl+f,slash", "entries", "条件", "回到编号、电话、词语"),
        ScreenAction("ctrl+o", "sort", "排序", "换排序: 新的在前, 先到期的在前, 旧的在前", shown=False),
        ScreenAction("enter", "open", "查询", "在条件中: 查询, 编号完整时直接打开; 在结果中: 打开工单", shown=False),
    )

    def __init__(self, number: str = "") -> None:
        super().__init__()
        self.number = number
        self.picked: dict[str, Picked] = {}
        self.directory: Directory | None = None
        self.asked = OrderFilter()
        self.sort = Sort.NEWEST
        self.wide = False
        self.found: dict[str, OrderRow] = {}
        self.paging = Paging()
        self._to_result = False
        self._typed_on = False
        """Something was typed since it was looked for."""

    @property
    def entries(self) -> tuple[str, ...]:
        """What can be typed: the phone only by those who may ask by it (R-13b)."""
        return ("number", "phone", "words") if self.desk.role in MAY_ASK_BY_PHONE else ("number", "words")

    def compose_body(self) -> ComposeResult:
        """Entries, choices, result."""
        labels = {"number": "编号", "phone": "电话", "words": "词语"}
        with Horizontal(id="entries"):
            for entry in self.entries:
                yield Static(f" {labels[entry]}", classes="entry-label", markup=False)
                yield HotlineInput(self.number if entry == "number" else "", id=entry)
        yield Line(id="choices")
        yield Rule("结果", id="result-rule")
        yield RowList(columns(wide=False), empty=_LOOKING, id="result")
        yield About()

    def on_mount(self) -> None:
        """The newest orders, or the number that was given."""
        desk = self.desk
        self.set_title(f" {self.TITLE_TEXT}    {desk.unit_name or desk.site_name}", f"{desk.name}  {desk.role.label} ")
        self._show_choices()
        self.query_one("#number", HotlineInput).focus()
        self.read(read_directory, self._take_directory, lane="directory")
        self.search()

    def on_resize(self, event: events.Resize) -> None:
        """The columns use the width there is."""
        if self.wide != (event.size.width >= _WIDE):
            self.wide = not self.wide
            self.query_one("#result", RowList).columns = columns(wide=self.wide)
            self._load(0, self._take_first)

    def on_screen_resume(self) -> None:
        """The order that was opened may have moved on: its line is read again."""
        key = self.query_one("#result", RowList).key if self.is_mounted and self.query("#result") else None
        if key is not None:
            desk, order_id = self.desk, UUID(key)
            self.read(
                lambda session: orders.row(session, desk.viewer, edges_now(desk, session), order_id),
                self._take_row,
                lane="row",
            )

    # -- searching

    def search(self) -> None:
        """Look for what stands in the entries; a whole number is opened at once."""
        number = self._typed("number")
        if normalise(number) is not None:
            desk = self.desk
            self.read(
                lambda session: orders.by_number(session, desk.viewer, number),
                self.seat.open_order,
                lane="number",
                opens=True,
                otherwise=self._no_such_number,
            )
        today = shanghai_day(self.desk.clock())
        asked = OrderFilter(number=number, words=self._typed("words"), phone=self._typed("phone"))
        for facet, chosen in self.picked.items():
            asked = narrowed(asked, facet, chosen.key, today)
        self.asked = asked
        self.paging = Paging()
        self._load(0, self._take_first)

    def _typed(self, entry: str) -> str:
        return self.query_one(f"#{entry}", HotlineInput).value.strip() if entry in self.entries else ""

    def _load(self, number: int, then: Callable[[int, Found], object]) -> None:
        self._typed_on = False
        self._look_on(number, Found(self.asked, self.sort, self.paging.start(number)), then)

    def _look_on(self, number: int, so_far: Found, then: Callable[[int, Found], object]) -> None:
        """Look for a page, or for what is missing of it; what is there is shown meanwhile."""
        desk, paging, seat = self.desk, self.paging, self.seat

        def readings(words: str, session: Session) -> tuple[tuple[str, ...], ...]:
            return seat.knowledge.readings(words, session)

        def take(found: Found) -> None:
            self.asked = found.asked
            if found.complete:
                paging.took(number, [str(order.id) for order in found.rows], found.after)
            self.found |= {str(order.id): order for order in found.rows}
            if self._typed_on and found.parts > 1:
                self.hold("page", lambda: then(number, found))
            else:
                then(number, found)
            if not found.complete:
                self._look_on(number, found, then)

        self.read(lambda session: look_on(session, desk, so_far, None if number else readings), take, lane="page")

    def _no_such_number(self, error: HotlineError) -> None:
        """The list below is empty and says what to try; this says what was not found."""
        if isinstance(error, NotFound):
            self.flash(str(error))
        else:
            self.show_error(error)

    def _take_first(self, number: int, found: Found) -> None:
        result = self.query_one("#result", RowList)
        result.empty = _LOOKING if not found.complete else _TRY_PHONE if "phone" in self.entries else _TRY
        if found.parts == 1:  # the cursor of an earlier result has no place in this one
            result.show(())
        result.show(map(self._row, found.rows), more=found.complete and self.paging.more(number, "after"))
        meant = " ".join("/".join(pieces) for pieces in found.asked.readings)
        spelled = f" (拼音: {meant})" if meant and found.rows else ""
        how = found.going_on or f"{_SORTS[self.sort]}{spelled}"
        many = f"结果 {len(found.rows)} 件{'以上' if found.complete and found.after else ''}, {how}"
        self.query_one("#result-rule", Rule).show(many, "Ctrl+O 排序")
        self._show_about()
        if self._to_result and found.rows:
            result.focus()
        self._to_result = self._to_result and not found.rows and not found.complete

    @on(RowList.Wanted, "#result")
    def _more_wanted(self, event: RowList.Wanted) -> None:
        edge, beyond = event.edge, self.paging.beyond(event.key or "", event.edge)

        def take(number: int, found: Found) -> None:
            if found.complete:
                rows = map(self._row, found.rows)
                self.query_one("#result", RowList).extend(rows, edge, more=self.paging.more(number, edge))

        if beyond is not None:
            self._load(beyond, take)

    def _take_row(self, order: OrderRow | None) -> None:
        if order is not None and self.found.get(str(order.id)) not in (None, order):
            self.found[str(order.id)] = order
            self.query_one("#result", RowList).replace(self._row(order))
            self._show_about()

    def _row(self, order: OrderRow) -> Row:
        return order_row(order, shanghai_day(self.desk.clock()), wide=self.wide)

    @on(RowList.Moved, "#result")
    def _show_about(self) -> None:
        """What the cursor stands on."""
        self.query_one(About).show(self.found.get(self.query_one("#result", RowList).key or ""))

    # -- keys

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._to_result = True
        self.search()

    @on(Input.Changed)
    def _typed_into(self) -> None:
        self._typed_on, self._to_result = True, False

    @on(RowList.Chosen, "#result")
    def _chosen(self, event: RowList.Chosen) -> None:
        self.seat.open_order(UUID(event.key))

    def do_open(self) -> None:
        """Enter where neither an entry nor the list has the focus."""
        self.search()

    def do_entries(self) -> None:
        """Ctrl+F; again: the next entry."""
        place = self.focused.id if self.focused is not None else None
        after = self.entries.index(place) + 1 if place in self.entries else 0
        self.query_one(f"#{self.entries[after % len(self.entries)]}", HotlineInput).focus()

    def do_sort(self) -> None:
        """Ctrl+O: the next way to sort."""
        sorts = list(_SORTS)
        self.sort = sorts[(sorts.index(self.sort) + 1) % len(sorts)]
        self.paging = Paging()
        self._load(0, self._take_first)

    def do_clear(self) -> None:
        """F9."""
        for each in self.entries:
            entry = self.query_one(f"#{each}", HotlineInput)
            with entry.prevent(Input.Changed):
                entry.value = ""
        self.picked.clear()
        self._show_choices()
        self.query_one("#number", HotlineInput).focus()
        self.search()

    def do_state(self) -> None:
        """F4."""
        self._pick("state")

    def do_unit(self) -> None:
        """F5."""
        self._pick("unit")

    def do_kind(self) -> None:
        """F6."""
        self._pick("kind")

    def do_period(self) -> None:
        """F7."""
        self._pick("period")

    def do_topic(self) -> None:
        """F8."""
        self._pick("topic")

    def why_not(self, action_id: str) -> str | None:
        """Units and topics have to be read first."""
        return "正在读取, 请稍候" if action_id in ("unit", "topic") and self.directory is None else None

    # -- choices

    def _take_directory(self, directory: Directory) -> None:
        self.directory = directory

    def _pick(self, facet: str) -> None:
        items = {item.key: item for item in FACET[facet].items(self.directory or Directory())}

        def chosen(key: str | None) -> None:
            if key == OWN:
                self._ask_days()
            elif key is not None:
                self._put(
                    facet, Picked(key, items[key].hint if facet == "unit" and items[key].hint else items[key].label)
                )

        current = self.picked.get(facet, _NONE).key
        self.app.push_screen(Picker(FACET[facet].label, tuple(items.values()), current=current), chosen)

    def _ask_days(self, value: str = "") -> None:
        def given(text: str | None) -> None:
            if text is None:
                return
            try:
                first, last = days(text)
            except ValueError:
                self._ask_days(text)
                self.flash("日期写法不对, 如 2026-11-01 2026-11-20")
                return
            self._put("period", Picked(f"{first} {last}", f"{first:%Y%m%d}-{last:%Y%m%d}"))

        prompt = "第一天和最后一天, 如 2026-11-01 2026-11-20; 只写一天也可以"
        self.app.push_screen(Ask("受理时间", prompt, must=prompt, value=value), given)

    def _put(self, facet: str, chosen: Picked) -> None:
        self.picked.pop(facet, None)
        if chosen.key != ALL:
            self.picked[facet] = chosen
        self._show_choices()
        self.search()

    def _show_choices(self) -> None:
        line = Text("")
        for facet in FACETS:
            chosen = self.picked.get(facet.id)
            line.append(f" {facet.label} ").append(chosen.label if chosen else "全部", style=STRONG if chosen else "")
            line.append(" ")
        self.query_one("#choices", Line).show(line)
