"""F1: the keys of the screen below, each with its sentence, and why a closed one is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.widgets.display import FAINT, STRONG
from hotline_tui.screens.widgets.modals import HotlineModal

EVERYWHERE = (
    ("Tab", "下一项; Shift+Tab 上一项"),
    ("F2", "随时新登记一件, 正在办理的存为草稿"),
    ("F3", "随时查知识库"),
    ("Ctrl+P", "按名称查找页面和操作"),
    ("Ctrl+L", "屏幕花屏时重绘"),
)


class Help(HotlineModal[None]):
    """The table of actions, as sentences."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,f1", "cancel", show=False)]
    KEYS = "Enter 返回"

    def __init__(
        self, title: str, actions: Sequence[ScreenAction], reasons: Mapping[str, str | None] | None = None
    ) -> None:
        super().__init__(f"帮助: {title}" if title else "帮助")
        self.actions = actions
        self.reasons = reasons or {}

    def compose_body(self) -> ComposeResult:
        """One line per key."""
        with VerticalScroll(id="reading"):
            yield Static(self.text())

    def text(self) -> Text:
        """Keys and sentences; a closed action with its reason."""
        own = {action.key_name for action in self.actions}
        text = Text()
        for action in self.actions:
            _line(text, action.key_name, f"{action.label}: {action.help}")
            if reason := self.reasons.get(action.id):
                text.append(f"{'':10}现在不能: {reason}\n", style=FAINT)
        for key, sentence in EVERYWHERE:
            if key not in own:
                _line(text, key, sentence)
        text.rstrip()
        return text


def _line(text: Text, key: str, sentence: str) -> None:
    text.append(f" {key}{' ' * max(1, 9 - cell_len(key))}", style=STRONG).append(f"{sentence}\n")
