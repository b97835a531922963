"""督办看板 as plain text."""

from __future__ import annotations

import pytest
from wcwidth import wcswidth

from hotline_tui.data.queries.dashboard import snapshot
from hotline_tui.reports.dashboard import render
from hotline_tui.services.clock import edges_now
from tests.builders import Town

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


def rendered(town: Town, width: int = 132) -> str:
    with town.store.read() as session:
        return render(snapshot(session, town.office.viewer, edges_now(town.office, session)), width)


def test_it_says_the_counts_the_rates_with_their_formula_and_each_overdue_order(town: Town) -> None:
    order = town.signed(urgent=True)
    town.at("2026-12-01 14:32")
    lines = rendered(town).split("\n")
    assert lines[0] == "督办看板 2026-12-01 14:32"
    assert lines[1] == "待派 0  在办 1  今日到期 0  临期 0  超期 1  严重超期 0"
    assert "直接答复率 - = 直接答复 / 受理" in lines
    assert any(line.startswith("房产分局") and line.endswith("2 个工作日") for line in lines)
    assert f"{order.number}  投诉  房产分局  11-27 18:00  2 个工作日" in lines[-1]
    assert "(紧急) 小区物业" in lines[-1]


def test_columns_stand_under_their_titles_although_chinese_is_two_cells_wide(town: Town) -> None:
    town.signed(town.a)
    town.signed(town.b)
    town.at("2026-12-01 14:32")
    lines = rendered(town).split("\n")
    head = next(number for number, line in enumerate(lines) if line.startswith("编号"))
    due = wcswidth(lines[head].partition("应办")[0])
    for line in lines[head + 1 :]:
        assert wcswidth(line.partition("11-27")[0]) == due


def test_a_citizens_words_are_shown_as_they_are_and_never_wider_than_the_line(town: Town) -> None:
    town.signed(narrative="[red]小区[/red]停车收费" * 20)
    town.at("2026-12-01 14:32")
    text = rendered(town, 100)
    assert "[red]小区[/red]" in text
    assert max(map(wcswidth, text.split("\n"))) <= 100


def test_an_office_with_nothing_to_do_has_no_tables(town: Town) -> None:
    assert "编号" not in rendered(town)
    assert "超期 0" in rendered(town)
