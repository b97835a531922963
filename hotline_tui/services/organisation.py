"""机构: sites, units and topics, kept from lists of them; the same list again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.imports.topics import TopicRow
from hotline_tui.data.imports.units import UnitRow
from hotline_tui.errors import NotAllowed, UsageError
from hotline_tui.models import Assignment, OrderAccused, Site, Topic, Unit, WorkOrder
from hotline_tui.rules.numbers import SITE_CODE
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.secrecy import unit_and_above, unit_and_below
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.rules.workflow import LIVE
from hotline_tui.services.desk import Desk
from hotline_tui.services.region_tree import tree_of
from hotline_tui.services.sitting import refuse_where_guarded
from hotline_tui.services.work import Work, work_at

SHOWN = 5
"""Numbers in one sentence."""
KEEPS = frozenset({Role.OFFICE, Role.ADMIN})
SEPARATOR = "/"
Record = TypeVar("Record", Unit, Topic)


@dataclass(slots=True)
class Taken:
    """What became of the rows of a list: every one is created, existing or rejected."""

    created: int = 0
    existing: int = 0
    updated: int = 0
    """Those of the existing that the list changed."""
    removed: int = 0
    """What stood there and was not in the list, where the list was to replace all."""
    rejected: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Row number and reason."""

    def count(self, new: bool, changed: bool) -> None:
        """One more row."""
        self.created += new
        self.existing += not new
        self.updated += changed and not new


def save_site(desk: Desk, code: str, name: str) -> None:
    """A place that gives numbers, new or renamed; raises UsageError for a code that is none."""
    must_keep(desk, OfficeAction.SAVE_SITES)
    if not SITE_CODE.match(code):
        raise UsageError(f"站点编号 {code} 不对, 应为大写字母开头的 2 至 8 位字母和数字, 如 C01")
    with work_at(desk) as work:
        site = work.session.get(Site, code) or Site(code=code, name="")
        site.name = clean_line(name)
        work.add(site)
        work.commit(None, OfficeAction.SAVE_SITES, facts={"site": code, "name": site.name})


def save_units(desk: Desk, rows: Iterable[UnitRow]) -> Taken:
    """Units by key, or by name where the list has no keys; what the list says nothing of stays as it is.

    A region that is not known yet is made, with those above it that its path names. Rejected: a parent that is unknown
    or below, a region whose name several have.
    """
    must_keep(desk, OfficeAction.SAVE_UNITS)
    with work_at(desk) as work:
        taken = Taken()
        known = {unit.key: unit for unit in work.session.exec(select(Unit))}
        regions = tree_of(work.session)
        for row, parent in _sound(rows, known, taken):
            if stuck := _stuck(work, known.get(_own_key(row, known)), parent):
                works = f"{row.name}或其下属正在承办反映{row.parent}或其上级的工单"
                taken.rejected.append((row.row, f"{works}, 请热线办先撤销承办: {'、'.join(stuck[:SHOWN])}"))
                continue
            try:
                region = regions.made(work, row.region)
            except ValueError as why:
                taken.rejected.append((row.row, str(why)))
                continue
            new = {
                "name": row.name,
                "short_name": row.short_name,
                "spelling": spell(row.name),
                "duties": row.duties,
                "aliases": "\n".join(row.aliases),
                "parent_id": parent.id if parent else None,
                "region_id": region.id if region else None,
            }
            if "aliases" not in row.absent:
                new["alias_spellings"] = "\n".join(map(spell, row.aliases))
            key = _own_key(row, known)
            make = partial(Unit, key=key, name=row.name)
            _put(work, known, taken, key, make=make, new=_told(new, row.absent))
        return commit(work, OfficeAction.SAVE_UNITS, taken)


