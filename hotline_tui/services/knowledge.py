"""知识库: standard answers are written, published, revised and expired (Art. 11(2)1)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from hotline_tui.data.imports.knowledge import ANSWER_LIMIT, BASIS_LIMIT, QUESTION_LIMIT
from hotline_tui.data.roles import calls
from hotline_tui.data.spelling import spelled
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused
from hotline_tui.models import Article, ArticleVersion
from hotline_tui.models.columns import new_id
from hotline_tui.rules.personal import Said
from hotline_tui.rules.text import clean, clean_line
from hotline_tui.rules.words import ArticleState, OfficeAction, Role
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.services.article_source import check_order, check_text, source_of
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at

PUBLISHES = frozenset({Role.OFFICE, Role.ADMIN})
TOLD = ("question", "answer", "basis", "valid_from", "valid_to")
"""What makes a version: what is given, and while."""
NEEDED = {"unit": "承办单位", "topic": "诉求分类", "basis": "依据"}
"""Without which nothing is published by hand: who stands for it, where it is found, and by what it holds."""
CHANGED = "这条标准答案刚被他人修改, 请重新打开再改; 已写的内容还在草稿里"
Also = Callable[[Work, UUID], dict[str, object]]
"""More of the same work, for a new article of this id; gives facts for its event."""
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


def save(
    desk: Desk,
    text: ArticleText,
    article_id: UUID | None = None,
    seen: int | None = None,
    *,
    also: Also | None = None,
    cleared: Iterable[Said] = (),
    reason: str = "",
) -> UUID:
    """Write a new one as a draft, or revise one; another question, answer, basis or validity is a new version.

    What is in use stays in use: its revision waits until the office publishes it. Phrasings, unit and topic are no
    part of what is given and change at once. `seen` is the article's revision that the person saw; raises Conflict.
    `also` does what belongs to a new one, and gives facts of it. Personal data in what was written from a reply raise
    PersonalFound unless they are `cleared`.
    """
    action = OfficeAction.SAVE_ARTICLES
    phrasings = dict.fromkeys(line for each in text.phrasings if (line := clean_line(each)))
    spelling = spelled("\n".join((clean_line(text.question), *phrasings)))
    with work_at(desk) as work:
        revision = next_revision(work)
        if article_id is None:
            article = blank(work, f"kb-{revision}", ArticleState.DRAFT)
            article.unit_id = text.unit_id or desk.viewer.unit_id
        else:
            article = _article(work, article_id)
            if seen is not None and seen != article.revision:
                raise Conflict(CHANGED)
        _must_write(desk, article, action)
        text = replace(text, unit_id=text.unit_id or article.unit_id, topic_id=text.topic_id or article.topic_id)
        _must_write_for(desk, text.unit_id, action)
        if source := source_of(work, article.id):
            check_text(work, source, told_texts(text), cleared, reason)
        if put(work, article, text, revision, lambda _: spelling):
            facts = _facts(article, article.pending or article.version, text.question)
            work.commit(None, action, facts=facts | (also(work, article.id) if also else {}))
        return article.id


def lacking(*, unit: object, topic: object, basis: object) -> tuple[str, ...]:
    """The fields of the form that are empty and may not be, in its order."""
    told = {"basis": basis, "unit": unit, "topic": topic}
    return tuple(name for name, value in told.items() if not value)


def publish(
    desk: Desk,
    article_id: UUID,
    version: int | None = None,
    *,
    cleared: Iterable[Said] = (),
    reason: str = "",
) -> None:
    """发布: the front desk may answer from it; a revision takes the place of what was in use. By the office.

    `version` is the one that was read; raises NotAllowed elsewhere, Conflict when another text waits, and Refused
    without unit, topic or basis; and, of what was written from a reply, PersonalFound, or Refused where the order was
    hidden from somebody since. What is imported in a list is in force as its file has it.
    """
    if desk.role not in PUBLISHES:
        raise NotAllowed("发布标准答案由热线办进行", "第十一条(二)1")
    facts: dict[str, Any] = {}
    with _changing(desk, article_id, OfficeAction.PUBLISH_ARTICLE, facts) as (work, article):
        if article.pending is None and article.state is ArticleState.PUBLISHED:
            raise Refused(f"这条标准答案已经{article.state.label}")
        row = _version(work, article, article.pending or article.version, version)
        if missing := lacking(unit=article.unit_id, topic=article.topic_id, basis=row.basis):
            raise Refused(f"发布前请写明{'、'.join(NEEDED[name] for name in missing)}", "第十一条(二)1")
        if source := source_of(work, article.id):
            check_order(work, work.order(source.order_id))
            texts = (row.question, row.answer, row.basis, article.phrasings)
            facts |= check_text(work, source, texts, cleared, reason)
        if row.published_at is None:
            row.published_at, row.published_by = work.now, desk.viewer.account_id
        work.add(row)
        _stand(article, row)
        article.pending = None
        article.state = ArticleState.PUBLISHED


def discard(desk: Desk, article_id: UUID, version: int | None = None) -> None:
    """丢弃修订稿: what is in use stays; the text is kept among the versions. `version` as in `publish`."""
    with _changing(desk, article_id, OfficeAction.DISCARD_REVISION) as (work, article):
        if article.pending is None:
            raise Refused("这条标准答案没有修订稿")
        _version(work, article, article.pending, version)
        article.discarded = [*article.discarded, article.pending]
        article.pending = None


def expire(desk: Desk, article_id: UUID, reason: str = "") -> None:
    """停用: nobody answers from it any more; the orders that did keep their version."""
    facts = {"reason": reason} if (reason := clean_line(reason)) else {}
    with _changing(desk, article_id, OfficeAction.EXPIRE_ARTICLE, facts) as (_, article):
        if article.state is ArticleState.EXPIRED:
            raise Refused(f"这条标准答案已经{article.state.label}")
        article.state = ArticleState.EXPIRED


def blank(work: Work, key: str, state: ArticleState) -> Article:
    """An article that `put` gives its first version."""
    return Article(id=new_id(), key=key, question="", answer="", version=0, state=state, changed_at=work.now)


def put(
    work: Work,
    article: Article,
    text: ArticleText,
    revision: int,
    spell: Callable[[str], str],
    *,
    at_once: bool = False,
) -> bool:
    """Write a text into an article, with its version row; says whether anything changed. Not committed.

    `at_once`: also what is in use is replaced; otherwise its revision waits. A draft is always replaced.
    """
    told = _told(text)
    phrasings = "\n".join(dict.fromkeys(line for each in text.phrasings if (line := clean_line(each))))
    beside = {
        "phrasings": phrasings,
        "unit_id": text.unit_id,
        "topic_id": text.topic_id,
    }
    waits = article.pending is not None and not at_once
    before = _version(work, article, article.pending or 0) if waits else article
    another = article.version == 0 or any(getattr(before, name) != value for name, value in told.items())
    if not another and all(getattr(article, name) == value for name, value in beside.items()):
        return False
    for name, value in beside.items():
        setattr(article, name, value)
    spelling = spell("\n".join(filter(None, (told["question"], phrasings))))
    if not another:
        if article.question == told["question"]:
            article.spelling = spelling
        _touch(work, article, revision)
        return True
    row = ArticleVersion(
        article_id=article.id,
        version=_newest(work, article) + 1,
        **told,
        spelling=spelling,
        made_at=work.now,
        made_by=work.desk.viewer.account_id,
    )
    if at_once and article.state is ArticleState.PUBLISHED:
        row.published_at, row.published_by = work.now, work.desk.viewer.account_id
    if at_once or article.state is ArticleState.DRAFT:
        _stand(article, row)
    else:
        article.pending = row.version
    _touch(work, article, revision)
    work.add(row)
    return True


def told_texts(text: ArticleText) -> tuple[str, ...]:
    """All that readers see of it."""
    return text.question, text.answer, text.basis, "\n".join(text.phrasings)


def _told(text: ArticleText) -> dict[str, Any]:
    question, answer = clean_line(text.question), clean(text.answer).strip()
    if not question or not answer:
        raise Refused("请写明标准答案的问题和答复内容", "第十一条(二)1")
    if text.valid_from and text.valid_to and text.valid_to < text.valid_from:
        raise Refused("失效日期不能早于生效日期")
    basis = clean(text.basis).strip()
    for label, told, most in (
        ("问题", question, QUESTION_LIMIT),
        ("答复", answer, ANSWER_LIMIT),
        ("依据", basis, BASIS_LIMIT),
    ):
        if len(told) > most:
            raise Refused(f"{label}有 {len(told)} 个字, 最多 {most} 个字")
    return dict(zip(TOLD, (question, answer, basis, text.valid_from, text.valid_to), strict=True))


def _stand(article: Article, row: ArticleVersion) -> None:
    """The text of this version becomes the article's."""
    for name in (*TOLD, "spelling", "version"):
        setattr(article, name, getattr(row, name))


