"""地名: the gazetteer, kept from lists of it; the same list again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.queries import picks
from hotline_tui.errors import NotAllowed
from hotline_tui.models import Place
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.desk import Desk
from hotline_tui.services.organisation import KEEPS, Taken, unit_names
from hotline_tui.services.work import work_at

TOGETHER = 1000
"""Rows written at a time."""


def save_places(desk: Desk, rows: Iterable[PlaceRow], *, replace: bool = False) -> Taken:
    """Places by name and region; a row whose region or unit is unknown is rejected.

    `replace`: what the list does not hold goes, unless a row of it was rejected: what that one meant nobody knows.
    """
    if desk.role not in KEEPS:
        raise NotAllowed(f"{OfficeAction.SAVE_PLACES.label}由热线办、系统管理员进行")
    with work_at(desk) as work:
        session, taken = work.session, Taken()
        known = {(place.name, place.region_id): place for place in session.exec(select(Place))}
        regions, units = region_names(session), unit_names(session)
        revision = 1 + max((place.revision for place in known.values()), default=0)
        listed: dict[tuple[str, UUID], int] = {}
        for row in rows:
            new, why = _told(row, regions, units)
            key = (row.name, new["region_id"])
            if not why and key in listed:
                why = f"地名 {row.name} 在本文件第 {listed[key]} 行已有"
            if why:
                taken.rejected.append((row.row, why))
                continue
            listed[key] = row.row
            place = known.get(key)
            if place is None:
                session.add(Place(name=row.name, revision=revision, **new))
                taken.count(new=True, changed=True)
            else:
                changed = any(getattr(place, name) != value for name, value in new.items())
                if changed:
                    place.sqlmodel_update(new | {"revision": revision})
                taken.count(new=False, changed=changed)
            if len(listed) % TOGETHER == 0:
                session.flush()
        gone = [] if taken.rejected or not replace else [place.id for key, place in known.items() if key not in listed]
        for start in range(0, len(gone), TOGETHER):
            session.exec(sa.delete(Place).where(col(Place.id).in_(gone[start : start + TOGETHER])))
        if taken.created or taken.updated or gone:
            facts = {"created": taken.created, "updated": taken.updated, "removed": len(gone)}
            work.commit(None, OfficeAction.SAVE_PLACES, facts=facts)
        return taken


def region_names(session: Session) -> dict[str, UUID]:
    """Every way to name one region: its key, its path, and its name where only one has it."""
    regions = picks.regions(session)
    named: dict[str, list[UUID]] = {}
    for region in regions:
        named.setdefault(region.name, []).append(region.id)
    single = {name: ids[0] for name, ids in named.items() if len(ids) == 1}
    return single | {region.path: region.id for region in regions} | {region.key: region.id for region in regions}


def _told(row: PlaceRow, regions: Mapping[str, UUID], units: Mapping[str, UUID]) -> tuple[dict[str, Any], str]:
    """The columns of which the row says something, and why it cannot be taken."""
    new: dict[str, Any] = {"region_id": regions.get(row.region)}
    if "aliases" not in row.absent:
        new["aliases"] = "\n".join(row.aliases)
    if "unit" not in row.absent:
        new["unit_id"] = units.get(row.unit)
    if new["region_id"] is None:
        return new, f"没有这个区域, 或不止一个同名: {row.region}; 请写区域的编号或全称, 如 上级/区域"
    if row.unit and row.unit not in units:
        return new, f"没有这个承办单位: {row.unit}"
    return new, ""
