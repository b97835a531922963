"""不予受理: the reason, the sentence for the caller, the number that goes with it (Art. 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static, TextArea

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.reference import refusals
from hotline_tui.errors import Refused
from hotline_tui.rules.acceptance import EMERGENCY_NUMBERS, NOT_EARLIER, check_refusal, why_not_earlier
from hotline_tui.rules.numbers import normalise
from hotline_tui.rules.words import RefusalReason
from hotline_tui.screens.actions import with_twins
from hotline_tui.screens.joining import InHand, JoiningModal, LookUp, no_such
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

_REASONS = tuple(RefusalReason)
_PROMPT = {RefusalReason.DUPLICATE: "先前的工单编号", RefusalReason.EMERGENCY: "已告知拨打的号码"}


@dataclass(frozen=True)
class Refusal:
    """What was decided; `merge`: link it to the earlier order instead (并案)."""

    reason: RefusalReason
    told: str
    earlier_number: str | None = None
    emergency_number: str | None = None
    merge: bool = False


class RefusalModal(JoiningModal[Refusal]):
    """Reasons at the top, the sentence to say below; Enter refuses, once a reason was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f4", "give", show=False),
        Binding("f7", "merge", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        *(
            Binding(",".join(with_twins(str(number))), f"reason({number - 1})", show=False)
            for number in range(1, len(_REASONS) + 1)
        ),
    ]
    CSS_PATH = "ways_out.tcss"
    KEYS = "Enter 或 F4 确定  1-8 选理由  Tab 改告知语  F7 改为并案  Esc 取消"

    def __init__(
        self,
        narrative: str,
        in_hand: InHand,
        look_up: LookUp,
        *,
        repeats: OrderRow | None = None,
        callers: int = 1,
        begins: Mapping[str, str] = MappingProxyType({}),
        keep: Callable[[dict[str, str]], object] = lambda _fields: None,
    ) -> None:
        """`repeats`: the order that this one most likely repeats.

        `begins`: what `keep` was given before, and nobody accepted.
        """
        super().__init__("不予受理(第八条)", in_hand, look_up, [repeats] if repeats else ())
        self.callers = callers
        self.keep = keep
        self.pressing = _pressing(narrative)
        self.numbers = {
            RefusalReason.DUPLICATE: repeats.number if repeats else "",
            RefusalReason.EMERGENCY: self.pressing[0] if self.pressing else "",
        }
        self._own_words: dict[RefusalReason | None, str] = {}
        self._begins = next((each for each in _REASONS if each.value == begins.get("why")), None)
        if self._begins is not None:
            if self._begins in self.numbers:
                self.numbers[self._begins] = begins.get("number", "")
            if begins.get("text"):
                self._own_words[self._begins] = begins["text"]

    def compose_body(self) -> ComposeResult:
        """Reasons, number, sentence."""
        if self.pressing:
            number, word = self.pressing
            advice = f"诉求中写有 {word}: 紧急警情, 请先告知拨打 {number}; 核对后按 Enter"
            yield Static(advice, id="advice", markup=False)
        yield RowList([Column("", 2), Column("")], head=False, id="reasons")
        with Horizontal(id="number-row"):
            yield Static("", id="number-label", markup=False)
            yield HotlineInput(id="number", max_length=24)
            yield Static("", id="number-hint", markup=False)
        yield Static("", id="told-label", markup=False)
        yield Narrative(id="told")

    def on_mount(self) -> None:
        """The cursor on no reason; on the emergency where the words say so, or where it was left."""
        reasons = self.query_one("#reasons", RowList)
        reasons.show(Row(reason.value, (str(number), reason.label)) for number, reason in enumerate(_REASONS, 1))
        begins = self._begins or (RefusalReason.EMERGENCY if self.pressing else None)
        with self.prevent(RowList.Moved):
            reasons.leave()
            if begins is not None:
                reasons.move_to(begins.value)
        reasons.focus()
        self._show_reason()

    @property
    def reason(self) -> RefusalReason | None:
        """The one under the cursor; None before one was chosen: what is refused is never opened again."""
        key = self.query_one("#reasons", RowList).key
        return RefusalReason(key) if key else None

    @on(RowList.Moved, "#reasons")
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show_reason()
        self._keep()

    @on(Input.Changed, "#number")
    def _number_typed(self, event: Input.Changed) -> None:
        event.stop()
        if (reason := self.reason) is not None and reason in self.numbers:
            self.numbers[reason] = event.value
        self._number_told()
        self._keep()

    @on(TextArea.Changed, "#told")
    def _told_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = self.query_one("#told", Narrative).text
        if text == self._sentence():
            self._own_words.pop(self.reason, None)
        else:
            self._own_words[self.reason] = text
        self._keep()

    @on(RowList.Chosen, "#reasons")
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_give()

    @on(Input.Submitted, "#number")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_give()

    def action_step(self, step: int) -> None:
        """From the number back to the reasons."""
        reasons = self.query_one("#reasons", RowList)
        reasons.action_move(step)
        reasons.focus()

    def action_reason(self, place: int) -> None:
        """A digit; where a number belongs to the reason, the digits after it are typed there."""
        reasons, number = self.query_one("#reasons", RowList), self.query_one("#number", HotlineInput)
        reasons.move_to(_REASONS[place].value)
        self._show_reason()
        if self.reason in self.numbers:
            self.set_focus(number)
            number.select_all()
        else:
            self.set_focus(reasons)

    def action_give(self) -> None:
        """Refuse for this reason, unless something is missing."""
        reason = self.reason
        if reason is None:
            self.complain("请先选不予受理的理由: 按数字 1 至 8, 或用上下键")
            self.query_one("#reasons").focus()
            return
        earlier = self._earlier_number()
        if earlier is not None and earlier not in self.known:
            self.with_order(earlier, self._looked_up)
            return
        if earlier is not None and (closed := self._no_earlier(earlier)) is not None:
            self.complain(f"{closed}(第八条)")
            self.query_one("#number").focus()
            return
        typed = self.numbers.get(reason, "").strip()
        refusal = Refusal(
            reason,
            self.query_one("#told", Narrative).text.strip(),
            earlier_number=self._number() if reason is RefusalReason.DUPLICATE else None,
            emergency_number=typed or None if reason is RefusalReason.EMERGENCY else None,
        )
        try:
            check_refusal(refusal.reason, refusal.told, refusal.earlier_number, refusal.emergency_number)
        except Refused as missing:
            number_missing = reason in self.numbers and self._number() is None
            known = reason is RefusalReason.DUPLICATE and typed
            self.complain(no_such(typed) if number_missing and known else str(missing))
            self.query_one("#number" if number_missing else "#told").focus()
        else:
            self.hand_in(refusal)

    def _looked_up(self) -> None:
        self._number_told()
        self.action_give()

    def action_merge(self) -> None:
        """Link it to the earlier order instead."""
        number = normalise(self.numbers[RefusalReason.DUPLICATE])
        if number is None:
            self.action_reason(_REASONS.index(RefusalReason.DUPLICATE))
            self.complain("并案请写明先前的工单编号")
        else:
            self.join(number, lambda: self.hand_in(Refusal(RefusalReason.DUPLICATE, "", number, merge=True)))

    def _earlier_number(self) -> str | None:
        """The number of the earlier order, as far as it is one."""
        return normalise(self.numbers[RefusalReason.DUPLICATE]) if self.reason is RefusalReason.DUPLICATE else None

    def _no_earlier(self, number: str) -> str | None:
        """Why the order of this number, once it is known, is no earlier one."""
        row = self.known.get(number)
        if number == self.in_hand.number:
            return f"本件自身{NOT_EARLIER}"
        return why_not_earlier(number, row.state) if row else None

    def _number(self) -> str | None:
        """The number that goes with the reason, as it is told; None while it is not one."""
        reason = self.reason
        typed = self.numbers.get(reason, "").strip() if reason else ""
        if (earlier := self._earlier_number()) is not None:
            return earlier if self.known.get(earlier) and self._no_earlier(earlier) is None else None
        return typed if typed in EMERGENCY_NUMBERS else None

    def _keep(self) -> None:
        if (reason := self.reason) is not None:
            words = self._own_words.get(reason, "")
            self.keep({"why": reason.value, "number": self.numbers.get(reason, ""), "text": words})

    def _show_reason(self) -> None:
        reason = self.reason
        if reason is not None and None in self._own_words:  # written before there was a reason
            self._own_words[reason] = self._own_words.pop(None)
        asked = _PROMPT.get(reason) if reason else None
        self.query_one("#number-row").display = asked is not None
        if reason is not None and asked is not None:
            self.query_one("#number-label", Static).update(f"{asked}: ")
            with self.prevent(Input.Changed):
                self.query_one("#number", HotlineInput).value = self.numbers[reason]
        self.complain("")
        self._number_told()

    def _number_told(self) -> None:
        """What stands behind the number, as soon as it is known, and the words with it."""
        earlier = self._earlier_number()
        if earlier is not None and earlier not in self.known:
            self.with_order(earlier, self._number_told)
        if (reason := self.reason) is not None and reason in self.numbers:
            self.query_one("#number-hint", Static).update(self._hint(reason))
        self._say()

    def _hint(self, reason: RefusalReason) -> str:
        if reason is RefusalReason.EMERGENCY:
            return " " + "、".join(EMERGENCY_NUMBERS)
        earlier = self._earlier_number()
        if earlier is None or earlier not in self.known:
            return ""
        row = self.known[earlier]
        if row and self._no_earlier(earlier) is not None:
            return f" {'本件' if earlier == self.in_hand.number else row.state.label}, {NOT_EARLIER}"
        return f" {row.state.label} {line_of(row.brief)}" if row else " 没有这个编号的工单"

    def _sentence(self) -> str:
        """What is said for this reason; nothing before its number is known."""
        if (reason := self.reason) is None:
            return ""
        refusal = refusals()[reason]
        if reason not in self.numbers:
            return refusal.say
        number = self._number()
        if number is None:
            return ""
        earlier = self.known.get(number)
        return refusal.said(number, earlier.state if earlier else None)

    def _say(self) -> None:
        several = f"(共 {self.callers} 位, 逐位告知)" if self.callers > 1 else ""
        waits = " 写明号码后列出" if self.reason in self.numbers and self._number() is None else ""
        self.query_one("#told-label", Static).update(f"告知来电人{several}:{waits}")
        words = self._own_words.get(self.reason)
        told = self.query_one("#told", Narrative)
        text = self._sentence() if words is None else words
        if told.text != text:
            with self.prevent(TextArea.Changed):
                told.load_text(text)


def _pressing(narrative: str) -> tuple[str, str] | None:
    """The emergency number whose words the narrative holds, and the word, if any."""
    for each in refusals()[RefusalReason.EMERGENCY].numbers:
        for word in each.words:
            if word in narrative:
                return each.number, word
    return None