def _newest(work: Work, article: Article) -> int:
    query = select(sa.func.max(ArticleVersion.version)).where(ArticleVersion.article_id == article.id)
    return work.session.exec(query).one() or 0


def _version(work: Work, article: Article, number: int, seen: int | None = None) -> ArticleVersion:
    if seen not in (None, number):
        raise Conflict(CHANGED)
    return work.session.get_one(ArticleVersion, (article.id, number))


def next_revision(work: Work) -> int:
    """One more than any article has. Writers wait for one another: a search index that has seen a number has seen all
    smaller ones."""
    if not work.desk.store.is_sqlite:
        work.session.connection().execute(_LOCK)
    if work.desk.viewer.guarded:
        return (work.session.connection().execute(calls.last_revision()).scalar_one() or 0) + 1
    return (work.session.exec(select(sa.func.max(Article.revision))).one() or 0) + 1


@contextmanager
def _changing(
    desk: Desk, article_id: UUID, action: OfficeAction, facts: Mapping[str, Any] | None = None
) -> Generator[tuple[Work, Article], None, None]:
    """One change of one article, with its event; `facts` may be filled meanwhile."""
    with work_at(desk) as work:
        revision = next_revision(work)
        article = _article(work, article_id)
        _must_write(desk, article, action)
        number = article.pending or article.version
        yield work, article
        _touch(work, article, revision)
        work.commit(None, action, facts=_facts(article, number, article.question) | dict(facts or {}))


def _facts(article: Article, version: int, question: str) -> dict[str, Any]:
    return {"article": article.key, "version": version, "question": clean_line(question)}


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
