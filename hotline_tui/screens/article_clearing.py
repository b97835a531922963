"""Personal data in what becomes a standard answer: let go with a reason, or changed (Art. 14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from hotline_tui.rules.personal import Hit, find
from hotline_tui.screens.clear_reason import ClearReason
from hotline_tui.screens.kept import Kept

if TYPE_CHECKING:
    from hotline_tui.screens.desk_screen import DeskScreen


def ask_reason(screen: DeskScreen, order_id: UUID, hits: Sequence[Hit], given: Callable[[str], object]) -> None:
    """Name the places and ask why they may be public; Esc leaves them to be changed."""
    kept = Kept(screen.seat, "clear", order_id)

    def look(reason: str, then: Callable[[Sequence[Hit]], object]) -> None:
        screen.work_read(lambda: find(reason), then, lane="reason", opens=True)

    def answered(reason: str | None) -> None:
        if reason is not None:
            kept.discard()
            given(reason)
        else:
            screen.flash("文字中的个人信息未核对, 请改去后再试")

    screen.app.push_screen(ClearReason(kept, "标准答案人人可见: 说明理由", hits, look), answered)
