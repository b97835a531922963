"""保密: who may see an order, whose data are masked, whom a matter may not be sent to (Art. 13, 14)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from hotline_tui.errors import Refused
from hotline_tui.rules.words import Kind, Role

SEES_ALL_ORDERS = frozenset({Role.AGENT, Role.OFFICE, Role.CITY_LEADER, Role.AUTHORITY})
SEES_SECRET_ORDERS = frozenset({Role.OFFICE, Role.CITY_LEADER, Role.AUTHORITY})
MAY_UNMASK = frozenset({Role.AGENT, Role.OFFICE, Role.AUTHORITY, Role.HANDLER, Role.UNIT_LEADER})
MAY_READ_LOOKS = frozenset({Role.OFFICE, Role.AUTHORITY})
"""Who watches over the looks at unmasked data."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: every read query takes one."""

    account_id: UUID | None
    """Empty at the command line, where nobody signed in."""
    role: Role
    unit_id: UUID | None = None
    unit_ids: frozenset[UUID] = frozenset()
    """The own unit and those below it, whose work it answers for."""
    above_ids: frozenset[UUID] = frozenset()
    """The own unit and those above it: whoever accuses one of them is hidden from this viewer (R-13a)."""
    on_wall: bool = False
    """Anybody may pass by: neither what is secret nor a tip-off nor what accuses a unit (R-13a, R-13b)."""
    guarded: bool = False
    """The database itself says who may see what (`data/roles`): what lies beyond that is asked of its functions."""


def is_veiled(kind: Kind, *, secret: bool, accuses: bool) -> bool:
    """Whether an order is not for a wall (R-13a, R-13b)."""
    return secret or accuses or kind is Kind.TIPOFF


def unit_and_above(unit_id: UUID, parents: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """The unit and every unit above it; `parents` maps each unit to its superior."""
    line: set[UUID] = set()
    here: UUID | None = unit_id
    while here is not None and here not in line:
        line.add(here)
        here = parents.get(here)
    return frozenset(line)


def unit_and_below(unit_id: UUID, parents: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """The unit and every unit below it."""
    return frozenset(unit for unit in {*parents, unit_id} if unit_id in unit_and_above(unit, parents))


def check_dispatch(unit_id: UUID, accused: Collection[UUID], parents: Mapping[UUID, UUID | None]) -> None:
    """Raise Refused when the order accuses this unit or one above it (Art. 13)."""
    if not unit_and_above(unit_id, parents).isdisjoint(accused):
        raise Refused("被反映单位及其下属单位不得承办本件", "第十三条")


def mask_name(name: str) -> str:
    """王小明 -> 王**."""
    name = name.strip()
    return name[:1] + "**" if name else ""


def mask_phone(phone: str) -> str:
    """13900002211 -> 139****2211; shorter numbers keep their last two digits, another way of contact nothing."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) > 4 else "****" if phone.strip() else ""


def mask_text(text: str) -> str:
    """Workplace and addresses: only whether one was told."""
    return "***" if text.strip() else ""


MASKS = {"name": mask_name, "phone": mask_phone, "workplace": mask_text, "home_address": mask_text}
"""How each of a caller's facts is shown."""


def masked(facts: Mapping[str, str]) -> dict[str, str]:
    """The masked columns of a caller's facts, as far as they are told."""
    return {f"masked_{fact}": mask(facts[fact]) for fact, mask in MASKS.items() if fact in facts}
