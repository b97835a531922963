"""知识库: the whole stock, a page at a time, by how its articles stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.knowledge import COLUMNS, ArticleRow, article_rows, may_read_drafts
from hotline_tui.data.queries.rows import Cursor, Page, fetch, page_of
from hotline_tui.data.queries.visibility import Query
from hotline_tui.models import Article
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import ArticleState


class Shelf(Enum):
    """How articles stand on a Shanghai day; one may stand on several shelves."""

    ALL = "全部"
    IN_FORCE = "有效"
    WAITING = "待发布"
    """A draft, or with a revision that waits."""
    OVER = "停用和过期"


@dataclass(frozen=True, slots=True)
class StockCursor(Cursor):
    """Where a page of the stock ended."""

    waits: bool = False


def stock(
    session: Session,
    viewer: Viewer,
    shelf: Shelf,
    today: date,
    *,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[ArticleRow]:
    """The articles of a shelf that this viewer may read: what waits to be published first, then the last changed."""
    waits = sa.case((_waiting(viewer), 1), else_=0)
    query = article_rows(viewer, waits).where(_on(shelf, viewer, today))
    key = (waits, col(Article.changed_at), col(Article.id))
    if isinstance(after, StockCursor):
        ended = (sa.literal(int(after.waits)), sa.literal(after.at, UTC_TIME), sa.literal(after.id, sa.Uuid()))
        query = query.where(sa.tuple_(*key) < sa.tuple_(*ended))
    page = page_of(
        session,
        query.order_by(*(part.desc() for part in key)),
        limit,
        lambda values: (ArticleRow(*values[:COLUMNS]), bool(values[COLUMNS])),
        lambda found: StockCursor(found[0].changed_at, found[0].id, waits=found[1]),
    )
    return Page(tuple(row for row, _ in page.rows), page.next)


def many(session: Session, viewer: Viewer, shelf: Shelf, today: date, most: int) -> int:
    """How many that are; `most` + 1 for more than `most`."""
    query = article_rows(viewer).with_only_columns(col(Article.id)).where(_on(shelf, viewer, today))
    return fetch(session, sa.select(sa.func.count()).select_from(query.limit(most + 1).subquery()))[0][0]


def on_shelf(session: Session, viewer: Viewer, ids: Sequence[UUID], shelf: Shelf, today: date) -> tuple[UUID, ...]:
    """Those of these articles that this viewer may read and that stand there, in the order given."""
    if not ids:
        return ()
    query: Query = article_rows(viewer).with_only_columns(col(Article.id))
    query = query.where(col(Article.id).in_(list(ids)), _on(shelf, viewer, today))
    there = {values[0] for values in fetch(session, query)}
    return tuple(article_id for article_id in ids if article_id in there)


def _on(shelf: Shelf, viewer: Viewer, today: date) -> sa.ColumnElement[bool]:
    published = col(Article.state) == ArticleState.PUBLISHED
    ended = sa.and_(col(Article.valid_to).is_not(None), col(Article.valid_to) < today)
    begun = sa.or_(col(Article.valid_from).is_(None), col(Article.valid_from) <= today)
    if shelf is Shelf.IN_FORCE:
        return sa.and_(published, begun, sa.not_(ended))
    if shelf is Shelf.WAITING:
        return _waiting(viewer)
    if shelf is Shelf.OVER:
        return sa.or_(col(Article.state) == ArticleState.EXPIRED, sa.and_(published, ended))
    return sa.true()


def _waiting(viewer: Viewer) -> sa.ColumnElement[bool]:
    waits = sa.or_(col(Article.state) == ArticleState.DRAFT, col(Article.pending).is_not(None))
    return sa.and_(may_read_drafts(viewer), waits)
