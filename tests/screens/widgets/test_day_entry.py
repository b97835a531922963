"""A promised day without its year is the nearest such day: one gone by is refused, not taken for next year's (R-D8)."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.screens.day_entry import typed_day

pytestmark = pytest.mark.requirement("R-D8")
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12-11", date(2026, 12, 11)),
        ("11月23日", date(2026, 11, 23)),
        ("11-17", date(2026, 11, 17)),
        ("1.8", date(2027, 1, 8)),
        ("4/30", date(2027, 4, 30)),
        ("2027-11-17", date(2027, 11, 17)),
    ],
)
def test_a_day_without_its_year_is_the_nearest_such_day(typed: str, day: date) -> None:
    assert typed_day(typed, TODAY) == day


def test_a_leap_day_is_in_the_year_that_has_it() -> None:
    assert typed_day("2-29", date(2027, 12, 20)) == date(2028, 2, 29)
    assert typed_day("2-29", date(2028, 3, 2)) == date(2028, 2, 29)


@pytest.mark.parametrize("typed", ["2-29", "13-01", "11-31", "0-5", "5-0", "明天", ""])
def test_no_such_day_is_no_day(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        typed_day(typed, date(2026, 1, 5))
