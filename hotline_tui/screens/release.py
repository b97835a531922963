"""审核发布: the office lets a reply go, to the caller alone or online, or back to the unit (Art. 11(5), 14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from hotline_tui.data.queries import queues
from hotline_tui.data.queries.queues import ToRelease
from hotline_tui.data.queries.rows import Cursor, Page
from hotline_tui.rules.words import Action
from hotline_tui.rules.workflow import Relation, why_not
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds_office import OfficeDeeds
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.queue_screen import Known, QueueScreen, brief
from hotline_tui.screens.reply_view import reply_parts
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.pages import Heading, Part
from hotline_tui.screens.widgets.row_list import Column, Row

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.rules.deadlines import Edges


class ReleaseScreen(QueueScreen, OfficeDeeds):
    """The reply on top, the matter under it."""

    TITLE_TEXT = "审核发布"
    QUEUE = "待审核发布的回复"
    EMPTY = "没有待审核发布的回复"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "private", "单独回复", "只告知来电人, 不公开"),
        ScreenAction("f5", "public", "网上公开", "核对将要公开的文字后发布; 保密件不能公开(第十四条)"),
        ScreenAction("f8", "reject", "退回重办", "说明理由, 退回承办单位"),
        ScreenAction("enter", "open", "工单", "打开工单, 看全部过程"),
    )

    def columns(self) -> tuple[Column, ...]:
        """With the unit, and when its leader let it go."""
        return (Column("编号", 17), Column("类别", 4), Column("诉求"), Column("承办单位", 10), Column("领导审核", 11))

    def page(self, session: Session, edges: Edges, after: Cursor | None) -> Page[ToRelease]:
        """What waits."""
        return queues.to_release(session, self.desk.viewer, edges, after=after)

    def row(self, waiting: ToRelease, known: Known) -> Row:
        """Number, kind, matter, unit, approval."""
        order = waiting.order
        cells = (order.number, order.kind.label, brief(order), order.unit, moment(waiting.approved_at))
        return Row(self.key(waiting), cells)

    def heading(self, seen: OrderSeen, waiting: Any) -> str:
        """Number and topic."""
        return f"{seen.detail.row.number}  {seen.detail.row.topic}{'  保密' if seen.detail.row.secret else ''}"

    def parts(self, seen: OrderSeen, waiting: Any) -> Iterable[Part]:
        """The reply, the matter, earlier replies."""
        found, reply = seen.detail, seen.waiting_reply
        if reply is not None:
            yield from reply_parts(reply, seen)
        yield Heading("诉求")
        yield from order_view.narrative(seen)
        for earlier in found.replies:
            if earlier != reply:
                yield from reply_parts(earlier, seen)
        yield from order_view.callbacks(found.callbacks)

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables; a secret order is never public."""
        if action_id in ("help", "back"):
            return None
        at = self.at_cursor()
        if at is None:
            return self.why_no_row()
        if action_id == "public" and at.order.secret:
            return "本件须保密, 只能单独回复来电人(第十四条)"
        action = {"private": Action.RELEASE, "public": Action.RELEASE, "reject": Action.REJECT_REPLY}.get(action_id)
        return why_not(action, at.order.state, self.desk.role, Relation()) if action else None

    def do_private(self) -> None:
        """F4."""
        self.release_privately()

    def do_public(self) -> None:
        """F5."""
        self.release_publicly()

    def do_reject(self) -> None:
        """F8."""
        self.reject_reply()

    def do_open(self) -> None:
        """Enter, where the focus is not in the list."""
        self.open_row()
