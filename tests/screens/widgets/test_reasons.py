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


def test_what_suggests_itself_is_whole_and_what_stands_at_the_right_gives_way_at_its_end() -> None:
    shown = ReasonLine()
    shown.show_reasons("分类建议: 市政建设>路灯照明", ("路灯",), "区域建议: 荷花社区(新河街道, 荷花路与新河大道路口)")
    assert shown.joined(90).plain.startswith("分类建议: 市政建设>路灯照明(路灯) ")
    assert shown.joined(90).plain.endswith(" 区域建议: 荷花社区(新河街道, 荷花路与新河大道路口)")
    assert shown.joined(61).plain == "分类建议: 市政建设>路灯照明 区域建议: 荷花社区(新河街道, 荷.."
    assert shown.joined(40).plain.rstrip() == "分类建议: 市政建设>路灯照明(路灯)"
    assert shown.joined(28).plain.rstrip() == "分类建议: 市政建设>路灯照明"
    assert shown.joined(20).plain == "分类建议: 市政建设.."
