"""The figures of a report, as far as the desk may see, complete to the moment of asking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial

from sqlmodel import Session

from hotline_tui.data import seal
from hotline_tui.data.queries import reporting
from hotline_tui.data.queries.faults import faults
from hotline_tui.data.queries.figures import refusals
from hotline_tui.data.queries.measured import CALLS, LETTERS, Scope
from hotline_tui.data.queries.shortfalls import Shortfall, recorded, shortfalls
from hotline_tui.data.queries.statistics import counts
from hotline_tui.data.queries.visibility import sees_every_order
from hotline_tui.reports.figures import Figures, Head, Late, Part, Reason, Scored, Written, scored
from hotline_tui.rules.appraisal import SHORT, lost
from hotline_tui.rules.figures import NOTHING, Counts, Line
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Dimension, Fault, Indicator, Measure, Report, Span
from hotline_tui.services.desk import Desk
from hotline_tui.services.lines import Lines

SPANS = {
    Report.BULLETIN: Span.MONTH,
    Report.WEEKLY: Span.WEEK,
    Report.QUARTERLY: Span.QUARTER,
    Report.APPRAISAL: Span.YEAR,
}
"""The period that each tells of, unless another is asked for."""
Cause = Indicator | Fault | None
Step = Callable[[float], None]
"""Told the share that is done; raises to stop."""


def gather(
    desk: Desk,
    session: Session,
    report: Report,
    period: Period,
    *,
    number: int | None = None,
    step: Step = lambda _: None,
) -> Figures:
    """All that a report of this kind and period says; `number` of the issue, else as the office kept it."""
    text = reporting.text(session, desk.viewer, report, period)
    asking = _Asking(desk, session, period, step)
    parts = [asking.part(scope) for scope in (Scope(), CALLS, LETTERS)]
    late = tuple(asking.late(month) for month in _months(period))
    city = desk.settings.city
    step(1.0)
    return Figures(
        report,
        period,
        period.before(),
        period.year_before(),
        asking.reckoning.now,
        city,
        desk.settings.issuer or f"{city}12345政府服务热线办公室",
        number or text.number or _issue(period),
        *parts,
        late=late,
        refusals=tuple(
            (reason.label, many) for reason, many in refusals(session, desk.viewer, period.since, period.until)
        ),
        choices=asking.reckoning.choices,
        heads=_heads(session) if sees_every_order(desk.viewer) and not desk.viewer.guarded else (),
        written=Written(text.problems, text.next_steps),
        scores=asking.scores() if report is Report.APPRAISAL else (),
    )


class _Asking:
    """The three periods, counted by one reckoning."""

    def __init__(self, desk: Desk, session: Session, period: Period, step: Step) -> None:
        self._session, self._viewer, self._period = session, desk.viewer, period
        self._step, self._done = step, 0
        self._lines = Lines(desk, session, period, counted=self._counted)
        self.reckoning = self._lines.reckoning

    def part(self, scope: Scope) -> Part:
        """What came in one way, or all of it."""
        lines = self._lines
        return Part(
            lines.total(scope),
            kinds=lines.kinds(scope),
            topics=lines.topics(scope),
            channels=lines.channels(scope),
            regions=lines.regions(scope),
            units=lines.units(scope),
        )

    def late(self, month: Period) -> Late:
        """What became seriously overdue in a month."""
        hotline, mailbox = (
            self._most(
                counts(
                    self._session,
                    self._viewer,
                    self.reckoning,
                    month,
                    Dimension.UNIT,
                    scope=scope,
                    measures=[Measure.SERIOUS],
                )
            )
            for scope in (CALLS, LETTERS)
        )
        return Late(month, hotline, mailbox)

    def scores(self) -> tuple[Scored, ...]:
        """Every unit's."""
        period = self._period
        found = faults(self._session, self._viewer, period.since, period.until)
        units = self._lines.keyed_units()
        why = self._reasons()
        lost = [tuple(why.get(key, ())) for key in units]
        return scored(list(units.values()), [found.get(key, {}) for key in units], self.reckoning.choices, lost)

    def _reasons(self) -> dict[str, list[Reason]]:
        """By unit what its score lost by: late and faulty first, then by the weighted rates."""
        ask = partial(shortfalls, self._session, self._viewer, self.reckoning, self._period)
        choices = self.reckoning.choices
        weighted = [each for each, weight in choices.weights if weight and each in SHORT]
        told: list[tuple[Cause, Shortfall]] = list(recorded(self._session, self._viewer, self._period))
        told += [(None, each) for each in ask(Measure.RETURNED_LATE)]
        for indicator in weighted:
            measures, but = lost(indicator, choices)
            told += [(indicator, each) for measure in measures for each in ask(measure, but=but)]
        found: dict[str, list[Reason]] = defaultdict(list)
        for cause, each in told:
            found[each.unit_id.hex].append(Reason(cause, each.number, each.at))
        return found

    def _counted(self) -> None:
        self._done += 1
        self._step(self._done / 18)

    def _most(self, found: Mapping[str, Counts]) -> tuple[Line, ...]:
        lines = [
            self._lines.unit(key, (many, NOTHING, NOTHING)) for key, many in found.items() if many[Measure.SERIOUS]
        ]
        return tuple(sorted(lines, key=lambda each: (-each.counts[Measure.SERIOUS].now, each.name)))


def _months(period: Period) -> list[Period]:
    """Its months, the first and the last as far as they are in it."""
    return [Period.between(max(month.first, period.first), min(month.last, period.last)) for month in period.months()]


def _issue(period: Period) -> int:
    """Which of its kind within the year it is."""
    match period.span:
        case Span.MONTH:
            return period.first.month
        case Span.QUARTER:
            return period.last.month // 3
        case Span.WEEK:
            return period.first.isocalendar().week
        case _:
            return 1


def _heads(session: Session) -> tuple[Head, ...]:
    """Only for who sees every order: the number of a head is how many events there are."""
    told = ((node, seal.head(session, node)) for node in seal.nodes(session))
    parts = ((node, head.partition(":")) for node, head in told if head != seal.NO_HEAD)
    return tuple(Head(node, int(number), hash_) for node, (number, _, hash_) in parts)
