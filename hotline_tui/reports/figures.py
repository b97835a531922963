"""All that a report says, as numbers: counted by `reports.gather`, told by templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline_tui.rules.appraisal import Score, score
from hotline_tui.rules.figures import Line
from hotline_tui.rules.indicators import Choices, ranks
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Fault, Indicator, Measure, Report


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
