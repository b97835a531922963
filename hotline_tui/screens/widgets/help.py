"""F1: the keys of the screen below, each with its sentence, and why a closed one is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType

from hotline_tui.screens.actions import ScreenAction, key_name
from hotline_tui.screens.widgets.display import FAINT, STRONG
from hotline_tui.screens.widgets.modals import ReadingModal
from hotline_tui.screens.widgets.pages import Para, Part

EVERYWHERE = (
    ("Tab", "下一项; Shift+Tab 上一项"),
    ("上下键", "在列表和长文中移动; PgUp PgDn 翻页, Home End 到头尾"),
    ("F2", "随时新登记一件, 正在办理的存为草稿"),
    ("F3", "随时查知识库"),
    ("Ctrl+P", "按名称查找页面和操作"),
    ("Ctrl+L", "屏幕花屏时重绘"),
)
_KEYS = 14
"""Cells for the keys: the sentences hang behind them."""


class Help(ReadingModal[None]):
    """The table of actions, as sentences."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,f1", "cancel", show=False)]
    KEYS = "Enter 返回  上下键 PgUp PgDn 翻看"

    def __init__(
        self, title: str, actions: Sequence[ScreenAction], reasons: Mapping[str, str | None] | None = None
    ) -> None:
        """`reasons`: by action id, or by a key that works everywhere, why it is closed now."""
        super().__init__(f"帮助: {title}" if title else "帮助")
        self.actions = actions
        self.reasons = reasons or {}

    def parts(self) -> Iterable[Part]:
        """Keys and sentences; a closed action with its reason."""
        own = {key for action in self.actions for key in _names(action)}
        for action in self.actions:
            yield from _lines("、".join(_names(action)), f"{action.label}: {action.help}", self.reasons.get(action.id))
        for key, sentence in EVERYWHERE:
            if key not in own:
                yield from _lines(key, sentence, self.reasons.get(key))


def _names(action: ScreenAction) -> list[str]:
    return [key_name(key) for key in action.key.split(",")]


def _lines(keys: str, sentence: str, reason: str | None) -> Iterable[Part]:
    line = Text(f" {keys}", style=STRONG).append(" " * max(1, _KEYS - 1 - cell_len(keys)), style="not bold")
    yield Para(line.append(sentence, style="not bold"), hang=_KEYS)
    if reason:
        yield Para(Text(f"{'':{_KEYS}}现在不能: {reason}", style=FAINT), hang=_KEYS)
