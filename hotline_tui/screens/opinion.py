"""有用, 没有用: what the front desk says of a standard answer, with a remark if it likes; never asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.modals import HotlineModal
from hotline_tui.services import opinions
from hotline_tui.services.desk import Desk

Said = tuple[bool, str]
"""Whether it helped, and the remark."""


class OpinionForm(HotlineModal[Said]):
    """One key says it; what is written before goes with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "say(True)", show=False),
        Binding("f5", "say(False)", show=False),
    ]
    KEYS = "F4 有用  F5 没有用  Esc 不评价"

    def __init__(self, question: str) -> None:
        super().__init__("这条标准答案有用吗")
        self.question = question

    def compose_body(self) -> ComposeResult:
        """The question, and what is to be said."""
        yield Static(line_of(self.question), markup=False)
        yield Static("意见(可不写, 供维护单位改进, 不要写来电人的信息):", markup=False)
        yield HotlineInput(id="answer", max_length=opinions.LONGEST)

    def on_mount(self) -> None:
        """The cursor stands in the remark; the keys work at once."""
        self.query_one("#answer").focus()

    def action_say(self, helpful: bool) -> None:
        """Give it."""
        self.hand_in((helpful, self.query_one("#answer", HotlineInput).value))


def why_no_opinion(desk: Desk) -> str | None:
    """Why this desk says nothing of an answer."""
    return None if desk.role in opinions.SAYS else "评价由呼叫前台、热线办作出(第十一条(二)1)"


def say_opinion(
    screen: DeskScreen,
    article_id: UUID,
    version: int,
    question: str,
    then: Callable[[bool], object] = bool,
) -> None:
    """Ask and write it down; `then` is told whether it helped."""

    def told(said: Said) -> None:
        helpful, remark = said

        def written(_: object) -> None:
            screen.flash(f"已记下: {'有用' if helpful else '没有用'}")
            then(helpful)

        screen.write(lambda: opinions.say(screen.desk, article_id, version, helpful=helpful, remark=remark), written)

    screen.open_form(OpinionForm(question), told)
