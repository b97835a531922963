"""转为标准答案: a reply that has left the office becomes the draft of a standard answer (Art. 11(2)1, 14)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Article, ArticleSource, Assignment, Reply, WorkOrder
from hotline_tui.rules.personal import Said
from hotline_tui.rules.words import Role
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.services import knowledge
from hotline_tui.services.article_source import check_order, check_text
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge import ArticleText, told_texts
from hotline_tui.services.work import Work, work_at

ARTICLE = "第十一条(二)1"
PROMOTES = frozenset({Role.OFFICE}) | UNIT_ROLES
NO_REPLY = "还没有发布的答复, 发布后才能转为标准答案"
AGAIN = "本件已重新交办, 等新的答复发布后再转为标准答案"


def promote(desk: Desk, order_id: UUID, text: ArticleText, *, cleared: Iterable[Said] = (), reason: str = "") -> UUID:
    """Write a standard answer, as a draft, from the reply that was released last; gives its id.

    By the office and by the unit that replied. Raises Refused for an order that is hidden from somebody, and
    PersonalFound where personal data stand in it that are not `cleared` with a reason.
    """

    def also(work: Work, article_id: UUID) -> dict[str, object]:
        order = work.order(order_id)
        check_order(work, order)
        reply = _released(work, order)
        _must_be_new(work, reply)
        source = ArticleSource(article_id=article_id, order_id=order.id, reply_id=reply.id, made_at=work.now)
        facts = check_text(work, source, told_texts(text), cleared, reason)
        work.add(source)
        return {"from_reply": True} | facts

    return knowledge.save(desk, text, also=also)


def check(desk: Desk, order_id: UUID) -> None:
    """Raise what `promote` would before anything is written."""
    with work_at(desk) as work:
        order = work.order(order_id)
        check_order(work, order)
        _must_be_new(work, _released(work, order))
        work.session.commit()


def _released(work: Work, order: WorkOrder) -> Reply:
    """The last reply that left the office and was no promise; raises Refused or NotAllowed."""
    if work.desk.role not in PROMOTES:
        raise NotAllowed("转为标准答案由热线办、答复的承办单位进行", ARTICLE)
    query = (
        select(Reply, Assignment)
        .join(Assignment, col(Assignment.id) == col(Reply.assignment_id))
        .where(Reply.order_id == order.id, col(Reply.released_at).is_not(None), col(Reply.promised_day).is_(None))
        .order_by(col(Reply.position).desc())
    )
    found = work.session.exec(query).first()
    if found is None:
        raise Refused(NO_REPLY, ARTICLE)
    reply, share = found
    if work.desk.role in UNIT_ROLES and {share.unit_id, share.delegated_to_id}.isdisjoint(work.desk.viewer.unit_ids):
        raise NotAllowed("转为标准答案由热线办、答复的承办单位进行", ARTICLE)
    if any(each.again and each.position > share.position for each in work.assignments(order)):
        raise Refused(AGAIN, ARTICLE)
    return reply


def _must_be_new(work: Work, reply: Reply) -> None:
    query = (
        select(Article.key)
        .join(ArticleSource, col(ArticleSource.article_id) == col(Article.id))
        .where(ArticleSource.reply_id == reply.id)
    )
    if (key := work.session.exec(query).first()) is not None:
        raise Refused(f"这条答复已转为标准答案 {key}, 请到知识库修订")
