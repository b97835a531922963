"""指标: formulas, shares that add up, ranks with ties, comparisons; nothing to divide by is 无数据."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.errors import UsageError
from hotline_tui.rules.indicators import (
    MEANINGS,
    SUMS,
    Choices,
    Share,
    change,
    formula,
    percentages,
    ranks,
    summed,
)
from hotline_tui.rules.words import Fault, Indicator, Measure

pytestmark = pytest.mark.requirement("R-11.7", "R-11.8")
COUNTS = st.lists(st.integers(0, 10**7), max_size=40)
SHARES = st.integers(0, 10**6).flatmap(lambda whole: st.builds(Share, st.integers(0, whole), st.just(whole)))


@pytest.mark.parametrize(
    ("indicator", "part", "whole"),
    [
        (Indicator.SIGNED_IN_TIME, {Measure.SIGNED}, {Measure.DISPATCHED}),
        (Indicator.ON_TIME, {Measure.ON_TIME}, {Measure.DUE}),
        (Indicator.COMPLETED, {Measure.COMPLETED}, {Measure.DUE}),
        (Indicator.SATISFIED, {Measure.SATISFIED, Measure.MOSTLY_SATISFIED}, {Measure.REACHED}),
        (Indicator.RETURNED, {Measure.RETURNED}, {Measure.DISPATCHED}),
        (Indicator.REDISPATCHED, {Measure.REDISPATCHED}, {Measure.REACHED}),
        (Indicator.DIRECT, {Measure.DIRECT}, {Measure.ACCEPTED}),
    ],
)
def test_each_indicator_divides_what_the_regulation_says_and_says_so(
    indicator: Indicator, part: set[Measure], whole: set[Measure]
) -> None:
    told = formula(indicator, Choices())
    assert (set(told.part), set(told.whole)) == (part, whole)
    assert told.text.count(" / ") == 1


def test_every_indicator_has_a_formula_and_every_count_a_meaning() -> None:
    assert all(formula(indicator, Choices()) for indicator in Indicator)
    assert set(MEANINGS) == set(Measure)
    assert len({formula(indicator, Choices()).text for indicator in Indicator}) == len(Indicator)


def test_a_city_decides_whether_mostly_satisfied_counts() -> None:
    counts = {Measure.SATISFIED: 5, Measure.MOSTLY_SATISFIED: 3, Measure.UNSATISFIED: 2, Measure.REACHED: 10}
    counts |= {Measure.UNREACHED: 7}
    strict = Choices(mostly_satisfied=False)
    assert formula(Indicator.SATISFIED, Choices()).share(counts) == Share(8, 10)
    assert formula(Indicator.SATISFIED, strict).share(counts) == Share(5, 10)
    assert "基本满意" not in formula(Indicator.SATISFIED, strict).text
    assert Choices().said[0] != strict.said[0]


def test_the_choices_are_said_as_they_are() -> None:
    chosen = Choices(
        serious_days=3,
        weights=((Indicator.ON_TIME, 70), (Indicator.SATISFIED, 30), (Indicator.RETURNED, 0)),
        late_return=Decimal(1),
        faults=((Fault.RETALIATION, Decimal(20)),),
    )
    assert chosen.said == (
        "满意率中基本满意计为满意",
        "超过时限 3 个工作日以上的为严重超期",
        "考评权重: 按时办结率 70、满意率 30",
        "考评扣分: 逾期退件每次扣 1 分、打击报复每次扣 20 分",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": ((Indicator.ON_TIME, 60), (Indicator.SATISFIED, 30))},
        {"weights": ((Indicator.ON_TIME, 130), (Indicator.SATISFIED, -30))},
        {"weights": ()},
        {"serious_days": 0},
        {"late_return": Decimal(-1)},
        {"faults": ((Fault.INACTION, Decimal(-1)),)},
    ],
)
def test_choices_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Choices(**wrong)  # pyright: ignore[reportArgumentType]


@given(st.dictionaries(st.sampled_from([each for each in Measure if each not in SUMS]), st.integers(0, 10**6)))
def test_sums_are_what_they_are_made_of(counts: dict[Measure, int]) -> None:
    told = summed(counts)
    assert set(told) == set(Measure)
    assert all(told[measure] == counts.get(measure, 0) for measure in Measure if measure not in SUMS)
    assert told[Measure.RECEIVED] == told[Measure.ACCEPTED] + told[Measure.REFUSED]
    assert told[Measure.DUE] == told[Measure.ON_TIME] + told[Measure.LATE] + told[Measure.OPEN]
    assert told[Measure.OVERDUE] == told[Measure.LATE] + told[Measure.OPEN]
    assert told[Measure.CALLED] == told[Measure.REACHED] + told[Measure.UNREACHED]


@given(COUNTS, st.integers(0, 4))
def test_percentages_add_up_to_exactly_one_hundred(counts: list[int], places: int) -> None:
    found = percentages(counts, places)
    whole = sum(counts)
    if not whole:
        assert found is None
        return
    assert found is not None
    assert sum(found) == 100
    step = Decimal(1).scaleb(-places)
    for count, percent in zip(counts, found, strict=True):
        assert abs(Fraction(percent) - Fraction(100 * count, whole)) < Fraction(step)
        assert percent.as_tuple().exponent == -places
    for one, other in zip(counts, counts, strict=True):
        assert found[counts.index(one)] >= found[counts.index(other)] or one <= other


@given(COUNTS)
def test_nothing_is_nothing_per_cent_and_more_is_never_less(counts: list[int]) -> None:
    found = percentages(counts)
    if found is not None:
        by_count = sorted(zip(counts, found, strict=True))
        assert [percent for _, percent in by_count] == sorted(found)
        assert all(percent == 0 for count, percent in by_count if not count)


def test_percentages_are_those_of_the_report() -> None:
    told = percentages([1264, 1217, 24])
    assert told == (Decimal("50.46"), Decimal("48.58"), Decimal("0.96"))
    assert percentages([1, 1, 1]) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))
    assert percentages([1, 1, 1], 0) == (34, 33, 33)
    assert percentages([5]) == (100,)
    assert percentages([]) is None
    assert percentages([0, 0]) is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([3.0, 2.0, 2.0, 1.0], (1, 2, 2, 4)),
        ([1.0, 2.0, 2.0, 3.0], (4, 2, 2, 1)),
        ([None, 0.5, None, 0.5], (None, 1, None, 1)),
        ([0.0, None], (1, None)),
        ([None, None], (None, None)),
        ([], ()),
    ],
)
def test_equals_share_a_rank_and_who_has_no_figure_has_none(
    values: list[float | None], told: tuple[int | None, ...]
) -> None:
    assert ranks(values) == told


@given(st.lists(st.one_of(st.none(), st.integers(0, 5))), st.booleans())
def test_a_rank_is_one_more_than_how_many_are_better(values: list[int | None], descending: bool) -> None:
    for value, rank in zip(values, ranks(values, descending=descending), strict=True):
        if value is None:
            assert rank is None
        else:
            better = [each for each in values if each is not None and (each > value if descending else each < value)]
            assert rank == len(better) + 1


def test_equal_shares_of_different_sizes_share_a_rank() -> None:
    assert ranks([Share(1, 3).rate, Share(2, 6).rate, Share(0, 0).rate, Share(3, 3).rate]) == (2, 2, None, 1)


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        (110, 100, "10.00"),
        (90, 100, "-10.00"),
        (100, 100, "0.00"),
        (0, 3, "-100.00"),
        (2, 3, "-33.33"),
        (4, 3, "33.33"),
        (10005, 10000, "0.05"),
        (200005, 200000, "0.00"),
        (20001, 20000, "0.01"),
        (19999, 20000, "-0.01"),
    ],
)
def test_a_count_changes_by_per_cent_of_the_earlier_a_half_away_from_zero(now: int, then: int, told: str) -> None:
    assert str(change(now, then)) == told


def test_a_share_changes_by_percentage_points_as_they_are_printed() -> None:
    assert change(Share(9, 10), Share(8, 10)) == Decimal(10)
    assert change(Share(1, 3), Share(2, 3)) == Decimal("33.33") - Decimal("66.67")
    with pytest.raises(TypeError):
        change(Share(1, 2), 3)  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_with_nothing_to_compare_with_there_is_no_figure() -> None:
    assert change(5, 0) is None
    assert change(0, 0) is None
    assert change(Share(1, 2), Share(0, 0)) is None
    assert change(Share(0, 0), Share(1, 2)) is None
    assert Share(0, 0).rate is None
    assert Share(0, 0).percent() is None
    assert Share(0, 5).percent() == 0


@given(SHARES)
def test_a_share_in_per_cent_is_its_rate_rounded(share: Share) -> None:
    percent = share.percent()
    if share.rate is None:
        assert percent is None
    else:
        assert percent is not None
        assert 0 <= percent <= 100
        assert abs(float(percent) - 100 * share.rate) <= 0.005 + 1e-9
