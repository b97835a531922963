"""Counts and indicators of REGULATION section 5 (Art. 11(7), 11(8)): formulas, per cents, ranks, comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import overload

from hotline_tui.errors import UsageError
from hotline_tui.rules.deadlines import SERIOUS_DAYS
from hotline_tui.rules.words import Fault, Indicator, Measure

PLACES = 2
"""Decimals of a per cent, as bulletins print it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Some of all."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None where there is nothing to divide by: 无数据."""
        return self.part / self.whole if self.whole else None

    def percent(self, places: int = PLACES) -> Decimal | None:
        """In per cent, exact, a half rounded up; None as for `rate`."""
        return _rounded(Fraction(100 * self.part, self.whole), places) if self.whole else None


@dataclass(frozen=True, slots=True)
class Choices:
    """What cities decide differently; printed on every report. Raises UsageError where it cannot be."""

    mostly_satisfied: bool = True
    """Whether 基本满意 counts as satisfied."""
    serious_days: int = SERIOUS_DAYS
    """More working days than this past a deadline is seriously overdue (R-D7)."""
    weights: tuple[tuple[Indicator, int], ...] = (
        (Indicator.SIGNED_IN_TIME, 20),
        (Indicator.ON_TIME, 40),
        (Indicator.SATISFIED, 40),
    )
    """Of the appraisal, in points; they add up to 100 (R-11.8)."""
    late_return: Decimal = Decimal("0.5")
    """Points that the appraisal takes off for a late return (R-D5)."""
    faults: tuple[tuple[Fault, Decimal], ...] = (
        (Fault.RETALIATION, Decimal(10)),
        (Fault.FALSIFICATION, Decimal(5)),
        (Fault.INACTION, Decimal(2)),
    )
    """And for each recorded fault (R-17, R-18)."""

    def __post_init__(self) -> None:
        if self.serious_days < 1:
            raise UsageError("严重超期的工作日数须为 1 以上的整数")
        weights = [weight for _, weight in self.weights]
        if sum(weights) != 100 or min(weights) < 0:
            raise UsageError(f"考评各项权重须不小于 0 且合计 100, 现合计 {sum(weights)}, 请改正")
        if min([self.late_return, *(points for _, points in self.faults)]) < 0:
            raise UsageError("考评的扣分须不小于 0, 请改正")

    @property
    def said(self) -> tuple[str, ...]:
        """As a report prints them, one sentence each."""
        weights = "、".join(f"{indicator.label} {weight}" for indicator, weight in self.weights if weight)
        told = [("逾期退件", self.late_return), *((fault.label, points) for fault, points in self.faults)]
        off = "、".join(f"{name}每次扣 {points} 分" for name, points in told if points)
        return (
            f"满意率中基本满意{'计为' if self.mostly_satisfied else '不计为'}满意",
            f"超过时限 {self.serious_days} 个工作日以上的为严重超期",
            f"考评权重: {weights}",
            f"考评扣分: {off or '不扣分'}",
        )


@dataclass(frozen=True, slots=True)
class Formula:
    """Which counts are divided by which, and how that is said beside the figure."""

    part: tuple[Measure, ...]
    whole: tuple[Measure, ...]
    text: str

    def share(self, counts: Mapping[Measure, int]) -> Share:
        """Of counts of one period."""
        return Share(sum(counts.get(each, 0) for each in self.part), sum(counts.get(each, 0) for each in self.whole))


SUMS: Mapping[Measure, Mapping[Measure, int]] = MappingProxyType(
    {
        Measure.ACCEPTED: MappingProxyType({Measure.RECEIVED: 1, Measure.REFUSED: -1}),
        Measure.LATE: MappingProxyType({Measure.COMPLETED: 1, Measure.ON_TIME: -1}),
        Measure.OPEN: MappingProxyType({Measure.DUE: 1, Measure.COMPLETED: -1}),
        Measure.OVERDUE: MappingProxyType({Measure.DUE: 1, Measure.ON_TIME: -1}),
        Measure.REACHED: MappingProxyType({Measure.SATISFIED: 1, Measure.MOSTLY_SATISFIED: 1, Measure.UNSATISFIED: 1}),
        Measure.CALLED: MappingProxyType(
            {Measure.SATISFIED: 1, Measure.MOSTLY_SATISFIED: 1, Measure.UNSATISFIED: 1, Measure.UNREACHED: 1}
        ),
    }
)
"""Counts that are others added or taken off; what is not here is counted by itself."""

_FORMULAS = {
    Indicator.SIGNED_IN_TIME: Formula((Measure.SIGNED,), (Measure.DISPATCHED,), "交办当日签收的件数 / 期内交办的件数"),
    Indicator.ON_TIME: Formula((Measure.ON_TIME,), (Measure.DUE,), "在时限内办结的件数 / 时限在期内的件数"),
    Indicator.COMPLETED: Formula((Measure.COMPLETED,), (Measure.DUE,), "已办结的件数(含超期办结) / 时限在期内的件数"),
    Indicator.RETURNED: Formula((Measure.RETURNED,), (Measure.DISPATCHED,), "退件的件数 / 期内交办的件数"),
    Indicator.REDISPATCHED: Formula(
        (Measure.REDISPATCHED,), (Measure.REACHED,), "回访不满意后重新交办的件数 / 期内回访联系上的次数"
    ),
    Indicator.DIRECT: Formula((Measure.DIRECT,), (Measure.ACCEPTED,), "直接答复的件数 / 期内受理的件数"),
}
_SATISFIED = {
    True: Formula(
        (Measure.SATISFIED, Measure.MOSTLY_SATISFIED),
        (Measure.REACHED,),
        "满意和基本满意的次数 / 期内回访联系上并有评价的次数",
    ),
    False: Formula((Measure.SATISFIED,), (Measure.REACHED,), "满意的次数 / 期内回访联系上并有评价的次数"),
}


