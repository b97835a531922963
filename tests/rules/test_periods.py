"""统计时段: weeks, months, quarters and years of Shanghai, what came before them, and how they are called."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.errors import UsageError
from hotline_tui.rules.deadlines import SHANGHAI, shanghai_day
from hotline_tui.rules.periods import YEARS, Period
from hotline_tui.rules.words import Span

pytestmark = pytest.mark.requirement("R-11.7")
ONE_DAY = timedelta(days=1)
TWENTY_YEARS = [date(2016, 1, 1) + timedelta(days=n) for n in range((date(2036, 1, 1) - date(2016, 1, 1)).days)]
WHOLE = [Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR]
DAYS = st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
PERIODS = st.one_of(
    st.tuples(DAYS, DAYS).map(lambda ends: Period.between(min(ends), max(ends))),
    st.builds(Period.of, st.sampled_from(WHOLE), st.dates(date(2001, 1, 1), date(2150, 12, 31))),
)


def period(first: str, last: str) -> Period:
    return Period.between(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("span", WHOLE)
def test_every_day_of_twenty_years_belongs_to_exactly_one_period_of_a_span(span: Span) -> None:
    each = list(dict.fromkeys(Period.of(span, day) for day in TWENTY_YEARS))
    days = Counter(day for one in each for day in one.days())
    assert all(days[day] == 1 for day in TWENTY_YEARS)
    for one, following in pairwise(each):
        assert one.last + ONE_DAY == following.first
        assert one.until == following.since
        assert following.before() == one
        assert one.after() == following
    for day in TWENTY_YEARS:
        assert day in Period.of(span, day)
        assert Period.of(span, day).span is span


@pytest.mark.parametrize("day", TWENTY_YEARS[::61])
@pytest.mark.parametrize("span", WHOLE)
def test_a_period_told_by_its_days_is_known_for_what_it_is(span: Span, day: date) -> None:
    whole = Period.of(span, day)
    assert Period.between(whole.first, whole.last) == whole


def test_weeks_begin_on_monday_and_the_spans_lie_in_each_other() -> None:
    for day in TWENTY_YEARS:
        assert Period.of(Span.WEEK, day).first.weekday() == 0
        month, quarter, year = (Period.of(span, day) for span in WHOLE[1:])
        assert year.first <= quarter.first <= month.first <= day <= month.last <= quarter.last <= year.last
        assert {span: Period.of(span, day).length for span in WHOLE}[Span.WEEK] == 7
        assert (month.first.month, quarter.first.month % 3) == (day.month, 1)


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    month = Period.of(Span.MONTH, date(2026, 9, 30))
    assert month.since == datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
    assert month.until == datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI)
    assert shanghai_day(month.since) in month
    assert shanghai_day(month.until) not in month
    assert shanghai_day(month.until - timedelta.resolution) in month


@pytest.mark.parametrize(
    ("first", "last", "title", "before", "year_before"),
    [
        ("2026-09-01", "2026-09-30", "2026年9月", "2026年8月", "2025年9月"),
        ("2026-01-01", "2026-01-31", "2026年1月", "2025年12月", "2025年1月"),
        ("2024-02-01", "2024-02-29", "2024年2月", "2024年1月", "2023年2月"),
        ("2025-02-01", "2025-02-28", "2025年2月", "2025年1月", "2024年2月"),
        ("2024-02-29", "2024-02-29", "2024年2月29日", "2024年2月28日", "2023年2月28日"),
        ("2024-02-10", "2024-02-29", "2024年2月10日至29日", "2024年1月21日至2月9日", "2023年2月10日至28日"),
        ("2024-02-01", "2024-02-28", "2024年2月1日至28日", "2024年1月4日至31日", "2023年2月"),
        ("2026-07-01", "2026-09-30", "2026年第三季度", "2026年第二季度", "2025年第三季度"),
        ("2026-01-01", "2026-03-31", "2026年第一季度", "2025年第四季度", "2025年第一季度"),
        ("2026-10-01", "2026-12-31", "2026年第四季度", "2026年第三季度", "2025年第四季度"),
        ("2026-01-01", "2026-12-31", "2026年", "2025年", "2025年"),
        ("2026-01-01", "2026-06-30", "2026年1至6月", "2025年7至12月", "2025年1至6月"),
        ("2026-01-01", "2026-09-30", "2026年1至9月", "2025年4至12月", "2025年1至9月"),
        ("2025-12-01", "2026-01-31", "2025年12月至2026年1月", "2025年10至11月", "2024年12月至2025年1月"),
        ("2026-09-01", "2026-09-15", "2026年9月1日至15日", "2026年8月17日至31日", "2025年9月1日至15日"),
        ("2026-09-28", "2026-10-11", "2026年9月28日至10月11日", "2026年9月14日至27日", "2025年9月28日至10月11日"),
        ("2026-12-28", "2027-01-03", "2026年12月28日至2027年1月3日", "2026年12月21日至27日",
         "2025年12月29日至2026年1月4日"),
        ("2025-12-30", "2026-01-02", "2025年12月30日至2026年1月2日", "2025年12月26日至29日",
         "2024年12月30日至2025年1月2日"),
        ("2026-11-16", "2026-11-22", "2026年11月16日至22日", "2026年11月9日至15日", "2025年11月17日至23日"),
    ],
)  # fmt: skip
def test_a_period_is_called_and_compared_as_bulletins_do(
    first: str, last: str, title: str, before: str, year_before: str
) -> None:
    found = period(first, last)
    assert found.title == title
    assert found.before().title == before
    assert found.year_before().title == year_before


@given(PERIODS)
def test_the_period_before_ends_where_this_one_begins_and_is_of_the_same_kind(found: Period) -> None:
    before = found.before()
    assert before.last + ONE_DAY == found.first
    assert before.until == found.since
    if found.span is not Span.ANY:
        assert before.span is found.span
    elif found.first.day != 1 or (found.last + ONE_DAY).day != 1:
        assert before.length == found.length
    else:
        assert len(list(before.months())) == len(list(found.months()))


@given(PERIODS)
def test_the_same_period_of_the_year_before_lies_a_year_earlier(found: Period) -> None:
    then = found.year_before()
    assert 364 <= (found.first - then.first).days <= 366
    assert 364 <= (found.last - then.last).days <= 366
    if found.span is not Span.ANY:
        assert then.span is found.span


@given(PERIODS)
def test_its_days_are_those_from_the_first_to_the_last_and_its_months_hold_them(found: Period) -> None:
    days = list(found.days())
    assert (days[0], days[-1], len(days)) == (found.first, found.last, found.length)
    months = list(found.months())
    assert all(month.span is Span.MONTH for month in months)
    assert months[0].first <= found.first <= months[0].last
    assert months[-1].first <= found.last <= months[-1].last
    assert all(one.last + ONE_DAY == other.first for one, other in pairwise(months))


def test_a_single_day_is_a_period_too() -> None:
    assert Period.of(Span.ANY, date(2026, 9, 8)) == period("2026-09-08", "2026-09-08")
    assert period("2026-09-08", "2026-09-08").title == "2026年9月8日"


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-09-30", "2026-09-01", "2026-09-01 早于首日 2026-09-30"),
        ("1999-12-31", "2026-09-01", "2000 年至 2199 年"),
        ("2026-09-30", "2200-01-01", "2000 年至 2199 年"),
        ("0001-01-01", "9999-12-31", "2000 年至 2199 年"),
    ],
)
def test_what_is_no_period_is_refused_with_what_to_do(first: str, last: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        period(first, last)
    assert "改正" in str(refused.value)
