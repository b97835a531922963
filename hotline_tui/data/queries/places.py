"""地名: all of them, and whether they are others than a moment ago; and what else names topics by words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.models import Article, Place
from hotline_tui.rules.words import ArticleState

QUESTIONS = 5_000
"""The latest standard answers whose questions say what their topics are about."""


def stamp(session: Session) -> tuple[int, int, int]:
    """Another one whenever a place or a standard answer was changed."""
    query = sa.select(
        sa.select(sa.func.count()).select_from(Place).scalar_subquery().label("places"),
        sa.select(sa.func.coalesce(sa.func.max(col(Place.revision)), 0)).scalar_subquery().label("revision"),
        sa.select(sa.func.coalesce(sa.func.max(col(Article.revision)), 0)).scalar_subquery().label("articles"),
    )
    found = fetch(session, query)[0]
    return found.places, found.revision, found.articles


def every(session: Session) -> Sequence[Any]:
    """Name, aliases (one a line), region and unit of each place."""
    return fetch(
        session,
        sa.select(col(Place.name), col(Place.aliases), col(Place.region_id), col(Place.unit_id)).order_by(
            col(Place.id)
        ),
    )


def questions(session: Session) -> dict[UUID, list[str]]:
    """Of the standard answers in use, by topic: their questions and other phrasings."""
    query = (
        sa.select(col(Article.topic_id), col(Article.question), col(Article.phrasings))
        .where(col(Article.topic_id).is_not(None), col(Article.state) == ArticleState.PUBLISHED)
        .order_by(col(Article.revision).desc())
        .limit(QUESTIONS)
    )
    found: dict[UUID, list[str]] = {}
    for row in fetch(session, query):
        found.setdefault(row.topic_id, []).append(f"{row.question}\n{row.phrasings}")
    return found
