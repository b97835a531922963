"""锁定: after idle time the screen hides everything; the work below is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Center, Vertical
from textual.widgets import Input, Static

from hotline_tui.errors import HotlineError, Lost
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.base import HotlineScreen
from hotline_tui.screens.widgets.entry import HotlineInput


class LockScreen(HotlineScreen):
    """Only the password of who sat here opens it."""

    TITLE_TEXT = "已锁定"
    CSS_PATH = "lock.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (ScreenAction("f4", "unlock", "解锁", "输入口令继续工作"),)

    def compose_body(self) -> ComposeResult:
        """Who, and the password."""
        app: Any = self.app
        told = "演示城市没有口令, 直接按 Enter 继续。" if app.account_id else "请输入本人口令继续。"
        with Center(id="place"), Vertical(id="form"):
            yield Static(f"{app.desk.name} 的屏幕已锁定, 未完成的内容都在。{told}", markup=False)
            yield Static("口令", classes="label", markup=False)
            yield HotlineInput(password=True, id="password")
            yield Static("", id="message", markup=False)

    def on_mount(self) -> None:
        """The cursor waits for the password."""
        self.query_one("#password", HotlineInput).focus()

    @on(Input.Submitted, "#password")
    def do_unlock(self) -> None:
        """Check the password in a thread."""
        app: Any = self.app
        password = self.query_one("#password", HotlineInput).value
        self.work_write(lambda: app.check_unlock(password), lambda _ok: self.dismiss(None), otherwise=self._refused)

    def _refused(self, error: HotlineError) -> None:
        self.query_one("#message", Static).update(error.at_seat if isinstance(error, Lost) else str(error))
        self.query_one("#password", HotlineInput).value = ""

    def why_not(self, action_id: str) -> str | None:
        """There is no way back but the password."""
        return "请输入口令解锁" if action_id == "back" else None
