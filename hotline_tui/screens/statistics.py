"""统计: any period by kind, topic, channel, region or unit; sorted, drawn, opened to the orders, exported (R-11.7)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static

from hotline_tui.data.exports.tables import write_table
from hotline_tui.data.queries.statistics import by_day, by_month
from hotline_tui.errors import HotlineError, UsageError
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.figures import Line
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Dimension, Measure, Span
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.search_filters import PERIODS, days, period
from hotline_tui.screens.statistics_orders import FigureOrdersScreen
from hotline_tui.screens.statistics_table import (
    BY,
    NAME_CELLS,
    WHOLE,
    Figure,
    bar_columns,
    bar_row,
    columns,
    figures,
    ordered,
    row,
    scope_of,
)
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import Ask
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.screens.widgets.plot import Plot
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services.clock import reckoning_now
from hotline_tui.services.lines import Lines

if TYPE_CHECKING:
    from datetime import date

    from hotline_tui.data.store import Session
    from hotline_tui.services.desk import Desk

COUNTING = "正在统计, 可以按 Esc 返回"
NOTHING = "这一时段没有数据"
BY_DAY = 92
"""Of a longer period the trend goes by months."""
WIDE = 120
_TOTAL = "total"
_OWN = "own"
_PROMPT = "第一天和最后一天, 如 2026-11-01 2026-11-20; 只写一天也可以"


@dataclass(frozen=True)
class Asked:
    """What the page shows."""

    period: Period
    by: Dimension


@dataclass(frozen=True)
class Table:
    """One reading; nothing in it changes any more."""

    asked: Asked
    total: Line
    lines: tuple[Line, ...]


Trend = list[tuple[str, dict[str, int]]]
"""By day or month, as it is said, how many by key."""


def read_table(session: Session, desk: Desk, asked: Asked) -> Table:
    """Every count of the period, beside the one before and that of a year earlier."""
    lines = Lines(desk, session, asked.period)
    of = {
        Dimension.KIND: lines.kinds,
        Dimension.TOPIC: lines.topics,
        Dimension.CHANNEL: lines.channels,
        Dimension.REGION: lines.regions,
        Dimension.UNIT: lines.units,
    }
    return Table(asked, lines.total(), of[asked.by]())


def read_trend(session: Session, desk: Desk, asked: Asked, measure: Measure) -> Trend:
    """One count of each day, or of each month of a longer period, up to today."""
    reckoning = reckoning_now(desk, session)
    if asked.period.length <= BY_DAY:
        told = by_day(session, desk.viewer, reckoning, asked.period, asked.by, measures=(measure,))
        named = [(f"{day:%m-%d}", found) for day, found in told]
    else:
        months = by_month(session, desk.viewer, reckoning, asked.period, asked.by, measures=(measure,))
        named = [(f"{month.first:%Y-%m}", found) for month, found in months]
    return [(name, {key: each[measure] for key, each in found.items()}) for name, found in named]


class StatisticsScreen(DeskScreen):
    """The table above, what the figure under the cursor means, and its trend below."""

    TITLE_TEXT = "统计"
    CSS_PATH = "statistics.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "earlier", "上期", "上一个同样长的时段"),
        ScreenAction("f5", "later", "下期", "下一个同样长的时段"),
        ScreenAction("f6", "period", "时段", "本周、本月、本季度、今年, 或任意起止日期"),
        ScreenAction("f7", "bars", "图形", "所选的一列画成条形; 再按回到表格"),
        ScreenAction("f8", "export", "导出", "把这张表写成 csv 或 xlsx 文件"),
        ScreenAction("enter", "open", "明细", "打开光标所在一行、所选一列的数字背后的工单"),
        ScreenAction("1", "kind", "类别", "按类别统计", shown=False),
        ScreenAction("2", "topic", "分类", "按诉求分类统计, 一级和二级", shown=False),
        ScreenAction("3", "channel", "渠道", "按渠道统计", shown=False),
        ScreenAction("4", "region", "属地", "按属地统计", shown=False),
        ScreenAction("5", "unit", "单位", "按承办单位统计", shown=False),
        ScreenAction("left", "left", "左列", "选左边的一列: 按它排序、画图, 打开它的明细", shown=False),
        ScreenAction("right", "right", "右列", "选右边的一列", shown=False),
    )

    def __init__(self) -> None:
        super().__init__()
        self.asked = Asked(Period.of(Span.MONTH, shanghai_day(self.desk.clock())), Dimension.KIND)
        self.table: Table | None = None
        self.trend: Trend = []
        self.chosen = 0
        self.drawn = False
        self.lines: dict[str, Line] = {}

    def compose_body(self) -> ComposeResult:
        """Dimensions, table, meaning, trend."""
        yield Rule(id="dimensions")
        yield RowList((), empty=COUNTING, id="table")
        yield Static("", id="meaning", markup=False)
        yield Rule(id="trend-title")
        yield Plot(id="trend")

    def on_mount(self) -> None:
        """This month by kind."""
        self.query_one("#table", RowList).focus()
        self._ask(self.asked)

    def on_resize(self, event: events.Resize) -> None:
        """More columns where there is room."""
        super().on_resize(event)
        if self.table is not None:
            self._show()

    # -- reading

    def _ask(self, asked: Asked) -> None:
        if asked.by is not self.asked.by:
            self.chosen = 0
        self.asked = asked
        self._show_title()
        desk = self.desk
        self.read(lambda session: read_table(session, desk, asked), self._take, lane="table")
        self._ask_trend()

    def _ask_trend(self) -> None:
        desk, asked, measure = self.desk, self.asked, self.figure.measure
        self.read(lambda session: read_trend(session, desk, asked, measure), self._take_trend, lane="trend")

    def _take(self, table: Table) -> None:
        self.table = table
        self._show()

    def _take_trend(self, trend: Trend) -> None:
        self.trend = trend
        self._show_trend()

    # -- showing

    @property
    def wide(self) -> bool:
        """Whether there is room for more columns."""
        return self.size.width >= WIDE

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The columns there are now."""
        return figures(self.asked.by, wide=self.wide)

    @property
    def figure(self) -> Figure:
        """The chosen one."""
        return self.figures[min(self.chosen, len(self.figures) - 1)]

    def _show_title(self) -> None:
        period = self.asked.period
        compared = f"环比 {period.before().title}, 同比 {period.year_before().title}"
        self.set_title(f" {self.TITLE_TEXT}    {period.title}", f"{compared} ")
        words = Text()
        for number, (by, name) in enumerate(BY.items(), 1):
            words.append(f"[{number} {name}] " if by is self.asked.by else f" {number} {name}  ")
        self.query_one("#dimensions", Rule).show(words, "左右键选列")
        self.refresh_actions()

    def _show(self) -> None:
        if self.table is None:
            return
        name, shown, figure = BY[self.table.asked.by], self.figures, self.figure
        lines = [(_TOTAL, 0, self.table.total), *ordered(self.table.lines, figure)]
        self.lines = {key: line for key, _, line in lines}
        rows = self.query_one("#table", RowList)
        rows.empty = NOTHING
        if self.drawn:
            rows.columns = bar_columns(figure, name)
            most = max((abs(value) for *_, line in lines[1:] if (value := figure.value(line))), default=0)
            cells = Decimal(max(1, self.size.width - NAME_CELLS - figure.cells - 8)) / (most or 1)
            rows.show(bar_row(*each, figure, cells) for each in lines[1:])
        else:
            rows.columns = columns(shown, min(self.chosen, len(shown) - 1), name)
            rows.show(row(*each, shown) for each in lines)
        rows.refresh()
        self._moved()

    def _show_trend(self) -> None:
        line = self.at_cursor()
        keys = line.keys if line else ()
        values = [sum(found.get(key, 0) for key in keys or found) for _, found in self.trend]
        self.query_one("#trend", Plot).show(values)
        if not self.trend:
            return
        measure, name = self.figure.measure, (line.name if line else "") or WHOLE
        first, last = self.trend[0][0], self.trend[-1][0]
        each = "每日" if self.asked.period.length <= BY_DAY else "每月"
        self.query_one("#trend-title", Rule).show(f"{name} {each}{measure.label}", f"{first} 至 {last}")

    def at_cursor(self) -> Line | None:
        """The line under the cursor."""
        return self.lines.get(self.query_one("#table", RowList).key or "") if self.query("#table") else None

    @on(RowList.Moved, "#table")
    def _moved(self) -> None:
        line = self.at_cursor()
        self.query_one("#meaning", Static).update(f" {self.figure.about(line)}" if line else "")
        self._show_trend()
        self.refresh_actions()

    # -- actions

    def why_not(self, action_id: str) -> str | None:
        """What needs figures, and what lies ahead."""
        if action_id == "later" and self.asked.period.last >= shanghai_day(self.desk.clock()):
            return "后面的时段还没有开始"
        if action_id in ("open", "export", "bars") and self.table is None:
            return "正在统计, 请稍候"
        if action_id == "open":
            line = self.at_cursor()
            if line is None or not line.counts[self.figure.measure].now:
                return "这个数字是 0, 没有可以列出的工单"
        return None

    def do_earlier(self) -> None:
        """F4."""
        self._ask(Asked(self.asked.period.before(), self.asked.by))

    def do_later(self) -> None:
        """F5."""
        self._ask(Asked(self.asked.period.after(), self.asked.by))

    def do_period(self) -> None:
        """F6."""
        items = [PickItem(key, label, "", spelling) for key, label, spelling in PERIODS]
        items.append(PickItem(_OWN, "自选日期", "", "zi xuan ri qi"))
        self.app.push_screen(Picker("统计时段", tuple(items), current=""), self._picked)

    def _picked(self, key: str | None) -> None:
        if key == _OWN:
            self._ask_days()
        elif key is not None:
            today = shanghai_day(self.desk.clock())
            first, last = period(key, today)
            self._ask(Asked(self._whole(key, first, last), self.asked.by))

    def _whole(self, key: str, first: date, last: date) -> Period:
        """A month that has begun is that month, compared with the whole one before."""
        span = {"month": Span.MONTH, "quarter": Span.QUARTER, "year": Span.YEAR}.get(key.removeprefix("last_"))
        return Period.of(span, first) if span else Period.between(first, last)

    def _ask_days(self, value: str = "") -> None:
        def given(text: str | None) -> None:
            if text is None:
                return
            try:
                chosen = Period.between(*days(text))
            except UsageError as error:
                self._ask_days(text)
                self.flash(str(error))
                return
            except ValueError:
                self._ask_days(text)
                self.flash("日期写法不对, 如 2026-11-01 2026-11-20")
                return
            if chosen.first > shanghai_day(self.desk.clock()):
                self._ask_days(text)
                self.flash(f"{chosen.title}还没有开始, 请改正")
                return
            self._ask(Asked(chosen, self.asked.by))

        self.app.push_screen(Ask("统计时段", _PROMPT, must=_PROMPT, value=value), given)

    def do_kind(self) -> None:
        """1."""
        self._ask(Asked(self.asked.period, Dimension.KIND))

    def do_topic(self) -> None:
        """2."""
        self._ask(Asked(self.asked.period, Dimension.TOPIC))

    def do_channel(self) -> None:
        """3."""
        self._ask(Asked(self.asked.period, Dimension.CHANNEL))

    def do_region(self) -> None:
        """4."""
        self._ask(Asked(self.asked.period, Dimension.REGION))

    def do_unit(self) -> None:
        """5."""
        self._ask(Asked(self.asked.period, Dimension.UNIT))

    def do_left(self) -> None:
        """The column to the left."""
        self._choose(-1)

    def do_right(self) -> None:
        """The column to the right."""
        self._choose(1)

    def _choose(self, step: int) -> None:
        self.chosen = max(0, min(self.chosen + step, len(self.figures) - 1))
        self._show()
        self._ask_trend()

    def do_bars(self) -> None:
        """F7."""
        self.drawn = not self.drawn
        self._show()

    @on(RowList.Chosen, "#table")
    def _chosen_row(self) -> None:
        self.call_later(self.action_act, "open")

    def do_open(self) -> None:
        """Enter."""
        line = self.at_cursor()
        if line is None:
            return
        measure = self.figure.measure
        screen = FigureOrdersScreen(
            measure,
            self.asked.period,
            scope_of(self.asked.by, line),
            line.name or WHOLE,
            line.counts[measure].now,
        )
        self.app.push_screen(screen)

    def do_export(self) -> None:
        """F8."""
        self._ask_file(str(Path.cwd() / f"统计-{self.asked.period.title}-{BY[self.asked.by]}.xlsx"))

    def _ask_file(self, value: str) -> None:
        prompt = "写到哪个文件, 以 .csv 或 .xlsx 结尾"
        self.app.push_screen(Ask("导出", prompt, must=prompt, value=value), self._export)

    def _export(self, text: str | None) -> None:
        if text is None or self.table is None:
            return
        table, path = self.table, Path(text.strip()).expanduser()
        shown = figures(table.asked.by, wide=True)
        head = (BY[table.asked.by], *(each.head for each in shown))
        lines = [(_TOTAL, 0, table.total), *ordered(table.lines, self.figure)]
        cells = [
            [f"{'  ' * depth}{line.name or WHOLE}", *(each.cell(line) for each in shown)] for _, depth, line in lines
        ]

        def refused(error: HotlineError) -> None:
            self._ask_file(text)
            self.show_error(error)

        self.work_read(
            lambda: write_table(path, head, cells),
            lambda _: self.flash(f"已导出: {path}"),
            lane="export",
            otherwise=refused,
        )
