"""有用, 没有用: what the front desk says of a standard answer, and how often one is given (Art. 11(2)1)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from hotline_tui.errors import NotAllowed, NotFound, Refused
from hotline_tui.models import Article, ArticleOpinion, ArticleUse, ArticleVersion, WorkOrder
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.personal import counted, find, told
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import ArticleState, Kind, Role
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at

SAYS = frozenset({Role.AGENT, Role.OFFICE})
"""Who answers callers from it."""
LONGEST = 200


def say(desk: Desk, article_id: UUID, version: int, *, helpful: bool, remark: str = "") -> None:
    """Whether this version helped, in place of what the same person said before. No event: nothing is decided by it.

    The remark is for those who keep the answer: nothing personal may be in it (Art. 14).
    """
    if desk.role not in SAYS or desk.viewer.account_id is None:
        raise NotAllowed("评价由呼叫前台、热线办在登录后作出", "第十一条(二)1")
    remark = clean_line(remark)
    if len(remark) > LONGEST:
        raise Refused(f"意见最多 {LONGEST} 字")
    if hits := find(remark):
        raise Refused(f"意见中有{told(counted(hits))}, 请去掉再提交", "第十四条")
    with work_at(desk) as work:
        article = work.session.get(Article, article_id)
        there = article is not None and work.session.get(ArticleVersion, (article_id, version)) is not None
        if article is None or not there or article.state is ArticleState.DRAFT:
            raise NotFound("没有这条标准答案")
        said = work.session.get(ArticleOpinion, (article_id, version, desk.viewer.account_id))
        said = said or ArticleOpinion(
            article_id=article_id, version=version, account_id=desk.viewer.account_id, helpful=helpful, said_at=work.now
        )
        said.helpful, said.remark, said.said_at = helpful, remark, work.now
        work.add(said)
        work.session.commit()


def count_use(work: Work, order: WorkOrder, article: Article) -> None:
    """One more order was answered from it; not of what is hidden from somebody (see `ArticleUse`)."""
    if order.secret or order.kind is Kind.TIPOFF or work.accused(order):
        return
    insert = sqlite.insert if work.desk.store.is_sqlite else postgresql.insert
    day = shanghai_day(work.now)
    row = insert(ArticleUse).values(article_id=article.id, version=article.version, day=day, many=1)
    more = {"many": col(ArticleUse.many) + 1}
    again = row.on_conflict_do_update(index_elements=["article_id", "version", "day"], set_=more)
    work.session.connection().execute(again)
