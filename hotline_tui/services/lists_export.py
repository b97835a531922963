"""区域 and 地名 as files that their imports take back without a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from hotline_tui.data.exports.files import must_be_new
from hotline_tui.data.exports.tables import write_table, writer
from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.places import PLACE_COLUMNS
from hotline_tui.data.imports.regions import REGION_COLUMNS
from hotline_tui.data.queries.places import every
from hotline_tui.errors import NotAllowed
from hotline_tui.models import Region
from hotline_tui.services.desk import Desk
from hotline_tui.services.organisation import KEEPS, ways_to_units
from hotline_tui.services.region_tree import RegionTree, tree_of

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListKind:
    """What is exported: its name, its columns, and its rows in the order in which people look for them."""

    label: str
    columns: tuple[Column, ...]
    rows: Callable[[Session], Iterator[Cells]]


def export_list(desk: Desk, path: Path, kind: ListKind, *, force: bool = False) -> int:
    """Write all of them; how many. By the office and the administrator.

    Raises UsageError where the file is there without `force`, and StorageError.
    """
    if desk.role not in KEEPS:
        raise NotAllowed(f"导出{kind.label}由热线办、系统管理员进行")
    writer(path)
    must_be_new(path, force=force)
    head = tuple(column.label for column in kind.columns)
    with desk.store.read() as session:
        return write_table(path, head, kind.rows(session), force=force)


def _regions(session: Session) -> Iterator[Cells]:
    """Key, name and parent, a region before those below it."""
    found = session.exec(select(Region)).all()
    tree = RegionTree(found)
    for region in sorted(found, key=lambda each: ([up.name for up in reversed(tree.line(each))], each.key)):
        parent = tree.line(region)[1:2]
        yield region.key, region.name, tree.way_to(parent[0]) if parent else ""


def _places(session: Session) -> Iterator[Cells]:
    """Name, other names, region and unit, by region."""
    tree, units = tree_of(session), ways_to_units(session)
    ways = {region.id: tree.way_to(region) for region in tree}
    for place in sorted(every(session), key=lambda each: (ways[each.region_id], each.name)):
        aliases = ";".join(filter(None, place.aliases.split("\n")))
        yield place.name, aliases, ways[place.region_id], units[place.unit_id] if place.unit_id else ""


REGIONS = ListKind("区域", REGION_COLUMNS, _regions)
PLACES = ListKind("地名", PLACE_COLUMNS, _places)
