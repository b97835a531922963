"""Standard answers as screens find and show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from rich.text import Text

from hotline_tui.data.queries import knowledge
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import ArticleState
from hotline_tui.screens.widgets.display import OVERDUE, STRONG, lines_of
from hotline_tui.screens.widgets.pages import Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.queries.knowledge import ArticleDetail
    from hotline_tui.data.search import KnowledgeIndex
    from hotline_tui.services.desk import Desk


@dataclass(frozen=True)
class Found:
    """One answer that fits the words."""

    id: UUID
    question: str
    unit: str
    validity: str


def find(desk: Desk, index: KnowledgeIndex, words: str, limit: int) -> tuple[tuple[Found, ...], str]:
    """The answers in force that fit, best first, and the text of the best; runs in a thread."""
    if not words:
        return (), ""
    hits = index.search(words, today=shanghai_day(desk.clock()), limit=limit)
    if not hits:
        return (), ""
    with desk.store.read() as session:
        best = knowledge.article(session, desk.viewer, hits[0].article_id).answer
    return tuple(Found(hit.article_id, hit.title, hit.unit, validity(hit.valid_to)) for hit in hits), best


def validity(valid_to: date | None, *, state: ArticleState = ArticleState.PUBLISHED, today: date | None = None) -> str:
    """有效至 2027-06, 长期有效, 已过期, or the state where it is not in force."""
    if state is not ArticleState.PUBLISHED:
        return state.label
    if valid_to is None:
        return "长期有效"
    if today is not None and valid_to < today:
        return f"已过期 {valid_to:%Y-%m}"
    return f"有效至 {valid_to:%Y-%m}"


def in_full(detail: ArticleDetail, today: date) -> Iterator[Part]:
    """Question, answer, basis, where it belongs, how it stands, other phrasings."""
    row = detail.row
    yield Para(Text(lines_of(row.question), style=STRONG))
    yield Para("")
    yield Para(detail.answer)
    yield Para("")
    if detail.basis:
        yield Para(f"依据 {detail.basis}", hang=5)
    yield Para(f"单位 {row.unit or '未定'}" + (f"  分类 {row.topic}" if row.topic else ""))
    state = Text("状态 ")
    state.append(row.state.label if detail.in_force(today) else _why_closed(detail, today), style=_style(detail, today))
    yield Para(state.append(f"  {_span(row.valid_from, row.valid_to)}  版本 {row.version}  {row.key}"))
    if detail.phrasings:
        yield Para(f"别的问法 {'; '.join(detail.phrasings)}", hang=9)


def _why_closed(detail: ArticleDetail, today: date) -> str:
    row = detail.row
    if row.state is not ArticleState.PUBLISHED:
        return f"{row.state.label}, 不能用来答复"
    return "未到生效日期, 不能用来答复" if row.valid_from and today < row.valid_from else "已过期, 不能用来答复"


def _style(detail: ArticleDetail, today: date) -> str:
    return "" if detail.in_force(today) else OVERDUE


def _span(first: date | None, last: date | None) -> str:
    if last is None:
        return f"自 {first} 起长期有效" if first else "长期有效"
    return f"有效期 {first or ''} 至 {last}"
