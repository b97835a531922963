"""How 查询 shows an order in its result; nothing in it is the caller's personal data (R-13b)."""

from __future__ import annotations

from datetime import date

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import Standing
from hotline_tui.screens.standing import received
from hotline_tui.screens.widgets.display import DUE_SOON, OVERDUE, STRONG
from hotline_tui.screens.widgets.lines import Line, Rule
from hotline_tui.screens.widgets.row_list import Column, Row

_STYLES = {Standing.DUE_SOON: DUE_SOON, Standing.OVERDUE: STRONG, Standing.SERIOUSLY_OVERDUE: OVERDUE}
_SHORT = {Standing.IN_TIME: "应办", Standing.SERIOUSLY_OVERDUE: "严重"}


def columns(*, wide: bool) -> tuple[Column, ...]:
    """Of the result; on a narrow terminal time and due date are short, so that the subject has room."""
    return (
        Column("编号", 17),
        Column("受理", 11 if wide else 6),
        Column("类别", 4),
        Column("状态", 10),
        Column("承办单位", 10),
        Column("诉求"),
        Column("时限", 19 if wide else 10),
    )


def order_row(order: OrderRow, today: date, *, wide: bool) -> Row:
    """A line of the result."""
    marks = [mark for mark, holds in (("急", order.urgent), ("密", order.secret)) if holds]
    about = [*marks, order.topic.rpartition("/")[2], order.brief]
    return Row(
        str(order.id),
        (
            order.number,
            received(order.received_at, today, wide=wide),
            order.kind.label,
            order.state.label,
            order.unit,
            " ".join(filter(None, about)),
            _due(order, wide=wide),
        ),
    )


class About(Vertical):
    """The order under the cursor, whole, where its line is cut: topic and marks, subject, how and where it came."""

    DEFAULT_CSS = "About { height: 3; width: 100%; }"

    def compose(self) -> ComposeResult:
        """A heading and two lines."""
        yield Rule(id="about-heading")
        yield Line(id="about-subject")
        yield Line(id="about-facts")

    def show(self, order: OrderRow | None) -> None:
        """Show this one."""
        heading, subject, facts = _about(order) if order else ("", "", "")
        self.query_one("#about-heading", Rule).show(heading)
        self.query_one("#about-subject", Line).show(f" {subject}")
        self.query_one("#about-facts", Line).show(f" {facts}")


def _about(order: OrderRow) -> tuple[str, str, str]:
    local = order.received_at.astimezone(SHANGHAI)
    heading = (order.number, order.topic, "紧急" if order.urgent else "", "保密" if order.secret else "")
    due = f"应回复 {order.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" if order.due_at else ""
    facts = (
        f"{order.channel.label}受理 {local:%Y-%m-%d %H:%M}",
        f"{due} 暂定" if order.due_at and order.provisional else due,
        f"催办 {order.urges}" if order.urges else "",
        f"退件 {order.returns}" if order.returns else "",
        f"区域 {order.region}" if order.region else "",
        f"地址 {order.address}" if order.address else "",
    )
    return "  ".join(filter(None, heading)), order.brief, "  ".join(filter(None, facts))


def _due(order: OrderRow, *, wide: bool) -> Text:
    if order.due_at is None or order.standing is None:
        return Text()
    words = order.standing.label if wide else _SHORT.get(order.standing, order.standing.label)
    if order.standing is Standing.IN_TIME:
        words = "暂定" if order.provisional and not wide else "应办"
    due = f"{words} {order.due_at.astimezone(SHANGHAI):%m-%d}"
    return Text(f"{due} 暂定" if order.provisional and wide else due, style=_STYLES.get(order.standing, ""))
