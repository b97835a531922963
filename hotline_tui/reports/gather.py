"""The figures of a report, as far as the desk may see, complete to the moment of asking."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlmodel import Session

from hotline_tui.data import seal
from hotline_tui.data.queries import picks, reporting
from hotline_tui.data.queries.faults import faults
from hotline_tui.data.queries.figures import refusals
from hotline_tui.data.queries.measured import CALLS, LETTERS, Scope
from hotline_tui.data.queries.shortfalls import Shortfall, recorded, shortfalls
from hotline_tui.data.queries.statistics import Reckoning, counts
from hotline_tui.data.queries.visibility import sees_every_order
from hotline_tui.reports.figures import (
    NOTHING,
    Counts,
    Figures,
    Head,
    Late,
    Line,
    Part,
    Reason,
    Scored,
    Written,
    line,
    parted,
    scored,
)
from hotline_tui.rules.appraisal import SHORT, lost
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Channel, Dimension, Fault, Indicator, Kind, Measure, Report, Span, Word
from hotline_tui.services.clock import reckoning_now
from hotline_tui.services.desk import Desk

SPANS = {
    Report.BULLETIN: Span.MONTH,
    Report.WEEKLY: Span.WEEK,
    Report.QUARTERLY: Span.QUARTER,
    Report.APPRAISAL: Span.YEAR,
}
"""The period that each tells of, unless another is asked for."""
_NOWHERE = "未分类"
_LAST = ("其他", "其它")
"""What names of the rest begin with: it stands behind the others however much it is."""

Found = Mapping[str, Counts]
Three = tuple[Found, Found, Found]
"""By key what was counted in the period, in the one before and in the same of a year earlier."""
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
        self.reckoning: Reckoning = reckoning_now(desk, session)
        self._session, self._viewer = session, desk.viewer
        self._periods = (period, period.before(), period.year_before())
        self._step, self._done = step, 0
        self._topics = {each.id.hex: each.path for each in picks.topics(session, retired=True)}
        self._regions = {each.id.hex: each.path for each in picks.regions(session)}
        self._units = {each.id.hex: each for each in picks.units(session, retired=True)}

    def part(self, scope: Scope) -> Part:
        """What came in one way, or all of it."""
        total = self._line("", [each.get("", NOTHING) for each in self._counts(Dimension.TOTAL, scope)])
        return Part(
            total,
            kinds=self._words(Kind, self._counts(Dimension.KIND, scope)),
            topics=self._tree(self._topics, self._counts(Dimension.TOPIC, scope)),
            channels=self._words(Channel, self._counts(Dimension.CHANNEL, scope)),
            regions=self._tree(self._regions, self._counts(Dimension.REGION, scope)),
            units=self._by_unit(self._counts(Dimension.UNIT, scope)),
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
        period = self._periods[0]
        found = faults(self._session, self._viewer, period.since, period.until)
        units = self._keyed_units(self._counts(Dimension.UNIT, Scope()))
        why = self._reasons()
        lost = [tuple(why.get(key, ())) for key in units]
        return scored(list(units.values()), [found.get(key, {}) for key in units], self.reckoning.choices, lost)

    def _reasons(self) -> dict[str, list[Reason]]:
        """By unit what its score lost by: late and faulty first, then by the weighted rates."""
        ask = partial(shortfalls, self._session, self._viewer, self.reckoning, self._periods[0])
        choices = self.reckoning.choices
        weighted = [each for each, weight in choices.weights if weight and each in SHORT]
        told: list[tuple[Cause, Shortfall]] = list(recorded(self._session, self._viewer, self._periods[0]))
        told += [(None, each) for each in ask(Measure.RETURNED_LATE)]
        for indicator in weighted:
            measures, but = lost(indicator, choices)
            told += [(indicator, each) for measure in measures for each in ask(measure, but=but)]
        found: dict[str, list[Reason]] = defaultdict(list)
        for cause, each in told:
            found[each.unit_id.hex].append(Reason(cause, each.number, each.at))
        return found

    def _counts(self, by: Dimension, scope: Scope) -> Three:
        self._done += 1
        self._step(self._done / 18)
        now, before, year_before = (
            counts(self._session, self._viewer, self.reckoning, period, by, scope=scope) for period in self._periods
        )
        return now, before, year_before

    def _line(self, name: str, told: Sequence[Counts]) -> Line:
        now, before, year_before = told
        return line(name, now, before, year_before, self.reckoning.choices)

    def _words(self, words: Iterable[Word], told: Three) -> tuple[Line, ...]:
        return parted([self._line(each.label, [found.get(each.value, NOTHING) for found in told]) for each in words])

    def _tree(self, paths: Mapping[str, str], told: Three) -> tuple[Line, ...]:
        """The first level, each with the second under it: what is deeper is counted there."""
        keys = {key for found in told for key in found}
        ways = {key: paths.get(key, _NOWHERE).split("/") for key in keys}
        return self._level(ways, told, 0)

    def _level(self, ways: Mapping[str, Sequence[str]], told: Three, depth: int) -> tuple[Line, ...]:
        names = dict.fromkeys(way[depth] for _, way in sorted(ways.items()) if len(way) > depth)
        lines = []
        for name in names:
            here = {key: way for key, way in ways.items() if len(way) > depth and way[depth] == name}
            made = self._line(name, [_added(found, here) for found in told])
            below = self._level(here, told, depth + 1) if depth == 0 else ()
            lines.append(replace(made, below=below))
        return parted(lines, last=[name for name in names if name.startswith(_LAST) or name == _NOWHERE])

    def _by_unit(self, told: Three) -> tuple[Line, ...]:
        """Every unit that has or had anything to do, and those that could have."""
        lines = self._keyed_units(told).values()
        return tuple(sorted(lines, key=lambda each: (-each.counts[Measure.DISPATCHED].now, each.name)))

    def _keyed_units(self, told: Three) -> dict[str, Line]:
        keys = {key for found in told for key in found} | {key for key, unit in self._units.items() if unit.active}
        return {key: self._unit(key, [found.get(key, NOTHING) for found in told]) for key in sorted(keys)}

    def _most(self, found: Found) -> tuple[Line, ...]:
        lines = [self._unit(key, (many, NOTHING, NOTHING)) for key, many in found.items() if many[Measure.SERIOUS]]
        return tuple(sorted(lines, key=lambda each: (-each.counts[Measure.SERIOUS].now, each.name)))

    def _unit(self, key: str, told: Sequence[Counts]) -> Line:
        unit = self._units.get(key)
        above = self._units.get(unit.parent_id.hex) if unit and unit.parent_id else None
        return replace(self._line(unit.short if unit else "未知单位", told), superior=above.short if above else "")


def _added(found: Found, keys: Iterable[str]) -> Counts:
    whole: Counter[Measure] = Counter()
    for key in keys:
        whole.update(found.get(key, {}))
    return whole


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
