"""Choose one of many by typing: characters, pinyin or initials; Enter takes the first match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from hotline_tui.rules.pinyin import match
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.modals import HotlineModal
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

_SHOWN = 100


@dataclass(frozen=True)
class PickItem:
    """Something to pick: its key, what it is called, a hint at the right, and its stored spelling."""

    key: str
    label: str
    hint: str = ""
    spellings: str = ""


class Picker(HotlineModal[str]):
    """Gives the key of the item, None when cancelled. Suggested items stand on top while nothing is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("f4", "take", show=False),
    ]
    KEYS = "Enter 选定  上下键 移动  Esc 取消   可输汉字、全拼或拼音首字母"

    def __init__(
        self,
        title: str,
        items: Sequence[PickItem],
        *,
        suggested: Sequence[str] = (),
        current: str | None = None,
        detail: Callable[[str], str | Text] | None = None,
        query: str = "",
    ) -> None:
        """`suggested`: keys to put on top, best first; `detail`: a few lines about the row under the cursor."""
        super().__init__(title)
        self.items = tuple(items)
        self.suggested = tuple(suggested)
        self.current = current
        self.detail = detail
        self.query_text = query

    def compose_body(self) -> ComposeResult:
        """Filter, list, detail."""
        yield HotlineInput(self.query_text, placeholder="输入以筛选", id="filter")
        hint = max((Text(item.hint).cell_len for item in self.items), default=0)
        columns = [Column("", 0), Column("", min(hint, 30), right=True)] if hint else [Column("", 0)]
        yield RowList(columns, empty="没有符合的, 请改换输入", head=False, id="matches")
        if self.detail is not None:
            yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        """Everything, suggestions first, the cursor on the current one."""
        rows = self.query_one("#matches", RowList)
        rows.can_focus = False
        self._filter(self.query_text)
        if self.current is not None and not self.query_text:
            rows.move_to(self.current)

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value)
        self.query_one("#matches", RowList).action_edge(-1)

    @on(Input.Submitted, "#filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_take()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self.detail is not None:
            self.query_one("#detail", Static).update(self.detail(event.key) if event.key else "")

    def action_move(self, step: int) -> None:
        """Move in the list while typing goes on."""
        self.query_one("#matches", RowList).action_move(step)

    def action_page(self, step: int) -> None:
        """A page in the list."""
        self.query_one("#matches", RowList).action_page(step)

    def action_take(self) -> None:
        """The row under the cursor."""
        if key := self.query_one("#matches", RowList).key:
            self.dismiss(key)

    def matches(self, typed: str) -> list[PickItem]:
        """The items that match, best first; all of them, suggested first, when nothing is typed."""
        place = {key: number for number, key in enumerate(self.suggested)}
        if not typed.strip():
            return sorted(self.items, key=lambda item: place.get(item.key, len(place)))
        scored = [(match(typed, item.label, item.spellings), item) for item in self.items]
        found = [(score, item) for score, item in scored if score is not None]
        found.sort(key=lambda pair: (-pair[0], place.get(pair[1].key, len(place))))
        return [item for _score, item in found]

    def _filter(self, typed: str) -> None:
        suggested = set(self.suggested) if not typed.strip() else set[str]()
        rows = []
        for item in self.matches(typed)[:_SHOWN]:
            label = f"{item.label} (建议)" if item.key in suggested else item.label
            cells = (label, item.hint) if any(each.hint for each in self.items) else (label,)
            rows.append(Row(item.key, cells))
        self.query_one("#matches", RowList).show(rows)
