"""网上公开: the text that all will read, checked as it is changed; nothing personal goes out unless cleared (R-14)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import TextArea

from hotline_tui.data.queries.publication import hits
from hotline_tui.errors import HotlineError
from hotline_tui.rules.personal import MASK, counted, told
from hotline_tui.rules.words import Action, Release
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds_office import goes_on
from hotline_tui.screens.kept import AskKept, Kept
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.display import STRONG, line_of
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.marked import MarkedNarrative, carried
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.screens.widgets.row_list import Column, Row, RowList
from hotline_tui.services import release

if TYPE_CHECKING:
    from hotline_tui.rules.personal import Hit

CHECK_SECONDS = 0.2
"""The text is checked when the typing rests."""
NOTHING = "没有发现个人信息; 发布前仍请逐字看过"
CHECKING = "正在核对公开的文字, 请稍候"


class PublicationScreen(OneOrderScreen):
    """F4 publishes once every hit is masked, rewritten or cleared; Esc leaves the text as a draft."""

    TITLE_TEXT = "网上公开"
    CSS_PATH = "publication.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "publish", "公开", "发布在网上, 人人可见; 有未处理的个人信息时不能发布(第十四条)"),
        ScreenAction("f6", "next", "下一处", "到下一处个人信息"),
        ScreenAction("f7", "mask", "遮盖", f"把这一处改为 {MASK}"),
        ScreenAction("f8", "clear", "说明理由", "各处都可以公开的, 写明理由; 记录理由和核对人"),
    )

    def __init__(self, order_id: UUID) -> None:
        super().__init__(order_id)
        self._filled = False
        self._text = ""
        self._hits: tuple[Hit, ...] | None = None
        self._cleared: Counter[tuple[str, str]] = Counter()
        self._reason = ""
        self._timer: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """The text, what was found in it, and the matter."""
        self.kept = Kept(self.seat, Action.RELEASE.value, self.order_id)
        self.kept_reason = Kept(self.seat, "clear", self.order_id)
        with Container(id="panes"):
            with Container(id="left"):
                yield Rule("将要公开的文字, 人人可见; 承办单位的原文不变", id="public-title")
                yield MarkedNarrative(self.kept.text(), id="public")
            with Container(id="right"):
                yield Rule("个人信息", id="found-title")
                yield RowList(
                    (Column("种类", 10), Column("文字"), Column("", 10)), head=False, empty=CHECKING, id="found"
                )
                yield Pages("诉求", id="text")

    def drafts_here(self) -> tuple[UUID, ...]:
        """The text and the reason."""
        return (self.kept.id, self.kept_reason.id)

    def on_mount(self) -> None:
        """The keys go to what was found."""
        self.query_one("#found", RowList).focus()

    def show_order(self, seen: OrderSeen) -> None:
        """Paint the order; at first the unit's words, where no draft was kept."""
        self.set_title(*order_view.title(seen))
        self.query_one("#text", Pages).show(order_view.texts(seen), of=self.order_id)
        if not self._filled:
            self._filled = True
            entry, reply = self.query_one("#public", MarkedNarrative), seen.waiting_reply
            if not entry.text and reply is not None:
                entry.load_text(reply.text)
            self._text = entry.text
            self._check()

    # -- the check

    @on(TextArea.Changed, "#public")
    def _typed(self, event: TextArea.Changed) -> None:
        text = event.text_area.text
        if text == self._text or not self._filled:
            return
        self.kept.put(text)
        if self._hits is not None:
            places = carried([(hit.start, hit.end) for hit in self._hits], self._text, text)
            self._hits = tuple(
                replace(hit, start=place[0], end=place[1])
                for hit, place in zip(self._hits, places, strict=True)
                if place
            )
        self._text = text
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(CHECK_SECONDS, self._check)

    def _check(self) -> None:
        desk, order_id, text = self.desk, self.order_id, self._text

        def take(found: tuple[Hit, ...]) -> None:
            if text == self._text:
                self._hits = found
                self.hold("found", self._paint)

        self.read(lambda session: hits(session, desk.viewer, order_id, text), take, lane="check")

    def _paint(self) -> None:
        if not self.is_attached or self._hits is None:
            return
        rows = self.query_one("#found", RowList)
        rows.empty = NOTHING
        rows.show(self._row(number, hit) for number, hit in enumerate(self._hits))
        waiting, many = len(self._standing()), len(self._hits)
        right = f"{many} 处, 未处理 {waiting} 处" if waiting else f"{many} 处, 已说明理由" if many else ""
        self.query_one("#found-title", Rule).show("个人信息", right)
        self._point()
        self.refresh_actions()

    def _row(self, number: int, hit: Hit) -> Row:
        stands = hit in self._standing()
        state = Text("未处理", style=STRONG) if stands else "已说明"
        return Row(str(number), (hit.kind.label, line_of(self._text[hit.start : hit.end]), state))

    @on(RowList.Moved, "#found")
    def _point(self) -> None:
        """Mark them in the text, the one under the cursor of the list above all."""
        entry, found = self.query_one("#public", MarkedNarrative), self._hits or ()
        pointed = self._pointed()
        entry.mark([(hit.start, hit.end) for hit in found], None if pointed is None else found.index(pointed))
        if pointed is not None and not entry.has_focus:
            entry.move_cursor(entry.location(pointed.start))

    def _pointed(self) -> Hit | None:
        key = self.query_one("#found", RowList).key if self.query("#found") else None
        found = self._hits or ()
        return found[int(key)] if key is not None and int(key) < len(found) else None

    def _standing(self) -> list[Hit]:
        """What nobody has cleared: of the same words no more than were there when it was cleared."""
        left = Counter(self._cleared)
        standing: list[Hit] = []
        for hit in self._hits or ():
            words = (hit.kind.value, self._text[hit.start : hit.end])
            if left[words]:
                left[words] -= 1
            else:
                standing.append(hit)
        return standing

    # -- the keys

    def why_not(self, action_id: str) -> str | None:
        """Closed while personal information stands in the text."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        if self.seen.detail.row.secret:
            return "本件须保密, 只能单独回复来电人(第十四条)"
        if closed := why_closed(self.seen, self.desk.role, Action.RELEASE):
            return closed
        if self._hits is None:
            return CHECKING
        if action_id != "publish":
            return None if self._hits else "没有发现个人信息"
        if standing := self._standing():
            return f"文字中有{told(counted(standing))}; 请遮盖(F7)、改写或说明理由(F8), 才能公开(第十四条)"
        return None if self._text.strip() else "公开的文字不能是空的"

    def do_next(self) -> None:
        """F6."""
        rows = self.query_one("#found", RowList)
        rows.action_edge(-1) if rows.key == rows.rows[-1].key else rows.action_move(1)
        if pointed := self._pointed():
            entry = self.query_one("#public", MarkedNarrative)
            entry.move_cursor(entry.location(pointed.start))

    def do_mask(self) -> None:
        """F7."""
        if pointed := self._pointed():
            entry = self.query_one("#public", MarkedNarrative)
            entry.replace(MASK, entry.location(pointed.start), entry.location(pointed.end))

    def do_clear(self) -> None:
        """F8."""
        one, standing = self.the_subject(), tuple(self._hits or ())
        text = self._text

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._reason = reason
                self._cleared = Counter((hit.kind.value, text[hit.start : hit.end]) for hit in standing)
                self._paint()

        prompt = f"文字中有{told(counted(standing))}。可以公开的理由, 记入办理过程, 其中不要写号码和姓名:"
        must = "请写明可以公开的理由(第十四条)"
        self.app.push_screen(
            AskKept(self.kept_reason, f"说明理由  {one.number}", prompt, must=must, long=True), answered
        )

    def do_publish(self) -> None:
        """F4."""
        one, text = self.the_subject(), self._text
        reason = self._reason if self._hits else ""
        follows = goes_on(self.require_seen())

        def done(_result: object) -> None:
            self.kept.discard()
            self.kept_reason.discard()
            self.dismiss(f"已网上公开 {one.number}, {follows}")

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self._check()
            self.reload()

        self.write(
            lambda: release.release(
                self.desk, one.order_id, Release.PUBLIC, text=text, clear_reason=reason, seen=one.version
            ),
            done,
            otherwise=failed,
        )
