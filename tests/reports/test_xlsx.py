"""xlsx and JSON: real numbers, and what they were made of."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from hotline_tui.reports import plain, xlsx
from hotline_tui.rules.words import Indicator, Report
from tests.reports.figured import nothing, of, the_bulletin, the_report


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(BytesIO(xlsx.write(the_report())))


def rows(book: Workbook, title: str) -> list[dict[str, Any]]:
    head, *lines = book[title].iter_rows(values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def test_counts_and_rates_are_numbers_beside_their_formula(book: Workbook) -> None:
    (on_time,) = (row for row in rows(book, "指标") if (row["范围"], row["指标"]) == ("合计", "按时办结率"))
    assert on_time["本期"] == 2200 / 2300
    assert (on_time["分子"], on_time["分母"]) == (2200, 2300)
    assert on_time["计算公式"] == "在时限内办结的件数 / 时限在期内的件数"
    assert (on_time["环比"], on_time["上期"]) == ("无数据", "无数据")
    help_ = next(row for row in rows(book, "类别") if (row["范围"], row["类别"]) == ("热线", "求助"))
    assert (help_["件数"], help_["占比"]) == (1264, 0.5046)
    cell = next(cell for cell in book["指标"]["C"] if isinstance(cell.value, float))
    assert cell.number_format == "0.00%"


def test_heads_stay_in_sight(book: Workbook) -> None:
    assert {sheet.title: sheet.freeze_panes for sheet in book} == {
        title: "B2" if title == "承办单位" else "A2" for title in book.sheetnames
    }


def test_what_was_late_stands_by_month_and_unit(book: Workbook) -> None:
    late = [(row["月份"], row["范围"], row["承办单位"], row["件数"]) for row in rows(book, "严重超期")]
    assert late == [
        ("2017年8月", "热线", "新河街道", 10),
        ("2017年8月", "热线", "工商分局", 3),
        ("2017年8月", "热线", "房产分局", 1),
        ("2017年8月", "市长信箱", "安环办", 2),
    ]


def test_a_topics_concrete_matters_stand_under_it() -> None:
    made = load_workbook(BytesIO(xlsx.write(the_bulletin())))
    told = [(row["上级"], row["诉求分类"], row["件数"]) for row in rows(made, "诉求分类") if row["范围"] == "合计"]
    assert told[:4] == [
        (None, "住房保障", 793),
        ("住房保障", "物业管理", 390),
        ("住房保障", "房屋建设", 226),
        ("住房保障", "公房管理", 0),
    ]


def test_a_name_that_begins_like_a_formula_is_text() -> None:
    figures = the_report()
    made = xlsx.write(replace(figures, all=replace(figures.all, units=(of('=HYPERLINK("x")', dispatched=1),))))
    cell = load_workbook(BytesIO(made))["承办单位"]["A2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


@pytest.mark.parametrize("report", Report)
def test_of_a_period_of_nothing_rates_have_no_data(report: Report) -> None:
    made = load_workbook(BytesIO(xlsx.write(nothing(report))))
    assert {row["本期"] for row in rows(made, "指标")} == {"无数据"}
    told = plain.plain(nothing(report))
    assert {rate["percent"] for rate in told["all"]["total"]["rates"].values()} == {None}
    assert told["all"]["total"]["counts"]["accepted"]["change"] is None


def test_json_says_each_rate_with_numerator_and_denominator() -> None:
    told = plain.plain(the_report())
    assert told["hotline"]["total"]["counts"]["accepted"]["now"] == 2505
    assert told["period"] == {"first": "2017-07-01", "last": "2017-09-30", "title": "2017年第三季度"}
    rate = told["all"]["total"]["rates"][Indicator.ON_TIME.value]
    assert (rate["part"], rate["whole"], rate["percent"]) == (2200, 2300, 95.65)
    assert told["late"][1] == {
        "month": "2017-08", "hotline": {"新河街道": 10, "工商分局": 3, "房产分局": 1}, "mailbox": {"安环办": 2}
    }  # fmt: skip
