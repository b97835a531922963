"""Lines of Chinese end where a reader expects it, in what is read and in what a box tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from hotline_tui.screens.widgets.breaks import CHUNK, CLOSING
from hotline_tui.screens.widgets.pages import Para, wrapped

PIECES = (
    "甲",
    "停车收费",
    "，",
    "。",
    "、",
    "；",
    "：",
    "（",
    "）",
    "(第十一条(二)1)",
    "(",
    ")",
    ",",
    "2. ",
    "《条例》",
    "ok",
    " ",
    "12345",
    "\n",
)
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
widths = st.integers(min_value=4, max_value=60)


def pages(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Para(text), width)]


def box(text: str, width: int) -> list[str]:
    return [line.plain for line in Content(text).wrap(width)]


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("lines_of", [pages, box])
@given(text=texts, width=widths)
def test_no_line_begins_with_a_closing_sign_unless_the_width_forces_it_and_no_text_is_lost(lines_of, text, width):
    lines = lines_of(text, width)
    assert bare("".join(lines)) == bare(text)
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    for source in text.split("\n"):
        if any(cell_len(chunk.rstrip()) > width for chunk in CHUNK.findall(source)) or source.lstrip()[:1] in CLOSING:
            continue
        assert not [line for line in lines_of(source, width) if line.lstrip()[:1] in tuple(CLOSING)]


@pytest.mark.parametrize("lines_of", [pages, box])
@pytest.mark.parametrize("width", range(20, 60))
def test_an_article_stays_whole_and_a_number_with_what_it_numbers(lines_of, width):
    text = (
        "2. 选一条标准答案当场答复来电人, 工单办结(第十一条(二)1), 并告知来电人。3. 不能确定承办单位的, 呈报领导批示。"
    )
    lines = lines_of(text, width)
    assert any("(第十一条(二)1)" in line for line in lines)
    assert not [line for line in lines if line.rstrip().endswith(("2.", "3.", "(")) or line[:1] in (")", ",")]


def test_a_line_of_nothing_but_brackets_is_taken_apart_in_a_moment():
    assert sum(map(len, CHUNK.findall("(" * 100_000))) == 100_000
    assert sum(map(len, CHUNK.findall("。" * 100_000 + " " * 100_000))) == 200_000
