"""What the operating system says reaches a person in Chinese."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hotline_tui.errors import reason


@pytest.mark.parametrize("name", ["ENOSPC", "EACCES", "EROFS", "EDQUOT", "ENOENT", "EISDIR", "ENOTDIR", "EIO"])
def test_the_common_refusals_of_the_system_are_said_in_chinese_alone(name: str) -> None:
    number = getattr(errno, name)
    said = reason(OSError(number, os.strerror(number)))
    assert "系统错误" not in said
    assert not any(letter.isascii() and letter.isalnum() for letter in said)


def test_a_refusal_without_words_is_told_by_its_number() -> None:
    assert reason(OSError(4242, "something")) == "系统错误 4242"
    assert reason(OSError("no number")) == "系统错误"


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as raised:
        tmp_path.read_bytes()
    assert reason(raised.value) == "这是目录, 不是文件"
