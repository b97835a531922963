"""The Markdown of templates: what is markup, what is text, and where a mistake is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.reports.documents.markdown import Mistake, literal, read
from hotline_tui.reports.documents.model import Heading, Paragraph, Run, Side, Table, chinese

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)
EVIL = (
    "# x",
    "a|b",
    "**b**",
    "1. x",
    "\\",
    "a\\|b",
    "a\nb\n# c",
    "---",
    "- x",
    "&amp;",
    "<script>",
    "_x_",
    "![](x)",
    "| a |",
)


def test_headings_are_numbered_as_official_documents_have_them() -> None:
    blocks = read("# 题\n## 甲\n### 乙\n### 丙\n#### 丁\n##### 戊\n## 己\n### 庚").blocks
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "一、甲", "（一）乙", "（二）丙", "1.丁", "（1）戊", "二、己", "（一）庚"
    ]  # fmt: skip
    assert [chinese(number) for number in (9, 10, 11, 20, 21, 99)] == ["九", "十", "十一", "二十", "二十一", "九十九"]


def test_lines_of_a_paragraph_are_joined_without_a_blank_but_between_latin_words() -> None:
    assert read("# 题\n\n受理2505件，\n其中求助\nhello\nworld").blocks == (
        Paragraph((Run("受理2505件，其中求助hello world"),)),
    )


def test_what_is_no_markup_of_ours_is_text() -> None:
    (block,) = read("# 题\n\n*斜*<b>粗</b>[链](http) `码` ![图](x)").blocks
    assert block == Paragraph((Run("斜<b>粗</b>[链](http) `码` ![图](x)"),))
    (strong,) = read("# 题\n\n其中**重点**是").blocks
    assert strong == Paragraph((Run("其中"), Run("重点", strong=True), Run("是")))


def test_a_later_title_begins_an_annex_whose_headings_count_anew() -> None:
    found = read("# 题\n## 甲\n# 附表\n## 乙\n# 说明")
    assert [annex.title for annex in found.annexes] == ["附表", "说明"]
    assert [block.text for block in found.annexes[0].blocks if isinstance(block, Heading)] == ["一、乙"]
    assert list(found.annex_lines()) == ["附件：1. 附表", "2. 说明"]
    assert list(read("# 题\n# 附表").annex_lines()) == ["附件：附表"]


def test_a_table_has_its_cells_and_their_sides() -> None:
    (table,) = read("# 题\n\n| 单位 | 件数 | 注 |\n| :-- | --: | :-: |\n| 甲\\|乙 | 1 | |").blocks
    assert table == Table(("单位", "件数", "注"), (("甲|乙", "1", ""),), (Side.LEFT, Side.RIGHT, Side.CENTRE))


def test_the_front_is_what_the_standard_names() -> None:
    front = read("---\n发文机关标志: 甲&#42;\n成文日期：2026年10月8日\n---\n# 题").front
    assert (front.mark, front.dated, front.signer) == ("甲*", "2026年10月8日", "")


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "没有标题"),
        ("\n正文", 2, "正文之前没有标题"),
        ("---\n发文: 甲\n---\n# 题", 2, "文件头没有这一项: 发文, 可写的有: 发文机关标志"),
        ("---\n发文字号 甲\n---\n# 题", 2, "文件头没有这一项"),
        ("---\n发文字号: 甲\n", 1, "文件头没有写完"),
        ("# 题\n\n###### 深", 3, "标题最多 4 层"),
        ("# 题\n\n##", 3, "标题是空的"),
        ("# 题\n\n| 甲 | 乙 |\n| - | - |\n| 1 | 2 |\n| 1 | 2 | 3 |", 6, "表格这一行有 3 格, 表头有 2 格"),
        ("# 题\n\n| 甲 | 乙 |\n| - | - |\n| 1 |", 5, "表格这一行有 1 格, 表头有 2 格"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, sentence: str) -> None:
    with pytest.raises(Mistake, match=sentence) as caught:
        read(text)
    assert caught.value.line == line


@given(WORDS)
def test_text_that_was_put_in_is_never_markup(text: str) -> None:
    told = " ".join(text.split())
    (paragraph,) = read(f"# 题\n\n{literal(text)}").blocks
    assert paragraph == Paragraph((Run(told),))
    table = read(f"# 题\n\n| 甲 | 乙 |\n| - | - |\n| {literal(text)} |{literal(text)}|").blocks[0]
    assert isinstance(table, Table)
    assert table.rows == ((told, told),)


@pytest.mark.parametrize("text", EVIL)
def test_no_sign_of_markup_changes_a_document(text: str) -> None:
    told = " ".join(text.split())
    found = read(f"---\n发文字号: {literal(text)}\n---\n# {literal(text)}\n\n## {literal(text)}\n\n{literal(text)}")
    assert (found.front.number, found.title) == (told, told)
    assert found.blocks == (Heading(1, 1, told), Paragraph((Run(told),)))
