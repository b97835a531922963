"""网上公开, its page: title and text that all will read, and what the check found in them, kept up with the typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from hotline_tui.data.queries.publication import OTHER, hits
from hotline_tui.rules.words import Action
from hotline_tui.screens import order_view
from hotline_tui.screens.kept import Kept, KeptForm
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.publication_check import Check, Place, Words
from hotline_tui.screens.widgets.display import STRONG, line_of
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.marked import MarkedInput, MarkedNarrative
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.rules.personal import Hit

CHECK_SECONDS = 0.2
"""The text is checked when the typing rests."""
NOTHING = "没有发现个人信息; 发布前仍请逐字看过"
CHECKING = "正在核对公开的文字, 请稍候"


class PublicTextScreen(OneOrderScreen):
    """Title, text, what was found; Esc leaves title and text as a draft."""

    CSS_PATH = "publication.tcss"

    def __init__(self, order_id: UUID) -> None:
        super().__init__(order_id)
        self.check = Check()
        self._filled = False
        self._reply = ""
        self._timer: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Title and text, what was found in them, and the matter."""
        self.kept = KeptForm(self.seat, Action.RELEASE.value, self.order_id)
        self.kept_reason = Kept(self.seat, "clear", self.order_id)
        with Container(id="panes"):
            with Container(id="left"):
                yield Rule("将要公开的标题和文字, 人人可见; 承办单位的原文不变", id="public-rule")
                with Horizontal(id="title-row"):
                    yield Static("公开标题 ", id="title-label")
                    yield MarkedInput(id="public-title", max_length=60)
                yield MarkedNarrative(id="public")
            with Container(id="right"):
                yield Rule("个人信息", id="found-title")
                yield RowList(
                    (Column("种类", 10), Column("文字"), Column("", 10)), head=False, empty=CHECKING, id="found"
                )
                yield Pages("诉求", id="text")

    def drafts_here(self) -> tuple[UUID, ...]:
        """Title and text, and the reason."""
        return (self.kept.id, self.kept_reason.id)

    def on_mount(self) -> None:
        """The keys go to what was found."""
        self.query_one("#found", RowList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """More or fewer of the places are seen."""
        self.call_after_refresh(self._head)

    def show_order(self, seen: OrderSeen) -> None:
        """Paint the order; at first the draft of this reply, else the unit's words under the topic's name."""
        self.set_title(*order_view.title(seen))
        self.query_one("#text", Pages).show(order_view.texts(seen), of=self.order_id)
        if not self._filled:
            self._filled = True
            reply, kept = seen.waiting_reply, self.kept.fields()
            self._reply = str(reply.id) if reply else ""
            if kept.get("reply", self._reply) != self._reply:
                kept = {}
            topic = seen.detail.row.topic.rpartition("/")[2] or OTHER
            self.query_one("#public-title", MarkedInput).value = str(kept.get("title") or topic)
            self.query_one("#public", MarkedNarrative).load_text(str(kept.get("text") or (reply.text if reply else "")))
            self.check.words = self._words()
            self._look()

    # -- the check

    def _words(self) -> Words:
        """What stands there now."""
        return Words(
            self.query_one("#public-title", MarkedInput).value, self.query_one("#public", MarkedNarrative).text
        )

    @on(Input.Changed, "#public-title")
    @on(TextArea.Changed, "#public")
    def _typed(self) -> None:
        words = self._words()
        if words == self.check.words or not self._filled:
            return
        self.kept.put_fields({"text": words.text, "title": words.title, "reply": self._reply})
        self.check.typed(words)
        self._paint()
        self._stop_timer()
        self._timer = self.set_timer(CHECK_SECONDS, self._look)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def _look(self, then: Callable[[], object] | None = None) -> None:
        """Check what stands there; `then` is done once that very text was checked, and keys wait for it."""
        desk, order_id, words = self.desk, self.order_id, self._words()
        self._stop_timer()

        def find(session: Session) -> tuple[Sequence[Hit], Sequence[Hit]]:
            title, text = (hits(session, desk.viewer, order_id, each) for each in words)
            return title, text

        def take(found: tuple[Sequence[Hit], Sequence[Hit]]) -> None:
            if words == self._words():
                self.check.take(words, found)
                # It answers the person's own typing: it does not wait for the typing to end.
                self._paint()
                self.refresh_actions()
            if then is not None:
                self._freshly(then)

        self.read(find, take, lane="check" if then is None else "fresh", opens=then is not None)

    def _freshly(self, then: Callable[[], object]) -> None:
        """Do it on a check of the very words that stand there."""
        if self.check.is_of(self._words()):
            then()
        else:
            self._look(then)

    def _paint(self) -> None:
        if not self.is_attached:
            return
        rows = self.query_one("#found", RowList)
        if self.check.begun:
            rows.empty = NOTHING
        rows.show(map(self._row, self.check.places))
        self._point()

    def _row(self, place: Place) -> Row:
        words = Text("标题: " if place.part == 0 else "").append_text(Text(line_of(place.hit.words)))
        state = Text("未处理", style=STRONG) if place.stands else "已说明"
        return Row(place.key, (place.hit.kind.label, words, state))

    def _head(self) -> None:
        """How many, how many are left, and how many of them are not seen."""
        if not self.is_attached:
            return
        waiting, many = len(self.check.standing), len(self.check.places)
        right = f"{many} 处, 未处理 {waiting} 处" if waiting else f"{many} 处, 已说明理由" if many else ""
        above, below = self.query_one("#found", RowList).hidden
        hidden = [f"{side} {count} 行" for side, count in (("上", above), ("下", below)) if count]
        more = f"  更多: {' '.join(hidden)}" if hidden else ""
        self.query_one("#found-title", Rule).show("个人信息", right + more)

    @on(RowList.Moved, "#found")
    def _point(self) -> None:
        """Mark them where they stand, the one under the cursor of the list above all."""
        self._head()
        pointed = self._pointed()
        for part, entry in enumerate(self._entries()):
            own = [place for place in self.check.places if place.part == part]
            entry.mark(
                [(place.hit.start, place.hit.end) for place in own], own.index(pointed) if pointed in own else None
            )
        if pointed is not None and not self._entries()[pointed.part].has_focus:
            self._go_to(pointed)

    def _entries(self) -> tuple[MarkedInput, MarkedNarrative]:
        return self.query_one("#public-title", MarkedInput), self.query_one("#public", MarkedNarrative)

    def _pointed(self) -> Place | None:
        return self.check.at(self.query_one("#found", RowList).key)

    def _go_to(self, place: Place) -> None:
        title, text = self._entries()
        if place.part == 0:
            title.cursor_position = place.hit.start
        else:
            text.move_cursor(text.location(place.hit.start))
