"""R-11.2.2a, R-D2, R-D5, R-D7, R-D8: when an answer is due, and how it stands."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline_tui.errors import Refused, UsageError
from hotline_tui.rules.calendar import DayRow, WorkingCalendar
from hotline_tui.rules.deadlines import (
    CLOSING,
    SHANGHAI,
    WORKING_DAYS,
    closing_time,
    due,
    edges,
    promised_due,
    return_due,
    shanghai_day,
    standing,
    working_days_left,
)
from hotline_tui.rules.words import Kind, Standing

pytestmark = pytest.mark.requirement("R-11.2.2a", "R-D2", "R-D5", "R-D7", "R-D8")

DEADLINES = Path(__file__).parents[3] / "shared" / "data" / "holidays" / "deadlines_200.csv"

CALENDAR = WorkingCalendar()
days = st.dates(date(2007, 1, 1), date(2028, 12, 31))
times = st.times() | st.sampled_from([time(0), time(17, 59, 59, 999999), time(18), time(18, 0, 0, 1), time(23, 59)])
moments = st.builds(lambda day, at: datetime.combine(day, at, SHANGHAI), days, times)


def at(text: str) -> datetime:
    """A time of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_the_limits_are_those_of_article_eleven() -> None:
    assert {kind.value: n for kind, n in WORKING_DAYS.items()} == {
        "inquiry": 3,
        "help": 5,
        "complaint": 5,
        "tipoff": 10,
        "suggestion": 5,
        "praise": 3,
        "other": 3,
    }
    assert set(WORKING_DAYS) == set(Kind)


