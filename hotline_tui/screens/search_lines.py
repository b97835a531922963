"""How 查询 shows an order in its result; nothing in it is the caller's personal data (R-13b)."""

from __future__ import annotations

from rich.text import Text

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.words import Standing
from hotline_tui.screens.shell import SHANGHAI
from hotline_tui.screens.widgets.display import DUE_SOON, OVERDUE, STRONG
from hotline_tui.screens.widgets.row_list import Column, Row

COLUMNS = (
    Column("编号", 17),
    Column("类别", 4),
    Column("状态", 10),
    Column("承办单位", 10),
    Column("诉求"),
    Column("时限", 15),
)
_STYLES = {Standing.DUE_SOON: DUE_SOON, Standing.OVERDUE: STRONG, Standing.SERIOUSLY_OVERDUE: OVERDUE}


def order_row(order: OrderRow) -> Row:
    """A line of the result."""
    marks = [mark for mark, holds in (("急", order.urgent), ("密", order.secret)) if holds]
    about = [*marks, order.topic.rpartition("/")[2], order.brief]
    cells = (order.number, order.kind.label, order.state.label, order.unit, " ".join(filter(None, about)), _due(order))
    return Row(str(order.id), cells)


def _due(order: OrderRow) -> Text:
    if order.due_at is None or order.standing is None:
        return Text()
    words = "应办" if order.standing is Standing.IN_TIME else order.standing.label
    due = f"{words} {order.due_at.astimezone(SHANGHAI):%m-%d}"
    return Text(f"{due} 暂定" if order.provisional else due, style=_STYLES.get(order.standing, ""))
