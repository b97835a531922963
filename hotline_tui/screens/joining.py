"""并案 by a number: the order is shown, and what cannot be joined is said, before anything is written (R-8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.words import Kind
from hotline_tui.rules.workflow import why_not_join
from hotline_tui.screens.widgets.modals import Confirm, HotlineModal

LookUp = Callable[[str, Callable[[OrderRow | None], object]], object]
"""Reads the order of a number and gives it, or None where there is none to be seen."""
ResultT = TypeVar("ResultT")
TOPIC, REGION = "分类", "区域"
SELF = "不能与本件自身并案"
NO_WAY_BACK = "并案后不能撤回, 承办单位可看到本件的诉求。"


def no_such(number: str) -> str:
    """The sentence for a number that no order has."""
    return f"没有编号为 {number} 的工单, 请核对编号"


@dataclass(frozen=True)
class InHand:
    """The matter that may be joined to another: its kind, its topic as a path, its number if it has one, its mark."""

    kind: Kind
    topic: str = ""
    number: str = ""
    urgent: bool = False
    lacks: Callable[[OrderRow], bool] = field(default=lambda _living: False, compare=False)
    """Whether something must be told before it can be joined to this order; asks for it where it is told."""
    takes: frozenset[str] = frozenset()
    """What was left empty and comes from the order that it is joined to."""


class JoiningModal(HotlineModal[ResultT]):
    """Knows the orders listed in it, and looks up any other by its number."""

    def __init__(self, title: str, in_hand: InHand, look_up: LookUp, listed: Iterable[OrderRow] = ()) -> None:
        super().__init__(title)
        self.in_hand = in_hand
        self.look_up = look_up
        self.known: dict[str, OrderRow | None] = {row.number: row for row in listed}

    def with_order(self, number: str, then: Callable[[], object]) -> None:
        """Go on once `known` holds this number; at once where it does."""

        def take(row: OrderRow | None) -> None:
            self.known[number] = row
            if self.is_attached:
                then()

        if number in self.known:
            then()
        else:
            self.look_up(number, take)

    def join(self, number: str, sure: Callable[[], object]) -> None:
        """Show the order of this number and ask; `sure` when it was confirmed."""
        self.with_order(number, lambda: self._join(number, sure))

    def _join(self, number: str, sure: Callable[[], object]) -> None:
        row = self.known[number]
        if row is None:
            self.complain(no_such(number))
            return
        closed = SELF if number == self.in_hand.number else why_not_join(number, row.state)
        if closed is not None:
            self.complain(f"{closed}(第八条)")
            return
        if self.in_hand.lacks(row):
            self.dismiss(None)
            return
        box = self.query_one("#box")

        def answer(yes: bool | None) -> None:
            box.visible = True
            if yes:
                sure()

        box.visible = False  # two boxes over each other could not be read
        urgent = f"\n本件紧急, 并入后 {number} 列为急件" if self.in_hand.urgent and not row.urgent else ""
        notes = f"{self._differs(row)}{self._taken(row)}{urgent}"
        question = f"并入 {number} {row.state.label} {row.brief}{notes}\n{NO_WAY_BACK}"
        self.app.push_screen(Confirm("并案", question), answer)

    def _differs(self, row: OrderRow) -> str:
        """Where that order is another matter by kind or topic."""
        differing = [
            f"{name}不同(本件{own}, 该件{other})"
            for name, own, other in (
                ("类别", self.in_hand.kind.label, row.kind.label),
                (TOPIC, self.in_hand.topic, row.topic),
            )
            if own and other and own != other
        ]
        return f"\n注意: {', '.join(differing)}, 请核对是否同一事项" if differing else ""

    def _taken(self, row: OrderRow) -> str:
        """What of that order becomes the matter's own."""
        found = ((TOPIC, row.topic), (REGION, row.region))
        taken = [f"{name} {value}" for name, value in found if value and name in self.in_hand.takes]
        return f"\n本件没有填的, 照该件: {', '.join(taken)}" if taken else ""
