"""R-D3: what a working day is."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.errors import UsageError
from hotline_tui.rules.calendar import BASE_SOURCE, DayRow, WorkingCalendar

pytestmark = pytest.mark.requirement("R-D3")

NOTICES = Path(__file__).parents[3] / "shared" / "data" / "holidays"
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
TWENTY_YEARS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]

CALENDAR = WorkingCalendar()
days = st.dates(date(2005, 1, 1), date(2030, 12, 31))
counts = st.integers(0, 400)


@cache
def library():
    import holidays

    return holidays.country_holidays("CN", years=range(2004, 2033))


def row(day: date, works: bool = False, name: str = "肉孜节", source: str = "自治区通知") -> DayRow:
    return DayRow(day, works, name, source)


def test_every_day_of_twenty_years_is_what_the_library_says() -> None:
    assert [day for day in TWENTY_YEARS if CALENDAR.is_working(day) != library().is_working_day(day)] == []


def test_every_day_of_twenty_years_is_what_the_notices_say() -> None:
    if not NOTICES.is_dir():
        pytest.skip("the published notices are not beside the project (../shared/data/holidays)")
    # A notice may name days of the year before or after its own, so all years are read together.
    published = {
        date.fromisoformat(day["date"]): not day["isOffDay"]
        for file in sorted(NOTICES.glob("*.json"))
        for day in json.loads(file.read_text(encoding="utf-8"))["days"]
    }
    assert len(published) > 500
    assert [day for day in TWENTY_YEARS if CALENDAR.is_working(day) != published.get(day, day.weekday() < 5)] == []


def test_the_nth_working_day_of_every_day_of_twenty_years_is_the_librarys() -> None:
    wrong = [
        (day, n)
        for day in TWENTY_YEARS
        for n in (1, 3, 5, 10)
        if CALENDAR.after(day, n) != library().get_nth_working_day(day, n)
    ]
    assert wrong == []


@given(days, st.integers(1, 60))
def test_counting_back_is_the_librarys_too(day: date, n: int) -> None:
    assert CALENDAR.before(day, n) == library().get_nth_working_day(day, -n)


@given(days, counts)
def test_n_working_days_after_then_n_before_comes_back(day: date, n: int) -> None:
    start = CALENDAR.after(day, 1)
    assert CALENDAR.before(CALENDAR.after(start, n), n) == start


@given(days, counts, counts)
def test_counting_in_two_steps_is_counting_in_one(day: date, n: int, more: int) -> None:
    assert CALENDAR.after(CALENDAR.after(day, n), more) == CALENDAR.after(day, n + more)
    assert CALENDAR.before(CALENDAR.before(day, n), more) == CALENDAR.before(day, n + more)


@given(days, days, days)
def test_working_days_between_add_up(first: date, middle: date, last: date) -> None:
    assert CALENDAR.within(first, middle) + CALENDAR.within(middle, last) == CALENDAR.within(first, last)


@given(days, st.integers(1, 400))
def test_there_are_n_working_days_up_to_the_nth(day: date, n: int) -> None:
    assert CALENDAR.within(day, CALENDAR.after(day, n)) == n
    assert CALENDAR.is_working(CALENDAR.after(day, n))


@given(days, st.integers(1, 60), st.lists(days, max_size=20))
def test_a_day_off_more_never_makes_a_deadline_earlier(day: date, n: int, off: list[date]) -> None:
    assert WorkingCalendar(map(row, off)).after(day, n) >= CALENDAR.after(day, n)


@given(days, st.integers(1, 60), st.lists(days, max_size=20))
def test_a_make_up_day_more_never_makes_a_deadline_later(day: date, n: int, on: list[date]) -> None:
    assert WorkingCalendar(row(extra, works=True) for extra in on).after(day, n) <= CALENDAR.after(day, n)


@given(st.dates(date(1951, 1, 1), date(2097, 12, 31)), counts)
def test_the_order_in_which_years_are_asked_for_changes_nothing(day: date, n: int) -> None:
    assert WorkingCalendar().after(day, n) == CALENDAR.after(day, n)
    assert WorkingCalendar().is_working(day) == CALENDAR.is_working(day)


def test_the_last_days_of_a_year_follow_the_notice_of_the_next() -> None:
    new_year_eve = date(2005, 12, 31)  # a Saturday that works by the notice of 2006
    fresh = WorkingCalendar()
    assert not fresh.is_working(date(2004, 5, 1))
    assert fresh.is_make_up(new_year_eve)
    assert fresh.after(date(2005, 12, 30), 1) == new_year_eve


def test_no_days_after_a_day_is_the_day_itself() -> None:
    saturday = date(2026, 11, 21)
    assert CALENDAR.after(saturday, 0) == saturday == CALENDAR.before(saturday, 0)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.after(saturday, -1)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.before(saturday, -1)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-11-20", None),
        ("2026-11-21", "周六"),
        ("2026-11-22", "周日"),
        ("2026-10-01", "国庆节"),
        ("2026-10-05", "国庆节"),  # 补假 in the library
        ("2026-10-07", "国庆节"),  # a weekday swapped with 10-10
        ("2026-10-10", None),
        ("2026-10-04", "国庆节"),  # a Sunday in the middle of the holiday
        ("2026-01-02", "元旦"),
        ("2026-02-15", "周日"),
        ("2026-02-16", "春节"),
        ("2012-01-25", "春节"),
        ("2007-12-31", "元旦"),
        ("2020-01-31", "春节延长假期"),
        ("2020-10-01", "中秋节、国庆节"),
        ("2025-10-07", "国庆节"),
    ],
)
def test_a_day_off_says_why(day: str, reason: str | None) -> None:
    assert CALENDAR.reason(date.fromisoformat(day)) == reason


def test_every_reason_of_twenty_years_is_plain_chinese() -> None:
    reasons = {CALENDAR.reason(day) for day in TWENTY_YEARS} - {None}
    assert reasons == {
        *("周六", "周日", "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", "中秋节、国庆节"),
        *("春节延长假期", "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
    }


def test_a_make_up_saturday_works_and_an_ordinary_one_does_not() -> None:
    assert CALENDAR.is_make_up(date(2026, 10, 10))
    assert not CALENDAR.is_make_up(date(2026, 10, 17))
    assert not CALENDAR.is_make_up(date(2026, 10, 9))


def test_the_offices_row_wins_over_the_library() -> None:
    regional, cancelled, make_up = date(2026, 3, 20), date(2026, 10, 6), date(2026, 3, 22)
    calendar = WorkingCalendar(
        [row(regional), row(cancelled, works=True, name=""), row(make_up, works=True, name="调休上班")]
    )
    assert (CALENDAR.is_working(regional), calendar.is_working(regional)) == (True, False)
    assert calendar.reason(regional) == "肉孜节"
    assert (CALENDAR.is_working(cancelled), calendar.is_working(cancelled)) == (False, True)
    assert calendar.is_make_up(make_up)
    assert not calendar.is_make_up(cancelled)
    shown = {day.day: day for day in calendar.days(2026)}
    assert shown[regional].source == shown[make_up].source == "自治区通知"
    assert shown[make_up].name == "调休上班"
    assert shown[cancelled].name == ""


def test_a_row_of_the_office_can_close_a_make_up_day() -> None:
    calendar = WorkingCalendar([row(date(2026, 10, 10), name="")])
    assert calendar.after(date(2026, 9, 28), 5) == date(2026, 10, 12)
    assert calendar.reason(date(2026, 10, 10)) == "周六"


def test_a_weekday_off_without_name_beside_no_holiday_is_a_swapped_day() -> None:
    assert WorkingCalendar([row(date(2026, 11, 18), name="")]).reason(date(2026, 11, 18)) == "调休放假"


def test_the_last_row_for_a_day_counts_and_the_calendar_below_is_left_as_it_was() -> None:
    day = date(2026, 11, 18)
    closed = WorkingCalendar([row(day)])
    opened = closed.with_rows([row(day, works=True)], noticed=[2027])
    assert (closed.is_working(day), opened.is_working(day)) == (False, True)
    assert (closed.provisional(date(2027, 1, 1)), opened.provisional(date(2027, 1, 1))) == (True, False)
    assert dict(opened.rows) == {day: row(day, works=True)}


def test_a_year_without_a_notice_is_provisional_until_the_office_adds_it() -> None:
    last = max(year.year for year in CALENDAR.years if year.noticed)
    assert last >= 2026
    assert not CALENDAR.provisional(date(2007, 6, 1))
    assert not CALENDAR.provisional(date(last, 12, 31))
    assert CALENDAR.provisional(date(last + 1, 1, 1))
    assert not WorkingCalendar(noticed=[last + 1]).provisional(date(last + 1, 1, 1))


def test_rows_alone_do_not_make_a_year_firm() -> None:
    assert WorkingCalendar([row(date(2090, 5, 4))]).provisional(date(2090, 5, 4))


def test_the_years_end_with_the_first_provisional_one() -> None:
    years = WorkingCalendar(noticed=[2027]).years
    assert [year.year for year in years] == list(range(2001, years[-1].year + 1))
    assert [year.year for year in years if not year.noticed] == [years[-1].year]
    by_year = {year.year: year for year in years}
    assert by_year[2027].noticed_by_office
    assert not by_year[2026].noticed_by_office
    assert (by_year[2026].working_days, by_year[2026].make_up_days) == (248, 6)


def test_a_year_is_shown_day_by_day() -> None:
    shown = list(CALENDAR.days(2024))
    assert [day.day for day in shown] == [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    assert all(day.works == CALENDAR.is_working(day.day) for day in shown)
    assert all(day.name for day in shown if not day.works)
    assert {day.name for day in shown if day.works} == {"", "调休上班"}
    assert {day.source for day in shown if day.name in {"国庆节", "调休上班"}} == {BASE_SOURCE}
    assert {day.source for day in shown if day.name in {"周六", "周日", ""}} == {""}


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2101, 1, 1)])
def test_a_day_outside_the_calendar_is_told_in_chinese(day: date) -> None:
    for ask in (
        lambda: CALENDAR.is_working(day),
        lambda: CALENDAR.after(day, 1),
        lambda: CALENDAR.before(day, 1),
        lambda: CALENDAR.within(day, FIRST),
        lambda: CALENDAR.days(day.year),
    ):
        with pytest.raises(UsageError, match="1950 年至 2100 年"):
            ask()


def test_counting_off_the_end_of_the_calendar_is_told_in_chinese() -> None:
    assert CALENDAR.after(date(2100, 12, 1), 5) == date(2100, 12, 8)
    with pytest.raises(UsageError, match="1950 年至 2100 年"):
        CALENDAR.after(date(2100, 12, 1), 50)
    with pytest.raises(UsageError, match="1950 年至 2100 年"):
        CALENDAR.before(date(1950, 1, 20), 50)


def test_importing_the_calendar_does_not_load_the_library() -> None:
    program = "import sys, hotline_tui.rules.calendar, hotline_tui.rules.deadlines; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_asking_the_calendar_loads_no_other_country() -> None:
    program = (
        "import sys; from datetime import date; from hotline_tui.rules.calendar import WorkingCalendar;"
        "WorkingCalendar().is_working(date(2026, 11, 22)); sys.exit('holidays.countries' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
