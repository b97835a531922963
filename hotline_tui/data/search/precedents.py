"""先例: questions like this one were answered so, and these answers are like those.

People do not ask in the words of an answer. Orders that were answered with a standard answer show both: an answer comes
nearer to a question as far as it is like what earlier questions like this one were answered with. An answer is not
brought up by the questions that it answered itself: one that was given often would stand before all of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.search.counting import Space, Text
from hotline_tui.data.search.hubs import LENGTH
from hotline_tui.data.search.nearness import nearness
from hotline_tui.data.search.ranking import Query, Ranking, best
from hotline_tui.data.search.segment import EMPTY, Segment, build
from hotline_tui.models import WorkOrder
from hotline_tui.rules.secrecy import Viewer

ANSWERED = 2000
"""Orders that are looked at, the latest."""
QUESTIONS = 20
"""The earlier questions that count, the nearest."""
ALIKE = 20
"""The given answers that an answer is compared with, the nearest."""
_WHOLE = 255
_PART = 1700
"""The same question before, answered by nothing but the like of this answer, adds 255/1700 to the cosine."""

Answered = Mapping[UUID, Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Precedents:
    """Immutable: earlier questions, and of what each was answered with the answers that are like it."""

    questions: Segment
    """Of words that standard answers hold: whose question it was is not in it."""
    starts: NDArray[np.int64]
    """Where the answers of each question begin, and the end of the last."""
    holders: NDArray[np.int32]
    """The answers, by number."""
    weights: NDArray[np.uint8]
    """How much alike, of all that an answer is like: squares of 255 together."""


NOTHING = Precedents(EMPTY, np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8))


def answered(session: Session, viewer: Viewer, limit: int = ANSWERED) -> dict[UUID, list[str]]:
    """Articles with what the latest orders ask that were answered with them and that this viewer may see."""
    query = orders_of(viewer, col(WorkOrder.article_id), col(WorkOrder.subject), col(WorkOrder.narrative))
    newest = query.where(col(WorkOrder.article_id).is_not(None)).order_by(
        col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc()
    )
    found: dict[UUID, list[str]] = {}
    for row in fetch(session, newest.limit(limit)):
        found.setdefault(row.article_id, []).append(f"{row.subject} {row.narrative}"[:LENGTH])
    return found


def precedents(segment: Segment, given: Sequence[tuple[int, Sequence[Text], Sequence[str]]]) -> Precedents:
    """`given`: answers by number, with their texts and the questions that they answered."""
    if not given or not segment.documents:
        return NOTHING
    nearest = np.zeros((ALIKE, segment.documents), np.uint32)
    for number, near in nearness(segment, [texts for _, texts, _ in given]):
        near[given[number][0]] = 0
        nearer = np.flatnonzero(near > nearest[0] >> 16)
        found = nearest[:, nearer]
        found[0] = near[nearer].astype(np.uint32) << 16 | number
        found.sort(axis=0)
        nearest[:, nearer] = found
    alike, numbers = (nearest >> 16).astype(np.float64), (nearest & 0xFFFF).astype(np.int32)
    lengths = np.sqrt(np.maximum((alike**2).sum(axis=0), 1))
    weights = np.rint(_WHOLE * alike / lengths).astype(np.uint8)
    _, documents = np.nonzero(weights)
    number, weight = numbers[weights > 0], weights[weights > 0]
    order = np.lexsort((documents, number))
    number, holders, weight = number[order], documents[order].astype(np.int32), weight[order]
    of = np.array([place for place, (_, _, asked) in enumerate(given) for _ in asked])
    bounds = np.searchsorted(number, np.arange(len(given) + 1))
    pieces = [slice(bounds[place], bounds[place + 1]) for place in of.tolist()]
    return Precedents(
        build(([Text(Space.TEXT, text)] for _, _, asked in given for text in asked), segment, known_only=True),
        np.concatenate([[0], np.cumsum((bounds[1:] - bounds[:-1])[of])]),
        np.concatenate([holders[piece] for piece in pieces]),
        np.concatenate([weight[piece] for piece in pieces]),
    )


class Remembering:
    """Adds to the scores of a query that grows. Not safe to use from several threads at once."""

    def __init__(self, known: Precedents) -> None:
        self._known = known
        self._ranking = Ranking(known.questions)

    def add(self, query: Query, scores: NDArray[np.int32]) -> None:
        """What speaks for each answer."""
        asked = self._ranking.ask(query)
        like = best(asked, QUESTIONS)
        like = like[np.lexsort((like, -asked[like]))][:QUESTIONS]
        if not len(like):
            return
        begins, ends = self._known.starts[like], self._known.starts[like + 1]
        spans = [slice(*span) for span in zip(begins.tolist(), ends.tolist(), strict=True)]
        parts = np.concatenate([self._known.weights[span] for span in spans]) * np.repeat(asked[like], ends - begins)
        np.add.at(scores, np.concatenate([self._known.holders[span] for span in spans]), parts // np.int32(_PART))
