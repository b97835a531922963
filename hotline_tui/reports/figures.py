"""All that a report says, as numbers: counted by `reports.gather`, told by templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated

from pydantic import PlainSerializer

from hotline_tui.rules.appraisal import Score, score
from hotline_tui.rules.indicators import Choices, Share, change, formula, percentages, ranks, summed
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Fault, Indicator, Measure, Report


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
    counts: Annotated[Mapping[Measure, Count], PlainSerializer(dict)]
    rates: Annotated[Mapping[Indicator, Rate], PlainSerializer(dict)]
    percent: Decimal | None = None
    """Of what was accepted among its like; they add up to 100."""
    below: tuple[Line, ...] = ()
    """The concrete matters of a topic, the subordinates of a unit."""
    superior: str = ""
    """Of a unit."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came by the hotline, by the mayor's mailbox, or both together; each list has the largest first."""

    total: Line
    kinds: tuple[Line, ...] = ()
    topics: tuple[Line, ...] = ()
    channels: tuple[Line, ...] = ()
    regions: tuple[Line, ...] = ()
    units: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Late:
    """What became seriously overdue in one month, whose it is, the most first."""

    month: Period
    hotline: tuple[Line, ...]
    mailbox: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What the office writes itself, as Markdown."""

    problems: str = ""
    """存在问题."""
    next_steps: str = ""
    """下一步工作."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Of an appraisal, by the authority (Art. 5)."""

    version: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one site's chain of the record when the report was made: a changed record no longer leads to it."""

    node: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a unit's score lost by."""

    cause: Indicator | Fault | None
    """The rate that it lowered, or the fault; None for a late return."""
    number: str
    """Of the order."""
    at: datetime
    """The time (UTC) by whose day it counts."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit's score in an appraisal, and what it was made of."""

    line: Line
    faults: Mapping[Fault, int]
    score: Score
    rank: int | None
    """Units of one score share a rank; None where there is nothing to appraise."""
    reasons: tuple[Reason, ...] = ()
    """By what it lost, one by one, as far as the viewer may see."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A report."""

    report: Report
    period: Period
    before: Period
    year_before: Period
    at: datetime
    """When it was counted, UTC."""
    city: str
    issuer: str
    number: int
    """Of the issue within its year."""
    all: Part
    hotline: Part
    mailbox: Part
    late: tuple[Late, ...] = ()
    refusals: tuple[tuple[str, int], ...] = ()
    """Art. 8: each reason, also with none."""
    choices: Choices = field(default_factory=Choices)
    heads: tuple[Head, ...] = ()
    written: Written = Written()
    scores: tuple[Scored, ...] = ()
    """Of an appraisal, the first first."""
    confirmation: Confirmation | None = None
    """None for figures that nobody confirmed."""


Counts = Mapping[Measure, int]
NOTHING: Counts = MappingProxyType({})


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
    rates = {}
    for indicator in Indicator:
        how = formula(indicator, city)
        rates[indicator] = Rate(indicator, how.text, *(how.share(each) for each in told))
    return replace(Line(name, MappingProxyType(counts), MappingProxyType(rates)), **more)


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


def scored(
    units: Sequence[Line],
    faults: Sequence[Mapping[Fault, int]],
    choices: Choices,
    reasons: Sequence[tuple[Reason, ...]] | None = None,
) -> tuple[Scored, ...]:
    """The units with their scores and ranks, the best first, those without a score at the end."""
    told = [
        score(
            {indicator: rate.now for indicator, rate in unit.rates.items()},
            unit.counts[Measure.RETURNED_LATE].now,
            found,
            choices,
        )
        for unit, found in zip(units, faults, strict=True)
    ]
    places = ranks([each.total for each in told])
    why = reasons or [()] * len(units)
    made = [Scored(*each) for each in zip(units, faults, told, places, why, strict=True)]
    return tuple(sorted(made, key=lambda each: (each.rank is None, each.rank, each.line.name)))
