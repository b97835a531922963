"""What was looked for is told where it stands, in the text as it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.search.matched import excerpt, pieces_of


def told(query: str, text: str) -> list[str]:
    return [text[begin:end] for begin, end in pieces_of(query).spans(text)]


@pytest.mark.parametrize(
    ("query", "text", "places"),
    [
        ("停车收费怎么办", "住宅小区机动车停放怎么收费? 停车费", ["收费", "停车"]),
        ("停车收费", "小区停车收费如何确定?", ["停车收费"]),
        ("營業執照", "怎样办理营业执照?", ["营业执照"]),
        ("ＥＴＣ 办理", "高速公路ETC如何办理", ["ETC", "办理"]),
        ("etc", "fetch一下", []),
        ("905路", "905路公交车, 9路", ["905"]),
        ("费", "停车费", ["费"]),
        ("面积㎡", "每㎡一元, 面积", ["面积"]),
        ("怎么办", "怎么办?", ["怎么办"]),
        ("!!!", "!!!", []),
        ("", "停车", []),
    ],
)
def test_these_places_are_told(query: str, text: str, places: list[str]) -> None:
    assert told(query, text) == places


def test_of_a_narrative_two_signs_alone_are_in_every_text_and_are_not_told() -> None:
    narrative = "小区物业从本月起对业主私家车按每天十元收取停车费, 没有公示, 也没有征求业主意见"
    assert told(narrative, "业主可以要求退还停车费") == ["停车费"]


@given(st.text(max_size=40), st.text(max_size=80))
def test_places_lie_in_the_text_one_after_the_other(query: str, text: str) -> None:
    last = 0
    for begin, end in pieces_of(query).spans(text):
        assert last <= begin < end <= len(text)
        last = end


def test_an_excerpt_shows_where_the_words_stand() -> None:
    text = f"您好。{'请到大厅办理。' * 30}\n身份证到期换领可以网上办。{'谢谢。' * 30}"
    shown = excerpt(text, pieces_of("身份证 换领"), 40)
    assert "身份证到期换领" in shown
    assert len(shown) <= 40
    assert (shown[:2], shown[-2:]) == ("..", "..")
    assert excerpt("半小时内\n免费。", pieces_of("停车"), 40) == "半小时内 免费。"
    assert excerpt(text, pieces_of("停车"), 40).startswith("您好。")
