"""地名: the gazetteer, kept from lists of it; the same list again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.imports.rows import BadRow
from hotline_tui.errors import UsageError
from hotline_tui.models import Place
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.desk import Desk
from hotline_tui.services.organisation import Taken, must_keep, unit_names
from hotline_tui.services.region_tree import RegionTree, tree_of
from hotline_tui.services.work import work_at

TOGETHER = 1000
"""Rows written at a time."""


def save_places(desk: Desk, rows: Iterable[PlaceRow | BadRow], *, replace: bool = False) -> Taken:
    """Places by name and region; a row whose region or unit is unknown is rejected.

    `replace`: what the list does not hold goes, unless a row of it was rejected: what that one meant nobody knows.
    A list of nothing is then a mistake: raises UsageError.
    """
    must_keep(desk, OfficeAction.SAVE_PLACES)
    with work_at(desk) as work:
        session, taken = work.session, Taken()
        known = {(place.name, place.region_id): place for place in session.exec(select(Place))}
        regions, units = tree_of(session), unit_names(session)
        revision = 1 + max((place.revision for place in known.values()), default=0)
        listed: dict[tuple[str, UUID], int] = {}
        for row in rows:
            if isinstance(row, BadRow):
                taken.rejected.append((row.number, row.reason))
                continue
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
        if replace and not listed and not taken.rejected:
            raise UsageError("表中没有一行数据, 不能用它替换全部地名; 什么也没有改, 请核对文件")
        gone = [] if taken.rejected or not replace else [place.id for key, place in known.items() if key not in listed]
        for start in range(0, len(gone), TOGETHER):
            session.exec(sa.delete(Place).where(col(Place.id).in_(gone[start : start + TOGETHER])))
        taken.removed = len(gone)
        if taken.created or taken.updated or gone:
            facts = {"created": taken.created, "updated": taken.updated, "removed": len(gone)}
            work.commit(None, OfficeAction.SAVE_PLACES, facts=facts)
        return taken


def _told(row: PlaceRow, regions: RegionTree, units: Mapping[str, UUID]) -> tuple[dict[str, Any], str]:
    """The columns of which the row says something, and why it cannot be taken."""
    region = regions.find(row.region)
    new: dict[str, Any] = {"region_id": region.id if region else None}
    if "aliases" not in row.absent:
        new["aliases"] = "\n".join(row.aliases)
    if "unit" not in row.absent:
        new["unit_id"] = units.get(row.unit)
    if region is None:
        return new, regions.unknown(row.region)
    if row.unit and row.unit not in units:
        return new, f"没有这个承办单位: {row.unit}"
    return new, ""
