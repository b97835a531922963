"""缺答: what was asked of the knowledge base and not answered; the office writes an answer to it, or sets it aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.data.news import News
from hotline_tui.data.queries import missed as queries
from hotline_tui.data.queries.missed import Group
from hotline_tui.errors import HotlineError
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import MissedState
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.article_form import ArticleForm
from hotline_tui.screens.article_origin import of_questions
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import Ask
from hotline_tui.screens.widgets.pages import Pages, Para, Part
from hotline_tui.screens.widgets.row_list import KEEP, Column, Row, RowList
from hotline_tui.services import missing

if TYPE_CHECKING:
    from hotline_tui.data.drafts import Draft

REFRESH_SECONDS = 10
EMPTY = {
    MissedState.OPEN: "没有缺答的问题",
    MissedState.WRITTEN: "没有已拟写的",
    MissedState.ASIDE: "没有搁置的",
}


class MissedScreen(DeskScreen):
    """Gives what became of an answer that was written from here, and its id, as the form of it does."""

    TITLE_TEXT = "缺答"
    CSS_PATH = "versions.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "write", "拟写", "由光标所在的问题拟写标准答案, 相近的问法一并填入"),
        ScreenAction("f5", "search", "查知识库", "用这些词再查一次, 看是否已有答案"),
        ScreenAction("f7", "aside", "搁置", "不拟写的, 写明理由; 再有人问也不再列出"),
        ScreenAction("ctrl+o", "state", "换状态", "待处理、已拟写、已搁置", shown=False),
    )

    def __init__(self) -> None:
        super().__init__()
        self.state = MissedState.OPEN
        self.groups: dict[str, Group] = {}

    def compose_body(self) -> ComposeResult:
        """The questions, and what is alike."""
        yield Rule("缺答的问题", "Ctrl+O 换状态", id="missed-rule")
        with Container(id="work"):
            yield RowList(
                [Column("问题"), Column("次数", 4, right=True), Column("无结果", 6, right=True), Column("最近", 11)],
                empty=EMPTY[MissedState.OPEN],
                id="missed",
            )
            yield Pages("相近的问法 (Tab 到这里后用箭头翻看)", id="alike")

    def on_mount(self) -> None:
        """Read them."""
        self.set_title(" 缺答: 查过而没有答案的问题", f"{self.desk.name} ")
        self.query_one("#missed").focus()
        self._look()
        self.follow(self._look, News.KNOWLEDGE, every=REFRESH_SECONDS)

    def _look(self) -> None:
        desk, state = self.desk, self.state
        self.read(lambda session: queries.missed(session, desk.viewer, state), self._take)

    def _take(self, groups: tuple[Group, ...]) -> None:
        shown = groups[:KEEP]
        self.groups = {str(group.ids[0]): group for group in shown}
        rows = self.query_one("#missed", RowList)
        rows.empty = EMPTY[self.state]
        rows.show(Row(key, _cells(group)) for key, group in self.groups.items())
        more = f", 列出前 {KEEP} 个" if len(groups) > KEEP else ""
        self.query_one("#missed-rule", Rule).show(
            f"缺答的问题: {self.state.label} {len(groups)} 个{more}", "Ctrl+O 换状态"
        )
        self._show()

    @property
    def group(self) -> Group | None:
        """Under the cursor."""
        return self.groups.get(self.query_one("#missed", RowList).key or "")

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show()

    @on(RowList.Chosen)
    async def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        await self.action_act("write")

    def _show(self) -> None:
        group = self.group
        self.query_one("#alike", Pages).show(_parts(group) if group else (), of=group.ids if group else None)
        self.refresh_actions()

    def why_not(self, action_id: str) -> str | None:
        """What there is nothing to do with."""
        if action_id in ("help", "back", "state"):
            return None
        if self.group is None:
            return "没有选中问题"
        if action_id in ("write", "aside") and self.state is not MissedState.OPEN:
            return f"这个问题{self.state.label}"
        return None

    def do_state(self) -> None:
        """Ctrl+O."""
        states = list(MissedState)
        self.state = states[(states.index(self.state) + 1) % len(states)]
        self._look()

    def do_search(self) -> None:
        """F5."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        assert self.group is not None
        # What is looked for from here is not asked by anybody.
        self.app.push_screen(KnowledgeScreen(query=self.group.words, asked=lambda _: None))

    def do_write(self) -> None:
        """F4."""
        assert self.group is not None
        origin = of_questions(self.group.ids, [each.words for each in self.group.questions])
        drafts, key = self.seat.drafts, origin.draft_id(self.desk.login)

        def show(draft: Draft | None) -> None:
            self.app.push_screen(ArticleForm(None, draft, origin=origin), self._written)

        self.work_read(lambda: drafts.get(key), show, lane="draft", opens=True)

    def _written(self, kept: tuple[str, UUID] | None) -> None:
        if kept is not None:
            self.dismiss(kept)

    def do_aside(self) -> None:
        """F7."""
        assert self.group is not None
        ids, many = self.group.ids, len(self.group.ids)

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self._look()

        def told(reason: str) -> None:
            self.write(lambda: missing.set_aside(self.desk, ids, reason), lambda _: self._set_aside(), otherwise=failed)

        which = f"这个问题和相近的 {many - 1} 个" if many > 1 else "这个问题"
        self.open_form(Ask("搁置", f"{which}不拟写标准答案。为何:", must="请写明搁置的理由"), told)

    def _set_aside(self) -> None:
        self.flash("已搁置, 按 Ctrl+O 可看")
        self._look()


def _cells(group: Group) -> tuple[str, str, str, str]:
    alike = f" (相近 {len(group.ids)})" if len(group.ids) > 1 else ""
    last = f"{group.last_at.astimezone(SHANGHAI):%m-%d %H:%M}"
    return f"{group.words}{alike}", str(group.times), str(group.empty), last


def _parts(group: Group) -> Iterator[Part]:
    for each in group.questions:
        last = f"{each.last_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        times = f"没有找到 {each.empty} 次, 找到未用 {each.unused} 次, 其中交办 {each.dispatched} 次"
        told = f"{each.words}\n{times}, 最近 {last}"
        if each.state is MissedState.ASIDE:
            told += f"\n搁置: {each.reason} ({each.by})"
        elif each.article:
            told += f"\n拟写为标准答案 {each.article}"
        yield Para(told, hang=2)
