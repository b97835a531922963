"""The palette: places, what can be done here, and an order by its number."""

from __future__ import annotations

from collections.abc import Sequence

from hotline_tui.rules.numbers import normalise
from hotline_tui.rules.pinyin import normal
from hotline_tui.screens.widgets.picker import Picker, PickItem

ORDER = "order:"


class Palette(Picker):
    """A picker that also takes an order's number."""

    KEYS = "Enter 执行  上下键 移动  Esc 取消   汉字、全拼、首字母或工单编号"

    def matches(self, typed: str) -> list[PickItem]:
        """The order first when a number was typed."""
        found = super().matches(typed)
        number = normalise(typed)
        return [PickItem(ORDER + number, f"打开工单 {number}"), *found] if number else found


def items(places: Sequence[tuple[str, str, str, str]], actions: Sequence[tuple[str, str, str]]) -> list[PickItem]:
    """Places as (id, label, help, spelling), actions as (id, label, help)."""
    return [
        *(PickItem(f"act:{id_}", f"{label}: {help_}") for id_, label, help_ in actions),
        *(
            PickItem(f"go:{id_}", f"{label}: {help_}", spellings=" ".join([spelling, *normal(f": {help_}")]))
            for id_, label, help_, spelling in places
        ),
    ]
