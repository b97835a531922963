"""知识库: standard answers, each version of them, how they are used, and what was asked in vain."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from hotline_tui.models.columns import JSON_TYPE, UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import ArticleState, MissedState


class Article(Table, table=True):
    """标准答案: the text in use, or that of a draft which never was; a revision waits among the versions."""

    __table_args__ = (Index("article_revision", "revision"), Index("article_valid_to", "valid_to", "id"))

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
    discarded: list[int] = Field(default_factory=list, sa_type=JSON_TYPE)
    """Versions that waited and were dropped (丢弃修订稿)."""
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


class ArticleSource(Table, table=True):
    """转为标准答案: the released reply that an article was written from. Of the order it tells nothing to whom it is
    hidden from."""

    article_id: UUID = Field(foreign_key="article.id", primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    reply_id: UUID = Field(foreign_key="reply.id", unique=True)
    made_at: datetime = Field(sa_type=UTC_TIME)
    cleared: list[list[str]] = Field(default_factory=list, sa_type=JSON_TYPE)
    """What of the personal-data check's hits a person let go, by kind and words (R-14)."""
    clear_reason: str = ""
    cleared_by: UUID | None = Field(default=None, foreign_key="account.id")


class ArticleUse(Table, table=True):
    """How many orders a version answered directly on a Shanghai day.

    A number that only grows and names no order: what is secret, a tip-off or accuses a unit is never counted, so that
    no number tells of an order that is hidden from somebody, nor falls when one is hidden later (Art. 13).
    """

    __table_args__ = (Index("article_use_day", "day"),)

    article_id: UUID = Field(foreign_key="article.id", primary_key=True)
    version: int = Field(primary_key=True)
    day: date = Field(primary_key=True)
    many: int = 0


class ArticleOpinion(Table, table=True):
    """有用 or 没有用: what a person at the front desk says of a version; said again, the last counts."""

    article_id: UUID = Field(foreign_key="article.id", primary_key=True)
    version: int = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    helpful: bool
    remark: str = ""
    said_at: datetime = Field(sa_type=UTC_TIME)


class MissedQuestion(Table, table=True):
    """缺答: what was asked and not answered from the knowledge base, in words without personal data."""

    __table_args__ = (Index("missed_question_last", "state", "last_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(unique=True)
    """The words without blanks, signs and case: who asks the same again adds to its numbers."""
    words: str
    empty: int = 0
    """How often nothing was found."""
    unused: int = 0
    """How often something was found and nothing of it used."""
    dispatched: int = 0
    """How often the call was dispatched after that."""
    first_at: datetime = Field(sa_type=UTC_TIME)
    last_at: datetime = Field(sa_type=UTC_TIME)
    state: MissedState = Field(sa_type=word_type(MissedState))
    reason: str = ""
    """Why it was set aside."""
    article_id: UUID | None = Field(default=None, foreign_key="article.id")
    """The answer that was written to it."""
    decided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
