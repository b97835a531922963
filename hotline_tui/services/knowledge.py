"""知识库: standard answers are written, published, revised and expired (Art. 11(2)1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from hotline_tui.errors import NotAllowed, NotFound, Refused
from hotline_tui.models import Article, ArticleVersion
from hotline_tui.models.columns import new_id
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.text import clean, clean_line
from hotline_tui.rules.words import ArticleState, OfficeAction, Role
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at

PUBLISHES = frozenset({Role.OFFICE, Role.ADMIN})
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline article', 0))")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What the form of a standard answer holds; days are Shanghai's."""

    question: str
    answer: str
    phrasings: tuple[str, ...] = ()
    basis: str = ""
    unit_id: UUID | None = None
    topic_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def save(desk: Desk, text: ArticleText, article_id: UUID | None = None) -> UUID:
    """Write a new one as a draft, or revise one; another question, answer, basis or validity is a new version.

    The office revises in place. What a unit revises becomes a draft again, until the office publishes it.
    """
    action = OfficeAction.SAVE_ARTICLES
    with work_at(desk) as work:
        revision = next_revision(work)
        if article_id is None:
            article = blank(work, f"kb-{revision}", ArticleState.DRAFT)
            article.unit_id = text.unit_id or desk.viewer.unit_id
        else:
            article = _article(work, article_id)
        _must_write(desk, article, action)
        _must_write_for(desk, text.unit_id or article.unit_id, action)
        if put(work, article, text, revision):
            if desk.role in UNIT_ROLES:
                article.state = ArticleState.DRAFT
            facts = {"article": article.key, "version": article.version, "question": article.question}
            work.commit(None, action, facts=facts)
        return article.id


def publish(desk: Desk, article_id: UUID) -> None:
    """发布: the front desk may answer from it, by the office; raises NotAllowed elsewhere."""
    if desk.role not in PUBLISHES:
        raise NotAllowed("发布标准答案由热线办进行", "第十一条(二)1")
    _set_state(desk, article_id, ArticleState.PUBLISHED, OfficeAction.PUBLISH_ARTICLE)


def expire(desk: Desk, article_id: UUID, reason: str = "") -> None:
    """停用: nobody answers from it any more; the orders that did keep their version."""
    _set_state(desk, article_id, ArticleState.EXPIRED, OfficeAction.EXPIRE_ARTICLE, clean_line(reason))


def blank(work: Work, key: str, state: ArticleState) -> Article:
    """An article that `put` gives its first version."""
    return Article(id=new_id(), key=key, question="", answer="", version=0, state=state, changed_at=work.now)


def put(work: Work, article: Article, text: ArticleText, revision: int) -> bool:
    """Write a text into an article, with its version row; says whether anything changed. Not committed."""
    question, answer = clean_line(text.question), clean(text.answer).strip()
    if not question or not answer:
        raise Refused("请写明标准答案的问题和答复内容", "第十一条(二)1")
    if text.valid_from and text.valid_to and text.valid_to < text.valid_from:
        raise Refused("失效日期不能早于生效日期")
    version = {
        "question": question,
        "answer": answer,
        "basis": clean(text.basis).strip(),
        "valid_from": text.valid_from,
        "valid_to": text.valid_to,
    }
    beside = {
        "phrasings": "\n".join(filter(None, map(clean_line, text.phrasings))),
        "unit_id": text.unit_id or article.unit_id,
        "topic_id": text.topic_id or article.topic_id,
    }
    another = article.version == 0 or any(getattr(article, name) != value for name, value in version.items())
    if not another and all(getattr(article, name) == value for name, value in beside.items()):
        return False
    for name, value in (version | beside).items():
        setattr(article, name, value)
    article.spelling = spell(question)
    article.version += another
    _touch(work, article, revision)
    if another:
        work.add(
            ArticleVersion(
                article_id=article.id,
                version=article.version,
                question=article.question,
                answer=article.answer,
                basis=article.basis,
                valid_from=article.valid_from,
                valid_to=article.valid_to,
                made_at=work.now,
                made_by=work.desk.viewer.account_id,
            )
        )
    return True


def next_revision(work: Work) -> int:
    """One more than any article has. Writers wait for one another: a search index that has seen a number has seen all
    smaller ones."""
    if not work.desk.store.is_sqlite:
        work.session.connection().execute(_LOCK)
    return (work.session.exec(select(sa.func.max(Article.revision))).one() or 0) + 1


def _set_state(desk: Desk, article_id: UUID, state: ArticleState, action: OfficeAction, reason: str = "") -> None:
    with work_at(desk) as work:
        revision = next_revision(work)
        article = _article(work, article_id)
        _must_write(desk, article, action)
        if article.state is state:
            raise Refused(f"这条标准答案已经{state.label}")
        article.state = state
        _touch(work, article, revision)
        facts = {"article": article.key, "version": article.version, "question": article.question}
        work.commit(None, action, facts=facts | ({"reason": reason} if reason else {}))


def _touch(work: Work, article: Article, revision: int) -> None:
    article.revision = revision
    article.changed_at = work.now
    article.changed_by = work.desk.viewer.account_id
    work.add(article)


def _article(work: Work, article_id: UUID) -> Article:
    article = work.session.get(Article, article_id)
    if article is None:
        raise NotFound("没有这条标准答案")
    return article


def _must_write(desk: Desk, article: Article, action: OfficeAction) -> None:
    if desk.role not in PUBLISHES | UNIT_ROLES:
        raise NotAllowed(f"{action.label}由热线办、承办单位进行", "第十一条(二)1")
    _must_write_for(desk, article.unit_id, action)


def _must_write_for(desk: Desk, unit_id: UUID | None, action: OfficeAction) -> None:
    """A unit writes its own answers and those of the units below it."""
    if desk.role in UNIT_ROLES and unit_id not in desk.viewer.unit_ids:
        raise NotAllowed(f"只有承办单位自己和热线办才能{action.label}", "第十一条(二)1")
