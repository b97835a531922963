"""Two texts of a standard answer side by side: nothing of either is lost, and what changed is told where it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.rules.differences import Kind, Piece, differences

TEXTS = st.text(st.sampled_from("甲乙丙丁。;\n 12"), max_size=60)


def marked(before: str, after: str) -> str:
    signs = {Kind.KEPT: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "[+{}+]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("按合同约定收取。", "按合同约定收取。", "按合同约定收取。"),
        ("", "新的。", "[+新的。+]"),
        ("旧的。", "", "[-旧的。-]"),
        (
            "携带身份证到政务大厅办理。当场办结。",
            "携带身份证和户口簿到政务大厅办理。当场办结。",
            "携带身份证[+和户口簿+]到政务大厅办理。当场办结。",
        ),
        ("收费每月100元。", "收费每月120元。", "收费每月1[-0-][+2+]0元。"),
        ("甲。乙。丙。", "甲。丙。", "甲。[-乙。-]丙。"),
        ("可以。", "请到大厅窗口办理。", "[-可以。-][+请到大厅窗口办理。+]"),
    ],
)
def test_what_changed_is_told_where_it_stands(before: str, after: str, told: str) -> None:
    assert marked(before, after) == told


@given(TEXTS, TEXTS)
def test_without_what_is_new_it_is_the_earlier_text_and_without_what_is_gone_the_later(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == after
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert differences(text, text) == ((Piece(Kind.KEPT, text),) if text else ())


@pytest.mark.parametrize("signs", ["甲乙", "。甲"])
def test_texts_of_any_length_are_compared_at_once(signs: str) -> None:
    begun = time.perf_counter()
    before, after = signs * 10_000, "丙" + signs[::-1] * 10_000
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == after
    assert time.perf_counter() - begun < 10
