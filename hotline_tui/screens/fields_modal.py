"""A few short entries and a text about an order, in one box, kept as they are typed (R-D1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from hotline_tui.screens.day_entry import DayEntry, Days
from hotline_tui.screens.unsaved import leave
from hotline_tui.screens.widgets.display import lines_of
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.modals import HotlineModal

if TYPE_CHECKING:
    from hotline_tui.screens.kept import KeptForm

Fields = dict[str, str]


@dataclass(frozen=True)
class Field:
    """One entry: a line, a `day` that is promised, or a `long` text."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    long: bool = False
    day: bool = False


class FieldsModal(HotlineModal[Fields]):
    """Tab from entry to entry; F4 gives them all, once `check` finds nothing missing."""

    DEFAULT_CSS = """
    FieldsModal .field { height: 1; }
    FieldsModal .label { width: auto; margin-right: 1; }
    FieldsModal Narrative { height: 6; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "give", show=False)]
    KEYS = "F4 确定  Tab 下一栏  Esc 取消"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        kept: KeptForm,
        check: Callable[[Fields], str | None],
        *,
        prompt: str = "",
        days: Days | None = None,
    ) -> None:
        """`check` gives the sentence for what is missing; `days` is needed where a day is promised."""
        super().__init__(title)
        self.fields = tuple(fields)
        self.kept = kept
        self.check = check
        self.prompt = prompt
        self.days = days
        self._first = {each.id: str(kept.fields().get(each.id, each.value)) for each in self.fields}

    def compose_body(self) -> ComposeResult:
        """Each entry behind its label."""
        if self.prompt:
            yield Static(lines_of(self.prompt), markup=False)
        for each in self.fields:
            value = self._first[each.id]
            if each.day:
                yield DayEntry(each.label, value, id=each.id)
            elif each.long:
                yield Static(each.label, markup=False)
                yield Narrative(value, id=each.id)
            else:
                with Horizontal(classes="field"):
                    yield Static(each.label, classes="label", markup=False)
                    yield HotlineInput(value, each.hint, id=each.id)

    def on_mount(self) -> None:
        """The calendar is known; the cursor stands in the first entry."""
        for entry in self.query(DayEntry):
            if self.days is not None:
                entry.know(self.days)
        for each in self.query(Narrative):
            each.move_cursor(each.document.end)
        self._entry(self.fields[0].id).focus()

    @property
    def values(self) -> Fields:
        """As they stand; a day that can be read as 2026-12-11."""
        found: Fields = {}
        for each in self.fields:
            entry = self._entry(each.id)
            found[each.id] = (
                entry.text if isinstance(entry, Narrative) else entry.value if isinstance(entry, Input) else ""
            )
            if each.day and (day := self.query_one(f"#{each.id}", DayEntry).day) is not None:
                found[each.id] = day.isoformat()
        return {name: value.strip() for name, value in found.items()}

    def on_input_submitted(self) -> None:
        """Enter goes to the next entry."""
        self.focus_next()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self.is_mounted and (values := self.values) != self._first:
            self.kept.put_fields(values)

    def action_give(self) -> None:
        """F4."""
        values = self.values
        if (missing := self.check(values)) is not None:
            self.complain(missing)
            if empty := next((name for name, value in values.items() if not value), None):
                self._entry(empty).focus()
            return
        self.hand_in(values)

    def action_cancel(self) -> None:
        """Leave without an answer; what was typed stays as a draft."""
        leave(self, self.kept.seat.drafts, (self.kept.id,), lambda: self.dismiss(None))

    def _entry(self, field_id: str) -> Widget:
        found = self.query_one(f"#{field_id}")
        return found.entry if isinstance(found, DayEntry) else found
