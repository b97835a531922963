"""增加日子: a regional holiday or an emergency, with its source (R-D3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from hotline_tui.errors import UsageError
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.modals import HotlineModal

_LONGEST = 60
_FIELDS = (
    ("days", "日期", "2026-11-24 或 2026-11-24 至 2026-11-26"),
    ("name", "名称", "如 肉孜节; 上班的日子可不写"),
    ("source", "依据", "文件名称和文号"),
    ("works", "上班", "这些日子上班写 y, 放假不写"),
)


@dataclass(frozen=True)
class GivenDays:
    """What was typed."""

    days: tuple[date, ...]
    name: str
    source: str
    works: bool


class DaysModal(HotlineModal[GivenDays]):
    """Tab from line to line; F4, or Enter on the last, gives them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4,enter", "give", show=False)]
    CSS_PATH = "calendar.tcss"
    KEYS = "F4 核对  Tab 下一栏  Esc 取消"

    def __init__(self, day: date) -> None:
        """`day` stands under the cursor."""
        super().__init__("增加放假或上班的日子")
        self.day = day

    def compose_body(self) -> ComposeResult:
        """The four lines."""
        for name, label, hint in _FIELDS:
            with Horizontal(classes="field"):
                yield Static(label, classes="label", markup=False)
                yield HotlineInput(self.day.isoformat() if name == "days" else "", hint, id=name)

    def on_mount(self) -> None:
        """What is typed takes the place of the day."""
        self.query_one("#days", HotlineInput).select_all()

    def on_input_submitted(self) -> None:
        """Enter goes to the next line, on the last it gives them."""
        if self.focused is not None and self.focused.id == "works":
            self.action_give()
        else:
            self.focus_next()

    def action_give(self) -> None:
        """F4."""
        value = {name: self.query_one(f"#{name}", HotlineInput).value.strip() for name, _, _ in _FIELDS}
        try:
            days = days_of(value["days"])
        except UsageError as error:
            self.complain(str(error))
            return
        works = value["works"].lower() in ("y", "yes", "是", "上班")
        if not value["source"] or not (value["name"] or works):
            self.complain("请写明名称和依据")
            return
        self.dismiss(GivenDays(days, value["name"], value["source"], works))


def days_of(text: str) -> tuple[date, ...]:
    """Days and ranges of days, as typed; raises UsageError."""
    found: list[date] = []
    for part in re.split(r"[,、,;\s]+(?![至到~])", re.sub(r"\s*(至|到|~)\s*", r"\1", text.strip())):
        begin, _, end = re.sub("[到~]", "至", part).partition("至")
        try:
            first = date.fromisoformat(begin)
            last = date.fromisoformat(end) if end else first
        except ValueError:
            raise UsageError(f"没有这个日期: {part}, 请写成 2026-11-24") from None
        if not 0 <= (last - first).days < _LONGEST:
            raise UsageError(f"日期的先后不对, 或一次超过 {_LONGEST} 天: {part}")
        found += [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return tuple(sorted(set(found)))
