"""How much each standard answer is like whatever is asked: a long general one comes close to every question.

Half of that is taken from its score, so that the answer which is nearer to this question than to others comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.search.counting import Counting, Space, Text
from hotline_tui.data.search.ranking import QUERY_STEPS
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
TERMS = 64
"""Of a question; the rarest tell enough."""
ANYBODY = Viewer(None, Role.OFFICE, on_wall=True)
"""Orders that are secret, tip-offs or accuse a unit are not read."""

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
    starts, holders, weights = segment.starts, segment.holders, segment.weights
    for places, heavy, length in _cut(segment, asked):
        where = [slice(starts[place], starts[place + 1]) for place in places]
        held = np.concatenate([holders[each] for each in where])
        heavier = np.repeat(heavy, starts[places + 1] - starts[places])
        parts = np.concatenate([weights[each] for each in where]) * heavier
        nearness = (np.bincount(held, parts, segment.documents) / length).astype(np.uint16)
        nearer = np.flatnonzero(nearness > best[0])
        found = best[:, nearer]
        found[0] = nearness[nearer]
        found.sort(axis=0)
        best[:, nearer] = found
    return np.rint(best.mean(axis=0, dtype=np.float64)).astype(np.uint16)


def _cut(segment: Segment, asked: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64], np.float64]]:
    """Of each question the places of its rarest terms in the segment, what they weigh there, and the length of all."""
    counting = Counting()
    for text in asked:
        counting.add([Text(Space.TEXT, text)])
    counted = list(counting.summed())
    if not counted:
        return
    terms, questions, often = (np.concatenate([each[place] for each in counted]) for place in (1, 2, 3))
    places = segment.find(terms)
    known = places >= 0
    terms, questions, often, places = terms[known], questions[known], often[known], places[known]
    weights = np.rint(QUERY_STEPS * (1 + np.log(often)) * segment.rarity(terms))
    lengths = np.sqrt(np.bincount(questions, weights**2, len(asked))) / QUERY_STEPS
    order = np.lexsort((places, -weights, questions))
    questions, places, weights = questions[order], places[order], weights[order]
    begins = np.searchsorted(questions, np.arange(len(asked) + 1, dtype=np.int32))
    for number, begin in enumerate(begins[:-1].tolist()):
        end = min(int(begins[number + 1]), begin + TERMS)
        if begin < end:
            yield places[begin:end], weights[begin:end], lengths[number]


def without(scores: NDArray[np.int32], hubs: Hubs, length: float) -> NDArray[np.int32]:
    """Scores of a query of this length less half of what is common; something of each is left, so that what was found
    stays found."""
    common = (hubs * np.float32(length / 2)).astype(np.int32)
    return np.maximum(scores - common, scores >> 3)
