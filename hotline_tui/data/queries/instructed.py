"""Whom the last instruction on an order names (Art. 11(2)3)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from hotline_tui.models import InstructedUnit, Instruction
from hotline_tui.rules.words import Share


@dataclass(frozen=True, slots=True)
class Named:
    """牵头单位 and 协办单位, the latter in the order of their keys."""

    lead: UUID
    assists: tuple[UUID, ...]


def instructed_units(session: Session, order_id: UUID) -> Named | None:
    """The units of the last instruction; None where it names none."""
    last = (
        select(Instruction.id)
        .where(Instruction.order_id == order_id)
        .order_by(col(Instruction.given_at).desc(), col(Instruction.id).desc())
        .limit(1)
    )
    query = select(InstructedUnit).where(InstructedUnit.instruction_id == last.scalar_subquery())
    units = session.exec(query).all()
    lead = next((each.unit_id for each in units if each.share is Share.LEAD), None)
    if lead is None:
        return None
    return Named(lead, tuple(sorted(each.unit_id for each in units if each.share is Share.ASSIST)))
