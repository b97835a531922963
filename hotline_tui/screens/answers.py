"""Standard answers as screens find and show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from rich.text import Text
from textual.binding import Binding, BindingType

from hotline_tui.data.queries import knowledge
from hotline_tui.data.search.matched import NO_PIECES, Pieces
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import ArticleState
from hotline_tui.screens.stock_list import MOST_FOUND, many_found
from hotline_tui.screens.widgets.display import OVERDUE, STRONG, lines_of, painted
from hotline_tui.screens.widgets.modals import ReadingModal
from hotline_tui.screens.widgets.pages import Pages, Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.queries.knowledge import ArticleDetail
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.services.desk import Desk


@dataclass(frozen=True)
class Found:
    """One answer that fits the words."""

    id: UUID
    question: str
    unit: str
    validity: str
    pieces: Pieces = NO_PIECES
    """What of the words is painted where it stands."""


def find(
    desk: Desk, index: KnowledgeIndex, words: str, limit: int, topic: UUID | None = None
) -> tuple[tuple[Found, ...], str, str]:
    """The answers in force that fit, best first, those of the topic before equal ones; the best's text; how many.

    Runs in a thread.
    """
    if not words:
        return (), "", ""
    today = shanghai_day(desk.clock())
    hits = index.search(words, today=today, limit=limit, prefer=topic)
    if not hits:
        return (), "", ""
    many = many_found(len(index.rank(words, today=today, limit=MOST_FOUND + 1)), MOST_FOUND)
    with desk.store.read() as session:
        best = knowledge.article(session, desk.viewer, hits[0].article_id).answer
    pieces = index.pieces(words)
    return tuple(Found(hit.article_id, hit.title, hit.unit, validity(hit.valid_to), pieces) for hit in hits), best, many


class ConfirmAnswer(ReadingModal[bool]):
    """The answer whole, with the article and its version, before the order is closed with it (Art. 11(2)1)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f4", "give", show=False),
        Binding("up,pageup", "turn(-1)", show=False),
        Binding("down,pagedown", "turn(1)", show=False),
    ]
    KEYS = "Enter 答复并办结  PgUp PgDn 翻页  Esc 返回"

    def __init__(self, article: ArticleDetail, *, online: bool, topic: str = "") -> None:
        """`topic`: the one that the matter takes from the article."""
        super().__init__("直接答复: 网上答复来信人" if online else "直接答复: 读给来电人")
        self.article = article
        self.topic = topic

    def parts(self) -> Iterator[Part]:
        """Question, answer, where it comes from."""
        row = self.article.row
        yield Para(Text(lines_of(row.question), style=STRONG))
        yield Para(self.article.answer)
        if self.article.basis:
            yield Para(f"依据 {self.article.basis}", hang=5)
        yield Para(f"标准答案 {row.key}  版本 {row.version}  {row.unit}")
        if self.topic:
            yield Para(Text(f"未选分类, 按标准答案归入: {self.topic}", style=STRONG))

    def action_turn(self, step: int) -> None:
        """A page of it."""
        self.query_one("#reading", Pages).action_page(step)

    def action_give(self) -> None:
        """It was read out."""
        self.dismiss(True)


def validity(valid_to: date | None, *, state: ArticleState = ArticleState.PUBLISHED, today: date | None = None) -> str:
    """有效至 2027-06, 长期有效, 已过期, or the state where it is not in force."""
    if state is not ArticleState.PUBLISHED:
        return state.label
    if valid_to is None:
        return "长期有效"
    if today is not None and valid_to < today:
        return f"已过期 {valid_to:%Y-%m}"
    return f"有效至 {valid_to:%Y-%m}"


def in_full(detail: ArticleDetail, today: date, pieces: Pieces = NO_PIECES) -> Iterator[Part]:
    """Question, answer, basis, where it belongs, how it stands, other phrasings; what was looked for is painted."""
    row = detail.row
    yield Para(Text(lines_of(row.question), style=STRONG))
    yield Para("")
    yield Para(painted(detail.answer, pieces, lines=True))
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
