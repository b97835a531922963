"""What pickers offer: units, topics and regions, read once per screen; and which unit suggests itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hotline_tui.data.queries import picks
from hotline_tui.rules.secrecy import unit_and_above
from hotline_tui.screens.widgets.picker import PickItem

if TYPE_CHECKING:
    from hotline_tui.data.queries.picks import RegionChoice, TopicChoice, UnitChoice


NO_UNITS = "尚未导入承办单位, 请联系系统管理员"


@dataclass(frozen=True)
class Suggestion:
    """A unit for a matter, and what speaks for it."""

    unit_id: UUID
    why: str


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

    def topics_in(self, narrative: str) -> list[UUID]:
        """Topics whose words the narrative holds, most of them first; of equals the one further down the tree."""
        scored = [
            (sum(len(word) for word in topic.words.split() if word in narrative), topic.path.count("/"), topic.id)
            for topic in self.topics
        ]
        found = [row for row in scored if row[0]]
        found.sort(key=lambda row: (-row[0], -row[1]))
        return [topic_id for *_, topic_id in found[:3]]

    def suggestions(
        self,
        topic_id: UUID | None,
        region_id: UUID | None,
        similar: Iterable[UUID | None] = (),
        accused: Iterable[UUID] = (),
    ) -> list[Suggestion]:
        """Units for a matter, best first: the topic's, those of similar orders, the region's; no accused one."""
        reasons: dict[UUID, list[str]] = {}
        topic = self.topic.get(topic_id) if topic_id else None
        if topic is not None and topic.unit_id:
            reasons.setdefault(topic.unit_id, []).append(topic.path.partition("/")[0])
        alike: dict[UUID, int] = {}
        for unit_id in similar:
            if unit_id:
                alike[unit_id] = alike.get(unit_id, 0) + 1
        for unit_id, many in sorted(alike.items(), key=lambda pair: -pair[1]):
            reasons.setdefault(unit_id, []).append(f"相似工单 {many} 件")
        for region in self._places(region_id):
            for unit in self.units:
                if unit.region_id == region.id:
                    reasons.setdefault(unit.id, []).append(f"属地 {region.name}")
        banned = tuple(accused)
        return [
            Suggestion(unit_id, "; ".join(why))
            for unit_id, why in reasons.items()
            if unit_id in self.unit and not self.accused(unit_id, banned)
        ]

    def _places(self, region_id: UUID | None) -> list[RegionChoice]:
        """The street, then the community; the city as a whole is no unit's place."""
        line: list[RegionChoice] = []
        while region_id is not None and (region := self.region.get(region_id)) is not None and region not in line:
            line.insert(0, region)
            region_id = region.parent_id
        return line[1:] if len(line) > 1 else line


def read_directory(session: Any) -> Directory:
    """The organisation as it stands."""
    return Directory(picks.units(session), picks.topics(session), picks.regions(session))
