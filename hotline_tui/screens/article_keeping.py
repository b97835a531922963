"""Who may do what with a standard answer, and what it lacks to be published (Art. 11(2)1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline_tui.rules.words import ArticleState
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.services import knowledge

if TYPE_CHECKING:
    from hotline_tui.data.queries.knowledge import ArticleDetail, ArticleRow
    from hotline_tui.services.desk import Desk


def why_not_keep(desk: Desk) -> str | None:
    """Why this desk keeps no standard answers; None if it does."""
    if desk.role in knowledge.PUBLISHES | UNIT_ROLES:
        return None
    return "标准答案由热线办和承办单位维护(第十一条(二)1)"


def why_not(action_id: str, row: ArticleRow, desk: Desk) -> str | None:
    """Why an action is closed on this answer, to a desk that keeps some."""
    if action_id == "publish" and desk.role not in knowledge.PUBLISHES:
        return "发布标准答案由热线办进行(第十一条(二)1)"
    if desk.role not in knowledge.PUBLISHES and row.unit_id not in desk.viewer.unit_ids:
        return "只有承办单位自己和热线办才能修订(第十一条(二)1)"
    if action_id == "publish" and row.state is ArticleState.PUBLISHED and row.pending is None:
        return "已经发布"
    if action_id == "discard" and row.pending is None:
        return "没有修订稿"
    if action_id == "expire" and row.state is ArticleState.EXPIRED:
        return "已经停用"
    return None


def lacking(detail: ArticleDetail) -> tuple[str, ...]:
    """The fields of the form to be filled before the text that waits is published."""
    told = detail.waiting or detail
    return knowledge.lacking(unit=detail.row.unit_id, topic=detail.row.topic_id, basis=told.basis)
