"""What pickers offer: units, topics and regions, read once per screen; and what suggests itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hotline_tui.data.queries import picks
from hotline_tui.data.suggest.advice import Advice, Proposal
from hotline_tui.data.suggest.routes import Facts, Routes, Suggestion
from hotline_tui.data.suggest.topics import best_topics
from hotline_tui.rules.secrecy import unit_and_above
from hotline_tui.screens.widgets.picker import PickItem

if TYPE_CHECKING:
    from hotline_tui.data.queries.picks import RegionChoice, TopicChoice, UnitChoice

__all__ = ["NO_ADVICE", "NO_UNITS", "Directory", "Suggestion", "read_directory"]

NO_UNITS = "尚未导入承办单位, 请联系系统管理员"


NO_ADVICE = Advice()


@dataclass(frozen=True)
class Directory:
    """The organisation as pickers show it."""

    units: tuple[UnitChoice, ...] = ()
    topics: tuple[TopicChoice, ...] = ()
    regions: tuple[RegionChoice, ...] = ()

    @cached_property
    def unit(self) -> dict[UUID, UnitChoice]:
        """Units by id."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def topic(self) -> dict[UUID, TopicChoice]:
        """Topics by id."""
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def region(self) -> dict[UUID, RegionChoice]:
        """Regions by id."""
        return {region.id: region for region in self.regions}

    @cached_property
    def unit_items(self) -> tuple[PickItem, ...]:
        """承办单位."""
        return tuple(
            PickItem(
                str(unit.id), unit.name, unit.short if unit.short != unit.name else "", unit.spelling, unit.aliases
            )
            for unit in self.units
        )

    @property
    def without_units(self) -> str:
        """What a list of units says when it is empty."""
        return "没有可选的承办单位" if self.units else NO_UNITS

    @cached_property
    def topic_items(self) -> tuple[PickItem, ...]:
        """诉求分类, the most exact first in each branch."""
        return tuple(
            PickItem(
                str(topic.id), topic.path, topic.unit, topic.spelling, tuple((word, "") for word in topic.words.split())
            )
            for topic in self.topics
        )

    @cached_property
    def region_items(self) -> tuple[PickItem, ...]:
        """属地."""
        return tuple(PickItem(str(region.id), region.path, "", region.spelling) for region in self.regions)

    def short_unit(self, unit_id: UUID | None) -> str:
        """A unit's short name; empty for none."""
        unit = self.unit.get(unit_id) if unit_id else None
        return unit.short if unit else ""

    def accused(self, unit_id: UUID, accused: Iterable[UUID]) -> bool:
        """Whether this unit, or one above it, is among the accused (Art. 13)."""
        parents = {unit.id: unit.parent_id for unit in self.units}
        return not unit_and_above(unit_id, parents).isdisjoint(set(accused))

    def named(self, names: Iterable[str]) -> tuple[UUID, ...]:
        """The units of these names."""
        known = set(names)
        return tuple(unit.id for unit in self.units if {unit.name, unit.short} & known)

    def open_units(self, accused: Iterable[UUID]) -> tuple[PickItem, ...]:
        """承办单位 without the accused ones and those below them (Art. 13)."""
        banned = tuple(accused)
        return tuple(item for item in self.unit_items if not banned or not self.accused(UUID(item.key), banned))

    def topics_for(self, advice: Advice, similar: Iterable[str] = ()) -> list[Proposal]:
        """Topics that suggest themselves, best first; `similar`: the paths of similar orders' topics."""
        ids = {topic.path: topic.id for topic in self.topics}
        paths = {topic.id: topic.path for topic in self.topics}
        return [each for each in best_topics(advice, map(ids.get, similar), paths) if each.id in self.topic]

    def region_for(self, advice: Advice) -> Proposal | None:
        """The region that the names in the text suggest."""
        where = advice.where
        return (
            Proposal(where.region_id, (", ".join(where.names),)) if where and where.region_id in self.region else None
        )

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.units, self.topics, self.regions)

    def suggestions(
        self,
        topic_id: UUID | None,
        region_id: UUID | None,
        similar: Iterable[UUID | None] = (),
        accused: Iterable[UUID] = (),
        advice: Advice = NO_ADVICE,
    ) -> list[Suggestion]:
        """Units for a matter, the best three: by topic, words, similar orders and place; no accused one."""
        return self._routes.units_for(Facts(advice, topic_id, region_id, tuple(similar), tuple(accused)))


def read_directory(session: Any) -> Directory:
    """The organisation as it stands."""
    return Directory(picks.units(session), picks.topics(session), picks.regions(session))
