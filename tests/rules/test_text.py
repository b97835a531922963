"""Text is cleaned at every door: what a terminal would obey or a reader would not see does not come in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.rules.text import clean, clean_line


@pytest.mark.parametrize(
    ("dirty", "kept"),
    [
        ("路灯\x1b[2J不亮", "路灯[2J不亮"),
        ("\ufeff路灯\u200b不亮\u202e", "路灯不亮"),
        ("一\r\n二\r三\x0b四\u2028五", "一\n二\n三\n四\n五"),
        ("一  \n\t二\t\n", "一\n\t二\n"),
        ("半个\ud83d表情\x00", "半个表情"),
        ("  两个全角空格\u3000\u3000", "  两个全角空格"),
    ],
)
def test_control_direction_and_invisible_characters_go_and_the_rest_stays(dirty: str, kept: str) -> None:
    assert clean(dirty) == kept


def test_one_line_has_single_spaces_and_no_line_ends() -> None:
    assert clean_line(" 张\t 三\u3000\r\n 李四\x07 ") == "张 三 李四"


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_what_is_left_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()
    assert not [each for each in once if unicodedata.category(each) == "Cc" and each not in "\n\t"]


def test_a_hundred_thousand_spaces_are_no_trouble() -> None:
    assert clean(" " * 100_000 + "路") == " " * 100_000 + "路"
