"""统计 of a period by one dimension, each figure beside those of the period before and of a year earlier (R-11.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session

from hotline_tui.data.queries import picks
from hotline_tui.data.queries.measured import Scope
from hotline_tui.data.queries.statistics import ALL, Reckoning, counts
from hotline_tui.rules.figures import NOTHING, Counts, Line, line, parted
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Channel, Dimension, Kind, Measure, Word
from hotline_tui.services.clock import reckoning_now
from hotline_tui.services.desk import Desk

NOWHERE = "未分类"
_LAST = ("其他", "其它")
"""What names of the rest begin with: it stands behind the others however much it is."""

Found = Mapping[str, Counts]
Three = tuple[Found, Found, Found]
"""By key what was counted in the period, in the one before and in the same of a year earlier."""


class Lines:
    """Counted by one reckoning, as far as the desk may see."""

    def __init__(
        self,
        desk: Desk,
        session: Session,
        period: Period,
        *,
        measures: Collection[Measure] = tuple(Measure),
        counted: Callable[[], object] = lambda: None,
    ) -> None:
        """`counted` is called with each dimension that is done; it raises to stop."""
        self.reckoning: Reckoning = reckoning_now(desk, session)
        self._session, self._viewer = session, desk.viewer
        self._periods = (period, period.before(), period.year_before())
        self._measures, self._counted = measures, counted
        self._topics = {each.id.hex: each.path for each in picks.topics(session, retired=True)}
        self._regions = {each.id.hex: each.path for each in picks.regions(session)}
        self._units = {each.id.hex: each for each in picks.units(session, retired=True)}

    def total(self, scope: Scope = ALL) -> Line:
        """All together."""
        made = self.line("", [each.get("", NOTHING) for each in self._counts(Dimension.TOTAL, scope)])
        return parted([made])[0]

    def kinds(self, scope: Scope = ALL) -> tuple[Line, ...]:
        """Each of the seven, the largest first, with its share of all."""
        return self._words(Kind, self._counts(Dimension.KIND, scope))

    def channels(self, scope: Scope = ALL) -> tuple[Line, ...]:
        """Each way in, likewise."""
        return self._words(Channel, self._counts(Dimension.CHANNEL, scope))

    def topics(self, scope: Scope = ALL) -> tuple[Line, ...]:
        """The first level, each with the second under it."""
        return self._tree(self._topics, self._counts(Dimension.TOPIC, scope))

    def regions(self, scope: Scope = ALL) -> tuple[Line, ...]:
        """Likewise."""
        return self._tree(self._regions, self._counts(Dimension.REGION, scope))

    def units(self, scope: Scope = ALL) -> tuple[Line, ...]:
        """Every unit that has or had anything to do, and those that could have; who was sent most first."""
        lines = self.keyed_units(scope).values()
        return tuple(sorted(lines, key=lambda each: (-each.counts[Measure.DISPATCHED].now, each.name)))

    def keyed_units(self, scope: Scope = ALL) -> dict[str, Line]:
        """The same by their keys."""
        told = self._counts(Dimension.UNIT, scope)
        keys = {key for found in told for key in found} | {key for key, unit in self._units.items() if unit.active}
        return {key: self.unit(key, [found.get(key, NOTHING) for found in told]) for key in sorted(keys)}

    def unit(self, key: str, told: Sequence[Counts]) -> Line:
        """What was counted of one unit in the three periods."""
        unit = self._units.get(key)
        above = self._units.get(unit.parent_id.hex) if unit and unit.parent_id else None
        made = self.line(unit.short if unit else "未知单位", told)
        return replace(made, superior=above.short if above else "", keys=(key,))

    def line(self, name: str, told: Sequence[Counts]) -> Line:
        """What was counted in the three periods."""
        now, before, year_before = told
        return line(name, now, before, year_before, self.reckoning.choices)

    def _counts(self, by: Dimension, scope: Scope) -> Three:
        now, before, year_before = (
            counts(self._session, self._viewer, self.reckoning, period, by, scope=scope, measures=self._measures)
            for period in self._periods
        )
        self._counted()
        return now, before, year_before

    def _words(self, words: Iterable[Word], told: Three) -> tuple[Line, ...]:
        lines = (
            replace(self.line(each.label, [found.get(each.value, NOTHING) for found in told]), keys=(each.value,))
            for each in words
        )
        return parted(list(lines))

    def _tree(self, paths: Mapping[str, str], told: Three) -> tuple[Line, ...]:
        """What is deeper is counted in the second level."""
        keys = {key for found in told for key in found}
        ways = {key: paths.get(key, NOWHERE).split("/") for key in keys}
        return self._level(ways, told, 0)

    def _level(self, ways: Mapping[str, Sequence[str]], told: Three, depth: int) -> tuple[Line, ...]:
        names = dict.fromkeys(way[depth] for _, way in sorted(ways.items()) if len(way) > depth)
        lines: list[Line] = []
        for name in names:
            here = {key: way for key, way in ways.items() if len(way) > depth and way[depth] == name}
            made = self.line(name, [_added(found, here) for found in told])
            below = self._level(here, told, depth + 1) if depth == 0 else ()
            lines.append(replace(made, below=below, keys=tuple(sorted(here))))
        return parted(lines, last=[name for name in names if name.startswith(_LAST) or name == NOWHERE])


def _added(found: Found, keys: Iterable[str]) -> Counts:
    whole: Counter[Measure] = Counter()
    for key in keys:
        whole.update(found.get(key, {}))
    return whole
