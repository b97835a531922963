"""What speaks for topics, units and a region, as it is handed to a screen: no arrays, nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Likely:
    """A topic or a unit, how likely it is by the words, from 0 to 1, and the words."""

    id: UUID
    share: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic or a region that suggests itself, and what speaks for it."""

    id: UUID
    reasons: tuple[str, ...]
    """The strongest first."""

    @property
    def why(self) -> str:
        """All of them."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Where:
    """The region that the text names, by which names; the unit that looks after one of the places, if told."""

    region_id: UUID
    names: tuple[str, ...]
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Of one text."""

    topics: tuple[Likely, ...] = ()
    """Best first."""
    units: tuple[Likely, ...] = ()
    learned: bool = False
    """Units by the words of earlier orders; else by their own duties."""
    where: Where | None = None
    history: Mapping[UUID, Mapping[UUID, int]] = field(default_factory=dict[UUID, Mapping[UUID, int]])
    """By topic: which units led how many of its orders."""
