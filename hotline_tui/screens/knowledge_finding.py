"""知识库, the finding part: what is looked for as one types, the list of it, the answer under the cursor."""

from __future__ import annotations

from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Input

from hotline_tui.data.news import News
from hotline_tui.data.queries import knowledge as queries
from hotline_tui.data.queries.keeping import Keeping, keeping
from hotline_tui.data.queries.knowledge import ArticleDetail, ArticleRow
from hotline_tui.data.queries.rows import Page
from hotline_tui.data.queries.stock import Shelf
from hotline_tui.data.search.matched import NO_PIECES
from hotline_tui.data.search.tokens import runs
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.screens.answers import in_full, validity
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.keeping_view import keeping_parts
from hotline_tui.screens.revision import WAITS, changes
from hotline_tui.screens.stock_list import PAGE, Stands, Stock, stands
from hotline_tui.screens.widgets.display import painted
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.row_list import KEEP, Column, Row, RowList

if TYPE_CHECKING:
    from hotline_tui.data.store import Session

PAUSE_SECONDS = 0.2

NOT_FOUND = "没有找到, 请换个说法; 仍没有的, 交办后由承办单位答复"
NO_WORDS = "没有可用于查找的文字, 请输入汉字、拼音或数字"
NO_ANSWERS = "知识库还没有标准答案"
AGAIN_SECONDS = 2.0
BEING_MADE = "知识库索引正在建立, 片刻后列出"
LOOKING = "正在查找, 请稍候"
GONE = "列表有变动, 光标所在的一条已不在其中, 请另选一条"
NEWS_SECONDS = 1.5
"""So often one looks whether anything changed, where nobody tells."""
REST_SECONDS = 3.0
"""Since the last key: an input method may hold a half-typed phrase, which no repaint must wipe."""
NOT_THERE = "没有这样的标准答案, Ctrl+O 换状态"


