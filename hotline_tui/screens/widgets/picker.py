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
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import HotlineModal
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

_SHOWN = 100
_OTHER = 100
"""One rank of `rules.pinyin.match`."""


@dataclass(frozen=True)
class PickItem:
    """Something to pick: its key, what it is called, a hint at the right, its stored spelling, its other names."""

    key: str
    label: str
    hint: str = ""
    spellings: str = ""
    others: tuple[tuple[str, str], ...] = ()
    """Other names that find it, each with its stored spelling."""


class Picker(HotlineModal[str]):
    """Gives the key of the item, None when cancelled. Suggested items stand on top while nothing is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("f4", "take", show=False),
    ]
    UNASKED = True
    """Whether the cursor stands on the first row before anybody has chosen or anything is suggested."""
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
        note: str = "",
        nothing: str | Text = "",
        without: str = "没有可选的",
    ) -> None:
        """`suggested`: keys to put on top, best first; `detail`: a few lines about the row under the cursor.

        `note` stands above the list; `nothing` stands in place of the detail while the cursor is on no row;
        `without` in place of the list when there is nothing to pick from at all.
        """
        super().__init__(title)
        self.items = tuple(items)
        self.suggested = tuple(suggested)
        self.current = current
        self.detail = detail
        self.query_text = query
        self.note = note
        self.nothing = nothing
        self.without = without

    def compose_body(self) -> ComposeResult:
        """Filter, list, detail."""
        yield HotlineInput(self.query_text, placeholder="输入以筛选", id="filter")
        if self.note:
            yield Static(self.note, id="note", markup=False)
        hint = max((Text(item.hint).cell_len for item in self.items), default=0)
        columns = [Column("", 0), Column("", min(hint, 30), right=True)] if hint else [Column("", 0)]
        empty = "没有符合的, 请改换输入" if self.items else self.without
        yield RowList(columns, empty=empty, head=False, id="matches")
        if self.detail is not None:
            yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        """Everything, suggestions first, the cursor on the current one."""
        if self.detail is not None:
            self.query_one("#detail", Static).update(self.nothing)
        rows = self.query_one("#matches", RowList)
        rows.can_focus = False
        self._filter(self.query_text)
        if self.query_text:
            return
        if self.current is not None:
            rows.move_to(self.current)
        elif not self.UNASKED and not self.suggested:
            rows.leave()

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value)
        rows = self.query_one("#matches", RowList)
        if event.value.strip() or self.UNASKED or self.suggested:
            rows.action_edge(-1)
        else:
            rows.leave()

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
        self._show_more()
        if self.detail is not None:
            self.query_one("#detail", Static).update(self.detail(event.key) if event.key else self.nothing)

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
        else:
            self.complain("请先输入或按下键选定一项")

    @property
    def _loosely(self) -> bool:
        """Whether z is taken for zh and the like; an application for tests has no settings."""
        return self.is_attached and bool(getattr(getattr(self.app, "settings", None), "fuzzy_pinyin", False))

    def matches(self, typed: str) -> list[PickItem]:
        """The items that match, best first; all of them, suggested first, when nothing is typed."""
        place = {key: number for number, key in enumerate(self.suggested)}
        if not typed.strip():
            return sorted(self.items, key=lambda item: place.get(item.key, len(place)))
        scored = [(_named(typed, item, loosely=self._loosely)[0], item) for item in self.items]
        found = [(score, item) for score, item in scored if score is not None]
        found.sort(key=lambda pair: (-pair[0], place.get(pair[1].key, len(place))))
        return [item for _score, item in found]

    def _filter(self, typed: str) -> None:
        suggested = set(self.suggested) if not typed.strip() else set[str]()
        rows = []
        for item in self.matches(typed)[:_SHOWN]:
            other = _named(typed, item, loosely=self._loosely)[1]
            label = f"{item.label} (建议)" if item.key in suggested else item.label
            if other and other != item.hint:
                label = f"{label} ({other})"
            cells = (label, item.hint) if any(each.hint for each in self.items) else (label,)
            rows.append(Row(item.key, cells))
        self.query_one("#matches", RowList).show(rows)
        self.call_after_refresh(self._show_more)

    def _show_more(self) -> None:
        """How many rows the box has no room for."""
        sides = zip(("上", "下"), self.query_one("#matches", RowList).hidden, strict=True)
        told = [f"{side} {many} 项" for side, many in sides if many]
        self.query_one("#heading", Rule).show(self.heading, f"更多: {' '.join(told)}" if told else "")


def _named(typed: str, item: PickItem, *, loosely: bool) -> tuple[int | None, str]:
    """How well this names the item, and by which other name; the own name comes before another that fits as well."""
    best, found = match(typed, item.label, item.spellings, loosely=loosely), ""
    for other, spelling in item.others:
        score = match(typed, other, spelling, loosely=loosely)
        if score is not None and (best is None or score - _OTHER > best):
            best, found = score - _OTHER, other
    return best, found
