"""考评: a unit's score from weighted indicators and what is taken off, and why (Art. 11(8), 17, 18)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType

from hotline_tui.rules.indicators import Choices, Share, formula
from hotline_tui.rules.words import Fault, Indicator, Measure

FULL = 100
LATE_RETURN = "逾期退件"
_BETTER_LOW = frozenset({Indicator.RETURNED, Indicator.REDISPATCHED})
SHORT: Mapping[Indicator, str] = MappingProxyType(
    {
        Indicator.SIGNED_IN_TIME: "未当日签收",
        Indicator.ON_TIME: "未在时限内办结",
        Indicator.COMPLETED: "未办结",
        Indicator.SATISFIED: "回访未达到满意",
        Indicator.RETURNED: "退件",
        Indicator.REDISPATCHED: "回访不满意后重新交办",
    }
)
"""What lowers a rate, as it is listed; of direct answers no unit is asked."""
_CENT = Decimal("0.01")
_PARTS = re.compile("[,\uff0c\u3001]")
_DEDUCTION = re.compile(r"(\w+?)[ =:\uff1a]*(\d{1,3}(?:\.\d{1,2})?)")
_WEIGHT = re.compile(r"(\w+?)[ =:\uff1a]*(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Score:
    """What a unit gets, and why."""

    points: Mapping[Indicator, Decimal]
    """By indicator that has data; the weight of those without is shared out among these."""
    late_returns: Decimal
    """Taken off, as are the faults."""
    faults: Mapping[Fault, Decimal]
    total: Decimal | None
    """From 0 to 100; None for a unit of which there is nothing to appraise."""

    @property
    def taken_off(self) -> Decimal:
        """All that is."""
        return self.late_returns + sum(self.faults.values(), Decimal(0))


def score(shares: Mapping[Indicator, Share], late_returns: int, faults: Mapping[Fault, int], choices: Choices) -> Score:
    """The score that a unit's year makes; its parts, as printed, add up to the total."""
    told = {each: weight for each, weight in choices.weights if weight and shares[each].whole}
    basis = sum(told.values())
    points = {
        each: _rounded(Fraction(FULL * weight, basis) * _fulfilled(each, shares[each])) for each, weight in told.items()
    }
    late = choices.late_return * late_returns
    off = {fault: points_each * faults.get(fault, 0) for fault, points_each in choices.faults if faults.get(fault)}
    if not points:
        return Score(points, late, off, None)
    whole = sum(points.values(), Decimal(0)) - late - sum(off.values(), Decimal(0))
    return Score(points, late, off, max(Decimal("0.00"), whole))


def lost(indicator: Indicator, choices: Choices) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """What lowers a rate: all that the first count and the others do not."""
    how = formula(indicator, choices)
    return (how.part, ()) if indicator in _BETTER_LOW else (how.whole, how.part)


def weights(text: str) -> tuple[tuple[Indicator, int], ...]:
    """What a setting like `签收及时率 20, 按时办结率 40, 满意率 40` says; raises ValueError unless it is a hundred."""
    names = {name: each for each in Indicator for name in (each.label, each.value)}
    told = [_WEIGHT.fullmatch(part.strip()) for part in _PARTS.split(text.strip())]
    found = tuple((names[each[1]], int(each[2])) for each in told if each and each[1] in names)
    if len(dict(found)) != len(told) or sum(weight for _, weight in found) != FULL:
        raise ValueError(f"no weights: {text}")
    return found


def deductions(text: str) -> tuple[Decimal, tuple[tuple[Fault, Decimal], ...]]:
    """What a setting like `逾期退件 0.5, 打击报复 10` says of a late return and of each fault; the others cost nothing.

    Raises ValueError where it says something else.
    """
    names: dict[str, Fault | None] = {LATE_RETURN: None}
    names |= {name: each for each in Fault for name in (each.label, each.value)}
    told = [_DEDUCTION.fullmatch(part.strip()) for part in _PARTS.split(text.strip())]
    found = {names[each[1]]: Decimal(each[2]) for each in told if each and each[1] in names}
    if len(found) != len(told):
        raise ValueError(f"no deductions: {text}")
    return found.get(None, Decimal(0)), tuple((fault, found.get(fault, Decimal(0))) for fault in Fault)


def _fulfilled(indicator: Indicator, share: Share) -> Fraction:
    """Of some indicators the less the better."""
    part = share.whole - share.part if indicator in _BETTER_LOW else share.part
    return Fraction(part, share.whole)


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).quantize(_CENT, ROUND_HALF_UP)
