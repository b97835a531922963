"""What was written from a reply: nothing personal, nothing of an order that is hidden from somebody (Art. 13, 14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.data.queries.publication import MAY_PUBLISH, hits
from hotline_tui.data.roles import calls
from hotline_tui.errors import Refused
from hotline_tui.models import ArticleSource, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.personal import Hit, Personal, Said, counted, find, standing, told
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Kind
from hotline_tui.services.work import Work

HIDDEN = "举报、保密和反映承办单位的工单不转为标准答案"


class PersonalFound(Refused):
    """Personal data that nobody cleared stand in what all will read; `hits` are the places."""

    def __init__(self, found: Sequence[Hit]) -> None:
        super().__init__(f"文字中有{told(counted(found))}; 请改去, 或写明可以公开的理由", "第十四条")
        self.hits = tuple(found)


def check_order(work: Work, order: WorkOrder) -> None:
    """Raise Refused for an order that is hidden from somebody."""
    if order.secret or order.kind is Kind.TIPOFF or work.accused(order):
        raise Refused(HIDDEN, "第十三条")


def check_text(
    work: Work, source: ArticleSource, texts: Iterable[str], cleared: Iterable[Said] = (), reason: str = ""
) -> dict[str, object]:
    """Raise PersonalFound unless all of it was taken out or cleared, now or before; gives the facts for the event.

    By the office the text is held against the callers of the order too. A unit is not told whether their names are in
    it (R-13b): for its draft that is found when the office publishes.
    """
    found = [hit for text in texts for hit in _hits(work, source.order_id, text)]
    if not found:
        source.cleared, source.clear_reason, source.cleared_by = [], "", None
        return {}
    reason = clean(reason).strip()
    before = [(Personal(kind), words) for kind, words in source.cleared]
    if left := standing(found, [*before, *cleared] if reason else before):
        raise PersonalFound(left)
    if reason and _hits(work, source.order_id, reason):
        raise Refused("理由会记录下来, 其中不要写出号码、姓名、住址", "第十四条")
    source.cleared = [[kind.value, words] for kind, words in (hit.said for hit in found)]
    if reason:
        source.clear_reason, source.cleared_by = reason, work.desk.viewer.account_id
    facts: dict[str, object] = {"cleared": {kind.value: many for kind, many in counted(found).items()}}
    return facts | {"clear_reason": source.clear_reason}


def source_of(work: Work, article_id: UUID) -> ArticleSource | None:
    """From which reply it was written; of what this desk may not see, that it was from one."""
    found = work.session.get(ArticleSource, article_id)
    if found is not None or not work.desk.viewer.guarded:
        return found
    hidden = work.session.connection().execute(calls.has_source(article_id)).scalar_one()
    return (
        ArticleSource(article_id=article_id, order_id=new_id(), reply_id=new_id(), made_at=work.now) if hidden else None
    )


def sources_of(work: Work, article_ids: Sequence[UUID]) -> dict[UUID, ArticleSource]:
    """Of each of these that was written from a reply, from which."""
    query = select(ArticleSource).where(col(ArticleSource.article_id).in_(list(article_ids)))
    return {each.article_id: each for each in work.session.exec(query)}


def _hits(work: Work, order_id: UUID, text: str) -> Sequence[Hit]:
    if work.desk.role in MAY_PUBLISH:
        return hits(work.session, work.desk.viewer, order_id, text)
    return find(text)