def _stuck(work: Work, unit: Unit | None, parent: Unit | None) -> list[str]:
    """Numbers of the orders that this unit or one below works on and would not find under this superior (R-13a)."""
    if unit is None or parent is None or unit.parent_id == parent.id:
        return []
    parents = work.unit_parents()
    moving, above = unit_and_below(unit.id, parents), unit_and_above(parent.id, parents)
    works = sa.or_(col(Assignment.unit_id).in_(moving), col(Assignment.delegated_to_id).in_(moving))
    query = (
        select(WorkOrder.number)
        .join(Assignment, col(Assignment.order_id) == col(WorkOrder.id))
        .join(OrderAccused, col(OrderAccused.order_id) == col(WorkOrder.id))
        .where(works, col(Assignment.state).in_(LIVE), col(OrderAccused.unit_id).in_(above))
        .order_by(col(WorkOrder.number))
        .distinct()
    )
    return list(work.session.exec(query))


def save_topics(desk: Desk, rows: Iterable[TopicRow]) -> Taken:
    """Topics by path; the ones above are made with them. A row whose unit is unknown is rejected."""
    must_keep(desk, OfficeAction.SAVE_TOPICS)
    with work_at(desk) as work:
        taken = Taken()
        known = {topic.path: topic for topic in work.session.exec(select(Topic))}
        units = unit_names(work.session)
        first: dict[str, int] = {}
        for row in rows:
            names = [clean_line(name).replace(SEPARATOR, "、") for name in row.path]
            whole = SEPARATOR.join(names)
            if whole in first:
                taken.rejected.append((row.row, f"分类 {whole} 在本文件第 {first[whole]} 行已有"))
                continue
            if row.unit and row.unit not in units:
                taken.rejected.append((row.row, f"没有这个承办单位: {row.unit}"))
                continue
            first[whole] = row.row
            parent: Topic | None = None
            for depth in range(1, len(names) + 1):
                last = depth == len(names)
                path, name = SEPARATOR.join(names[:depth]), names[depth - 1]
                new = {"spelling": spell(path), "parent_id": parent.id if parent else None}
                if last:
                    new |= {"unit_id": units.get(row.unit), "words": " ".join(row.words)}
                counted = taken if last else None
                make = partial(Topic, name=name, path=path)
                parent = _put(work, known, counted, path, make=make, new=_told(new, row.absent))
        return commit(work, OfficeAction.SAVE_TOPICS, taken)


def unit_names(session: Session) -> dict[str, UUID]:
    """Every way to name one unit: its key, else its name, else what else only one is called."""
    units = session.exec(select(Unit)).all()
    ways: tuple[Callable[[Unit], Iterable[str]], ...] = (_names, lambda unit: (unit.name,), lambda unit: (unit.key,))
    found: dict[str, UUID | None] = {}
    for called in ways:
        level: dict[str, UUID | None] = {}
        for unit in units:
            level |= {name: None if name in level else unit.id for name in called(unit)}
        found |= level
    return {name: unit_id for name, unit_id in found.items() if unit_id is not None}


def ways_to_units(session: Session) -> dict[UUID, str]:
    """What an import finds each unit by: its name, or its key where others bear the name."""
    known = unit_names(session)
    units = session.exec(select(Unit)).all()
    return {unit.id: unit.name if known.get(unit.name) == unit.id else unit.key for unit in units}


def topic_names(session: Session) -> dict[str, UUID]:
    """Every way to name one topic: its path, and its last name where only one topic has it."""
    names: dict[str, list[UUID]] = {}
    topics = session.exec(select(Topic)).all()
    for topic in topics:
        names.setdefault(topic.name, []).append(topic.id)
    single = {name: ids[0] for name, ids in names.items() if len(ids) == 1}
    return single | {topic.path: topic.id for topic in topics}


