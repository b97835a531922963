"""A burst of characters is a paste, whole and in order; keys stay keys."""

from __future__ import annotations

import pytest
from textual import events

from hotline_tui.screens.pastes import BURST, WholePastes

LONG = "小区停车费" * BURST


def read(*chunks: str) -> list[str]:
    """What came of them: pastes in brackets, keys by their names."""
    parser = WholePastes()
    found = [event for chunk in chunks for event in parser.feed(chunk)]
    return [f"[{each.text}]" if isinstance(each, events.Paste) else each.key for each in found]  # type: ignore[attr-defined]


def test_a_burst_is_one_paste_between_keys() -> None:
    assert read("a", LONG, "b") == ["a", f"[{LONG}]", "b"]
    assert read(f"{LONG}\r{LONG}") == [f"[{LONG}]", "enter", f"[{LONG}]"]
    assert read("a" * (BURST - 1)) == ["a"] * (BURST - 1)


@pytest.mark.parametrize("cut", [1, 3, 300])
def test_within_brackets_a_burst_is_part_of_the_paste(cut: int) -> None:
    whole = f"\x1b[200~{LONG}\x1b[201~"
    assert read(whole[: 6 + cut], whole[6 + cut :], "b") == [f"[{LONG}]", "b"]
