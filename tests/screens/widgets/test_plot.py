"""The small plot: plain signs of one cell, nothing that is not nought goes unseen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.screens.widgets.plot import plot


def test_columns_stand_over_the_base_line_with_their_greatest_value_at_the_left() -> None:
    assert plot([0, 3, 6, 9, 1], 15, 3) == [
        "   9       #   ",
        "         # #   ",
        "   0   # # # . ",
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.integers(46, 140), st.integers(1, 12))
def test_every_line_fits_and_whatever_is_not_nothing_is_seen(values: list[int], width: int, height: int) -> None:
    lines = plot(values, width, height)
    assert len(lines) == height
    assert all(len(line) <= width and line.isascii() for line in lines)
    margin = max(len(str(max(values))), 4) + 1
    cell = max(1, min(3, (width - margin) // len(values)))
    for number, value in enumerate(values):
        seen = lines[-1][margin + number * cell : margin + number * cell + 1].strip()
        assert bool(seen) is (value > 0)


def test_nothing_at_all_is_a_base_line() -> None:
    assert [line.rstrip() for line in plot([0] * 30, 80, 3)] == ["", "", "   0"]
