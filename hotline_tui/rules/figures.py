"""统计的数字: a count and a rate beside those of the periods they are compared with, and lines of them (R-11.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from hotline_tui.rules.indicators import Choices, Share, change, formula, percentages, summed
from hotline_tui.rules.words import Indicator, Measure

Counts = Mapping[Measure, int]
NOTHING: Counts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Count:
    """How many, beside the period before and the same of a year earlier."""

    now: int
    before: int
    year_before: int

    @property
    def change(self) -> Decimal | None:
        """环比 in per cent; None where there was nothing before."""
        return change(self.now, self.before)

    @property
    def year_change(self) -> Decimal | None:
        """同比 in per cent."""
        return change(self.now, self.year_before)

    def __bool__(self) -> bool:
        return bool(self.now)

    def __str__(self) -> str:
        return str(self.now)


@dataclass(frozen=True, slots=True)
class Rate:
    """An indicator with its formula, beside the period before and the same of a year earlier."""

    indicator: Indicator
    formula: str
    now: Share
    before: Share
    year_before: Share

    @property
    def percent(self) -> Decimal | None:
        """None where there is nothing to divide by."""
        return self.now.percent()

    @property
    def change(self) -> Decimal | None:
        """环比 in percentage points."""
        return change(self.now, self.before)

    @property
    def year_change(self) -> Decimal | None:
        """同比 in percentage points."""
        return change(self.now, self.year_before)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind, topic, channel, region or unit, or all together."""

    name: str
    counts: Mapping[Measure, Count]
    rates: Mapping[Indicator, Rate]
    percent: Decimal | None = None
    """Of what was accepted among its like; they add up to 100."""
    below: tuple[Line, ...] = ()
    """The concrete matters of a topic, the subordinates of a unit."""
    superior: str = ""
    """Of a unit."""
    keys: tuple[str, ...] = ()
    """Which keys of its dimension it sums; none of what is not told apart."""


def line(
    name: str,
    now: Counts = NOTHING,
    before: Counts = NOTHING,
    year_before: Counts = NOTHING,
    choices: Choices | None = None,
    **more: object,
) -> Line:
    """A line of what was counted in the three periods, with every sum and every indicator."""
    city = choices or Choices()
    told = [_whole(counts) for counts in (now, before, year_before)]
    counts = {measure: Count(*(each[measure] for each in told)) for measure in Measure}
    rates: dict[Indicator, Rate] = {}
    for indicator in Indicator:
        how = formula(indicator, city)
        rates[indicator] = Rate(indicator, how.text, *(how.share(each) for each in told))
    return replace(Line(name, counts, rates), **more)


def parted(lines: Sequence[Line], by: Measure = Measure.ACCEPTED, last: Sequence[str] = ()) -> tuple[Line, ...]:
    """The lines, the largest first but those named `last` at the end, with per cents that add up to 100."""
    percents = percentages([each.counts[by].now for each in lines]) or [None] * len(lines)
    told = [replace(each, percent=percent) for each, percent in zip(lines, percents, strict=True)]
    return tuple(sorted(told, key=lambda each: (each.name in last, -each.counts[by].now)))


def _whole(counts: Counts) -> Counts:
    """With the sums, unless they were counted already."""
    if len(counts) == len(Measure):
        return counts
    told = summed(counts)
    return {measure: counts.get(measure, told[measure]) for measure in Measure}