def _sound(rows: Iterable[UnitRow], known: Mapping[str, Any], taken: Taken) -> Iterator[tuple[UnitRow, Any]]:
    """The rows with the record of their parent, parents first; the others are rejected with the reason."""
    waiting = list(_once(rows, taken))
    while waiting:
        listed = Counter(name for row in waiting for name in _names(row))
        later: list[UnitRow] = []
        for row in waiting:
            parent = _superior(row.parent, known)
            if row.parent not in (row.key, row.name) and listed[row.parent] > (row.parent in _names(row)):
                later.append(row)  # the list itself says more about the parent further down
            elif row.parent and parent is None:
                taken.rejected.append((row.row, f"没有这个上级: {row.parent}"))
            elif parent is not None and _own_key(row, known) in _line(parent, known):
                taken.rejected.append((row.row, f"上级 {row.parent} 是它自己或在它之下"))
            else:
                yield row, parent
        if len(later) == len(waiting):
            taken.rejected += [(row.row, f"上级 {row.parent} 是它自己或在它之下") for row in later]
            return
        waiting = later


def _once(rows: Iterable[UnitRow], taken: Taken) -> Iterator[UnitRow]:
    """Each record once: a second row under its key would rename the first, so it is rejected."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        kind, key = ("编号", row.key) if row.key else ("名称", row.name)
        if (kind, key) in first:
            taken.rejected.append((row.row, f"{kind} {key} 在本文件第 {first[kind, key]} 行已有"))
            continue
        first |= {("编号", row.key): row.row} if row.key else {}
        first.setdefault(("名称", row.name), row.row)
        yield row


def _names(row: UnitRow | Unit) -> set[str]:
    """Every way to name a unit or the row of one."""
    aliases = row.aliases if isinstance(row, UnitRow) else row.aliases.split("\n")
    return {row.key, row.name, row.short_name, *aliases} - {""}


def _superior(name: str, known: Mapping[str, Any]) -> Any:
    """A record by key, else by name, else by what else only one is called."""
    if not name or name in known:
        return known.get(name)
    called = [each for each in known.values() if each.name == name]
    called = called or [each for each in known.values() if name in _names(each)]
    return called[0] if len(called) == 1 else None


def _line(record: Any, known: Mapping[str, Any]) -> set[str]:
    """Keys of a record and of all above it."""
    by_id = {each.id: each for each in known.values()}
    line: set[str] = set()
    while record is not None and record.key not in line:
        line.add(record.key)
        record = by_id.get(record.parent_id)
    return line


def _own_key(row: UnitRow, known: Mapping[str, Any]) -> str:
    """The key of a row; one without is known by its name."""
    if row.key:
        return row.key
    found = _known(row.name, known)
    return found.key if found else row.name


def _known(name: str, known: Mapping[str, Any]) -> Any:
    """A record by key, else by name."""
    return known.get(name) or next((each for each in known.values() if name and each.name == name), None)


def _told(new: Mapping[str, Any], absent: frozenset[str]) -> dict[str, Any]:
    """The columns of the fields of which the file says something."""
    return {column: value for column, value in new.items() if column.removesuffix("_id") not in absent}


def _put(
    work: Work,
    known: dict[str, Record],
    taken: Taken | None,
    key: str,
    *,
    make: Callable[[], Record],
    new: Mapping[str, Any],
) -> Record:
    """Make or change one record."""
    record = known.get(key)
    fresh = record is None
    if record is None:
        record = known[key] = make()
    changed = fresh or any(getattr(record, name) != value for name, value in new.items())
    if changed:
        for name, value in new.items():
            setattr(record, name, value)
        work.add(record)
    if taken is not None:
        taken.count(fresh, changed)
    return record


def commit(work: Work, action: OfficeAction, taken: Taken) -> Taken:
    """One event, unless nothing was changed."""
    if taken.created or taken.updated:
        work.commit(None, action, facts={"created": taken.created, "updated": taken.updated})
    return taken


def must_keep(desk: Desk, action: OfficeAction) -> None:
    """Raise NotAllowed for whoever keeps none of this."""
    if desk.role not in KEEPS:
        raise NotAllowed(f"{action.label}由热线办、系统管理员进行")
    refuse_where_guarded(desk, action)
