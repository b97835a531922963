"""网上公开: nothing personal goes out unless a person cleared it with a reason (Art. 14, R-14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from hotline_tui.data.queries.publication import hits
from hotline_tui.errors import HotlineError
from hotline_tui.rules.personal import MASK
from hotline_tui.rules.words import Action, Kind, Release
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.clear_reason import ClearReason
from hotline_tui.screens.deeds_office import goes_on
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.screens.publication_check import Place
from hotline_tui.screens.publication_text import CHECKING, PublicTextScreen
from hotline_tui.screens.widgets.modals import Confirm
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import release

if TYPE_CHECKING:
    from hotline_tui.rules.personal import Hit

NO_TITLE = "公开标题不能是空的"
NO_TEXT = "公开的文字不能是空的"
GONE = "文字已改动, 请看过再遮盖"


class PublicationScreen(PublicTextScreen):
    """F4 publishes once every hit is masked, rewritten or cleared."""

    TITLE_TEXT = "网上公开"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "publish", "公开", "发布在网上, 人人可见; 有未处理的个人信息时不能发布(第十四条)"),
        ScreenAction("f6", "next", "下一处", "到下一处个人信息"),
        ScreenAction("f7", "mask", "遮盖", f"把这一处改为 {MASK}"),
        ScreenAction("f8", "clear", "说明理由", "列出的各处都可以公开的, 写明理由; 记录各处、理由和核对人"),
    )

    def why_not(self, action_id: str) -> str | None:
        """Closed while personal information stands there; what is not yet checked is checked by the key itself."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        if self.seen.detail.row.secret:
            return "本件须保密, 只能单独回复来电人(第十四条)"
        if closed := why_closed(self.seen, self.desk.role, Action.RELEASE):
            return closed
        if not self.check.begun:
            return CHECKING
        if action_id != "next" and not self.check.is_of(self._words()):
            return None
        if action_id != "publish":
            return None if self.check.places else "没有发现个人信息"
        if self.check.standing:
            return f"公开的内容中有{self.check.told}; 请遮盖(F7)、改写或说明理由(F8), 才能公开(第十四条)"
        return NO_TITLE if not self.check.words.title.strip() else None if self.check.words.text.strip() else NO_TEXT

    def _unless(self, action_id: str, then: Callable[[], object]) -> Callable[[], object]:
        """Do it unless the fresh check closes it; then say why."""
        return lambda: self.tell(reason) if (reason := self.why_not(action_id)) else then()

    def do_next(self) -> None:
        """F6."""
        rows = self.query_one("#found", RowList)
        rows.action_edge(-1) if rows.key == rows.rows[-1].key else rows.action_move(1)
        if pointed := self._pointed():
            self._go_to(pointed)

    def do_mask(self) -> None:
        """F7: the place that the person saw under the cursor, wherever it stands by now, or none."""
        key = self.query_one("#found", RowList).key
        self._freshly(self._unless("mask", lambda: self._mask(self.check.at(key))))

    def _mask(self, place: Place | None) -> None:
        if place is None:
            self.flash(GONE)
            return
        title, text = self._entries()
        if place.part == 0:
            title.value = title.value[: place.hit.start] + MASK + title.value[place.hit.end :]
        else:
            text.replace(MASK, text.location(place.hit.start), text.location(place.hit.end))
        self._typed()

    def do_clear(self) -> None:
        """F8."""
        self._freshly(self._unless("clear", self._clear))

    def _clear(self) -> None:
        one, places = self.the_subject(), self.check.places

        def look(reason: str, then: Callable[[Sequence[Hit]], object]) -> None:
            self.read(
                lambda session: hits(session, self.desk.viewer, self.order_id, reason), then, lane="reason", opens=True
            )

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.check.clear(places, reason)
                self._paint()
                self.refresh_actions()

        box = ClearReason(self.kept_reason, f"说明理由  {one.number}", [place.hit for place in places], look)
        self.app.push_screen(box, answered)

    def do_publish(self) -> None:
        """F4; what accuses somebody only once it was asked whether he may read it too."""
        self._freshly(self._unless("publish", self._ask_accused))

    def _ask_accused(self) -> None:
        found = self.require_seen().detail
        accused = "、".join(found.accused) or ("被举报人" if found.row.kind is Kind.TIPOFF else "")
        if not accused:
            self._publish()
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self._publish()

        question = (
            f"本件反映{accused}, 网上公开后对方也能看到(第十三条)。\n"
            "请核对文字和标题不会使人认出反映人, 确可公开的按 Enter。"
        )
        self.app.push_screen(Confirm("网上公开", question), answered)

    def _publish(self) -> None:
        one, check = self.the_subject(), self.check
        title, text = check.words
        cleared, reason = check.cleared, check.reason if check.places else ""
        follows = goes_on(self.require_seen())

        def done(_result: object) -> None:
            self.kept.discard()
            self.kept_reason.discard()
            self.dismiss(f"已网上公开 {one.number}, {follows}")

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self._look()
            self.reload()

        def publish() -> None:
            release.release(
                self.desk,
                one.order_id,
                Release.PUBLIC,
                title=title,
                text=text,
                cleared=cleared,
                clear_reason=reason,
                seen=one.version,
            )

        self.write(publish, done, otherwise=failed)
