"""Times of letters are read as they were written, and never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.imports.times import parse_day, parse_time
from hotline_tui.rules.deadlines import SHANGHAI

NOW = datetime(2026, 9, 28, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2019/2/28 11:25:05",
        "2019-02-28 11:25:05",
        "2019.2.28 11:25:05",
        "2019年2月28日 11时25分5秒",
        "2019年2月28日上午11点25分05秒",
        "2019/2/28 星期四 11:25:05",
        "\uff12\uff10\uff11\uff19/2/28\u300011\uff1a25\uff1a05",
        "2019-2-28 11:25:05 AM",
        "2019-02-28T11:25:05+08:00",
        "2019-02-28T03:25:05Z",
        "20190228T112505+0800",
        "20190228112505",
        "43524.4757523148",
        43524.4757523148,
        datetime(2019, 2, 28, 11, 25, 5),  # noqa: DTZ001 - as a spreadsheet cell is read
    ],
)
def test_the_same_moment_is_read_from_every_way_of_writing_it(text: str | float | datetime) -> None:
    assert parse_time(text, NOW) == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shanghai"),
    [
        ("2019/2/28", (2019, 2, 28, 0, 0)),
        ("20190228", (2019, 2, 28, 0, 0)),
        ("43524", (2019, 2, 28, 0, 0)),
        (date(2019, 2, 28), (2019, 2, 28, 0, 0)),
        ("2019/2/28 9:05", (2019, 2, 28, 9, 5)),
        ("2019年2月28日 上午9时30分", (2019, 2, 28, 9, 30)),
        ("2019年2月28日下午3点", (2019, 2, 28, 15, 0)),
        ("2019-02-28 下午12:30", (2019, 2, 28, 12, 30)),
        ("2019-02-28 上午12:30", (2019, 2, 28, 0, 30)),
        ("2019-02-28 中午1时", (2019, 2, 28, 13, 0)),
        ("2026-9-8", (2026, 9, 8, 0, 0)),
        ("2026/9/8 7:05", (2026, 9, 8, 7, 5)),
        ("2026-9-8 7:5", (2026, 9, 8, 7, 5)),
        ("2026年9月8日", (2026, 9, 8, 0, 0)),
        ("2026 年 9 月 8 日 7 时 5 分", (2026, 9, 8, 7, 5)),
        ("46273", (2026, 9, 8, 0, 0)),
        ("46273.2951388889", (2026, 9, 8, 7, 5)),
        (46273, (2026, 9, 8, 0, 0)),
    ],
)
def test_a_time_without_zone_is_that_of_shanghai(text: str | date, shanghai: tuple[int, int, int, int, int]) -> None:
    found = parse_time(text, NOW)
    assert found.tzinfo is UTC
    assert found == datetime(*shanghai, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2/3/2019", "无法确定日和月的先后"),
        ("28/2/2019 9:00", "无法确定日和月的先后"),
        ("19-2-28", "无法确定日和月的先后"),
        ("2019-02-30", "没有这个时间"),
        ("2019-02-28 25:00", "没有这个时间"),
        ("2019/2/281:05", "看不懂的时间"),
        ("2019-02", "看不懂的时间"),
        ("昨天上午", "看不懂的时间"),
        ("9:30", "看不懂的时间"),
        ("2019-02-28 上午15时", "时段与钟点不符"),
        ("2019-02-28 晚上12时", "时段与钟点不符"),
        ("1989/12/31 23:59:59", "早于 1990 年"),
        ("2026-09-30", "在将来"),
        ("9999-12-31T23:59:59-08:00", "没有这个时间"),
        ("0001-01-01", "没有这个时间"),
        ("", "时间是空的"),
    ],
)
def test_what_is_no_time_or_an_impossible_one_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_time(text, NOW)


def test_the_clock_of_another_system_may_be_a_day_ahead_and_no_more() -> None:
    assert parse_time("2026-09-29 17:00:00", NOW) > NOW
    with pytest.raises(ValueError, match="在将来"):
        parse_time("2026-09-29 17:00:01", NOW)


@given(
    st.text(max_size=40)
    | st.from_regex(r"\d{1,5}[-/.年]\d{1,2}[-/.月]\d{1,2}日?( \d{1,2}[:时点]\d{0,2})?", fullmatch=True)
)
def test_any_text_is_a_time_or_a_sentence(text: str) -> None:
    told = ""
    try:
        found = parse_time(text, NOW)
    except ValueError as error:
        told = str(error)
    else:
        assert found.tzinfo is UTC
    assert not told or re.search("时间|年份|时段", told)


@given(st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2026, 9, 28)))  # noqa: DTZ001 - hypothesis asks for naive ones
def test_a_time_written_by_a_person_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    written = f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02}:{moment.second:02}"
    assert parse_time(written, NOW) == moment.replace(tzinfo=SHANGHAI)


def test_a_day_of_validity_may_lie_ahead() -> None:
    assert parse_day("2030年12月31日") == date(2030, 12, 31)
