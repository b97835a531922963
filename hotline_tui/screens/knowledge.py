"""知识库: standard answers found as one types, each in full; the office and the units keep them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Input

from hotline_tui.data.drafts import Draft
from hotline_tui.data.queries import knowledge as queries
from hotline_tui.data.queries.knowledge import SEES_DRAFTS, ArticleDetail, ArticleRow
from hotline_tui.data.queries.rows import Page
from hotline_tui.data.queries.stock import Shelf
from hotline_tui.errors import HotlineError
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.screens import article_keeping
from hotline_tui.screens.actions import ScreenAction, bindings_for
from hotline_tui.screens.answers import in_full, validity
from hotline_tui.screens.article_form import ArticleForm, article_of, draft_id
from hotline_tui.screens.base import BACK, HELP
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.revision import WAITS, changes, to_discard, to_publish
from hotline_tui.screens.stock_list import PAGE, Stock
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.modals import Ask, Confirm
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.row_list import KEEP, Column, Row, RowList
from hotline_tui.services import knowledge

KEEPING = {"add", "revise", "expire", "publish", "discard"}
PAUSE_SECONDS = 0.2

NOT_FOUND = "没有找到, 请换个说法; 仍没有的, 交办后由承办单位答复"
NO_ANSWERS = "知识库还没有标准答案"
AGAIN_SECONDS = 2.0
BEING_MADE = "知识库索引正在建立, 片刻后列出"
NOT_THERE = "没有这样的标准答案, Ctrl+O 换状态"


class KnowledgeScreen(DeskScreen):
    """With `pick`, Enter gives the article's id to whoever opened it; otherwise it is for reading and keeping."""

    TITLE_TEXT = "知识库"
    CSS_PATH = "knowledge.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "pick", "用此答复", "用光标所在的标准答案答复"),
        ScreenAction("f5", "add", "新增", "写一条新的标准答案, 先存为草稿"),
        ScreenAction("f6", "revise", "修订", "修订光标所在的一条; 发布前仍用原文"),
        ScreenAction("f7", "expire", "停用", "停用光标所在的一条, 不再用来答复"),
        ScreenAction("f8", "publish", "发布", "发布光标所在的一条或其修订稿, 前台即可用来答复(由热线办)"),
        ScreenAction("f9", "discard", "弃修订稿", "丢弃光标所在一条的修订稿, 现行内容不变"),
        ScreenAction("ctrl+o", "shelf", "换状态", "换着看全部、有效、待发布、停用和过期的", shown=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for((*ACTIONS, HELP, BACK)),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "turn(-1)", show=False),
        Binding("pagedown", "turn(1)", show=False),
    ]

    def __init__(self, query: str = "", pick: bool = False, draft: Draft | None = None) -> None:
        """With `draft`, the form that it was left in stands open on top."""
        super().__init__()
        self.draft = draft
        self.first_query = query
        self.pick = pick
        self.detail: ArticleDetail | None = None
        self._pause: Timer | None = None
        self._asked: str | None = None
        self._shown: str | None = None
        self.shelf = Shelf.IN_FORCE if pick else Shelf.ALL
        self.stock: Stock | None = None
        self._made: UUID | None = None

    def compose_body(self) -> ComposeResult:
        """What to look for, what was found, the answer."""
        yield HotlineInput(self.first_query, placeholder="输入问题、词语、拼音或首字母", id="words")
        yield Rule("标准答案", id="found-rule")
        with Container(id="work"):
            yield RowList(
                [Column("问题"), Column("单位", 12), Column("效期", 15)],
                empty=NOT_FOUND,
                id="found",
            )
            yield Pages("答复内容 (PgUp PgDn 翻页, Tab 到列表)", id="answer")

    def on_mount(self) -> None:
        """Look at once."""
        self.query_one("#answer").can_focus = False
        words = self.query_one("#words", HotlineInput)
        words.cursor_position = len(words.value)
        words.focus()
        self.set_title(" 知识库: 选一条答复来电人" if self.pick else " 知识库", f"{self.desk.name} ")
        self._look()
        if self.draft is not None:
            self._open_draft(self.draft)

    @property
    def key(self) -> str | None:
        """The article under the cursor."""
        return self.query_one("#found", RowList).key

    # -- finding

    @on(Input.Changed, "#words")
    def _typed(self) -> None:
        self._made = None
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._look)

    @on(Input.Submitted, "#words")
    async def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._asked != self._words:
            self._look()
        elif self.pick:
            await self.action_act("pick")

    @property
    def _words(self) -> str:
        return self.query_one("#words", HotlineInput).value.strip()

    def _look(self) -> None:
        self._asked = words = self._words
        seat = self.seat
        stock = Stock(self.desk, lambda: seat.knowledge, words, self.shelf, self.today)
        again = self.stock is not None and (self.stock.words, self.stock.shelf) == (words, self.shelf)
        # The same again is read as far as it was turned: the cursor stays where it is.
        held, made = len(self.query_one("#found", RowList).rows) if again else 0, self._made
        limit = min(KEEP, max(PAGE, held))
        self.work_read(lambda: stock.first(made, limit), lambda page: self._show_found(page, stock), lane="found")

    @property
    def today(self) -> Any:
        """The Shanghai day."""
        return shanghai_day(self.desk.clock())

    def _show_found(self, page: Page[ArticleRow], stock: Stock) -> None:
        made, words, found = self._made, stock.words, page.rows
        if made and words and all(row.id != made for row in found):
            entry = self.query_one("#words", HotlineInput)
            with entry.prevent(Input.Changed):
                entry.value = ""
            self._look()
            return
        anew = words != self._shown or self.stock is None or stock.shelf is not self.stock.shelf
        self.stock, self._shown = stock, words
        rows = self.query_one("#found", RowList)
        if stock.shelf not in (Shelf.ALL, Shelf.IN_FORCE):
            rows.empty = NOT_THERE
        else:
            rows.empty = NOT_FOUND if words and len(self.seat.knowledge) else NO_ANSWERS
        if words and not self.seat.knowledge.complete:
            rows.empty = BEING_MADE
            self.set_timer(AGAIN_SECONDS, self._look)
        rows.show(map(self._row, found), more=stock.paging.more(0, "after"))
        self.query_one("#found-rule", Rule).show(
            f"标准答案: {stock.shelf.value} {stock.held}", "" if self.pick else "Ctrl+O 换状态"
        )
        if anew:
            rows.action_edge(-1)
            rows.move_to(str(made))
        self._read_detail()

    @on(RowList.Wanted)
    def _more_wanted(self, event: RowList.Wanted) -> None:
        event.stop()
        stock, edge = self.stock, event.edge
        beyond = stock.paging.beyond(event.key or "", edge) if stock else None
        if stock is None or beyond is None:
            return

        def take(page: Page[ArticleRow]) -> None:
            if stock is self.stock:
                rows = self.query_one("#found", RowList)
                rows.extend(map(self._row, page.rows), edge, more=stock.paging.more(beyond, edge))

        self.work_read(lambda: stock.page(beyond), take, lane="more")

    def _row(self, row: ArticleRow) -> Row:
        standing = WAITS if row.pending else validity(row.valid_to, state=row.state, today=self.today)
        return Row(str(row.id), (row.question, row.unit, standing))

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._read_detail()

    @on(RowList.Chosen)
    async def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        await self.action_act("pick")

    def _read_detail(self) -> None:
        key, desk = self.key, self.desk
        if key is None:
            self._show_detail(None)
            return
        self.read(lambda session: queries.article(session, desk.viewer, UUID(key)), self._show_detail, lane="detail")

    def _show_detail(self, detail: ArticleDetail | None) -> None:
        self.detail = detail
        parts = chain(in_full(detail, self.today), changes(detail)) if detail else ()
        self.query_one("#answer", Pages).show(parts, of=self.key)
        self.refresh_actions()

    # -- moving while typing goes on

    def action_move(self, step: int) -> None:
        """A row up or down."""
        self.query_one("#found", RowList).action_move(step)

    def action_turn(self, step: int) -> None:
        """A page of the answer up or down."""
        self.query_one("#answer", Pages).action_page(step)

    # -- what can be done

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """Only what is of use here: choosing, or keeping."""
        unwanted = KEEPING if self.pick or article_keeping.why_not_keep(self.desk) else {"pick"}
        if not self.pick:
            unwanted = unwanted | {"pick"}
        return tuple(action for action in self.all_actions() if action.id not in unwanted)

    def why_not(self, action_id: str) -> str | None:
        """What the role or the article's state closes."""
        if action_id == "shelf":
            return "答复只用有效的标准答案(第十一条(二)1)" if self.pick else None
        if action_id == "pick":
            if not self.pick:
                return "登记来电时按 F4 直接答复, 再在这里选"
            if self._why_no_detail() or self.detail is None:
                return self._why_no_detail()
            return None if self.detail.in_force(self.today) else "这条标准答案不在有效期内(第十一条(二)1)"
        if action_id in KEEPING:
            return self._why_not_keep(action_id)
        return None

    def _why_no_detail(self) -> str | None:
        """What was read must be what the cursor stands on: nothing is done to an answer that nobody saw."""
        if self.key is None and self._shown == self._words:
            return "没有选中标准答案"
        if self.detail is None or str(self.detail.row.id) != self.key or self._shown != self._words:
            return "正在查找, 请稍候"
        return None

    def _why_not_keep(self, action_id: str) -> str | None:
        if (reason := article_keeping.why_not_keep(self.desk)) or action_id == "add":
            return reason
        if self._why_no_detail() or self.detail is None:
            return self._why_no_detail()
        return article_keeping.why_not(action_id, self.detail.row, self.desk)

    def do_shelf(self) -> None:
        """Ctrl+O: the next shelf; what waits is for those who read drafts."""
        reads_drafts = self.desk.role in SEES_DRAFTS | UNIT_ROLES
        shelves = [shelf for shelf in Shelf if reads_drafts or shelf is not Shelf.WAITING]
        self.shelf = shelves[(shelves.index(self.shelf) + 1) % len(shelves)]
        self._made = None
        self._look()

    def do_pick(self) -> None:
        """Give it to whoever asked."""
        assert self.detail is not None
        self.dismiss(self.detail.row.id)

    def do_add(self) -> None:
        """F5."""
        self._open_form(None)

    def do_revise(self) -> None:
        """F6."""
        assert self.detail is not None
        self._open_form(self.detail)

    def _open_form(self, detail: ArticleDetail | None, missing: Sequence[str] = ()) -> None:
        """With what was left unsaved the last time."""
        drafts, key = self.seat.drafts, draft_id(self.desk.login, detail.row.id if detail else None)

        def show(draft: Draft | None) -> None:
            self.app.push_screen(ArticleForm(detail, draft, missing), self._saved)

        self.work_read(lambda: drafts.get(key), show, lane="draft", opens=True)

    def _open_draft(self, draft: Draft) -> None:
        """As home does: of a new article, or of one that is read first."""
        desk, article_id = self.desk, article_of(draft)

        def show(detail: ArticleDetail | None) -> None:
            self.app.push_screen(ArticleForm(detail, draft), self._saved)

        if article_id is None:
            show(None)
        else:
            self.read(lambda session: queries.article(session, desk.viewer, article_id), show, lane="draft", opens=True)

    def do_expire(self) -> None:
        """F7, with a reason."""
        assert self.detail is not None
        article_id = self.detail.row.id

        def told(reason: str) -> None:
            self.write(lambda: knowledge.expire(self.desk, article_id, reason), lambda _: self._kept("已停用"))

        self.open_form(Ask("停用标准答案", "为何停用:", must="请写明停用的理由"), told)

    def do_publish(self) -> None:
        """F8, once confirmed: what was read and nothing else; what it lacks is asked for first."""
        assert self.detail is not None
        if missing := article_keeping.lacking(self.detail):
            self._open_form(self.detail, missing)
            return
        row, question = self.detail.row, to_publish(self.detail)
        version = row.pending or row.version
        self._sure("发布标准答案", question, lambda: knowledge.publish(self.desk, row.id, version), "已发布")

    def do_discard(self) -> None:
        """F9, once confirmed."""
        assert self.detail is not None
        row, question = self.detail.row, to_discard(self.detail)
        self._sure("丢弃修订稿", question, lambda: knowledge.discard(self.desk, row.id, row.pending), "已丢弃修订稿")

    def _sure(self, title: str, question: str, service: Callable[[], None], sentence: str) -> None:
        def told(yes: bool | None) -> None:
            if yes:
                self.write(service, lambda _: self._kept(sentence), otherwise=self._lost)

        self.app.push_screen(Confirm(title, question), told)

    def _lost(self, error: HotlineError) -> None:
        """Somebody was faster: read again what there is now."""
        self.show_error(error)
        self._look()

    def _saved(self, kept: tuple[str, UUID] | None) -> None:
        """What was saved stands under the cursor, also when the words do not find it: F8 publishes what was written."""
        if kept is not None:
            sentence, self._made = kept
            self._shown = None
            self._kept(sentence)

    def _kept(self, sentence: str) -> None:
        self.flash(sentence)
        self._look()
