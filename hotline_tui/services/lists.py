"""导入: regions, units, topics, places and standard answers from a file, with every row that was not taken and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar, cast

from hotline_tui.data.imports.columns import Column, map_columns, unused
from hotline_tui.data.imports.knowledge import KNOWLEDGE_COLUMNS, KnowledgeRow, knowledge
from hotline_tui.data.imports.places import PLACE_COLUMNS, PlaceRow, places
from hotline_tui.data.imports.regions import REGION_COLUMNS, RegionRow, regions
from hotline_tui.data.imports.rejects import Rejects
from hotline_tui.data.imports.rows import BadRow, Row, Table
from hotline_tui.data.imports.tables import open_table
from hotline_tui.data.imports.topics import TOPIC_COLUMNS, TopicRow, topics
from hotline_tui.data.imports.units import UNIT_COLUMNS, UnitRow, units
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge_import import import_answers
from hotline_tui.services.letters import Progress, Result
from hotline_tui.services.organisation import Taken, save_topics, save_units
from hotline_tui.services.places import save_places
from hotline_tui.services.regions import save_regions

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class ListFile(Generic[_R]):
    """How a file of one kind is read and kept."""

    columns: tuple[Column, ...]
    read: Callable[[Iterable[Row | BadRow], Mapping[str, str]], Iterator[_R | BadRow]]
    keep: Callable[[Desk, Iterable[_R]], Taken]
    anew: bool = False
    """The list takes the place of all; `keep` is told of the rows that could not be read too."""


UNITS: ListFile[UnitRow] = ListFile(UNIT_COLUMNS, units, save_units)
TOPICS: ListFile[TopicRow] = ListFile(TOPIC_COLUMNS, topics, save_topics)
REGIONS: ListFile[RegionRow] = ListFile(REGION_COLUMNS, regions, save_regions)
PLACES: ListFile[PlaceRow] = ListFile(PLACE_COLUMNS, places, save_places)
PLACES_ANEW: ListFile[PlaceRow | BadRow] = ListFile(
    PLACE_COLUMNS, places, partial(save_places, replace=True), anew=True
)
"""What the file does not hold goes."""
KNOWLEDGE: ListFile[KnowledgeRow] = ListFile(KNOWLEDGE_COLUMNS, knowledge, import_answers)


def import_list(
    desk: Desk,
    path: Path,
    mapping: Mapping[str, str],
    kind: ListFile[_R],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    rejects_dir: Path | None = None,
) -> Result:
    """Take the rows of a file; `mapping` is field to column as the person gave it. Raises UsageError, StorageError."""
    table = open_table(path)
    columns = map_columns(table.columns, kind.columns, mapping)
    why: dict[int, str] = {}
    read = 0

    def good() -> Iterator[_R]:
        nonlocal read
        for row in kind.read(table, columns):
            read += 1
            if isinstance(row, BadRow):
                why[row.number] = row.reason
                if kind.anew:
                    yield cast("_R", row)
            else:
                yield row
            if progress is not None:
                progress(read, 0, table.progress)

    taken = kind.keep(replace(desk, store=desk.store.rehearsal()) if dry_run else desk, good())
    why |= dict(taken.rejected)
    with Rejects(path, table.columns, rejects_dir) as rejects:
        for row in _again(table, why):
            rejects.add(row)
    existing = read - taken.created - len(why)
    removed = taken.removed if kind.anew else None
    return Result(
        read, taken.created, existing, len(why), rejects.path, unused(table.columns, columns), removed=removed
    )


def _again(table: Table, why: Mapping[int, str]) -> Iterator[BadRow]:
    """The rejected rows with what they held, from a second reading: a list need not be kept in memory."""
    if why:
        for row in table:
            if row.number in why:
                yield BadRow(row.number, why[row.number], row.values if isinstance(row, Row) else row.raw)
