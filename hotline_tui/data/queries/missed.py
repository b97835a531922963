"""缺答: what was asked in vain, alike questions together, the most asked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.keeping import KEEPS_ALL
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.search.tokens import of_query
from hotline_tui.models import Account, Article, MissedQuestion
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import MissedState

ALIKE = 0.5
"""Of the terms of two questions together so many must be in both: what they share divided by what they have."""
COMMON = 200
"""A term in more questions than this tells none from another."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A question, as `MissedQuestion` holds it."""

    id: UUID
    words: str
    empty: int
    unused: int
    dispatched: int
    first_at: datetime
    last_at: datetime
    state: MissedState
    reason: str
    article: str
    """Key of the answer that was written to it."""
    decided_at: datetime | None
    by: str

    @property
    def times(self) -> int:
        """How often it was asked."""
        return self.empty + self.unused


@dataclass(frozen=True, slots=True)
class Group:
    """Questions alike, the most asked first."""

    questions: tuple[Missed, ...]

    @property
    def words(self) -> str:
        """What stands for them."""
        return self.questions[0].words

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Of all."""
        return tuple(each.id for each in self.questions)

    @property
    def times(self) -> int:
        """How often they were asked."""
        return sum(each.times for each in self.questions)

    @property
    def empty(self) -> int:
        """How often nothing was found."""
        return sum(each.empty for each in self.questions)

    @property
    def dispatched(self) -> int:
        """How often the call was dispatched after it."""
        return sum(each.dispatched for each in self.questions)

    @property
    def last_at(self) -> datetime:
        """When one of them was asked last."""
        return max(each.last_at for each in self.questions)


def missed(session: Session, viewer: Viewer, state: MissedState = MissedState.OPEN) -> tuple[Group, ...]:
    """Groups of questions in this state, the most asked first, to the office; to others none."""
    if viewer.role not in KEEPS_ALL:
        return ()
    query = (
        sa.select(
            col(MissedQuestion.id),
            col(MissedQuestion.words),
            col(MissedQuestion.empty),
            col(MissedQuestion.unused),
            col(MissedQuestion.dispatched),
            col(MissedQuestion.first_at),
            col(MissedQuestion.last_at),
            col(MissedQuestion.state),
            col(MissedQuestion.reason),
            sa.func.coalesce(col(Article.key), ""),
            col(MissedQuestion.decided_at),
            sa.func.coalesce(col(Account.name), ""),
        )
        .select_from(MissedQuestion)
        .outerjoin(Article, col(Article.id) == col(MissedQuestion.article_id))
        .outerjoin(Account, col(Account.id) == col(MissedQuestion.decided_by))
        .where(col(MissedQuestion.state) == state)
    )
    found = [Missed(*row) for row in fetch(session, query)]
    found.sort(key=lambda each: (-each.times, -each.last_at.timestamp(), each.words))
    groups = [Group(tuple(each)) for each in _alike(found)]
    return tuple(sorted(groups, key=lambda each: (-each.times, -each.last_at.timestamp(), each.words)))


def _alike(questions: Sequence[Missed]) -> list[list[Missed]]:
    """Each question with the first group whose first question it is alike."""
    groups: list[list[Missed]] = []
    terms_of: list[frozenset[int]] = []
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for question in questions:
        terms = frozenset(of_query(question.words))
        shared: defaultdict[int, int] = defaultdict(int)
        for term in terms:
            if len(holders[term]) <= COMMON:
                for number in holders[term]:
                    shared[number] += 1
        best = max(shared, key=lambda number: (_likeness(shared[number], terms, terms_of[number]), -number), default=-1)
        if best >= 0 and _likeness(shared[best], terms, terms_of[best]) >= ALIKE:
            groups[best].append(question)
            continue
        for term in terms:
            holders[term].append(len(groups))
        groups.append([question])
        terms_of.append(terms)
    return groups


def _likeness(shared: int, one: frozenset[int], two: frozenset[int]) -> float:
    return shared / (len(one) + len(two) - shared)
