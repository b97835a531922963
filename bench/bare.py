"""The least that a Textual program can be: one line of text. What others are measured beside."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One Static."""

    def compose(self) -> ComposeResult:
        """It."""
        yield Static("bare")


if __name__ == "__main__":
    Bare().run()
