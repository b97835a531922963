"""版本: every text of a standard answer, who wrote and who published it; any two of them compared."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.data.queries import knowledge as queries
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import ArticleState
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.differing import LEGEND, span, told_apart
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.pages import Pages, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotline_tui.data.queries.knowledge import ArticleDetail, VersionRow

EARLIER = "与前一版比较"


class VersionsScreen(DeskScreen):
    """The version under the cursor is held against the one before it, or against the one that F4 chose."""

    TITLE_TEXT = "版本"
    CSS_PATH = "versions.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "against", "以此为准", "以后都与光标所在的这一版比较, 任意两版都可比较"),
        ScreenAction("f5", "before", "与前一版", "每一版与它的前一版比较"),
    )

    def __init__(self, article_id: UUID) -> None:
        super().__init__()
        self.article_id = article_id
        self.detail: ArticleDetail | None = None
        self.against: int | None = None
        """The version that the others are held against; None for the one before each."""

    def compose_body(self) -> ComposeResult:
        """The versions, and what differs."""
        with Container(id="work"):
            yield RowList(
                [Column("版本", 6), Column("写于", 16), Column("何人", 10), Column("发布"), Column("现状", 6)],
                id="versions",
            )
            yield Rule("", id="compared")
            yield Pages("差异 (Tab 到这里后用箭头翻看)", id="differences")

    def on_mount(self) -> None:
        """Read it."""
        desk = self.desk
        self.set_title(" 标准答案: 版本", f"{desk.name} ")
        self.query_one("#versions").focus()
        self.read(lambda session: queries.article(session, desk.viewer, self.article_id), self._take, opens=True)

    def _take(self, detail: ArticleDetail) -> None:
        self.detail = detail
        self.set_title(f" 版本: {detail.row.question}", f"{detail.row.key} ")
        self._show_rows()
        self._show()

    def _show_rows(self) -> None:
        if self.detail is not None:
            self.query_one("#versions", RowList).show(map(self._row, self.detail.versions))

    def _row(self, row: VersionRow) -> Row:
        number = f"{'*' if row.version == self.against else ' '}{row.version}"
        return Row(str(row.version), (number, _moment(row.made_at), row.by or "导入", _out(row), self._standing(row)))

    def _standing(self, row: VersionRow) -> str:
        assert self.detail is not None
        if row.version == self.detail.row.pending:
            return "待发布"
        if row.version != self.detail.row.version:
            return ""
        state = self.detail.row.state
        return "现行" if state is ArticleState.PUBLISHED else state.label

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show()

    @property
    def _pair(self) -> tuple[VersionRow | None, VersionRow] | None:
        """The earlier one, if there is one, and the later one."""
        key = self.query_one("#versions", RowList).key
        if self.detail is None or key is None:
            return None
        rows = {row.version: row for row in self.detail.versions}
        here = rows[int(key)]
        if self.against is None:
            return next((row for row in self.detail.versions if row.version < here.version), None), here
        other = rows[self.against]
        return (other, here) if other.version <= here.version else (here, other)

    def _show(self) -> None:
        pair = self._pair
        if pair is None:
            return
        before, after = pair
        head = f"版本 {after.version} 比版本 {before.version}" if before else f"版本 {after.version}, 没有更早的"
        how = f"固定与版本 {self.against} 比较" if self.against else EARLIER
        self.query_one("#compared", Rule).show(head, how)
        of = (before.version if before else 0, after.version)
        self.query_one("#differences", Pages).show(_parts(before, after), of=of)
        self.refresh_actions()

    def why_not(self, action_id: str) -> str | None:
        """What there is nothing of."""
        if action_id == "against" and self._pair is None:
            return "正在读取, 请稍候"
        return "已是与前一版比较" if action_id == "before" and self.against is None else None

    def do_against(self) -> None:
        """F4."""
        pair, key = self._pair, self.query_one("#versions", RowList).key
        assert pair is not None
        assert key is not None
        self._hold_against(int(key))

    def do_before(self) -> None:
        """F5."""
        self._hold_against(None)

    def _hold_against(self, version: int | None) -> None:
        self.against = version
        self._show_rows()
        self._show()


def _out(row: VersionRow) -> str:
    """When it came into use and by whom, or why it did not."""
    if row.published_at:
        return f"{_moment(row.published_at)} {row.published_by}".strip()
    return "已丢弃" if row.discarded else "未发布"


def _parts(before: VersionRow | None, after: VersionRow) -> Iterator[Part]:
    if before is None:
        yield Para(f"问题 {after.question}", hang=5)
        yield Para(f"答复 {after.answer}", hang=5)
        if after.basis:
            yield Para(f"依据 {after.basis}", hang=5)
        yield Para(f"效期 {span(after.valid_from, after.valid_to)}")
        return
    yield Para(LEGEND)
    yield from told_apart(
        (
            ("问题", before.question, after.question),
            ("答复", before.answer, after.answer),
            ("依据", before.basis, after.basis),
            ("效期", span(before.valid_from, before.valid_to), span(after.valid_from, after.valid_to)),
        )
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
