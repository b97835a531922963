"""Texts are spelled in a process of their own: where somebody sits, the dictionary is never loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hotline_tui.data import spelling
from hotline_tui.rules.pinyin import spell

TEXT = "重庆路的银行? (110)"
APART = (
    "import sys; from hotline_tui.data.spelling import spelled; print(spelled({!r})); print('pypinyin' in sys.modules)"
)


def test_a_text_is_spelled_without_loading_the_dictionary_here() -> None:
    done = subprocess.run([sys.executable, "-c", APART.format(TEXT)], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines() == [spell(TEXT), "False"]


@pytest.mark.parametrize("failing", [["/nowhere/python"], [sys.executable, "-c", "raise SystemExit(1)"]])
def test_a_text_that_cannot_be_spelled_is_stored_without(monkeypatch: pytest.MonkeyPatch, failing: list[str]) -> None:
    run = subprocess.run
    monkeypatch.setattr(spelling, "_DICTIONARY", "not loaded")
    monkeypatch.setattr(spelling.subprocess, "run", lambda _args, **options: run(failing, **options))
    assert spelling.spelled(TEXT) == ""
