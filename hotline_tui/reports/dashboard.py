"""督办看板 as plain text, for `hotline dashboard --once`, a mail or a log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from hotline_tui.data.queries.dashboard import OverdueRow, Snapshot, UnitLine
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.indicators import Share

WIDTH = 132
_LINES = 1000


def render(found: Snapshot, width: int = WIDTH) -> str:
    """Counts, this month's rates, units and overdue orders; Shanghai time, no colours."""
    earlier = len(found.intake) - 1
    month = found.month
    parts: list[RenderableType] = [
        Text(f"督办看板 {found.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        Text(
            f"待派 {found.waiting}  在办 {found.open}  今日到期 {found.due_today}  临期 {found.due_soon}  "
            f"超期 {found.overdue}  严重超期 {found.seriously_overdue}"
        ),
        Text(
            f"待批示 {found.awaiting_instruction}  待审核发布 {found.awaiting_release}  "
            f"待回访 {found.awaiting_callback}  待复查 {found.under_review}  紧急在办 {found.urgent_open}"
        ),
        Text(f"今日受理 {found.received_today}, 前 {earlier} 日同时段均值 {found.usual:.0f}"),
        Text(f"直接答复率 {_share(month.direct)} = 直接答复 / 受理"),
        Text(f"按时办结率 {_share(month.on_time)} = 本月到期且按时办结 / 本月到期"),
        Text(f"满意率 {_share(month.satisfied)} = 满意和基本满意 / 已联系上的回访"),
    ]
    if found.units:
        titles = ("承办单位", "在办", "临期", "超期", "严重超期", "按时办结率", "最长超期")
        parts += [Text(), _table(titles, map(_unit, found.units), left=1)]
    if found.overdue_orders:
        titles = ("编号", "类别", "承办单位", "应办", "超期", "催办", "内容")
        parts += [Text(), _table(titles, map(_order, found.overdue_orders), left=len(titles))]
    out = StringIO()
    console = Console(file=out, width=width, height=_LINES, color_system=None, legacy_windows=False)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _share(share: Share) -> str:
    """`96.3% (105/109)`."""
    return "-" if share.rate is None else f"{share.rate:.1%} ({share.part}/{share.whole})"


def _unit(line: UnitLine) -> Sequence[str]:
    many = (line.open, line.due_soon, line.overdue, line.seriously_overdue)
    worst = f"{line.worst} 个工作日" if line.worst else ""
    return (line.unit, *map(str, many), _share(line.on_time), worst)


def _order(row: OverdueRow) -> Sequence[str]:
    order = row.order
    return (
        order.number,
        order.kind.label,
        row.unit,
        f"{row.due_at.astimezone(SHANGHAI):%m-%d %H:%M}{' 暂定' if order.provisional else ''}",
        f"{row.days} 个工作日",
        str(order.urges or ""),
        f"{'(紧急) ' if order.urgent else ''}{order.brief}",
    )


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, left: int) -> Table:
    """`left`: so many columns stand at the left, the others at the right. The last one gives way to the width."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, justify="left" if number < left else "right", no_wrap=number < len(titles) - 1)
    for row in rows:
        # A citizen's words are data, never markup.
        table.add_row(*(Text(cell, no_wrap=True, overflow="crop") for cell in row))
    return table
