"""说明理由: why what was found may be public; the reason itself must not hold what it speaks of (Art. 14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.widgets import TextArea

from hotline_tui.rules.personal import counted, told
from hotline_tui.screens.kept import AskKept
from hotline_tui.screens.widgets.display import line_of

if TYPE_CHECKING:
    from hotline_tui.rules.personal import Hit
    from hotline_tui.screens.kept import Kept

Look = Callable[[str, Callable[["Sequence[Hit]"], object]], None]
"""Checks a text and hands on what was found in it."""


class ClearReason(AskKept):
    """Names every place that the reason is for; F4 gives it once it was checked."""

    def __init__(self, kept: Kept, title: str, found: Sequence[Hit], look: Look) -> None:
        self._look = look
        places = "; ".join(f"{hit.kind.label} {line_of(hit.words)}" for hit in found)
        prompt = f"{places}。\n这 {len(found)} 处可以公开的理由, 记入办理过程, 其中不要写号码和姓名:"
        super().__init__(kept, title, prompt, must="请写明可以公开的理由(第十四条)", long=True)

    def action_give(self) -> None:
        """Give the reason if nothing personal is in it."""
        reason = self.query_one("#answer", TextArea).text.strip()
        if not reason:
            self.complain(self.must)
            return

        def checked(found: Sequence[Hit]) -> None:
            if found:
                self.complain(f"理由中有{told(counted(found))}; 理由记入办理过程, 请改写(第十四条)")
            else:
                self.dismiss(reason)

        self._look(reason, checked)
