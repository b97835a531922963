"""知识库: standard answers and each version of them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import ArticleState


class Article(Table, table=True):
    """标准答案: the text in use, or that of a draft which never was; a revision waits among the versions."""

    __table_args__ = (Index("article_revision", "revision"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(unique=True)
    question: str
    phrasings: str = ""
    """Other ways callers put it, one a line."""
    answer: str
    basis: str = ""
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", index=True)
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1
    """Which version the columns above hold: of a published article the one that is given."""
    pending: int | None = None
    """The version that waits to be published in its place."""
    state: ArticleState = Field(sa_type=word_type(ArticleState))
    spelling: str = ""
    revision: int = 0
    """Grows with every change of any article: a search index asks for what is newer than it has seen."""
    changed_at: datetime = Field(sa_type=UTC_TIME)
    changed_by: UUID | None = Field(default=None, foreign_key="account.id")


class ArticleVersion(Table, table=True):
    """Each text ever written for an article, never changed: an order names article and version."""

    article_id: UUID = Field(foreign_key="article.id", primary_key=True)
    version: int = Field(primary_key=True)
    question: str
    answer: str
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    spelling: str = ""
    made_at: datetime = Field(sa_type=UTC_TIME)
    made_by: UUID | None = Field(default=None, foreign_key="account.id")
    published_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    """When it first came into use; None for what never did."""
    published_by: UUID | None = Field(default=None, foreign_key="account.id")
