"""知识库: the whole stock, a page at a time, by how its articles stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.keeping import ends_by, kept_by
from hotline_tui.data.queries.knowledge import COLUMNS, ArticleRow, article_rows, may_read_drafts
from hotline_tui.data.queries.rows import MOST, Cursor, Page, fetch, page_of
from hotline_tui.data.queries.visibility import Query
from hotline_tui.models import Article, ArticleUse
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import ArticleState

REMIND_DAYS = 30
YEAR = timedelta(days=365)


class Shelf(Enum):
    """How articles stand on a Shanghai day; one may stand on several shelves."""

    ALL = "全部"
    IN_FORCE = "有效"
    WAITING = "待发布"
    """A draft, or with a revision that waits."""
    ENDING = "即将到期"
    """Published, and past its last day or soon to be: of those whom the viewer keeps, the first to end first."""
    OFTEN = "常用"
    """Answered directly from within a year, the most used first."""
    NEVER = "从未使用"
    """In force, and no order was ever answered from it."""
    OVER = "停用和过期"


OF_KEEPERS = frozenset({Shelf.ENDING})
"""For those who keep standard answers."""


@dataclass(frozen=True, slots=True)
class StockCursor(Cursor):
    """Where a page of the stock ended."""

    rank: Any = 0
    """What the shelf sorts by before the time of the last change."""


def stock(
    session: Session,
    viewer: Viewer,
    shelf: Shelf,
    today: date,
    *,
    days: int = REMIND_DAYS,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[ArticleRow]:
    """The articles of a shelf that this viewer may read: what waits to be published first, what is over last, else the
    last changed first.

    `days`: an article that ends within so many ends soon.
    """
    rank, upwards = _rank(shelf, viewer, today)
    query = article_rows(viewer, rank).where(_on(shelf, viewer, today, days))
    key = (rank, col(Article.changed_at), col(Article.id))
    if isinstance(after, StockCursor):
        told = (sa.literal(after.rank, rank.type), sa.literal(after.at, UTC_TIME), sa.literal(after.id, sa.Uuid()))
        query = query.where(sa.tuple_(*key) > sa.tuple_(*told) if upwards else sa.tuple_(*key) < sa.tuple_(*told))
    page = page_of(
        session,
        query.order_by(*(part if upwards else part.desc() for part in key)).limit(MOST),
        limit,
        lambda values: (ArticleRow(*values[:COLUMNS]), values[COLUMNS]),
        lambda found: StockCursor(found[0].changed_at, found[0].id, rank=found[1]),
    )
    return Page(tuple(row for row, _ in page.rows), page.next)


def many(session: Session, viewer: Viewer, shelf: Shelf, today: date, most: int, *, days: int = REMIND_DAYS) -> int:
    """How many that are; `most` + 1 for more than `most`."""
    query = article_rows(viewer).with_only_columns(col(Article.id)).where(_on(shelf, viewer, today, days))
    return fetch(session, sa.select(sa.func.count()).select_from(query.limit(most + 1).subquery()))[0][0]


def on_shelf(
    session: Session, viewer: Viewer, ids: Sequence[UUID], shelf: Shelf, today: date, *, days: int = REMIND_DAYS
) -> tuple[UUID, ...]:
    """Those of these articles that this viewer may read and that stand there, in the order given."""
    if not ids:
        return ()
    query: Query = article_rows(viewer).with_only_columns(col(Article.id))
    query = query.where(col(Article.id).in_(list(ids)), _on(shelf, viewer, today, days))
    there = {values[0] for values in fetch(session, query)}
    return tuple(article_id for article_id in ids if article_id in there)


def _rank(shelf: Shelf, viewer: Viewer, today: date) -> tuple[sa.ColumnElement[Any], bool]:
    """What a shelf sorts by first, and whether the smallest comes first."""
    if shelf is Shelf.ENDING:
        return sa.type_coerce(col(Article.valid_to), sa.Date()), True
    if shelf is Shelf.OFTEN:
        used = sa.select(sa.func.sum(col(ArticleUse.many))).where(
            col(ArticleUse.article_id) == col(Article.id), col(ArticleUse.day) > today - YEAR
        )
        return sa.func.coalesce(used.correlate(Article).scalar_subquery(), 0), False
    return sa.case((_waiting(viewer), 2), (_over(today), 0), else_=1), False


def _on(shelf: Shelf, viewer: Viewer, today: date, days: int) -> sa.ColumnElement[bool]:
    published, ended = _published(), _ended(today)
    begun = sa.or_(col(Article.valid_from).is_(None), col(Article.valid_from) <= today)
    match shelf:
        case Shelf.IN_FORCE:
            return sa.and_(published, begun, sa.not_(ended))
        case Shelf.WAITING:
            return _waiting(viewer)
        case Shelf.ENDING:
            return sa.and_(kept_by(viewer), ends_by(today, days))
        case Shelf.OFTEN:
            used = sa.select(col(ArticleUse.article_id)).where(col(ArticleUse.day) > today - YEAR)
            return col(Article.id).in_(used)
        case Shelf.NEVER:
            ever = sa.select(col(ArticleUse.article_id))
            return sa.and_(published, begun, sa.not_(ended), col(Article.id).not_in(ever))
        case Shelf.OVER:
            return _over(today)
        case Shelf.ALL:
            return sa.true()


def _over(today: date) -> sa.ColumnElement[bool]:
    """Nobody answers from it any more."""
    return sa.or_(col(Article.state) == ArticleState.EXPIRED, sa.and_(_published(), _ended(today)))


def _published() -> sa.ColumnElement[bool]:
    return col(Article.state) == ArticleState.PUBLISHED


def _ended(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(col(Article.valid_to).is_not(None), col(Article.valid_to) < today)


def _waiting(viewer: Viewer) -> sa.ColumnElement[bool]:
    waits = sa.or_(col(Article.state) == ArticleState.DRAFT, col(Article.pending).is_not(None))
    return sa.and_(may_read_drafts(viewer), waits)
