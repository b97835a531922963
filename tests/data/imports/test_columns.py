"""Columns are found by the names people give them, or by what the person at the command line says."""

from __future__ import annotations

import pytest

from hotline_tui.data.imports.columns import map_columns, parse_given, unused
from hotline_tui.data.imports.knowledge import KNOWLEDGE_COLUMNS
from hotline_tui.data.imports.letters import LETTER_COLUMNS
from hotline_tui.data.imports.topics import TOPIC_COLUMNS
from hotline_tui.data.imports.units import UNIT_COLUMNS
from hotline_tui.errors import UsageError

MAILBOX = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")


def test_the_headers_of_a_mailbox_export_are_known() -> None:
    fields = ("number", "user", "subject", "time", "detail", "reply", "reply_time")
    assert map_columns(MAILBOX, LETTER_COLUMNS, {}) == dict(zip(fields, MAILBOX, strict=True))


@pytest.mark.parametrize(
    ("columns", "wanted", "fields"),
    [
        (("id", "user", "subject", "time", "detail", "label"), LETTER_COLUMNS, "number user subject time detail topic"),
        (
            ("编号", "姓名", "标题", "来信时间", "正文", "联系电话", "类别"),
            LETTER_COLUMNS,
            "number user subject time detail phone kind",
        ),
        (
            ("编号", "名称", "简称", "上级单位", "区域", "职责", "别名"),
            UNIT_COLUMNS,
            "key name short_name parent region duties aliases",
        ),
        (("key", "name", "parent"), UNIT_COLUMNS, "key name parent"),
        (("l1", "l2", "l3"), TOPIC_COLUMNS, "l1 l2 l3"),
        (("一级分类", "二级分类", "三级分类", "承办单位"), TOPIC_COLUMNS, "l1 l2 l3 unit"),
        (
            ("问题", "其他问法", "答案", "承办单位", "分类", "依据", "生效日期", "失效日期"),
            KNOWLEDGE_COLUMNS,
            "question phrasings answer unit topic basis valid_from valid_to",
        ),
    ],
)
def test_known_names_are_found_in_chinese_and_english(columns, wanted, fields) -> None:
    assert map_columns(columns, wanted, {}) == dict(zip(fields.split(), columns, strict=True))


def test_a_header_is_known_in_spite_of_spaces_stars_width_and_case() -> None:
    mapping = map_columns(("* 来信 时间:", "内容(必填)", "ID"), LETTER_COLUMNS, {})
    assert mapping == {"time": "* 来信 时间:", "detail": "内容(必填)", "number": "ID"}


def test_what_the_person_says_comes_before_what_is_known() -> None:
    given = parse_given(["detail=留言主题", "reply="])
    mapping = map_columns(MAILBOX, LETTER_COLUMNS, given)
    assert mapping["detail"] == "留言主题"
    assert "subject" not in mapping
    assert "reply" not in mapping


@pytest.mark.parametrize(
    ("columns", "named", "ways"),
    [
        (("时间", "内容", "正文"), "像是内容: 内容、正文", '--map "detail=内容" 或 --map "detail=正文"'),
        (("时间", "内容", "内容(第3列)"), "像是内容: 内容、内容(第3列)", '--map "detail=内容(第3列)"'),
        (("来信日期", "来信时间", "内容"), "像是来信时间: 来信日期、来信时间", '--map "time=来信日期"'),
    ],
)
def test_of_two_columns_with_one_meaning_none_is_dropped_without_a_word(
    columns: tuple[str, ...], named: str, ways: str
) -> None:
    with pytest.raises(UsageError) as caught:
        map_columns(columns, LETTER_COLUMNS, {})
    assert named in str(caught.value)
    assert ways in str(caught.value)


def test_the_person_chooses_between_two_columns_with_one_meaning() -> None:
    columns = ("时间", "内容", "正文", "内容(第4列)")
    for chosen in columns[1:]:
        mapping = map_columns(columns, LETTER_COLUMNS, {"detail": chosen})
        assert mapping["detail"] == chosen
        assert unused(columns, mapping) == tuple(each for each in columns[1:] if each != chosen)


def test_a_count_of_rows_is_the_number_only_where_there_is_no_other() -> None:
    columns = ("序号", "留言编号", "时间", "内容")
    assert map_columns(columns, LETTER_COLUMNS, {})["number"] == "留言编号"
    assert map_columns(("序号", "时间", "内容"), LETTER_COLUMNS, {})["number"] == "序号"


def test_no_name_means_two_fields_of_one_list() -> None:
    for wanted in (LETTER_COLUMNS, KNOWLEDGE_COLUMNS, UNIT_COLUMNS, TOPIC_COLUMNS):
        names = [name for column in wanted for name in {*column.names, column.field, *column.otherwise}]
        assert len(names) == len(set(names))


def test_columns_that_hold_no_field_are_named_but_not_those_of_a_rejects_file() -> None:
    columns = ("原文件行号", "未导入原因", "时间", "内容", "点赞数", "备注", "原文")
    assert unused(columns, map_columns(columns, LETTER_COLUMNS, {})) == ("点赞数", "备注")


def test_a_missing_column_is_named_with_its_known_names_those_found_and_the_way_out() -> None:
    with pytest.raises(UsageError) as caught:
        map_columns(("编号", "时间", "备注"), LETTER_COLUMNS, {})
    for part in ("内容", "留言详情", "编号、时间、备注", "--map detail=列名"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"body": "留言详情"}, "没有这个字段: body.*detail"),
        ({"detail": "正文"}, "列不在表中: 正文.*留言编号、留言用户"),
        ({"detail": ""}, "找不到内容一列"),
    ],
)
def test_a_wrong_override_is_answered_with_what_there_is(given: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        map_columns(MAILBOX, LETTER_COLUMNS, given)


@pytest.mark.parametrize("pair", ["detail", "=正文", ""])
def test_an_override_without_a_field_or_a_sign_is_no_override(pair: str) -> None:
    with pytest.raises(UsageError, match="字段=列名"):
        parse_given([pair])
