"""承诺: the state or the plan told now, and the working day on which the matter is done (Art. 11(2)2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from hotline_tui.rules.words import Action
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.day_entry import DayEntry, read_days
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.reply import REPLY_ACTIONS, ReplyScreen
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.services import promise

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import ReplyRow


class PromiseScreen(ReplyScreen):
    """F4 hands text and day to the leader in charge; Tab goes between them."""

    TITLE_TEXT = "承诺"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = REPLY_ACTIONS
    ACTION = Action.PROMISE
    FORM = "promise"
    HEADING = "目前情况或办理方案"

    def draft(self) -> KeptForm:
        """Text and day."""
        self.form = KeptForm(self.seat, self.FORM, self.order_id)
        return self.form

    def compose_above(self) -> Iterable[Widget]:
        """The day."""
        yield DayEntry("承诺办结日期", str(self.form.fields().get("day", "")), id="promised")

    def on_mount(self) -> None:
        """The day's words need the calendar."""
        self.read(read_days(self.desk), self.query_one(DayEntry).know, lane="days")

    def first_entry(self) -> Widget:
        """The day, where none stands there."""
        day = self.query_one(DayEntry).entry
        return super().first_entry() if day.value else day

    def fill(self) -> None:
        """Also the day that was promised before."""
        entry, last = self.query_one(DayEntry).entry, self.last_words
        if last is not None and last.promised_day is not None and not entry.value:
            entry.value = last.promised_day.isoformat()
        super().fill()

    def written(self) -> tuple[str, str]:
        """Text and day."""
        return self.query_one("#reply", Narrative).text, self.query_one(DayEntry).entry.value

    def instead_of_promise(self, day: str) -> str:
        """Another promise takes the place of the one before."""
        return f"待审核的是承诺 {day}, 提交后以新的为准"

    def instead_of_one_sent_back(self, day: str) -> str:
        """It is mended here."""
        return f"退回的是承诺 {day}"

    def why_not_joint(self) -> None:
        """A promise is not the joint reply."""

    def same_as(self, sent_back: ReplyRow) -> bool:
        """Neither words nor day."""
        return super().same_as(sent_back) and self.query_one(DayEntry).day == sent_back.promised_day

    @on(Input.Changed, "#day")
    def _day_typed(self) -> None:
        self.keep()

    @on(Input.Submitted, "#day")
    def _day_given(self) -> None:
        self.query_one("#reply", Narrative).focus()

    def put(self, text: str, day: str) -> None:
        """Both, into the draft."""
        if text.strip() or day.strip():
            self.form.put_fields({"text": text, "day": day})
        else:
            self.form.discard()

    def service(self, one: Subject, text: str) -> Callable[[], object] | None:
        """What writes it; the rules say whether the day can be promised."""
        entry = self.query_one(DayEntry)
        day = entry.day
        if day is None:
            entry.entry.focus()
            self.tell(f"请写明承诺办结日期, 如 2026-12-11({promise.ARTICLE})")
            return None
        return lambda: promise.promise(self.desk, one.share, text, day, seen=one.version)
