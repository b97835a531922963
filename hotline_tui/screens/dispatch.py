"""派单: letters, returned orders and whatever else waits for a unit (Art. 10, 11(2), 11(3))."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text

from hotline_tui.data.queries import queues
from hotline_tui.data.queries.queues import ToDispatch
from hotline_tui.data.queries.rows import Cursor, OrderRow, Page
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import Action, Share
from hotline_tui.rules.workflow import RETURNS_BEFORE_OFFICE, Relation, why_not
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds_assist import ADD_ASSIST, AssistDeeds
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.screens.queue_screen import Known, brief
from hotline_tui.screens.standing import moment, received
from hotline_tui.screens.taking import TakingScreen
from hotline_tui.screens.widgets.display import STRONG
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row
from hotline_tui.services import claims

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.rules.deadlines import Edges

ACTION_OF = {
    "answer": Action.ANSWER,
    "assign": Action.ASSIGN,
    "report": Action.REPORT,
    "merge": Action.MERGE,
    "refuse": Action.REFUSE,
    "classify": Action.CLASSIFY,
}
SIMILAR = 8
OFFICE_DECIDES = "由热线办确定"
"""After the second return (R-D9)."""
ASSIST_RETURNED = "协办退件"


class DispatchScreen(TakingScreen, AssistDeeds):
    """The queue, the matter under it; a letter without a topic is classified before it is dispatched."""

    TITLE_TEXT = "派单"
    QUEUE = "待派的来信、退件和工单"
    EMPTY = "没有待派的工单"
    GIVES = claims.DISPATCH
    NONE_FREE = "没有无人在办的待派工单"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "answer", "直接答复", "用标准答案答复; 来信在网上答复(第十一条(二)1)"),
        ScreenAction("f5", "assign", "交办", "选承办单位, 看清时限; 未分类的先分类; 协办退件的增加协办(第十一条(二)2)"),
        ScreenAction("f6", "report", "批办", "重要事项或单位不明的, 呈报领导批示(第十一条(二)3)"),
        ScreenAction("f7", "merge", "并案", "并入先前的工单(第八条)"),
        ScreenAction("f8", "refuse", "不予受理", "选理由, 告知来电人, 记录在案(第八条)"),
        ScreenAction("f9", "classify", "分类", "类别、诉求分类、区域、紧急、保密、被反映单位(第九条)"),
        ScreenAction("n", "take_next", "下一件", "取待派中最前的、无人在办的一件, 别人不再办它", shown=False),
        ScreenAction("enter", "open", "工单", "打开工单, 看全部过程", shown=False),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.similar: tuple[OrderRow, ...] = ()

    def on_mount(self) -> None:
        """The queue, and what pickers offer."""
        self.read_directory()

    # -- the queue

    def columns(self) -> tuple[Column, ...]:
        """Where it comes from stands before what it is about."""
        return (Column("编号", 17), Column("来源", 13), Column("类别", 4), Column("诉求"), Column("收件", 11))

    def page(self, session: Session, edges: Edges, after: Cursor | None) -> Page[ToDispatch]:
        """Urgent first, then the oldest."""
        return queues.to_dispatch(session, self.desk.viewer, edges, after=after)

    def row(self, waiting: ToDispatch, known: Known) -> Row:
        """Number, source, kind, matter, received."""
        order, today = waiting.order, shanghai_day(self.desk.clock())
        came = received(order.received_at, today, wide=True)
        source, what = order.channel.label, brief(order)
        if waiting.returned_by:
            source = ASSIST_RETURNED if waiting.assisting else f"退件 {waiting.returned_by}"
        if waiting.returned_by and order.returns >= RETURNS_BEFORE_OFFICE:
            source, what = OFFICE_DECIDES, f"{ASSIST_RETURNED} {what}" if waiting.assisting else what
        if waiting.holder:
            what = f"{waiting.holder} 在办  {what}"
        return Row(self.key(waiting), (order.number, source, order.kind.label, what, came))

    def heading(self, seen: OrderSeen, waiting: Any) -> str:
        """Number, kind, topic."""
        row = seen.detail.row
        return f"{row.number}  {row.kind.label}  {row.topic or '未分类'}"

    def parts(self, seen: OrderSeen, waiting: ToDispatch) -> Iterable[Part]:
        """Who decides, why it came back each time, the matter."""
        if waiting.holder:
            yield Para(Text(f"{waiting.holder} 正在办本件的派单", style=STRONG))
        if (said := _who_decides(waiting)) is not None:
            yield Para(Text(said, style=STRONG))
        for share in reversed(seen.detail.assignments):
            if share.returned_at:
                late = "  按逾期退件计" if share.return_late else ""
                what = ASSIST_RETURNED if share.share is Share.ASSIST else "退件"
                yield Heading(f"{what} {share.unit}{late}", moment(share.returned_at))
                yield Para(share.return_reason)
        yield Para(order_view.place_line(seen)[0])
        yield Heading("诉求", order_view.caller_line(seen)[0].plain.partition(" (")[0].strip())
        yield from order_view.narrative(seen)

    # -- what can be done

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """F5 adds an assisting unit where one gave its share back."""
        named = super().actions_now()
        if not self._assisting:
            return named
        return tuple(replace(action, label=ADD_ASSIST) if action.id == "assign" else action for action in named)

    @property
    def _assisting(self) -> bool:
        at = self.at_cursor()
        return isinstance(at, ToDispatch) and at.assisting

    def refresh_actions(self) -> None:
        """The keys stay as they are until the order under the cursor is read: a move would dim and light them all."""
        if not self.query("#queue") or self.at_cursor() is None or self._seen_of_cursor() is not None:
            super().refresh_actions()

    def why_not(self, action_id: str) -> str | None:
        """By the workflow table."""
        if action_id in ("help", "back"):
            return None
        at = self.at_cursor()
        if at is None:
            return self.why_no_row()
        action = ACTION_OF.get(action_id)
        if action is None:
            return None
        if isinstance(at, ToDispatch) and at.holder:
            return f"{at.holder} 正在办本件的派单, 请办下一件(按 n)"
        seen = self._seen_of_cursor()
        if seen is None:
            return "正在读取, 请稍候"
        return why_not(action, at.order.state, self.desk.role, seen.detail.relation if seen else Relation())

    def do_answer(self) -> None:
        """F4."""
        self.taken(self.start_answer)

    def do_assign(self) -> None:
        """F5: what has no topic or place yet gets it first."""
        if self._assisting:
            self.add_assist()
        else:
            self.taken(self.start_assign)

    def do_report(self) -> None:
        """F6."""
        self.taken(self.start_report)

    def do_refuse(self) -> None:
        """F8."""
        self.taken(lambda: self.with_similar(self.start_refuse))

    def do_classify(self) -> None:
        """F9."""
        if self._assisting:
            self.start_classify()
        else:
            self.taken(self.start_classify)

    def do_merge(self) -> None:
        """F7."""
        self.taken(self.start_merge)

    def do_open(self) -> None:
        """Enter, where the focus is not in the list."""
        self.open_row()

    def _seen_of_cursor(self) -> OrderSeen | None:
        at = self.at_cursor()
        return self.seen if at and self.seen and self.seen.detail.row.id == at.order.id else None

    def classified(self, then: Callable[[], object]) -> None:
        """Read queue and order as they are now, then take the next step."""
        order_id, desk = self.the_subject().order_id, self.desk

        def take(read: tuple[Any, OrderSeen]) -> None:
            leaf, self.seen = read
            self._paint(leaf)
            then()

        def read(session: Session) -> tuple[Any, OrderSeen]:
            return self._leaf(session, None), look(desk, order_id)(session)

        # In a lane of its own: coming back from the form the screen reads its queue too.
        self.read(read, take, lane="classified", opens=True)


def _who_decides(waiting: ToDispatch) -> str | None:
    """What a return asks for, beyond another dispatch by the front desk (R-11.3, R-D9)."""
    twice = waiting.order.returns >= RETURNS_BEFORE_OFFICE
    if waiting.assisting:
        begins = "已两次退件, " if twice else ""
        return f"{begins}牵头单位继续办理; 是否另请单位协办, 由热线办确定(第十一条(二)2(3))"
    return "已两次退件, 由热线办确定承办单位或呈报领导(第十一条(二)3)" if twice else None
