"""直办: a direct answer from a standard answer of the knowledge base (Art. 11(2)1)."""

from __future__ import annotations

from uuid import UUID

from hotline_tui.data.queries.knowledge import reads_draft
from hotline_tui.errors import Conflict, NotFound, Refused
from hotline_tui.models import Article
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import Action, ArticleState, Route
from hotline_tui.services.classify import accept, check_topic_told
from hotline_tui.services.desk import Desk
from hotline_tui.services.opinions import count_use
from hotline_tui.services.work import work_at


def answer(
    desk: Desk,
    order_id: UUID,
    article_id: UUID,
    *,
    version: int | None = None,
    online: bool = False,
    seen: int | None = None,
) -> None:
    """Answer from an article; the order keeps the article and its version. Raises Refused for one not in force.

    `version` is the one that was read out; Conflict when there is another by now. An order without a topic takes the
    article's (Art. 9).
    """
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        article = work.session.get(Article, article_id)
        if article is None or (article.state is ArticleState.DRAFT and not reads_draft(work.desk.viewer, article)):
            raise NotFound("没有这条标准答案")
        today = shanghai_day(work.now)
        if article.state is not ArticleState.PUBLISHED:
            raise Refused(f"这条标准答案为{article.state.label}, 不能用来答复", "第十一条(二)1")
        if (article.valid_from and today < article.valid_from) or (article.valid_to and today > article.valid_to):
            raise Refused("这条标准答案不在有效期内, 不能用来答复", "第十一条(二)1")
        if version not in (None, article.version):
            raise Conflict(f"这条标准答案已有新版本(版本 {article.version}), 请重新看过再答复")
        order.topic_id = order.topic_id or article.topic_id
        check_topic_told(work.session, order.topic_id)
        accept(work, order, Action.ANSWER)
        order.route = Route.DIRECT
        order.article_id = article.id
        order.article_version = article.version
        order.answered_online = online
        order.answered_at = order.answered_at or work.now
        count_use(work, order, article)
        work.commit(
            order,
            Action.ANSWER,
            facts={
                "article": article.key,
                "version": article.version,
                "question": article.question,
                "online": online,
            },
        )
