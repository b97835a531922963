"""知识库 for those who keep it: what ends soon, how often an answer is given, what is said of it, whence it comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import (
    Account,
    Article,
    ArticleOpinion,
    ArticleSource,
    ArticleUse,
    MissedQuestion,
    WorkOrder,
)
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import ArticleState, MissedState, Role

KEEPS_ALL = frozenset({Role.OFFICE, Role.ADMIN})
KEEPS_OWN = frozenset({Role.HANDLER, Role.UNIT_LEADER})


@dataclass(frozen=True, slots=True)
class ToKeep:
    """What waits for whoever keeps standard answers."""

    over: int
    """Published, and past their last day."""
    ending: int
    """Published, and soon to be."""
    missed: int
    """Questions asked in vain, different ones; 0 but for the office."""


@dataclass(frozen=True, slots=True)
class Use:
    """How many orders were answered directly from an article, as `ArticleUse` counts them."""

    month: int
    """In the last 30 days."""
    year: int
    """In the last 365 days."""
    ever: int
    last: date | None
    by_version: tuple[tuple[int, int], ...]
    """Version and how often ever, the newest first."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody at the front desk said of a version."""

    version: int
    helpful: bool
    remark: str
    by: str
    """To the office; empty for a unit."""
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """The order that an article was written from."""

    order_id: UUID
    number: str
    cleared: tuple[str, ...]
    """What of the check's hits was let go, by kind."""
    clear_reason: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a keeper sees beside an article."""

    use: Use
    opinions: tuple[Opinion, ...]
    """The last first; of others' articles none."""
    source: Source | None
    """None also for those who may not see the order."""


def kept_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition for articles that this viewer keeps: the office all, a unit its own and those of units below."""
    if viewer.role in KEEPS_ALL:
        return sa.true()
    if viewer.role in KEEPS_OWN and viewer.unit_ids:
        return col(Article.unit_id).in_(viewer.unit_ids)
    return sa.false()


def ends_by(today: date, days: int) -> sa.ColumnElement[bool]:
    """The condition for published articles past their last day, or at it within so many days."""
    end = col(Article.valid_to)
    return sa.and_(col(Article.state) == ArticleState.PUBLISHED, end.is_not(None), end <= today + timedelta(days=days))


def to_keep(session: Session, viewer: Viewer, today: date, days: int) -> ToKeep:
    """How much waits for this viewer."""
    if viewer.role not in KEEPS_ALL | KEEPS_OWN:
        return ToKeep(0, 0, 0)
    over = sa.func.coalesce(sa.func.sum(sa.case((col(Article.valid_to) < today, 1), else_=0)), 0)
    query = sa.select(sa.func.count(), over).select_from(Article).where(kept_by(viewer), ends_by(today, days))
    both, ended = fetch(session, query)[0]
    missed = 0
    if viewer.role in KEEPS_ALL:
        asked = sa.select(sa.func.count()).where(col(MissedQuestion.state) == MissedState.OPEN)
        missed = fetch(session, asked)[0][0]
    return ToKeep(ended, both - ended, missed)


def keeping(session: Session, viewer: Viewer, article_id: UUID, today: date) -> Keeping:
    """Use, opinions and source of an article, as far as this viewer may know."""
    return Keeping(
        use(session, viewer, article_id, today),
        opinions(session, viewer, article_id),
        source(session, viewer, article_id),
    )


def use(session: Session, viewer: Viewer, article_id: UUID, today: date) -> Use:
    """How often it was given. The same for everybody: the numbers tell of no order (see `ArticleUse`)."""
    del viewer
    columns = (col(ArticleUse.version), col(ArticleUse.day), col(ArticleUse.many))
    rows = fetch(session, sa.select(*columns).where(col(ArticleUse.article_id) == article_id))
    versions: Counter[int] = Counter()
    for version, _, many in rows:
        versions[version] += many

    def since(days: int) -> int:
        return sum(many for _, day, many in rows if day > today - timedelta(days=days))

    return Use(
        since(30),
        since(365),
        versions.total(),
        max((day for _, day, _ in rows), default=None),
        tuple(sorted(versions.items(), reverse=True)),
    )


def opinions(session: Session, viewer: Viewer, article_id: UUID) -> tuple[Opinion, ...]:
    """What was said of it, to those who keep it."""
    named = viewer.role in KEEPS_ALL
    query = (
        sa.select(
            col(ArticleOpinion.version),
            col(ArticleOpinion.helpful),
            col(ArticleOpinion.remark),
            col(Account.name) if named else sa.literal(""),
            col(ArticleOpinion.said_at),
        )
        .select_from(ArticleOpinion)
        .join(Article, col(Article.id) == col(ArticleOpinion.article_id))
        .where(col(Article.id) == article_id, kept_by(viewer))
        .order_by(col(ArticleOpinion.said_at).desc(), col(ArticleOpinion.version).desc(), col(ArticleOpinion.remark))
    )
    if named:
        query = query.join(Account, col(Account.id) == col(ArticleOpinion.account_id))
    return tuple(Opinion(*row) for row in fetch(session, query))


def source(session: Session, viewer: Viewer, article_id: UUID) -> Source | None:
    """The order that it was written from, to those who keep it and may see the order."""
    if viewer.role not in KEEPS_ALL | KEEPS_OWN:
        return None
    query = (
        orders_of(
            viewer,
            col(WorkOrder.id),
            col(WorkOrder.number),
            col(ArticleSource.cleared),
            col(ArticleSource.clear_reason),
        )
        .join(ArticleSource, col(ArticleSource.order_id) == col(WorkOrder.id))
        .join(Article, col(Article.id) == col(ArticleSource.article_id))
        .where(col(Article.id) == article_id, kept_by(viewer))
    )
    for order_id, number, cleared, reason in fetch(session, query):
        return Source(order_id, number, tuple(kind for kind, _ in cleared), reason)
    return None
