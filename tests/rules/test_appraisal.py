"""考评: scores from indicators, weights and what is taken off."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.rules.appraisal import deductions, score, weights
from hotline_tui.rules.indicators import Choices, Share
from hotline_tui.rules.words import Fault, Indicator

pytestmark = pytest.mark.requirement("R-11.8")
CITY = Choices()
SHARES = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(lambda pair: Share(min(pair), max(pair)))


def shares(**told: Share) -> dict[Indicator, Share]:
    return {each: told.get(each.value, Share(0, 0)) for each in Indicator}


def test_each_indicator_gives_its_weight_times_its_rate() -> None:
    found = score(shares(signed_in_time=Share(9, 10), on_time=Share(3, 4), satisfied=Share(1, 1)), 0, {}, CITY)
    assert found.points == {
        Indicator.SIGNED_IN_TIME: Decimal(18), Indicator.ON_TIME: Decimal(30), Indicator.SATISFIED: Decimal(40)
    }  # fmt: skip
    assert found.total == Decimal(88)


@pytest.mark.requirement("R-17", "R-18")
def test_late_returns_and_faults_are_taken_off() -> None:
    every = shares(signed_in_time=Share(1, 1), on_time=Share(1, 1), satisfied=Share(1, 1))
    found = score(every, 3, {Fault.RETALIATION: 1, Fault.INACTION: 2}, CITY)
    assert (found.late_returns, dict(found.faults)) == (
        Decimal("1.5"), {Fault.RETALIATION: Decimal(10), Fault.INACTION: Decimal(4)}
    )  # fmt: skip
    assert (found.taken_off, found.total) == (Decimal("15.5"), Decimal("84.5"))
    assert score(every, 0, {Fault.RETALIATION: 11}, CITY).total == 0


def test_the_weight_of_what_has_no_data_is_shared_out_among_the_rest() -> None:
    found = score(shares(signed_in_time=Share(1, 1), on_time=Share(1, 2)), 0, {}, CITY)
    assert found.points == {Indicator.SIGNED_IN_TIME: Decimal("33.33"), Indicator.ON_TIME: Decimal("33.33")}
    assert found.total == Decimal("66.66")


def test_of_a_unit_without_anything_there_is_no_score() -> None:
    assert score(shares(), 0, {}, CITY).total is None


def test_of_returns_the_fewer_the_better() -> None:
    city = Choices(weights=((Indicator.RETURNED, 100),))
    assert score(shares(returned=Share(1, 4)), 0, {}, city).total == Decimal(75)


@given(st.tuples(SHARES, SHARES, SHARES), st.integers(0, 300), st.integers(0, 20))
def test_the_parts_as_printed_add_up_to_the_total(given_: tuple[Share, Share, Share], late: int, faults: int) -> None:
    signed, on_time, satisfied = given_
    found = score(
        shares(signed_in_time=signed, on_time=on_time, satisfied=satisfied), late, {Fault.INACTION: faults}, CITY
    )
    if found.total is None:
        assert not any(each.whole for each in given_)
        return
    assert 0 <= found.total <= Decimal("100.01")
    assert found.total == max(Decimal(0), sum(found.points.values(), Decimal(0)) - found.taken_off)


def test_weights_are_written_by_name_and_are_a_hundred_together() -> None:
    told = ((Indicator.ON_TIME, 60), (Indicator.RETURNED, 40))
    for text in (
        "按时办结率 60, 退单率 40",
        "按时办结率60、退单率40",
        "on_time=60,returned=40",
        "按时办结率:60，退单率：40",
    ):
        assert weights(text) == told
    for text in (
        "",
        "按时办结率 60",
        "按时办结率 60, 按时办结率 40",
        "好评率 100",
        "按时办结率 -10, 退单率 110",
        "按时办结率",
    ):
        with pytest.raises(ValueError, match="no weights"):
            weights(text)


def test_what_is_taken_off_is_written_by_name_and_what_is_not_named_takes_nothing_off() -> None:
    faults = ((Fault.RETALIATION, Decimal(10)), (Fault.FALSIFICATION, Decimal(0)), (Fault.INACTION, Decimal("1.5")))
    for text in ("逾期退件 0.5, 打击报复 10, 推诿不作为 1.5", "推诿不作为:1.5、逾期退件0.5、retaliation=10"):
        assert deductions(text) == (Decimal("0.5"), faults)
    assert deductions("打击报复 10")[0] == 0
    for text in ("逾期退件", "逾期退件 -1", "逾期退件 1, 逾期退件 2", "迟到 1", "打击报复 10.555", ","):
        with pytest.raises(ValueError, match="no deductions"):
            deductions(text)


def test_a_report_says_what_is_taken_off_and_where_that_is_nothing() -> None:
    late, faults = deductions("推诿不作为 3")
    assert Choices(late_return=late, faults=faults).said[-1] == "考评扣分: 推诿不作为每次扣 3 分"
    none = tuple((fault, Decimal(0)) for fault in Fault)
    assert Choices(late_return=Decimal(0), faults=none).said[-1] == "考评扣分: 不扣分"
