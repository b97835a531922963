"""不予受理: the reason, the sentence for the caller, the number that goes with it (Art. 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static, TextArea

from hotline_tui.data.reference import refusals
from hotline_tui.errors import Refused
from hotline_tui.rules.acceptance import EMERGENCY_NUMBERS, check_refusal
from hotline_tui.rules.numbers import normalise
from hotline_tui.rules.words import RefusalReason
from hotline_tui.screens.actions import with_twins
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.modals import HotlineModal
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


class RefusalModal(HotlineModal[Refusal]):
    """Reasons at the top, the sentence to say below; Enter refuses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "give", show=False),
        Binding("f7", "merge", show=False),
        *(
            Binding(",".join(with_twins(str(number))), f"reason({number - 1})", show=False)
            for number in range(1, len(_REASONS) + 1)
        ),
    ]
    CSS_PATH = "ways_out.tcss"
    KEYS = "Enter 或 F4 确定  1-8 选理由  Tab 改告知语  F7 改为并案  Esc 取消"

    def __init__(self, narrative: str = "", earlier: Sequence[tuple[str, str]] = ()) -> None:
        """`earlier`: number and description of orders that this one may repeat, likeliest first."""
        super().__init__("不予受理(第八条)")
        self.earlier = tuple(earlier)
        self.pressing = _pressing(narrative)
        self.numbers = {
            RefusalReason.DUPLICATE: self.earlier[0][0] if self.earlier else "",
            RefusalReason.EMERGENCY: self.pressing or "",
        }
        self._own_words = False

    def compose_body(self) -> ComposeResult:
        """Reasons, number, sentence."""
        yield RowList([Column("", 2), Column("")], head=False, id="reasons")
        with Horizontal(id="number-row"):
            yield Static("", id="number-label", markup=False)
            yield HotlineInput(id="number", max_length=24)
            yield Static("", id="number-hint", markup=False)
        yield Static("告知来电人:", markup=False)
        yield Narrative(id="told")

    def on_mount(self) -> None:
        """The cursor on the first reason; on the emergency where the words say so."""
        reasons = self.query_one("#reasons", RowList)
        reasons.show(Row(reason.value, (str(number), reason.label)) for number, reason in enumerate(_REASONS, 1))
        if self.pressing:
            reasons.move_to(RefusalReason.EMERGENCY.value)
        reasons.focus()
        self._show_reason()

    @property
    def reason(self) -> RefusalReason:
        """The one under the cursor."""
        return RefusalReason(self.query_one("#reasons", RowList).key or RefusalReason.MALICIOUS)

    @on(RowList.Moved, "#reasons")
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._own_words = False
        self._show_reason()

    @on(Input.Changed, "#number")
    def _number_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.numbers[self.reason] = event.value
        self._say()

    @on(TextArea.Changed, "#told")
    def _told_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._own_words = self.query_one("#told", Narrative).text != self._sentence()

    @on(RowList.Chosen, "#reasons")
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_give()

    @on(Input.Submitted, "#number")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_give()

    def action_reason(self, place: int) -> None:
        """A digit."""
        self.query_one("#reasons", RowList).move_to(_REASONS[place].value)

    def action_give(self) -> None:
        """Refuse for this reason, unless something is missing."""
        refusal = self._refusal()
        try:
            check_refusal(refusal.reason, refusal.told, refusal.earlier_number, refusal.emergency_number)
        except Refused as missing:
            self.complain(str(missing))
            self.query_one("#number" if refusal.told else "#told").focus()
        else:
            self.dismiss(refusal)

    def action_merge(self) -> None:
        """Link it to the earlier order instead."""
        number = normalise(self.numbers[RefusalReason.DUPLICATE])
        if number is None:
            self.action_reason(_REASONS.index(RefusalReason.DUPLICATE))
            self.complain("并案请写明先前的工单编号")
            self.call_after_refresh(lambda: self.query_one("#number").focus())
        else:
            self.dismiss(Refusal(RefusalReason.DUPLICATE, self._sentence(), number, merge=True))

    def _refusal(self) -> Refusal:
        reason, typed = self.reason, self.numbers.get(self.reason, "")
        return Refusal(
            reason,
            self.query_one("#told", Narrative).text.strip(),
            normalise(typed) or typed.strip() or None if reason is RefusalReason.DUPLICATE else None,
            typed.strip() or None if reason is RefusalReason.EMERGENCY else None,
        )

    def _show_reason(self) -> None:
        reason = self.reason
        asked = _PROMPT.get(reason)
        self.query_one("#number-row").display = asked is not None
        if asked is not None:
            self.query_one("#number-label", Static).update(f"{asked}: ")
            with self.prevent(Input.Changed):
                self.query_one("#number", HotlineInput).value = self.numbers[reason]
            self.query_one("#number-hint", Static).update(self._hint(reason))
        self.complain("")
        self._say()

    def _hint(self, reason: RefusalReason) -> str:
        if reason is RefusalReason.EMERGENCY:
            return " " + "、".join(EMERGENCY_NUMBERS)
        return f" {self.earlier[0][1]}"[:30] if self.earlier else ""

    def _sentence(self) -> str:
        return refusals()[self.reason].say.replace("{number}", self.numbers.get(self.reason, ""))

    def _say(self) -> None:
        if not self._own_words:
            with self.prevent(TextArea.Changed):
                self.query_one("#told", Narrative).load_text(self._sentence())


def _pressing(narrative: str) -> str | None:
    """The emergency number whose words the narrative holds, if any."""
    for each in refusals()[RefusalReason.EMERGENCY].numbers:
        if any(word in narrative for word in each.words):
            return each.number
    return None