MEANINGS: Mapping[Measure, str] = MappingProxyType(
    {
        Measure.RECEIVED: "期内收到的诉求, 含不予受理和并案的",
        Measure.ACCEPTED: "期内收到的诉求, 不予受理的除外",
        Measure.REFUSED: "期内收到而不予受理的",
        Measure.DIRECT: "期内受理并以标准答案直接答复的",
        Measure.ANSWERED: "期内首次答复来电人的, 不论何时收到; 并案的随主件, 不另计",
        Measure.PUBLISHED: "期内首次网上公开答复的, 不论何时收到; 并案的随主件, 不另计",
        Measure.DISPATCHED: "期内交办给单位的, 一件交办几个单位计几件",
        Measure.SIGNED: "期内交办并于当日签收的",
        Measure.RETURNED: "期内交办而被退件的",
        Measure.RETURNED_LATE: "期内交办而逾期退件的",
        Measure.REDISPATCHED: "期内因回访不满意重新交办的, 计入原承办单位",
        Measure.DUE: "回复或承诺时限在期内的, 未到时限和撤销的除外",
        Measure.ON_TIME: "时限在期内并在时限内办结的",
        Measure.COMPLETED: "时限在期内并已办结的, 含超期办结",
        Measure.LATE: "时限在期内而超期办结的",
        Measure.OPEN: "时限在期内而至今未办结的",
        Measure.OVERDUE: "时限在期内而超期办结或至今未办结的",
        Measure.SERIOUS: "时限在期内而严重超期的: 已办结的以办结时计, 未办结的以统计时计",
        Measure.CALLED: "期内回访的次数, 含未联系上的",
        Measure.REACHED: "期内回访联系上并有评价的次数",
        Measure.SATISFIED: "期内回访评价满意的次数",
        Measure.MOSTLY_SATISFIED: "期内回访评价基本满意的次数",
        Measure.UNSATISFIED: "期内回访评价不满意的次数",
        Measure.UNREACHED: "期内回访未联系上的次数",
    }
)
"""What is counted and of which day it is, as it stands beside a figure."""


def formula(indicator: Indicator, choices: Choices) -> Formula:
    """An indicator's formula as the city chose it."""
    return _SATISFIED[choices.mostly_satisfied] if indicator is Indicator.SATISFIED else _FORMULAS[indicator]


def summed(counts: Mapping[Measure, int], measures: Iterable[Measure] = Measure) -> dict[Measure, int]:
    """These of what was counted by itself and of the sums of it."""
    return {
        measure: sum(counts.get(each, 0) * sign for each, sign in SUMS[measure].items())
        if measure in SUMS
        else counts.get(measure, 0)
        for measure in measures
    }


def percentages(counts: Sequence[int], places: int = PLACES) -> tuple[Decimal, ...] | None:
    """What each is of all, in per cent that add up to exactly 100 (largest remainder); None where there is nothing.

    Of equal remainders the one of the larger count goes first, then the one that stands first.
    """
    whole = sum(counts)
    if not whole:
        return None
    units = 100 * 10**places
    floors = [count * units // whole for count in counts]
    order = sorted(range(len(counts)), key=lambda at: (-(counts[at] * units % whole), -counts[at], at))
    for at in order[: units - sum(floors)]:
        floors[at] += 1
    return tuple(Decimal(each).scaleb(-places) for each in floors)


def ranks(values: Sequence[float | Decimal | Fraction | None], *, descending: bool = True) -> tuple[int | None, ...]:
    """Places from 1; equals share one and the next is left out (1 2 2 4); None has none."""
    told = sorted((each for each in values if each is not None), reverse=descending)
    first: dict[float | Decimal | Fraction, int] = {}
    for place, value in enumerate(told, 1):
        first.setdefault(value, place)
    return tuple(None if value is None else first[value] for value in values)


@overload
def change(now: int, then: int, places: int = PLACES) -> Decimal | None: ...
@overload
def change(now: Share, then: Share, places: int = PLACES) -> Decimal | None: ...
def change(now: int | Share, then: int | Share, places: int = PLACES) -> Decimal | None:
    """环比 or 同比: of counts in per cent of the earlier, of shares in percentage points as both are printed.

    None where there is nothing to compare with: 无数据.
    """
    match now, then:
        case Share(), Share():
            here, there = now.percent(places), then.percent(places)
            return None if here is None or there is None else here - there
        case int(), int():
            return _rounded(Fraction(100 * (now - then), then), places) if then else None
        case _:
            raise TypeError("a count is compared with a count, a share with a share")


def _rounded(value: Fraction, places: int) -> Decimal:
    """A half goes away from zero."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units if value >= 0 else -units).scaleb(-places)
