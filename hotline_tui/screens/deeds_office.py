"""What the office does with a reply, and after a callback (Art. 11(5), (6), 14)."""

from __future__ import annotations

from uuid import UUID

from rich.text import Text

from hotline_tui.rules.deadlines import Due
from hotline_tui.rules.words import Action, Release
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.directory import Directory, read_directory
from hotline_tui.screens.due_panel import due_text
from hotline_tui.screens.kept import Kept
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.ways_out import NOT_LISTED, UnitPicker
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.modals import Confirm
from hotline_tui.services import dispatch, release


class OfficeDeeds(DeedsScreen):
    """Each asks what it must and writes."""

    def release_privately(self) -> None:
        """单独回复, once confirmed."""
        one = self.the_subject()
        self.with_seen(one, lambda seen: self._confirm_release(one, goes_on(seen)))

    def _confirm_release(self, one: Subject, follows: str) -> None:
        def answer(sure: bool | None) -> None:
            if sure:
                self.perform(
                    lambda: release.release(self.desk, one.order_id, Release.PRIVATE, seen=one.version),
                    f"已单独回复 {one.number}, {follows}",
                )

        self.app.push_screen(
            Confirm("单独回复", f"{one.number} 的回复只告知来电人, 不公开。发布后不能收回。\n发布后{follows}。"), answer
        )

    def release_publicly(self) -> None:
        """网上公开, after a check of the text that all will read (R-14)."""
        from hotline_tui.screens.publication import PublicationScreen

        self.app.push_screen(PublicationScreen(self.the_subject().order_id), self.after)

    def reject_reply(self) -> None:
        """退回重办."""
        one = self.the_subject()
        self.ask(
            Action.REJECT_REPLY,
            one,
            "退回承办单位重办, 时限仍从首次交办起算。请写明理由:",
            "请写明退回重办的理由(第十一条(五))",
            lambda text, kept: self.perform(
                lambda: release.reject_reply(self.desk, one.order_id, text, seen=one.version),
                f"已退回重办 {one.number}",
                kept=kept,
            ),
        )

    def redispatch(self) -> None:
        """重新交办: the unit with the new due date, then the reason (R-D6)."""
        one = self.the_subject()

        def picker(known: Directory, seen: OrderSeen) -> None:
            accused = known.named(seen.detail.accused)
            self.work_read(
                lambda: dispatch.preview(self.desk, one.kind),
                lambda due: self._pick_again(one, known, accused, due),
                lane="due",
                opens=True,
            )

        self.read(
            read_directory,
            lambda known: self.with_seen(one, lambda seen: picker(known, seen)),
            lane="directory",
            opens=True,
        )

    def _pick_again(self, one: Subject, known: Directory, accused: tuple[UUID, ...], due: Due) -> None:
        def detail(key: str) -> Text:
            unit = known.unit[UUID(key)]
            text = Text(line_of(f"{unit.short}: {unit.duties or unit.name}"[:60])).append("\n")
            return text.append_text(due_text(due))

        def chosen(key: str | None) -> None:
            if key is not None:
                self._ask_again(one, UUID(key), known.short_unit(UUID(key)))

        current = [str(one.unit_id)] if one.unit_id and not known.accused(one.unit_id, accused) else []
        self.app.push_screen(
            UnitPicker(
                f"重新交办  {one.number}",
                known.open_units(accused),
                suggested=current,
                detail=detail,
                note=NOT_LISTED if accused else "",
                nothing=due_text(due),
                without=known.without_units,
            ),
            chosen,
        )

    def _ask_again(self, one: Subject, unit_id: UUID, name: str) -> None:
        def give(text: str, kept: Kept) -> None:
            def job() -> None:
                dispatch.redispatch(self.desk, one.order_id, unit_id, text, seen=one.version)

            self.perform(job, f"已重新交办{name} {one.number}", kept=kept)

        prompt = f"交{name}重办。请写明来电人不满意之处和办理要求:"
        self.ask(Action.REDISPATCH, one, prompt, "请写明重新交办的理由(第十一条(六))", give)


def goes_on(seen: OrderSeen) -> str:
    """What follows the release of the reply that waits: after a promise the unit goes on (R-11.2.2b)."""
    reply = seen.waiting_reply
    if reply is None or reply.promised_day is None:
        return "转回访"
    mark = " 暂定" if seen.calendar.provisional(reply.promised_day) else ""
    return f"由承办单位继续办理, {reply.promised_day.isoformat()}{mark} 办结"
