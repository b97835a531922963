"""登录: painted before anything heavy is imported."""

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

WAITS = "恢复后即可登录; 按 Esc 退出"
LEAVES = "按 Esc 退出"


class SignInScreen(HotlineScreen):
    """Name and password; Enter signs in."""

    TITLE_TEXT = "12345 政府服务热线 (市长信箱)"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (ScreenAction("f4", "enter", "登录", "用账号和口令登录"),)

    def compose_body(self) -> ComposeResult:
        """Two entries in the middle."""
        with Center(id="place"), Vertical(id="form"):
            yield Static("账号", classes="label", markup=False)
            yield HotlineInput(id="login")
            yield Static("口令", classes="label", markup=False)
            yield HotlineInput(password=True, id="password")
            yield Static("", id="message", markup=False)

    def on_mount(self) -> None:
        """The cursor waits for the name."""
        self.query_one("#login", HotlineInput).focus()

    @on(Input.Submitted, "#login")
    def _next(self) -> None:
        if self._filled("login", "请输入账号"):
            self.query_one("#password", HotlineInput).focus()

    @on(Input.Submitted, "#password")
    def do_enter(self) -> None:
        """Check name and password in a thread."""
        if not self._filled("login", "请输入账号") or not self._filled("password", "请输入口令"):
            return
        login = self.query_one("#login", HotlineInput).value.strip()
        password = self.query_one("#password", HotlineInput).value
        app: Any = self.app
        self.say("正在登录")
        self.work_write(lambda: app.check_password(login, password), app.signed_in, otherwise=self._refused)

    def _filled(self, entry: str, sentence: str) -> bool:
        """Whether something stands there; otherwise the cursor goes there and the sentence says what is missing."""
        field = self.query_one(f"#{entry}", HotlineInput)
        if field.value.strip():
            self.say("")
            return True
        field.focus()
        self.say(sentence)
        return False

    def _refused(self, error: HotlineError) -> None:
        app: Any = self.app
        if isinstance(error, Lost) and app.unopened is None:  # it went away since it was opened
            app.away()
        self.say(f"{error}\n{WAITS}" if isinstance(error, Lost) else str(error))
        password = self.query_one("#password", HotlineInput)
        password.value = ""
        password.focus()

    def read_again(self) -> None:
        """The server is back."""
        self.say("")

    def cannot_open(self, error: HotlineError, *, passes: bool) -> None:
        """Say why nobody can sign in; if it does not pass by itself nothing can be typed any more."""
        self.say(f"{error}\n{WAITS if passes else LEAVES}")
        if not passes:
            for entry in self.query(HotlineInput):
                entry.value = ""
                entry.disabled = True

    def say(self, sentence: str) -> None:
        """Say it under the form, where the eyes are."""
        self.query_one("#message", Static).update(sentence)

    def why_not(self, action_id: str) -> str | None:
        """Nobody signs in where nothing opens."""
        if action_id == "enter" and any(entry.disabled for entry in self.query(HotlineInput)):
            return LEAVES
        return None

    def do_back(self) -> None:
        """Leave the program."""
        app: Any = self.app
        app.leave()
