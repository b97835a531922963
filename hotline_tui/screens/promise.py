"""承诺: the state or the plan told now, and the working day on which the matter is done (Art. 11(2)2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

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
        super().fill()
        entry = self.query_one(DayEntry).entry
        waiting = [each for each in self.share_replies if each.released_at is None and each.promised_day]
        if waiting and not entry.value and waiting[-1].promised_day is not None:
            entry.value = waiting[-1].promised_day.isoformat()

    def instead_of_promise(self, day: str) -> str:
        """Another promise takes the place of the one before."""
        return f"待审核的是承诺 {day}, 提交后以新的为准"

    @on(Input.Changed, "#day")
    def _day_typed(self) -> None:
        self.keep()

    @on(Input.Submitted, "#day")
    def _day_given(self) -> None:
        self.query_one("#reply", Narrative).focus()

    def keep(self) -> None:
        """Both, into the draft."""
        text, day = self.query_one("#reply", Narrative).text, self.query_one(DayEntry).entry.value
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
