"""A document as text for the terminal and as Markdown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from wcwidth import wcswidth

from hotline_tui.reports.documents import md, text
from hotline_tui.reports.documents.model import Document, Front, Paragraph, Run, Side, Table
from hotline_tui.reports.templating import Templates
from tests.reports.figured import the_report

STOPS = "、。，；：）”"
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"], max_codepoint=0x9FFF), min_size=1)


@pytest.fixture(scope="module")
def report() -> Document:
    return Templates(Path("none")).document(the_report())


@pytest.mark.parametrize("width", [40, 64, 80])
def test_no_line_of_text_is_wider_than_asked_and_none_begins_with_a_stop(report: Document, width: int) -> None:
    lines = text.render(replace(report, annexes=()), width).splitlines()
    assert [line for line in lines if line.strip() and line.strip()[0] in STOPS] == []
    assert max(wcswidth(line.rstrip(STOPS)) for line in lines) <= width


def test_figures_are_never_parted(report: Document) -> None:
    whole = "".join(line.strip() for line in text.render(report, 40).splitlines())
    assert "求助类1264件、投诉类1217件、咨询类24件" in whole
    for line in text.render(report, 40).splitlines():
        for figure in ("2505", "1264", "1217"):
            assert not (line.endswith(figure[:2]) and figure not in line)


def test_columns_of_a_table_stand_under_their_titles_and_nothing_is_cut() -> None:
    table = Table(("单位", "件数"), (("新河街道办事处", "10"), ("a", "2505")), (Side.LEFT, Side.RIGHT))
    lines = text.render(Document(Front(), "题", (table,)), 10).splitlines()
    head, _, first, second = (line for line in lines if line.strip() and line.strip() != "题")
    assert {wcswidth(line) for line in (head, first, second)} == {wcswidth("新河街道办事处  件数")}


def test_the_front_stands_over_and_the_imprint_under_the_text() -> None:
    front = Front(
        "甲办", "〔2026〕1号", "张某", "各单位", "甲办", "2026年1月2日", "此件公开", "区委", "甲办", "2026年1月3日"
    )
    for told in (text.render(Document(front, "题", ())), md.render(Document(front, "题", ())).replace("\\", "")):
        places = [
            told.index(each)
            for each in ("甲办", "〔2026〕1号", "张某", "题", "各单位", "2026年1月2日", "此件公开", "区委")
        ]
        assert places == sorted(places)
        assert "2026年1月3日印发" in told


@given(WORDS)
def test_a_markdown_reader_shows_the_very_text(words: str) -> None:
    document = Document(Front(), words, (Paragraph((Run(words),)), Table((words,), ((words,),), (Side.LEFT,))))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(md.render(document))
    shown = [token.children or [] for token in tokens if token.type == "inline"]
    assert ["".join(child.content for child in children) for children in shown] == [words] * 4
    assert {child.type for children in shown for child in children} <= {"text", "text_special"}
