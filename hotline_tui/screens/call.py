"""一次回访: the number to ring, the reply to read out, what the caller says (Art. 11(6))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Input, Static

from hotline_tui.rules.words import Action, OrderState, Verdict
from hotline_tui.rules.workflow import UNREACHED_BEFORE_ARCHIVE
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.callers_list import CallersList, first_to_ring, large, to_ring
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.held_call import HeldCall
from hotline_tui.screens.kept import AskKept, Kept
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.screens.widgets.display import STRONG, line_of
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Line, Rule
from hotline_tui.screens.widgets.pages import Heading, Pages, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row, RowList
from hotline_tui.services import callbacks

if TYPE_CHECKING:
    from uuid import UUID

VERDICTS = (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED, Verdict.UNSATISFIED, Verdict.UNREACHED)


class CallScreen(HeldCall):
    """A digit or Enter records what the caller says; of several callers one after the other."""

    TITLE_TEXT = "回访"
    CSS_PATH = "call.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        *(
            ScreenAction(str(number), f"verdict_{number}", verdict.label, f"来电人{verdict.label}: 记下本次回访")
            for number, verdict in enumerate(VERDICTS, 1)
        ),
        ScreenAction("f4,enter", "record", "记录", "按光标所在的结果记下本次回访(光标在备注中也可)"),
        ScreenAction("f5", "next", "换件", "放下本件, 取待回访中最前的、无人回访的一件"),
        ScreenAction("f6", "caller", "换人", "本件有几位来电人的, 换到下一位"),
    )

    def __init__(self, order_id: UUID) -> None:
        super().__init__(order_id)
        self._place = 0
        self._rung: set[int] = set()

    def compose_body(self) -> ComposeResult:
        """Number, reply, verdicts, remark."""
        self.kept = Kept(self.seat, Action.CALL_BACK.value, self.order_id)
        yield Static("", id="phone", markup=False)
        yield Line(id="caller")
        yield CallersList(id="callers")
        with Container(id="panes"):
            yield Pages("回复", empty="正在读取", id="reply")
            yield Pages("诉求和以前的回访", id="text")
        yield Rule("回访结果: 按数字, 或上下键选定后 Enter", "Tab 备注")
        yield RowList([Column("", 2), Column("")], head=False, id="verdicts")
        with Horizontal(id="remark-row"):
            yield Static(" 备注 ", markup=False)
            yield HotlineInput(self.kept.text(), id="remark")

    def drafts_here(self) -> tuple[UUID, ...]:
        """The remark."""
        return (self.kept.id,)

    def on_mount(self) -> None:
        """The keys go to the verdicts; none is chosen yet."""
        verdicts = self.query_one("#verdicts", RowList)
        verdicts.show(Row(verdict.value, (str(number), verdict.label)) for number, verdict in enumerate(VERDICTS, 1))
        verdicts.leave()
        verdicts.focus()

    # -- reading

    def opened(self, seen: OrderSeen) -> None:
        """Begin with the first to be rung."""
        self._place = first_to_ring(seen)

    def show_order(self, seen: OrderSeen) -> None:
        """Paint it."""
        self.set_title(*order_view.title(seen))
        heard = seen.detail.hearing.callers
        if len(heard) > len(self.callers):
            # Another order was merged into this one meanwhile.
            self.load()
            return
        first = self.callers[self._place] if self.callers else None
        phone = Text(" 电话  ").append(large(first.phone) if first and first.phone else "未留电话", style=STRONG)
        if first and first.name:
            phone.append(f"   {line_of(first.name)}", style=STRONG)
        self.query_one("#phone", Static).update(phone)
        calls, several = seen.detail.callbacks, len(heard) > 1
        times = sum(not several or call.caller == self._place + 1 for call in calls) + 1
        unreached = heard[self._place].unreached if several else seen.detail.unreached
        who = f"第 {self._place + 1} 位来电人, " if several else ""
        left = Text(f" {who}第 {times} 次回访, 连续未联系上 {unreached} 次")
        self.query_one("#caller", Line).show(left, order_view.unit_line(seen)[0].plain.strip() + " ")
        self.query_one("#callers", CallersList).show_callers(seen, self._place)
        self.query_one("#reply", Pages).show(self._reply(seen), of=self.order_id, title="回复: 读给来电人")
        self.query_one("#text", Pages).show(self._text(seen), of=self.order_id)

    def _reply(self, seen: OrderSeen) -> Iterator[Part]:
        reply = seen.released_reply
        yield Para(reply.released_text or reply.text if reply else "没有发布的回复")

    def _text(self, seen: OrderSeen) -> Iterator[Part]:
        yield from order_view.narrative(seen)
        yield from order_view.callbacks(seen.detail.callbacks)
        for reply in seen.detail.replies:
            if reply != seen.released_reply:
                yield Heading(f"以前的回复 {reply.position}")
                yield Para(reply.released_text or reply.text)

    # -- recording

    @on(Input.Changed, "#remark")
    def _typed(self, event: Input.Changed) -> None:
        self.kept.put(event.value)

    @on(Input.Submitted, "#remark")
    def _remarked(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one("#verdicts", RowList).focus()

    @on(RowList.Moved, "#callers")
    def _caller_pointed(self, event: RowList.Moved) -> None:
        event.stop()
        if event.key is not None and self.seen is not None and int(event.key) != self._place:
            self._turn_to(int(event.key))

    @on(RowList.Chosen, "#callers")
    def _caller_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.query_one("#verdicts", RowList).focus()

    def _turn_to(self, place: int) -> None:
        """This caller is rung now; none is chosen yet."""
        self._place = place
        self.query_one("#verdicts", RowList).leave()
        self.show_order(self.require_seen())
        self.refresh_actions()

    @on(RowList.Moved, "#verdicts")
    def _verdict_pointed(self) -> None:
        self.refresh_actions()

    @on(RowList.Chosen, "#verdicts")
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self._act("record")

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        if action_id == "record" and self.query_one("#verdicts", RowList).key is None:
            # The Enter that opened the call, pressed twice, must not say that the caller is satisfied.
            return "请先选定回访结果: 按数字 1 至 4, 或用上下键"
        if action_id == "next":
            return None
        heard = self.seen.detail.hearing.callers
        if action_id == "caller":
            return None if len(heard) > 1 else "本件只有一位来电人"
        if heard and not heard[self._place].reachable and any(each.reachable for each in heard):
            return "这位来电人未留电话, 无需回访"
        return why_closed(self.seen, self.desk.role, Action.CALL_BACK)

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """To another caller only where there are several."""
        several = self.seen is not None and len(self.seen.detail.hearing.callers) > 1
        return tuple(action for action in super().actions_now() if several or action.id != "caller")

    def do_caller(self) -> None:
        """F6."""
        self._turn_to((self._place + 1) % len(self.require_seen().detail.hearing.callers))

    def _act(self, action_id: str) -> None:
        reason = self.why_not(action_id)
        if reason is not None:
            self.tell(reason)
        else:
            self.do_record()

    def do_record(self) -> None:
        """F4, Enter: the verdict under the cursor."""
        self._record(Verdict(self.query_one("#verdicts", RowList).key))

    def do_verdict_1(self) -> None:
        """满意."""
        self._record(VERDICTS[0])

    def do_verdict_2(self) -> None:
        """基本满意."""
        self._record(VERDICTS[1])

    def do_verdict_3(self) -> None:
        """不满意."""
        self._record(VERDICTS[2])

    def do_verdict_4(self) -> None:
        """未联系上."""
        self._record(VERDICTS[3])

    def _record(self, verdict: Verdict) -> None:
        self.query_one("#verdicts", RowList).move_to(verdict.value)
        one = self.the_subject()
        if verdict is not Verdict.UNSATISFIED:
            self._write(one, verdict)
            return

        def told(text: str) -> None:
            self._write(one, verdict, text)

        self.open_form(
            AskKept(
                Kept(self.seat, "not_solved", self.order_id),
                f"不满意  {one.number}",
                "来电人认为哪些问题没有解决(交热线办复查):",
                must="不满意的, 请记下来电人认为没有解决的问题(第十一条(六))",
                long=True,
            ),
            told,
        )

    def _write(self, one: Subject, verdict: Verdict, not_solved: str = "") -> None:
        remark = self.query_one("#remark", HotlineInput).value
        place, heard = self._place, self.require_seen().detail.hearing.callers
        caller_id = heard[place].caller_id if heard else None

        def recorded() -> None:
            Kept(self.seat, "not_solved", self.order_id).discard()
            with self.prevent(Input.Changed):
                self.query_one("#remark", HotlineInput).value = ""
            self._rung.add(place)
            self.read(
                look(self.desk, self.order_id),
                lambda seen: self._recorded(one, verdict, place, seen),
                lane="recorded",
                opens=True,
                otherwise=self._not_read,
            )

        self.perform(
            lambda: callbacks.call_back(
                self.desk,
                one.order_id,
                verdict,
                remark=remark,
                not_solved=not_solved,
                caller_id=caller_id,
                seen=one.version,
            ),
            f"已记录: {verdict.label}",
            kept=self.kept,
            then=recorded,
        )

    def _recorded(self, one: Subject, verdict: Verdict, place: int, seen: OrderSeen) -> None:
        """To the next caller of this order; after the last one on with the order, or back to the queue."""
        self.seen = seen
        found = seen.detail
        waiting = to_ring(seen, self._rung)
        if found.row.state is OrderState.UNDER_REVIEW:
            self.dismiss(f"{one.number} {Verdict.UNSATISFIED.label}, 已交热线办复查")
        elif waiting:
            self._turn_to(waiting[0])
            self.query_one("#verdicts", RowList).focus()
            self.flash(f"第 {place + 1} 位来电人: {verdict.label}。请回访第 {waiting[0] + 1} 位")
        elif found.verdict in (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED):
            self.rung_out = True
            self.confirm_archive(self.the_subject(), then=lambda: self.dismiss(f"已回访 {one.number}"))
        elif found.hearing.due and verdict is not Verdict.UNREACHED:
            self.dismiss(f"{one.number} 已记录, 还有 {len(found.hearing.due)} 位来电人待回访")
        else:
            times = found.hearing.callers[place].unreached if found.hearing.callers else found.unreached
            enough = ", 可按 F8 归档" if found.unreached >= UNREACHED_BEFORE_ARCHIVE else ""
            self.dismiss(f"{one.number} 未联系上, 连续 {times} 次{enough}")
