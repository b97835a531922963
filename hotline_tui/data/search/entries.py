"""Standard answers as the index takes them in, in the sequence of their changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import Query
from hotline_tui.data.search.counting import Space, Text
from hotline_tui.models import Article, Topic
from hotline_tui.rules.words import ArticleState

TITLE = 4
"""A term in the title counts as so many in the answer; in a phrasing or the topic as below."""
PHRASINGS = 2
TOPIC = 1
ANSWER = 1
PAGE = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it is found."""

    id: UUID
    title: str
    phrasings: str = ""
    answer: str = ""
    spelling: str = ""
    """Of the title, and a line for each phrasing."""
    state: ArticleState = ArticleState.PUBLISHED
    valid_from: date | None = None
    valid_to: date | None = None
    unit_id: UUID | None = None
    topic_id: UUID | None = None
    topic: str = ""
    revision: int = 0

    def texts(self) -> Iterator[Text]:
        """What it is found by."""
        yield Text(Space.TEXT, self.title, TITLE)
        yield Text(Space.TEXT, self.phrasings, PHRASINGS)
        yield Text(Space.TEXT, self.topic, TOPIC)
        yield Text(Space.TEXT, self.answer, ANSWER)
        yield Text(Space.SINGLE, self.title)

    def spelled(self) -> Iterator[tuple[str, str]]:
        """The title and the phrasings, each with its spelling."""
        return zip((self.title, *self.phrasings.split("\n")), self.spelling.split("\n"), strict=False)


def newer(session: Session, seen: int, most: int | None = None) -> list[Entry]:
    """What changed after this revision, the oldest change first, at most so many."""
    # Nearly always nothing: a server plans the short question in a fifth of the time of the long one.
    if not fetch(session, _ANY_NEWER, seen=seen):
        return []
    return [Entry(*row) for row in fetch(session, _newer(most), seen=seen)]


LAST = sa.select(sa.func.coalesce(sa.func.max(col(Article.revision)), -1).label("last"))
"""The last change, -1 where there was none."""
_ANY_NEWER = (
    sa.select(col(Article.revision))
    .where(col(Article.revision) > sa.bindparam("seen"))
    .order_by(col(Article.revision))
    .limit(1)
)
"""In sequence, or a server that has not counted yet takes the whole table for the shortest way."""


@cache
def _newer(most: int | None) -> Query:
    """Made once: it is asked before every search, and to make it takes longer than to run it."""
    return _entries().where(col(Article.revision) > sa.bindparam("seen")).order_by(col(Article.revision)).limit(most)


def every(session: Session) -> Iterator[Entry]:
    """All of them, a page at a time."""
    query, last = _entries().order_by(col(Article.id)).limit(PAGE), UUID(int=0)
    while rows := fetch(session, query.where(col(Article.id) > last)):
        yield from (Entry(*row) for row in rows)
        last = rows[-1].id


def revision(session: Session) -> int:
    """Of the last change."""
    return fetch(session, LAST)[0].last


def _entries() -> Query:
    columns: tuple[Any, ...] = (
        col(Article.id),
        col(Article.question),
        col(Article.phrasings),
        col(Article.answer),
        col(Article.spelling),
        col(Article.state),
        col(Article.valid_from),
        col(Article.valid_to),
        col(Article.unit_id),
        col(Article.topic_id),
        sa.func.coalesce(col(Topic.path), ""),
        col(Article.revision),
    )
    return sa.select(*columns).select_from(Article).outerjoin(Topic, col(Topic.id) == col(Article.topic_id))
