"""What came of one engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SETS = ("reply", "titled")
"""Subject and detail ask for the reply; the detail asks for the subject with the reply."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of the letters whose answer came first, among the first five; and the mean of 1 / place."""

    r1: float
    r5: float
    mrr: float
    asked: int

    @classmethod
    def of(cls, found: Sequence[int | None]) -> Quality:
        """Of the place of each answer, from 1, None where it was not found."""
        first, fifth = (sum(place is not None and place <= n for place in found) / len(found) for n in (1, 5))
        return cls(first, fifth, sum(1 / place for place in found if place) / len(found), len(found))


@dataclass(slots=True)
class Times:
    """Searches of one kind, in milliseconds, and how many of them found anything."""

    each: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    """Of the processor, in this process: what a busy machine does not lengthen. Not what a server uses."""
    found: int = 0

    def note(self, milliseconds: float, cpu: float, *, found: bool) -> None:
        """One search."""
        self.each.append(milliseconds)
        self.cpu.append(cpu)
        self.found += found

    def part(self, share: float, of: Sequence[float] | None = None) -> float:
        """The time within which this share of them was done; 0 of none."""
        ordered = sorted(self.each if of is None else of)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def as_dict(self) -> dict[str, float]:
        """For a script."""
        return {f"p{n}_ms": round(self.part(n / 100), 3) for n in (50, 95, 99)} | {
            "cpu_p95_ms": round(self.part(0.95, self.cpu), 3),
            "searches": len(self.each),
            "found": self.found,
        }


@dataclass(slots=True)
class Measured:
    """The figures of one engine."""

    name: str
    index_s: float = 0.0
    size_mb: float = 0.0
    private_mb: float = 0.0
    keys: Times = field(default_factory=Times)
    short: Times = field(default_factory=Times)
    spelled: Times = field(default_factory=Times)
    quality: dict[str, Quality] = field(default_factory=dict[str, Quality])

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        times = {name: getattr(self, name).as_dict() for name in ("keys", "short", "spelled")}
        quality = {
            name: {"recall_at_1": round(each.r1, 4), "recall_at_5": round(each.r5, 4), "mrr": round(each.mrr, 4)}
            | {"asked": each.asked}
            for name, each in self.quality.items()
        }
        sizes = {name: round(getattr(self, name), 2) for name in ("index_s", "size_mb", "private_mb")}
        return {"engine": self.name} | sizes | times | {"quality": quality}
