"""From what a standard answer is written: a reply that has left the office, or questions that found nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Kind
from hotline_tui.services import knowledge, missing, promotion
from hotline_tui.services.article_source import HIDDEN

if TYPE_CHECKING:
    from hotline_tui.data.drafts import Draft
    from hotline_tui.data.queries.parts import ReplyRow
    from hotline_tui.rules.personal import Said
    from hotline_tui.screens.order_view import OrderSeen
    from hotline_tui.services.desk import Desk
    from hotline_tui.services.knowledge import ArticleText

ORDER, ASKED = "order", "asked"
LONGEST_QUESTION = 60
_END = re.compile(r"(?<=[。!?！？;；])|\n")


@dataclass(frozen=True)
class Origin:
    """What the form begins with, and what is done when it is saved."""

    title: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    order_id: UUID | None = None
    """Of the order whose reply it is."""
    asked: tuple[UUID, ...] = ()
    """The questions that it answers."""

    @property
    def kept(self) -> dict[str, Any]:
        """As a draft remembers it."""
        return {ORDER: str(self.order_id or ""), ASKED: [str(each) for each in self.asked]}

    def draft_id(self, login: str) -> UUID:
        """One draft per person and origin."""
        return uuid5(self.order_id or min(self.asked), f"{login} article")

    def save(self, desk: Desk, text: ArticleText, cleared: Iterable[Said], reason: str) -> UUID:
        """Write the draft of the answer; gives its id."""
        if self.order_id is not None:
            return promotion.promote(desk, self.order_id, text, cleared=cleared, reason=reason)
        return missing.write(desk, text, self.asked)


def of_order(seen: OrderSeen) -> Origin:
    """The last reply that was released; the question is the subject, or the first sentence of what was told."""
    found = seen.detail
    reply = promoted(seen)
    share = seen.share(reply.assignment_id) if reply else None
    fields = {
        "question": _question(found.subject, found.narrative),
        "answer": reply.released_text if reply else "",
        "topic": str(found.topic_id or ""),
        "unit": str(share.unit_id if share else ""),
    }
    return Origin(f"由 {found.row.number} 的答复转为标准答案", fields, order_id=found.row.id)


def of_questions(ids: Sequence[UUID], words: Sequence[str]) -> Origin:
    """Questions alike: the first is the question, the others are its phrasings."""
    question, *others = dict.fromkeys(words)
    return Origin("答缺答的问题", {"question": question, "phrasings": "\n".join(others)}, asked=tuple(ids))


def kept_in(draft: Draft) -> tuple[UUID | None, tuple[UUID, ...]]:
    """The order, and the questions, that a draft of a new answer comes from."""
    order, asked = str(draft.fields.get(ORDER) or ""), draft.fields.get(ASKED) or ()
    return UUID(order) if order else None, tuple(UUID(str(each)) for each in asked)


def promoted(seen: OrderSeen) -> ReplyRow | None:
    """The newest reply that has left the office and is no promise; None without one."""
    return next(
        (each for each in reversed(seen.detail.replies) if each.released_at is not None and each.promised_day is None),
        None,
    )


def why_not_promote(desk: Desk, seen: OrderSeen) -> str | None:
    """Why the order's reply does not become a standard answer; `promotion.promote` decides."""
    if desk.role not in promotion.PROMOTES:
        return "转为标准答案由热线办、答复的承办单位进行(第十一条(二)1)"
    found, reply = seen.detail, promoted(seen)
    if found.row.secret or found.row.kind is Kind.TIPOFF or found.accused:
        return f"{HIDDEN}(第十三条)"
    if reply is None:
        return f"{promotion.NO_REPLY}(第十一条(二)1)"
    share = seen.share(reply.assignment_id)
    if desk.role not in knowledge.PUBLISHES and not (share and share.own):
        return "转为标准答案由热线办、答复的承办单位进行(第十一条(二)1)"
    if share and any(each.again and each.position > share.position for each in found.assignments):
        return f"{promotion.AGAIN}(第十一条(二)1)"
    return None


def _question(subject: str, narrative: str) -> str:
    text = subject or next((each for each in _END.split(narrative.strip()) if each and each.strip()), "")
    return clean_line(text)[:LONGEST_QUESTION]
