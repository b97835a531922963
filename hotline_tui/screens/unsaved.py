"""A draft that is not on disk: nobody leaves it without having been told (R-D1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual.binding import Binding, BindingType
from textual.screen import Screen

from hotline_tui.screens.widgets.modals import ReadingModal
from hotline_tui.screens.widgets.pages import Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.drafts import DraftWriter

NOT_LOST_YET = "录入的内容还留在本程序中, 每隔几秒再存一次, 工作台的草稿中可接着办; 退出本程序前没有存上的会丢失。"
LOST = "现在退出, 没有存上的内容会丢失:"


class Unsaved(ReadingModal[bool]):
    """Enter or Esc stays, F4 leaves all the same."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cancel", show=False),
        Binding("f4", "leave", show=False),
    ]

    def __init__(self, why: str, *, told: str = NOT_LOST_YET, here: str = "本页") -> None:
        """`told`: what becomes of what was typed; `here`: what is left."""
        super().__init__("草稿没有存上")
        self.why = why
        self.told = told
        self.here = here

    @property
    def KEYS(self) -> str:  # type: ignore[override]  # noqa: N802 - a constant of the other modals
        """Which key does what."""
        return f"Enter 留在{self.here}  F4 仍要离开"

    def parts(self) -> Iterable[Part]:
        """Why, and what becomes of it."""
        yield Para(self.why)
        yield Para(self.told)

    def complain(self, sentence: str, *, of_line: bool = False) -> None:
        """What the box says already is not said twice."""
        if sentence != self.why:
            super().complain(sentence, of_line=of_line)

    def action_leave(self) -> None:
        """All the same."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Stay."""
        self.dismiss(False)


def leave(screen: Screen[Any], drafts: DraftWriter, ids: Iterable[UUID], then: Callable[[], object]) -> None:
    """Leave or empty a page: at once if its drafts are on disk, else when the person says so."""
    failure = next(filter(None, map(drafts.failure, ids)), None)
    if failure is None:
        then()
        return

    def answered(sure: bool | None) -> None:
        if sure:
            then()

    screen.app.push_screen(Unsaved(str(failure)), answered)
