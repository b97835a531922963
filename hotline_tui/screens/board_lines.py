"""How the lines of 督办看板 read: counts, figures, a unit, an overdue order."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from hotline_tui.data.queries.dashboard import OverdueRow, Snapshot, UnitLine
from hotline_tui.rules.indicators import Share
from hotline_tui.rules.words import Standing
from hotline_tui.screens.shell import SHANGHAI
from hotline_tui.screens.widgets.display import DUE_SOON, OVERDUE, STRONG
from hotline_tui.screens.widgets.lines import Line
from hotline_tui.screens.widgets.row_list import Column, Row

UNIT_COLUMNS = (
    Column("承办单位"),
    Column("在办", 6, right=True),
    Column("临期", 5, right=True),
    Column("超期", 5, right=True),
    Column("严重", 5, right=True),
    Column("按时率", 7, right=True),
    Column("最长超期", 9, right=True),
)
ORDER_COLUMNS = (
    Column("编号", 17),
    Column("类别", 4),
    Column(""),
    Column("超期", 15),
    Column("应办", 5),
    Column("催办", 7),
)

_WIDE, _NARROW = 3, 2
"""Blanks between two pieces, with room and without."""

Segment = tuple[str, str]
"""A piece of text, and its style."""


class Segments(Line):
    """Pieces side by side; the last ones are left out where there is no room for them."""

    _pieces: tuple[Segment, ...] = ()

    def show_segments(self, pieces: Sequence[Segment]) -> None:
        """Show these, the most important first."""
        self._pieces = tuple(pieces)
        self.on_resize()

    def on_resize(self) -> None:
        """As many as fit."""
        self.show(_joined(self._pieces, self.size.width))


def _joined(pieces: Sequence[Segment], width: int) -> Text:
    needed = sum(cell_len(piece) for piece, _ in pieces)
    between = _WIDE if 1 + needed + _WIDE * (len(pieces) - 1) <= width else _NARROW
    line = Text(" ")
    for number, (piece, style) in enumerate(pieces):
        gap = between if number else 0
        if cell_len(line.plain) + gap + cell_len(piece) > width:
            break
        line.append(" " * gap).append(piece, style=style)
    return line


def counts(found: Snapshot) -> list[Segment]:
    """What presses; a word says it, colour repeats it."""
    pieces = [
        ("待派", found.waiting, ""),
        ("在办", found.open, ""),
        ("今日到期", found.due_today, ""),
        ("临期", found.due_soon, DUE_SOON),
        ("超期", found.overdue, STRONG),
        ("严重超期", found.seriously_overdue, OVERDUE),
        ("紧急", found.urgent_open, ""),
    ]
    return [(f"{label} {many}", style if many else "") for label, many, style in pieces]


def queues(found: Snapshot) -> list[Segment]:
    """What waits for the office and the front desk, and what callers said."""
    pieces = (
        ("待审核发布", found.awaiting_release),
        ("待回访", found.awaiting_callback),
        ("待批示", found.awaiting_instruction),
        ("待复查", found.under_review),
    )
    return [*((f"{label} {many}", "") for label, many in pieces), (f"本月满意率 {percent(found.month.satisfied)}", "")]


def figures(found: Snapshot) -> list[Segment]:
    """Today beside the days before it up to the same time, and the month's indicators."""
    return [
        (f"今日受理 {found.received_today} (同时段均值 {found.usual:.0f})", ""),
        (f"直接答复率 {percent(found.month.direct)}", ""),
        (f"本月按时办结率 {percent(found.month.on_time)}", ""),
    ]


def trend(found: Snapshot) -> tuple[str, str]:
    """Over the plot: its days, and at the right the busiest one and today."""
    days = found.intake
    most_on, most = max(days, key=lambda each: each[1])
    busiest = f"最多 {most} ({most_on:%m-%d})  " if most else ""
    return f"近30日受理 {days[0][0]:%m-%d} 至 {days[-1][0]:%m-%d}", f"{busiest}今日 {days[-1][1]}"


def percent(share: Share) -> str:
    """`96.3%`, or a hyphen where there is nothing to divide by."""
    return "-" if share.rate is None else f"{share.rate:.1%}"


def unit_row(line: UnitLine) -> Row:
    """A unit's line; nought is left blank in the columns that should be."""
    return Row(
        str(line.unit_id),
        (
            line.unit,
            str(line.open),
            str(line.due_soon or ""),
            Text(str(line.overdue or ""), style=STRONG if line.overdue else ""),
            Text(str(line.seriously_overdue or ""), style=OVERDUE if line.seriously_overdue else ""),
            percent(line.on_time),
            f"{line.worst} 日" if line.worst else "",
        ),
    )


def order_row(key: str, row: OverdueRow, *, unit: bool) -> Row:
    """An overdue order's line; `unit`: who owes the answer stands in it. Every deadline is a closing time (R-D2)."""
    order = row.order
    serious = order.standing is Standing.SERIOUSLY_OVERDUE
    late = Text(f"{'!!严重超期' if serious else '! 超期'} {row.days}日", style=OVERDUE if serious else STRONG)
    topic = order.topic.rpartition("/")[2]
    about = [
        "急" if order.urgent else "",
        "督办" if row.supervised else "",
        "暂定" if order.provisional else "",
        row.unit if unit else "",
        topic,
        order.brief,
    ]
    return Row(
        key,
        (
            order.number,
            order.kind.label,
            " ".join(each for each in about if each),
            late,
            f"{row.due_at.astimezone(SHANGHAI):%m-%d}",
            f"催办 {order.urges}" if order.urges else "",
        ),
    )
