"""What suggests itself, with its reasons in the room there is."""

from __future__ import annotations

from hotline_tui.screens.widgets.lines import ReasonLine


def test_reasons_for_which_there_is_no_room_are_left_out_whole_and_the_count_last() -> None:
    shown = ReasonLine()
    shown.show_reasons("住建局", ("分类 路灯照明", "相似工单 12 件", "职责(路灯)"))
    assert shown.joined(60).plain.rstrip() == "住建局(分类 路灯照明; 相似工单 12 件; 职责(路灯))"
    assert shown.joined(40).plain.rstrip() == "住建局(分类 路灯照明; 相似工单 12 件)"
    assert shown.joined(30).plain.rstrip() == "住建局(相似工单 12 件)"
    assert shown.joined(10).plain.rstrip() == "住建局"
