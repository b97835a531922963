"""属地 as a tree: every way to name one region, and why a name names none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlmodel import Session, select

from hotline_tui.data.imports.regions import SEPARATOR, path_of
from hotline_tui.models import Region
from hotline_tui.rules.pinyin import spell
from hotline_tui.services.work import Work

SHOWN = 3
"""Regions of one name in a sentence."""


class RegionTree:
    """All regions, held in step with what is put into it."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions: dict[UUID, Region] = {}
        self._keys: dict[str, Region] = {}
        self._below: dict[tuple[UUID | None, str], list[Region]] = {}
        self._named: dict[str, list[Region]] = {}
        self._stands: dict[UUID, tuple[str, str, UUID | None]] = {}
        for region in regions:
            self._enter(region)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def find(self, said: str) -> Region | None:
        """By its path from the top, its key, or a name or the end of a path that only one has."""
        if not said:
            return None
        names = path_of(said)
        whole = SEPARATOR.join(names)
        found = self._at(names) or self._alone(self.below(None, whole)) or self._keys.get(said) or self._keys.get(whole)
        return found or self._alone(self.called(names))

    def called(self, names: Sequence[str]) -> list[Region]:
        """All whose path ends so; the first name may be a key."""
        first = self.keyed(names[0])
        found = list(self._named.get(names[0], ())) or ([first] if first else [])
        for name in names[1:]:
            found = [each for above in found for each in self.below(above.id, name)]
        return found

    def below(self, parent_id: UUID | None, name: str) -> list[Region]:
        """Those of this name directly under a region, or at the top."""
        return list(self._below.get((parent_id, name), ()))

    def keyed(self, key: str) -> Region | None:
        """The one of this key."""
        return self._keys.get(key) if key else None

    def is_leaf(self, region: Region) -> bool:
        """Whether nothing stands under it."""
        return all(each.parent_id != region.id for each in self._regions.values())

    def line(self, region: Region) -> list[Region]:
        """A region and those above it."""
        found = [region]
        while (parent := self._regions.get(found[-1].parent_id or region.id)) is not None and parent not in found:
            found.append(parent)
        return found

    def path(self, region: Region) -> str:
        """The names from the top."""
        return SEPARATOR.join(each.name for each in reversed(self.line(region)))

    def way_to(self, region: Region) -> str:
        """What an import finds it by: its path, or its key where others have the path."""
        path = self.path(region)
        return path if self.find(path) is region else region.key

    def unknown(self, said: str) -> str:
        """Why nothing is found by these words, as a sentence."""
        for many in range(1, len(path_of(said)) + 1):
            part = SEPARATOR.join(path_of(said)[:many])
            several = [] if self.find(part) else self.called(path_of(part))
            if len(several) > 1:
                ways = "、".join(self.way_to(each) for each in several[:SHOWN])
                return f"区域 {part} 不止一个, 请写全称或编号, 如 {ways}"
        return f"没有这个区域: {said}; 请写区域的编号、名称或全称, 如 上级/区域"

    def deepest(self, names: Sequence[str]) -> tuple[Region | None, Sequence[str]]:
        """As far as a path is known, and the names of it that are not; ValueError where two have a name of it."""
        for many in range(len(names), 0, -1):
            if (found := self.find(SEPARATOR.join(names[:many]))) is not None:
                return found, names[many:]
            if len(self.called(names[:many])) > 1:
                raise ValueError(self.unknown(SEPARATOR.join(names)))
        return None, names

    def made(self, work: Work, said: str) -> Region | None:
        """The one that is found by these words, or made, with those above it that a path names; raises ValueError."""
        if not said:
            return None
        names = path_of(said)
        if not all(names):
            raise ValueError(f"区域的全称中有空的一级: {said}")
        found = self.find(said)
        region, missing = (found, ()) if found else self.deepest(names)
        for name in missing:
            region = self.make(work, name, region)
        return region

    def make(self, work: Work, name: str, parent: Region | None, key: str = "") -> Region:
        """A new one; without a key it is known by its path."""
        path = f"{self.path(parent)}{SEPARATOR}{name}" if parent else name
        key, many = key or path, 1
        while key in self._keys:
            many += 1
            key = f"{path}-{many}"
        region = Region(key=key, name=name, spelling=spell(name), parent_id=parent.id if parent else None)
        work.add(region)
        self._enter(region)
        return region

    def moved(self, region: Region) -> None:
        """Its key, name or parent is another now."""
        key, name, parent_id = self._stands[region.id]
        del self._keys[key]
        self._below[parent_id, name].remove(region)
        self._named[name].remove(region)
        self._enter(region)

    def _enter(self, region: Region) -> None:
        self._regions[region.id] = self._keys[region.key] = region
        self._below.setdefault((region.parent_id, region.name), []).append(region)
        self._named.setdefault(region.name, []).append(region)
        self._stands[region.id] = (region.key, region.name, region.parent_id)

    def _at(self, names: Sequence[str]) -> Region | None:
        found = self._alone(self.below(None, names[0]))
        for name in names[1:]:
            found = self._alone(self.below(found.id, name)) if found else None
        return found

    @staticmethod
    def _alone(found: Sequence[Region]) -> Region | None:
        return found[0] if len(found) == 1 else None


def tree_of(session: Session) -> RegionTree:
    """As it is stored."""
    return RegionTree(session.exec(select(Region)))
