"""属地 by what a text names: streets, communities, roads and estates, and the regions themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from hotline_tui.data.queries.picks import RegionChoice
from hotline_tui.data.search.tokens import as_written
from hotline_tui.data.suggest.advice import Where
from hotline_tui.data.suggest.gazetteer import MOST, Gazetteer
from hotline_tui.data.suggest.region_names import ways

IN_ADDRESS = 2.0
"""A name in the field for it counts as so many in the narrative."""
ENOUGH = 2.0
"""Signs: a name of two in a narrative says nothing by itself (和平, 人民)."""
LONG = 6
SHOWN = 2
"""Names in a reason."""
SURE = 3
"""Signs of a name that is a place wherever it stands."""


class Whereabouts:
    """The names of regions and places; immutable."""

    def __init__(self, regions: Sequence[RegionChoice], places: Iterable[Any]) -> None:
        """`places`: rows with name, aliases, region_id, unit_id."""
        self._regions = tuple(regions)
        at = {region.id: number for number, region in enumerate(self._regions)}
        self._parents = [None if region.parent_id is None else at.get(region.parent_id) for region in self._regions]
        roots = [number for number, parent in enumerate(self._parents) if parent is None]
        self._whole = roots[0] if len(roots) == 1 and len(self._regions) > 1 else None
        """The city, in which every region lies: it tells nobody apart."""
        self._units: list[UUID] = []
        of_region: list[int] = []
        of_unit: list[int] = []
        unit_at: dict[UUID, int] = {}

        def names() -> Iterator[tuple[str, int]]:
            for number, region in enumerate(self._regions):
                of_region.append(number)
                of_unit.append(-1)
                for name in ways(region.name):
                    yield name, len(of_region) - 1
            for place in places:
                if place.region_id not in at:
                    continue
                of_region.append(at[place.region_id])
                of_unit.append(-1 if place.unit_id is None else unit_at.setdefault(place.unit_id, len(unit_at)))
                for name in (place.name, *filter(None, place.aliases.split("\n"))):
                    yield name, len(of_region) - 1

        self._gazetteer = Gazetteer(names())
        self._of_region, self._of_unit = np.array(of_region, np.int32), np.array(of_unit, np.int32)
        self._units = list(unit_at)

    def __len__(self) -> int:
        return len(self._of_region)

    def where(self, narrative: str, address: str = "") -> Where | None:
        """The region that the names have in common; None where they name none, or several as well as each other."""
        votes: defaultdict[int, float] = defaultdict(float)
        named: dict[str, set[int]] = {}
        units: dict[int, UUID] = {}
        for text, counts in ((address, IN_ADDRESS), (narrative, 1.0)):
            for each in self._gazetteer.find(text):
                if each.name in named:
                    continue
                regions = {int(self._of_region[place]) for place in each.places}
                named[each.name] = regions
                signs = 1.0 if len(each.name) == len("和平") else min(len(each.name), LONG)
                for region in regions:
                    votes[region] += counts * signs / len(regions)
                for place in each.places:
                    if (unit := int(self._of_unit[place])) >= 0:
                        units.setdefault(int(self._of_region[place]), self._units[unit])
        region = self._agreed(votes)
        if region is None:
            return None
        line = set(self._line(region))
        spoke = (name for name, regions in named.items() if regions & line or self._all_within(regions, region))
        told = sorted(spoke, key=lambda name: -len(name))[:SHOWN]
        said = f"{address}\n{narrative}"[: 2 * MOST]
        return Where(self._regions[region].id, tuple(as_written(name, said) for name in told), units.get(region))

    def names(self, text: str) -> tuple[str, ...]:
        """The names of places in it, folded."""
        return tuple(each.name for each in self._gazetteer.find(text) if len(each.name) >= SURE)

    def _agreed(self, votes: dict[int, float]) -> int | None:
        """The region for which most speaks, itself and those above it; of equals what they have in common."""
        totals = {region: sum(votes.get(each, 0.0) for each in self._line(region)) for region in votes}
        best = max(totals.values(), default=0.0)
        if best < ENOUGH:
            return None
        first, *others = [region for region, total in totals.items() if total > best - 1e-9]
        line = self._line(first)
        for other in others:
            theirs = self._line(other)
            line = [region for region in line if region in theirs] if other not in line else line
        return None if not line or line[0] == self._whole else line[0]

    def _all_within(self, regions: set[int], region: int) -> bool:
        return all(region in self._line(each) for each in regions)

    def _line(self, region: int) -> list[int]:
        """A region and those above it."""
        found = [region]
        while (parent := self._parents[found[-1]]) is not None and parent not in found:
            found.append(parent)
        return found