class Finding(DeskScreen):
    """Sub-classes say what is done with what was found."""

    CSS_PATH = "knowledge.tcss"
    MOVES: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "turn(-1)", show=False),
        Binding("pagedown", "turn(1)", show=False),
    ]

    def __init__(self, query: str = "", pick: bool = False, shelf: Shelf = Shelf.ALL) -> None:
        super().__init__()
        self.first_query = query
        self.pick = pick
        self.detail: ArticleDetail | None = None
        self.keeping: Keeping | None = None
        self._pause: Timer | None = None
        self._asked: str | None = None
        self._shown: str | None = None
        self._pieces = NO_PIECES
        self.shelf = Shelf.IN_FORCE if pick else shelf
        self.stock: Stock | None = None
        self._made: UUID | None = None
        self._typed_at = 0.0
        self._rest: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """What to look for, what was found, the answer."""
        yield HotlineInput(self.first_query, placeholder="输入问题、词语、拼音或首字母", id="words")
        yield Rule("标准答案", id="found-rule")
        with Container(id="work"):
            yield RowList(
                [Column("问题"), Column("单位", 12), Column("效期", 15)],
                empty=LOOKING,
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
        self.follow(self._ask_news, News.KNOWLEDGE, every=NEWS_SECONDS)

    def on_screen_resume(self) -> None:
        """What changed while another page lay on top."""
        if self.stock is not None:
            self._ask_news()

    @property
    def hint(self) -> str:
        """The keys for which the bottom line has no room."""
        return "" if self.pick else "Ctrl+O 换状态"

    @property
    def key(self) -> str | None:
        """The article under the cursor."""
        return self.query_one("#found", RowList).key

    # -- finding

    @on(Input.Changed, "#words")
    def _typed(self) -> None:
        self._made = None
        self._typed_at = monotonic()
        if self._words and self._shown == "":
            self._put_away()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._look)

    @property
    def _words(self) -> str:
        return self.query_one("#words", HotlineInput).value.strip()

    def _put_away(self) -> None:
        """The whole stock is no answer to what was typed."""
        self.stock = self._shown = None
        rows = self.query_one("#found", RowList)
        rows.empty = LOOKING
        rows.show(())
        self.query_one("#found-rule", Rule).show("标准答案", self.hint)
        self._show_detail(None)

    def _ask_news(self) -> None:
        """Whether anything was published, changed or withdrawn."""
        self.read(lambda session: stands(session, self.today), self._take_news, lane="news", otherwise=lambda _: None)

    def _take_news(self, now: Stands) -> None:
        """Read the same list again, quietly.

        The entry has the focus as long as this page is open, so that the list can not wait until it has not.
        """
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if self.stock is None or now == self.stock.stands:
            return
        if (rest := self._typed_at + REST_SECONDS - monotonic()) > 0:
            self._rest = self.set_timer(rest, self._ask_news)
        else:
            self._look(quiet=True)

    def _look(self, *, quiet: bool = False) -> None:
        """`quiet`: nobody asked for it."""
        self._asked = words = self._words
        seat = self.seat
        stock = Stock(self.desk, lambda: seat.knowledge, words, self.shelf, self.today)
        again = self.stock is not None and (self.stock.words, self.stock.shelf) == (words, self.shelf)
        # The same again is read as far as it was turned: the cursor stays where it is.
        held, made = len(self.query_one("#found", RowList).rows) if again else 0, self._made
        limit = min(KEEP, max(PAGE, held))

        def take(page: Page[ArticleRow]) -> None:
            if words != self._words and (quiet or not words):
                return
            key, found = self.key, {str(row.id) for row in page.rows}
            self._show_found(page, stock)
            if quiet and key is not None and key not in found:
                # The next one was not chosen by anybody.
                self.query_one("#found", RowList).leave()
                self.flash(GONE)

        silent: dict[str, Any] = {"otherwise": lambda _: None} if quiet else {}
        self.read_by(lambda: stock.first(made, limit), take, lane="found", **silent)

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
        self.stock, self._shown, self._pieces = stock, words, stock.pieces
        rows = self.query_one("#found", RowList)
        if stock.shelf not in (Shelf.ALL, Shelf.IN_FORCE):
            rows.empty = NOT_THERE
        else:
            nothing = NOT_FOUND if runs(words) else NO_WORDS
            rows.empty = nothing if words and len(self.seat.knowledge) else NO_ANSWERS
        if words and not self.seat.knowledge.complete:
            rows.empty = BEING_MADE
            self.set_timer(AGAIN_SECONDS, self._look)
        rows.show(map(self._row, found), more=stock.paging.more(0, "after"))
        self.query_one("#found-rule", Rule).show(f"标准答案: {stock.shelf.value} {stock.held}", self.hint)
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

        self.read_by(lambda: stock.page(beyond), take, lane="more")

    def _row(self, row: ArticleRow) -> Row:
        standing = WAITS if row.pending else validity(row.valid_to, state=row.state, today=self.today)
        if self.shelf is Shelf.ENDING and row.valid_to is not None and row.valid_to >= self.today:
            standing = f"至 {row.valid_to}"  # here the day counts
        return Row(str(row.id), (painted(row.question, self._pieces), row.unit, standing))

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
        article_id, today = UUID(key), self.today

        def read(session: Session) -> tuple[ArticleDetail, Keeping]:
            return (
                queries.article(session, desk.viewer, article_id),
                keeping(session, desk.viewer, article_id, today),
            )

        self.read(read, lambda found: self._show_detail(*found), lane="detail")

    def _show_detail(self, detail: ArticleDetail | None, beside: Keeping | None = None) -> None:
        self.detail, self.keeping = detail, beside
        told = keeping_parts(beside) if beside else ()
        parts = chain(in_full(detail, self.today, self._pieces), told, changes(detail)) if detail else ()
        self.query_one("#answer", Pages).show(parts, of=self.key)
        self.refresh_actions()

    # -- moving while typing goes on

    def action_move(self, step: int) -> None:
        """A row up or down."""
        self.query_one("#found", RowList).action_move(step)

    def action_turn(self, step: int) -> None:
        """A page of the answer up or down."""
        self.query_one("#answer", Pages).action_page(step)
