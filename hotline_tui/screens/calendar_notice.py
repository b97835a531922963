"""录入通知: the text of a State Council notice is pasted, looked at, and applied on confirmation (R-D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from hotline_tui.data.drafts import Draft
from hotline_tui.errors import Conflict, HotlineError
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.calendar_change import ChangeModal
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.services import calendar
from hotline_tui.services.calendar import Preview

FORM = "notice"
PASTE = "通知全文: 粘贴国务院办公厅放假通知的原文, 连同标题"
AGAIN = "通知全文: 这是上次留下的文字, 粘贴另一份前按 F5 清空"


@dataclass(frozen=True)
class Stored:
    """What was stored, how many deadlines it moved, and the day on which it begins."""

    what: str
    moved: int
    day: date | None


class CalendarNoticeScreen(DeskScreen):
    """F4 shows what would change, F5 makes room for another text; Esc leaves the text as a draft."""

    TITLE_TEXT = "录入放假通知"
    CSS_PATH = "calendar.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "look", "核对", "核对通知, 列出变动的日子和时限, 确认后存入(R-D4)"),
        ScreenAction("f5", "clear", "清空", "清空全文, 以便粘贴另一份通知; 再按一次取回"),
    )

    def compose_body(self) -> ComposeResult:
        """The entry, with what was pasted before."""
        self.draft_id = uuid5(NAMESPACE_OID, f"{self.desk.login} {FORM}")
        draft = self.seat.drafts.get(self.draft_id)
        self.cleared = ""
        yield Rule(AGAIN if draft else PASTE, id="notice-title")
        yield Narrative(str(draft.fields.get("text", "")) if draft else "", id="notice")

    def drafts_here(self) -> tuple[UUID, ...]:
        """The text of the notice."""
        return (self.draft_id,)

    def on_mount(self) -> None:
        """The cursor stands at the end of what is there."""
        entry = self.query_one("#notice", Narrative)
        entry.move_cursor(entry.document.end)
        entry.focus()

    @on(TextArea.Changed, "#notice")
    def _typed(self, event: TextArea.Changed) -> None:
        text, desk = event.text_area.text, self.desk
        self.refresh_actions()
        if text.strip():
            self.seat.drafts.put(Draft(self.draft_id, desk.login, FORM, desk.clock(), None, {"text": text}))
        else:
            self.seat.drafts.discard(self.draft_id)

    def why_not(self, action_id: str) -> str | None:
        """There is nothing to clear, nor to bring back."""
        if action_id == "clear" and not self.cleared and not self._text.strip():
            return "没有可清空的文字"
        return None

    @property
    def _text(self) -> str:
        return "".join(entry.text for entry in self.query("#notice").results(Narrative))

    def do_clear(self) -> None:
        """F5: away with all of it, and once more back with it."""
        entry, gone = self.query_one("#notice", Narrative), self._text
        back = "" if gone.strip() else self.cleared
        entry.load_text(back)
        entry.move_cursor(entry.document.end)
        self.cleared = "" if back else gone
        self.query_one("#notice-title", Rule).show(AGAIN if back else PASTE)
        self.flash("已取回" if back else "已清空, 再按 F5 取回")

    def do_look(self) -> None:
        """F4."""
        self._look(self._text)

    def _look(self, text: str, overtaken: str = "") -> None:
        def looked(seen: Preview) -> None:
            if not seen.changes:
                self.flash("日历中已有这份通知, 没有变动")
                return
            self.app.push_screen(
                ChangeModal("核对无误, 存入日历", seen, overtaken), lambda sure: answer(seen.token) if sure else None
            )

        def answer(token: str) -> None:
            self.write(lambda: calendar.apply_notice(self.desk, text, token), self._done, otherwise=refused)

        def refused(error: HotlineError) -> None:
            if isinstance(error, Conflict):
                self._look(text, calendar.OVERTAKEN)
            else:
                self.show_error(error)

        self.work_read(lambda: calendar.preview_notice(self.desk, text), looked)

    def _done(self, done: Preview) -> None:
        self.seat.drafts.discard(self.draft_id)
        first = date(done.year, 1, 1) if done.year else min((*done.days_off, *done.make_up_days), default=None)
        self.dismiss(Stored("已存入日历", done.moved_deadlines, first))
