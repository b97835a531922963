"""What is in hand at the front, and a step that is taken with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.words import Kind

Step = Callable[[UUID, int | None], str]
"""Takes an order and the version seen, writes, and gives the sentence for what was done."""


@dataclass(frozen=True)
class Matter:
    """What is to be sent somewhere, as far as the choice depends on it."""

    kind: Kind
    narrative: str
    number: str = ""
    """Of the order in hand; a call has none yet."""
    topic_id: UUID | None = None
    region_id: UUID | None = None
    accused: tuple[UUID, ...] = ()
    similar_units: tuple[UUID | None, ...] = ()
    repeats: OrderRow | None = None
    """The order that this one most likely repeats, by its words."""
    urgent: bool = False
    callers: int = 1
    online: bool = False
    """A direct answer goes online, not on the call."""
    returned_by: tuple[UUID, ...] = ()
    """Units that have given it back."""
    subject: str = ""
    address: str = ""
    similar_topics: tuple[str, ...] = ()
    """Their paths."""


def query_of(narrative: str) -> str:
    """A narrative as a search."""
    return " ".join(narrative.split())[:200]
