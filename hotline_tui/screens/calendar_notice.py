"""录入通知: the text of a State Council notice is pasted, looked at, and applied on confirmation (R-D4)."""

from __future__ import annotations

from typing import ClassVar
from uuid import NAMESPACE_OID, uuid5

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from hotline_tui.data.drafts import Draft
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.calendar_change import ChangeModal
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.services import calendar
from hotline_tui.services.calendar import Preview

FORM = "notice"


class CalendarNoticeScreen(DeskScreen):
    """F4 shows what would change; Esc leaves the text as a draft."""

    TITLE_TEXT = "录入放假通知"
    CSS_PATH = "calendar.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "look", "核对", "核对通知, 列出变动的日子和时限, 确认后存入(R-D4)"),
    )

    def compose_body(self) -> ComposeResult:
        """The entry, with what was pasted before."""
        self.draft_id = uuid5(NAMESPACE_OID, f"{self.desk.login} {FORM}")
        self.seat.drafts.flush()
        draft = self.seat.draft_box.get(self.draft_id)
        yield Rule("通知全文: 粘贴国务院办公厅放假通知的原文, 连同标题", id="notice-title")
        yield Narrative(str(draft.fields.get("text", "")) if draft else "", id="notice")

    def on_mount(self) -> None:
        """The cursor stands at the end of what is there."""
        entry = self.query_one("#notice", Narrative)
        entry.move_cursor(entry.document.end)
        entry.focus()

    @on(TextArea.Changed, "#notice")
    def _typed(self, event: TextArea.Changed) -> None:
        text, desk = event.text_area.text, self.desk
        if text.strip():
            self.seat.drafts.put(Draft(self.draft_id, desk.login, FORM, desk.clock(), None, {"text": text}))
        else:
            self.seat.drafts.discard(self.draft_id)

    def do_look(self) -> None:
        """F4."""
        text = self.query_one("#notice", Narrative).text
        self.work_read(lambda: calendar.preview_notice(self.desk, text), lambda seen: self._looked(text, seen))

    def _looked(self, text: str, seen: Preview) -> None:
        if not seen.changes:
            self.flash("日历中已有这份通知, 没有变动")
            return

        def answer(sure: bool | None) -> None:
            if sure:
                self.write(lambda: calendar.apply_notice(self.desk, text), self._done)

        self.app.push_screen(ChangeModal("核对无误, 存入日历", seen), answer)

    def _done(self, done: Preview) -> None:
        self.seat.drafts.discard(self.draft_id)
        self.dismiss(f"已存入日历, {done.moved_deadlines} 个时限已重新计算")
