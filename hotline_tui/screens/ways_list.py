"""A list of actions, the open ones first; a closed one says why (Art. 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hotline_tui.rules.words import Action
from hotline_tui.screens.deeds_unit import UNIT_SPELLINGS
from hotline_tui.screens.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from hotline_tui.screens.base import HotlineScreen
    from hotline_tui.screens.order_actions import Way

_OPEN = "现在可办"
_SPELLINGS = {**UNIT_SPELLINGS, Action.NOTE: "bei zhu"}


def show_ways(screen: HotlineScreen, title: str, ways: Iterable[Way], take: Callable[[Action], object]) -> None:
    """Offer them on top of `screen`; `take` gets an open one."""
    found = sorted(ways, key=lambda way: way.closed is not None)
    reasons = {way.action.value: way.closed for way in found}
    items = [
        PickItem(
            way.action.value,
            way.action.label,
            "现在不能" if way.closed else _OPEN,
            _SPELLINGS.get(way.action, ""),
        )
        for way in found
    ]

    def chosen(key: str | None) -> None:
        if key is None:
            return
        if (reason := reasons[key]) is not None:
            screen.tell(reason)
        else:
            take(Action(key))

    def detail(key: str) -> str:
        reason = reasons[key]
        return f"现在不能: {reason}" if reason else _OPEN

    screen.app.push_screen(Picker(title, items, detail=detail), chosen)
