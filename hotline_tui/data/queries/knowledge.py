"""知识库: an article in full, its versions, and lists of articles. Finding by words is `data.search`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import MOST, Cursor, Page, before, fetch, page_of, short_name
from hotline_tui.data.queries.visibility import Query
from hotline_tui.errors import NotFound
from hotline_tui.models import Account, Article, ArticleVersion, Topic, Unit
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import ArticleState, Role

SEES_DRAFTS = frozenset({Role.OFFICE, Role.AUTHORITY})
COLUMNS = 14


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One line of a list of standard answers."""

    id: UUID
    key: str
    question: str
    unit_id: UUID | None
    unit: str
    topic_id: UUID | None
    topic: str
    state: ArticleState
    version: int
    valid_from: date | None
    valid_to: date | None
    changed_at: datetime
    revision: int
    pending: int | None = None
    """The version that waits to be published; None also for those who read no drafts."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A text that was written for an article."""

    version: int
    question: str
    answer: str
    basis: str
    valid_from: date | None
    valid_to: date | None
    made_at: datetime
    by: str
    published_at: datetime | None
    """When it first came into use."""
    published_by: str = ""
    discarded: bool = False
    """It waited and was dropped."""


@dataclass(frozen=True, slots=True)
class ArticleDetail:
    """A standard answer in full."""

    row: ArticleRow
    answer: str
    phrasings: tuple[str, ...]
    basis: str
    versions: tuple[VersionRow, ...]
    """Newest first; those that never came into use only for who reads drafts."""

    @property
    def waiting(self) -> VersionRow | None:
        """The revision that waits to be published."""
        return next((each for each in self.versions if each.version == self.row.pending), None)

    def in_force(self, day: date) -> bool:
        """Published and valid on this Shanghai day: the front desk may answer from it."""
        begun = self.row.valid_from is None or self.row.valid_from <= day
        ended = self.row.valid_to is not None and self.row.valid_to < day
        return self.row.state is ArticleState.PUBLISHED and begun and not ended


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles; every field that is given must hold."""

    words: str = ""
    """Each of them in the question, the phrasings or the answer."""
    unit_id: UUID | None = None
    topic_id: UUID | None = None
    state: ArticleState | None = None
    ends_before: date | None = None
    """Valid to a day before this one: to be reviewed."""
    waiting: bool = False
    """A draft, or with a revision that waits: for the office to publish."""


ALL_ARTICLES = ArticleFilter()


def articles(
    session: Session,
    viewer: Viewer,
    filters: ArticleFilter = ALL_ARTICLES,
    *,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[ArticleRow]:
    """Articles this viewer may read, last changed first."""
    query = article_rows(viewer)
    equal = (
        (col(Article.unit_id), filters.unit_id),
        (col(Article.topic_id), filters.topic_id),
        (col(Article.state), filters.state),
    )
    query = query.where(*(column == value for column, value in equal if value is not None))
    for word in filters.words.split()[:8]:
        texts = (col(Article.question), col(Article.phrasings), col(Article.answer))
        query = query.where(sa.or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if filters.ends_before is not None:
        query = query.where(col(Article.valid_to) < filters.ends_before)
    if filters.waiting:
        known = may_read_drafts(viewer)
        query = query.where(known, sa.or_(col(Article.state) == ArticleState.DRAFT, col(Article.pending).is_not(None)))
    if after is not None:
        query = query.where(before(col(Article.changed_at), col(Article.id), after))
    query = query.order_by(col(Article.changed_at).desc(), col(Article.id).desc()).limit(MOST)
    return page_of(
        session, query, limit, lambda values: ArticleRow(*values), lambda row: Cursor(row.changed_at, row.id)
    )


def chosen(session: Session, viewer: Viewer, ids: Sequence[UUID]) -> tuple[ArticleRow, ...]:
    """Those of these articles that this viewer may read, in the order given."""
    place = {article_id: number for number, article_id in enumerate(ids)}
    found = fetch(session, article_rows(viewer).where(col(Article.id).in_(list(ids)))) if ids else ()
    return tuple(sorted((ArticleRow(*values) for values in found), key=lambda row: place[row.id]))


def article(session: Session, viewer: Viewer, article_id: UUID) -> ArticleDetail:
    """One article with its versions; raises NotFound also for a draft that this viewer may not read."""
    query = article_rows(viewer, col(Article.answer), col(Article.phrasings), col(Article.basis))
    for values in fetch(session, query.where(col(Article.id) == article_id)):
        answer, phrasings, basis = values[COLUMNS:]
        row, versions = ArticleRow(*values[:COLUMNS]), _versions(session, viewer, article_id)
        return ArticleDetail(row, answer, tuple(phrasings.splitlines()), basis, versions)
    raise NotFound("没有这条标准答案")


def article_rows(viewer: Viewer, *more: Any) -> Query:
    """The columns of `ArticleRow` and `more`, of every article that this viewer may read."""
    columns: tuple[Any, ...] = (
        col(Article.id),
        col(Article.key),
        col(Article.question),
        col(Article.unit_id),
        short_name(Unit),
        col(Article.topic_id),
        sa.func.coalesce(col(Topic.path), ""),
        col(Article.state),
        col(Article.version),
        col(Article.valid_from),
        col(Article.valid_to),
        col(Article.changed_at),
        col(Article.revision),
        sa.case((may_read_drafts(viewer), col(Article.pending)), else_=None),
    )
    query = (
        sa.select(*columns, *more)
        .select_from(Article)
        .outerjoin(Unit, col(Unit.id) == col(Article.unit_id))
        .outerjoin(Topic, col(Topic.id) == col(Article.topic_id))
    )
    return query.where(sa.or_(col(Article.state) != ArticleState.DRAFT, may_read_drafts(viewer)))


def may_read_drafts(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition for articles whose drafts and waiting revisions this viewer reads."""
    if viewer.role in SEES_DRAFTS:
        return sa.true()
    return col(Article.unit_id).in_(viewer.unit_ids) if viewer.unit_ids else sa.false()


def reads_draft(viewer: Viewer, article: Article) -> bool:
    """The same of one article in hand."""
    return viewer.role in SEES_DRAFTS or article.unit_id in viewer.unit_ids


def _versions(session: Session, viewer: Viewer, article_id: UUID) -> tuple[VersionRow, ...]:
    publisher = aliased(Account, name="publisher")
    query = (
        sa.select(
            col(ArticleVersion.version),
            col(ArticleVersion.question),
            col(ArticleVersion.answer),
            col(ArticleVersion.basis),
            col(ArticleVersion.valid_from),
            col(ArticleVersion.valid_to),
            col(ArticleVersion.made_at),
            sa.func.coalesce(col(Account.name), ""),
            col(ArticleVersion.published_at),
            sa.func.coalesce(col(publisher.name), ""),
            col(Article.discarded),
        )
        .select_from(ArticleVersion)
        .join(Article, col(Article.id) == col(ArticleVersion.article_id))
        .outerjoin(Account, col(Account.id) == col(ArticleVersion.made_by))
        .outerjoin(publisher, col(publisher.id) == col(ArticleVersion.published_by))
        .where(
            col(ArticleVersion.article_id) == article_id,
            sa.or_(col(ArticleVersion.published_at).is_not(None), may_read_drafts(viewer)),
        )
        .order_by(col(ArticleVersion.version).desc())
    )
    return tuple(VersionRow(*row[:-1], discarded=row[0] in row[-1]) for row in fetch(session, query))
