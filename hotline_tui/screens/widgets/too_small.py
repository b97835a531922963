"""What a terminal shows that has no room for a screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static


class TooSmall(Screen[None]):
    """One sentence, until the window is large enough; nothing below is lost, and no key reaches it."""

    WIDTH: ClassVar[int] = 80
    HEIGHT: ClassVar[int] = 24

    DEFAULT_CSS = """
    TooSmall { align: center middle; background: $background; }
    TooSmall Static { width: 100%; height: auto; text-align: center; }
    """

    def compose(self) -> ComposeResult:
        """The sentence."""
        told = f"窗口太小: 请放大到 {self.WIDTH} 列 {self.HEIGHT} 行以上\n放大之前按键不会录入, 已录入的内容都在"
        yield Static(told, markup=False)

    def on_screen_resume(self) -> None:
        """Another screen may have gone while this one was covered."""
        self.call_after_refresh(getattr(self.app, "check_size", lambda: None))
