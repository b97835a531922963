"""How much each standard answer is like whatever is asked: a long general one comes close to every question.

Half of that is taken from its score, so that the answer which is nearer to this question than to others comes first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.search.counting import Space, Text
from hotline_tui.data.search.nearness import nearness
from hotline_tui.data.search.segment import Segment
from hotline_tui.models import WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Role

ASKED = 4000
"""Questions that are compared, the latest."""
FEWEST = 200
"""Fewer questions tell nothing."""
LENGTH = 1000
"""Characters of a question that are read."""
NEAREST = 5
"""The questions nearest to an answer tell how much it is like whatever is asked."""
ANYBODY = Viewer(None, Role.OFFICE, on_wall=True)
"""Orders that are secret, tip-offs or accuse a unit are not read."""

_BITS = 4
"""Of the fraction of a query's length: whole numbers are quick."""

Hubs = NDArray[np.uint16]
NONE: Hubs = np.empty(0, np.uint16)


def questions(session: Session, viewer: Viewer, limit: int = ASKED) -> tuple[str, ...]:
    """What the latest orders that this viewer may see ask."""
    query = orders_of(viewer, col(WorkOrder.subject), col(WorkOrder.narrative))
    newest = query.order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc()).limit(limit)
    return tuple(f"{row.subject} {row.narrative}"[:LENGTH] for row in fetch(session, newest))


def hubs(segment: Segment, asked: Sequence[str]) -> Hubs:
    """For each document the mean of its best cosines with these questions, in steps of 1/`ranking.SCALE`;
    none of few.
    """
    if len(asked) < FEWEST or not segment.documents:
        return NONE
    best = np.zeros((NEAREST, segment.documents), np.uint16)
    for _, near in nearness(segment, [[Text(Space.TEXT, text)] for text in asked]):
        nearer = np.flatnonzero(near > best[0])
        found = best[:, nearer]
        found[0] = near[nearer]
        found.sort(axis=0)
        best[:, nearer] = found
    return np.rint(best.mean(axis=0, dtype=np.float64)).astype(np.uint16)


def without(scores: NDArray[np.int32], hubs: Hubs, length: float) -> NDArray[np.int32]:
    """Scores of a query of this length less half of what is common; something of each is left, so that what was found
    stays found."""
    common = np.multiply(hubs, round(length * 2**_BITS / 2), dtype=np.int32)
    common >>= _BITS
    np.subtract(scores, common, out=common)
    return np.maximum(common, scores >> 3, out=common)
