"""属地: the tree of regions, kept from lists of it; the same list again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from hotline_tui.data.imports.regions import SEPARATOR, RegionRow, path_of
from hotline_tui.models import Region
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.desk import Desk
from hotline_tui.services.organisation import Taken, commit, must_keep
from hotline_tui.services.region_tree import RegionTree, tree_of
from hotline_tui.services.work import Work, work_at

BELOW_ITSELF = "上级 {} 是它自己或在它之下"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says: the last name of its path, and what stands above it."""

    row: RegionRow
    name: str
    above: tuple[str, ...]
    """Of a path; those that are missing are made."""

    @property
    def parent(self) -> str:
        return SEPARATOR.join(self.above) or self.row.parent

    @property
    def tells_parent(self) -> bool:
        return bool(self.above) or "parent" not in self.row.absent

    @property
    def names(self) -> set[str]:
        return {self.row.key, self.name} - {""}

    @property
    def waits_for(self) -> set[str]:
        return {self.parent, path_of(self.parent)[-1]} - {""}


def save_regions(desk: Desk, rows: Iterable[RegionRow]) -> Taken:
    """Regions in any order, known again by their keys, else by their paths; all that points to one goes on to do so.

    A region at this path with a key that the list does not hold takes the new key. One that came with a unit, without
    key and parent, is taken for the one of its name. Rejected: a parent that is unknown or below, a region twice.
    """
    must_keep(desk, OfficeAction.SAVE_REGIONS)
    with work_at(desk) as work:
        listed = [_said(row) for row in rows]
        saving = _Saving(work, tree_of(work.session), listed)
        for said in saving.parents_first():
            try:
                saving.save(said)
            except ValueError as why:
                saving.taken.rejected.append((said.row.row, str(why)))
        return commit(work, OfficeAction.SAVE_REGIONS, saving.taken)


def _said(row: RegionRow) -> _Said:
    *above, name = path_of(row.name)
    return _Said(row, name, tuple(above))


@dataclass(slots=True)
class _Saving:
    work: Work
    tree: RegionTree
    listed: list[_Said]
    taken: Taken = field(default_factory=Taken)
    seen: dict[UUID, int] = field(default_factory=dict[UUID, int])
    """Regions of the list and the rows that they stand in."""
    keys: set[str] = field(default_factory=set[str])
    """All that the list holds."""
    called: Counter[str] = field(default_factory=Counter[str])
    """How many rows have a name."""

    def __post_init__(self) -> None:
        self.keys |= {said.row.key for said in self.listed}
        self.called.update(said.name for said in self.listed)

    def parents_first(self) -> Iterator[_Said]:
        """The rows, each after those that may be what stands above it."""
        waiting: list[_Said] = self.listed
        while waiting:
            names = Counter(name for said in waiting for name in said.names)
            ready = [said for said in waiting if all(names[each] <= (each in said.names) for each in said.waits_for)]
            if not ready:  # a path that is known already tells that none of those who wait is meant
                ready = [said for said in waiting if len(path_of(said.parent)) > 1 and self.tree.find(said.parent)]
            if not ready:
                self.taken.rejected += [(said.row.row, BELOW_ITSELF.format(said.parent)) for said in waiting]
                return
            yield from ready
            done = set(map(id, ready))
            waiting = [said for said in waiting if id(said) not in done]

    def save(self, said: _Said) -> None:
        """Make or change one; raises ValueError with the reason why not."""
        row = said.row
        if said.above and row.parent and path_of(row.parent) not in (said.above, said.above[-1:]):
            raise ValueError(f"名称写的是全称, 与上级区域 {row.parent} 不一致, 请只写一种")
        parent, missing = self._above(said)
        own = self.tree.keyed(row.key) or self._by_place(said, parent, missing)
        if own is not None and own.id in self.seen:
            raise self._again(said, own)
        if own is not None and parent is not None and own in self.tree.line(parent):
            raise ValueError(BELOW_ITSELF.format(said.parent))
        for name in missing:
            parent = self.tree.make(self.work, name, parent)
        fresh = own is None
        if own is None:
            own = self.tree.make(self.work, said.name, parent, row.key)
        new = {"name": said.name, "spelling": spell(said.name), "key": row.key or own.key}
        if said.tells_parent:
            new |= {"parent_id": parent.id if parent else None}
        changed = any(getattr(own, column) != value for column, value in new.items())
        if changed:
            for column, value in new.items():
                setattr(own, column, value)
            self.work.add(own)
            self.tree.moved(own)
        self.seen[own.id] = row.row
        self.taken.count(fresh, fresh or changed)

    def _above(self, said: _Said) -> tuple[Region | None, Sequence[str]]:
        """What stands above it, and of a path the names that are to be made; raises ValueError."""
        if said.above:
            return self.tree.deepest(said.above)
        if not said.parent:
            return None, ()
        if (found := self.tree.find(said.parent)) is None:
            several = len(self.tree.called(path_of(said.parent))) > 1
            raise ValueError(self.tree.unknown(said.parent) if several else f"没有这个上级: {said.parent}")
        return found, ()

    def _by_place(self, said: _Said, parent: Region | None, missing: Sequence[str]) -> Region | None:
        """The one that stands where this row puts it, unless the list names that by its own key; raises ValueError."""
        at = [] if missing else self.tree.below(parent.id if parent else None, said.name)
        if not at and not said.tells_parent:
            at = self.tree.called((said.name,))
        for each in at:
            # Two of one path are two regions only where each has its own key.
            if each.id in self.seen and not (said.row.key and each.key in self.keys):
                raise self._again(said, each)
        at = [each for each in at if each.key not in self.keys]
        if len(at) > 1 and not said.row.key:
            raise ValueError(f"区域 {said.name} 不止一个, 请写编号")
        return at[0] if len(at) == 1 else None if at else self._stray(said)

    def _stray(self, said: _Said) -> Region | None:
        """The one that came with a unit by this name, before there was a tree; None where several may be meant."""
        if not said.parent or self.called[said.name] > 1:
            return None
        names = (said.name, SEPARATOR.join((*path_of(said.parent), said.name)))
        at = [
            each
            for name in names
            for each in self.tree.below(None, name)
            if each.key == each.name and each.key not in self.keys and each.id not in self.seen
            if self.tree.is_leaf(each)
        ]
        return at[0] if len(at) == 1 else None

    def _again(self, said: _Said, own: Region) -> ValueError:
        known = f"编号 {own.key}" if said.row.key == own.key else f"区域 {self.tree.path(own)}"
        return ValueError(f"{known} 在本文件第 {self.seen[own.id]} 行已有")
