"""Places that stand out in a text stay at their words while it is changed."""

from __future__ import annotations

from hotline_tui.screens.widgets.marked import carried


def test_marks_move_with_the_text_and_go_when_they_are_touched() -> None:
    before = "电话 123, 车牌 456"
    marks = [(3, 6), (11, 14)]
    assert carried(marks, before, f"请看{before}") == [(5, 8), (13, 16)]
    assert carried(marks, before, before + "。") == marks
    assert carried(marks, before, "电话 ***, 车牌 456") == [None, (11, 14)]
    assert carried(marks, before, "") == [None, None]