def test_a_complaint_before_national_day_is_due_on_the_make_up_saturday_after_it() -> None:
    answer = due(CALENDAR, date(2026, 9, 28), WORKING_DAYS[Kind.COMPLAINT])
    assert answer.due_at.astimezone(SHANGHAI).isoformat() == "2026-10-10T18:00:00+08:00"
    assert answer.due_at.tzinfo is UTC
    assert answer.day_zero == date(2026, 9, 28)
    assert answer.counted == tuple(
        map(date.fromisoformat, ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"])
    )
    assert [skipped.day.day for skipped in answer.skipped] == [1, 2, 3, 4, 5, 6, 7]
    assert {skipped.reason for skipped in answer.skipped} == {"国庆节"}
    assert answer.provisional == ()
    assert answer.why_provisional is None


def test_a_tipoff_before_spring_festival_counts_both_make_up_saturdays() -> None:
    answer = due(CALENDAR, date(2026, 2, 10), WORKING_DAYS[Kind.TIPOFF])
    assert answer.due_at == at("2026-03-02 18:00")
    assert {date(2026, 2, 14), date(2026, 2, 28)} <= set(answer.counted)


def test_a_deadline_in_a_year_without_notice_is_provisional_and_says_why() -> None:
    answer = due(CALENDAR, date(2026, 12, 29), WORKING_DAYS[Kind.HELP])
    assert answer.provisional == (2027,)
    assert answer.why_provisional == "2027 年的放假安排尚未录入,时限暂定,录入后重新计算"
    firm = due(WorkingCalendar(noticed=[2027]), date(2026, 12, 29), WORKING_DAYS[Kind.HELP])
    assert (firm.due_at, firm.provisional) == (answer.due_at, ())


def test_deadlines_made_with_another_library_are_the_same() -> None:
    if not DEADLINES.is_file():
        pytest.skip("the two hundred deadlines are not beside the project (../shared/data/holidays)")
    with DEADLINES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 200
    ours = [due(CALENDAR, date.fromisoformat(row["start"]), int(row["n_workdays"])).due_at for row in rows]
    assert ours == [closing_time(date.fromisoformat(row["due"])) for row in rows]


@pytest.mark.parametrize(
    "dispatched",
    ["2026-11-20 09:00", "2026-11-20 18:00", "2026-11-20 23:59", "2026-11-21 10:00", "2026-11-22 23:59"],
)
def test_day_zero_is_the_calendar_date_of_dispatch_also_after_closing_and_on_a_day_off(dispatched: str) -> None:
    answer = due(CALENDAR, at(dispatched), 5)
    assert answer.day_zero == at(dispatched).date()
    assert answer.due_at == at("2026-11-27 18:00")


def test_the_date_of_dispatch_is_that_of_shanghai() -> None:
    assert due(CALENDAR, datetime(2026, 11, 19, 16, 0, tzinfo=UTC), 1).day_zero == date(2026, 11, 20)
    assert due(CALENDAR, datetime(2026, 11, 19, 15, 59, tzinfo=UTC), 1).day_zero == date(2026, 11, 19)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(CALENDAR, datetime(2026, 11, 19, 16, 0), 1)  # noqa: DTZ001 - the naive time is the point


def test_closing_time_is_a_setting() -> None:
    assert due(CALENDAR, date(2026, 11, 20), 1, closing=time(19, 30)).due_at == at("2026-11-23 19:30")


@pytest.mark.parametrize("working_days", [0, -1])
def test_a_limit_is_at_least_one_working_day(working_days: int) -> None:
    with pytest.raises(UsageError, match="至少为 1 个工作日"):
        due(CALENDAR, date(2026, 11, 20), working_days)


@given(days, st.integers(1, 60))
def test_the_days_counted_and_skipped_are_all_days_from_dispatch_to_due(day: date, n: int) -> None:
    answer = due(CALENDAR, day, n)
    passed = sorted([*answer.counted, *(skipped.day for skipped in answer.skipped)])
    assert passed == [day + timedelta(days=k + 1) for k in range(len(passed))]
    assert len(answer.counted) == n == answer.working_days
    assert answer.counted[-1] == passed[-1] == shanghai_day(answer.due_at)
    assert all(skipped.reason for skipped in answer.skipped)


@given(days, st.integers(1, 60), st.lists(days, max_size=20))
def test_a_holiday_added_never_brings_a_deadline_forward(day: date, n: int, off: list[date]) -> None:
    added = WorkingCalendar(DayRow(extra, works=False, name="", source="通知") for extra in off)
    assert due(added, day, n).due_at >= due(CALENDAR, day, n).due_at


@pytest.mark.parametrize(
    ("dispatched", "until"),
    [
        ("2026-11-20 09:00", "2026-11-20 18:00"),
        ("2026-11-20 18:00", "2026-11-20 18:00"),
        ("2026-11-20 18:01", "2026-11-23 18:00"),
        ("2026-11-21 09:00", "2026-11-23 18:00"),
        ("2026-09-30 20:00", "2026-10-08 18:00"),
        ("2026-10-10 09:00", "2026-10-10 18:00"),
    ],
)
def test_a_return_is_on_time_until_closing_on_the_day_or_on_the_next_working_day(dispatched: str, until: str) -> None:
    answer = return_due(CALENDAR, at(dispatched))
    assert answer.due_at == at(until)
    assert answer.day_zero == at(dispatched).date()


def test_a_return_on_the_day_of_a_year_without_notice_is_provisional() -> None:
    assert return_due(CALENDAR, at("2028-03-01 09:00")).provisional == (2028,)
    assert return_due(CALENDAR, at("2026-12-31 20:00")).provisional == (2027,)
    assert return_due(CALENDAR, date(2026, 3, 2)).provisional == ()


def test_a_promise_is_due_at_closing_time_of_the_promised_day() -> None:
    answer = promised_due(CALENDAR, date(2026, 10, 10), at("2026-09-28 10:00"))
    assert answer.due_at == at("2026-10-10 18:00")
    assert (answer.day_zero, answer.working_days) == (date(2026, 9, 28), 5)


@pytest.mark.parametrize(
    ("promised", "sentence"),
    [
        ("2026-09-28", "承诺办结日期须晚于今天 2026-09-28"),
        ("2026-09-01", "承诺办结日期须晚于今天 2026-09-28"),
        ("2026-10-03", "承诺办结日期须为工作日:2026-10-03 为国庆节,其后的工作日是 2026-10-08"),
    ],
)
def test_a_promise_must_be_a_working_day_to_come(promised: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        promised_due(CALENDAR, date.fromisoformat(promised), at("2026-09-28 10:00"))
    assert refused.value.article == "第十一条(二)"
    assert str(refused.value) == f"{sentence}(第十一条(二))"


def stands_by_definition(due_at: datetime, now: datetime, serious_days: int) -> Standing:
    """R-D7 word for word."""
    due_day = shanghai_day(due_at)
    if due_at < now:
        serious = now > closing_time(CALENDAR.after(due_day, serious_days))
        return Standing.SERIOUSLY_OVERDUE if serious else Standing.OVERDUE
    today = shanghai_day(now)
    return (
        Standing.DUE_SOON
        if CALENDAR.within(today, due_day) <= 1 and due_day <= CALENDAR.after(today, 1)
        else Standing.IN_TIME
    )


near = st.integers(-15, 15)


@given(moments, near, st.just(CLOSING) | times, st.integers(1, 8))
@example(at("2026-11-20 18:00:00.000001"), 0, CLOSING, 5)
@example(at("2026-11-20 18:00"), 0, CLOSING, 5)
@example(at("2026-11-27 18:00:00.000001"), -7, CLOSING, 5)
@example(at("2026-11-27 18:00"), -7, CLOSING, 5)
@example(at("2026-10-08 00:00"), -8, CLOSING, 1)
def test_the_comparison_of_times_is_the_definition(now: datetime, apart: int, closing: time, serious: int) -> None:
    due_at = datetime.combine(now.date() + timedelta(days=apart), closing, SHANGHAI).astimezone(UTC)
    assert standing(CALENDAR, due_at, now, serious_days=serious) == stands_by_definition(due_at, now, serious)


@given(moments, near, times, st.integers(1, 8))
@example(at("2026-11-27 18:00:00.000001"), -7, CLOSING, 5)
def test_the_days_left_agree_with_the_standing(now: datetime, apart: int, closing: time, serious: int) -> None:
    due_at = datetime.combine(now.date() + timedelta(days=apart), closing, SHANGHAI)
    left = working_days_left(CALENDAR, due_at, now)
    found = standing(CALENDAR, due_at, now, serious_days=serious)
    assert (left < 0) == (found in {Standing.OVERDUE, Standing.SERIOUSLY_OVERDUE})
    assert (left < -serious) == (found is Standing.SERIOUSLY_OVERDUE)
    if found is Standing.DUE_SOON:
        assert left in {0, 1}


@pytest.mark.parametrize(
    ("now", "found", "left"),
    [
        ("2026-11-17 09:00", Standing.IN_TIME, 3),
        ("2026-11-18 23:59", Standing.IN_TIME, 2),
        ("2026-11-19 00:00", Standing.DUE_SOON, 1),
        ("2026-11-20 18:00", Standing.DUE_SOON, 0),
        ("2026-11-20 18:01", Standing.OVERDUE, -1),
        ("2026-11-22 12:00", Standing.OVERDUE, -1),
        ("2026-11-23 18:00", Standing.OVERDUE, -1),
        ("2026-11-23 18:01", Standing.OVERDUE, -2),
        ("2026-11-27 18:00", Standing.OVERDUE, -5),
        ("2026-11-27 18:01", Standing.SERIOUSLY_OVERDUE, -6),
        ("2026-11-28 09:00", Standing.SERIOUSLY_OVERDUE, -6),
    ],
)
def test_what_was_due_on_friday_the_twentieth(now: str, found: Standing, left: int) -> None:
    friday = at("2026-11-20 18:00")
    assert standing(CALENDAR, friday, at(now)) is found
    assert working_days_left(CALENDAR, friday, at(now)) == left


def test_on_friday_what_is_due_on_monday_is_due_soon() -> None:
    assert standing(CALENDAR, at("2026-11-23 18:00"), at("2026-11-20 09:00")) is Standing.DUE_SOON
    assert standing(CALENDAR, at("2026-11-24 18:00"), at("2026-11-20 09:00")) is Standing.IN_TIME


def test_the_edges_are_utc_and_in_order() -> None:
    found = edges(CALENDAR, at("2026-11-20 09:00"))
    assert found.serious_before < found.now < found.soon_until
    assert found.standing(found.soon_until) is Standing.DUE_SOON
    assert found.standing(found.soon_until + timedelta.resolution) is Standing.IN_TIME
    assert {moment.tzinfo for moment in (found.serious_before, found.now, found.soon_until)} == {UTC}


def test_seriously_overdue_needs_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="serious_days"):
        edges(CALENDAR, at("2026-11-20 09:00"), serious_days=0)
