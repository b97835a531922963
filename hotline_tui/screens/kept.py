"""What is typed about an order, kept on disk as it is typed until it is accepted (R-D1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from textual import on
from textual.widgets import Input, TextArea

from hotline_tui.data.drafts import Draft
from hotline_tui.screens.unsaved import leave
from hotline_tui.screens.widgets.modals import Ask

if TYPE_CHECKING:
    from hotline_tui.screens.desk_screen import Seat


class Kept:
    """One text of one person about one order: the same again finds what was typed before."""

    def __init__(self, seat: Seat, form: str, order_id: UUID) -> None:
        """`form`: `reply`, or the value of the action that the text is for."""
        self.seat = seat
        self.form = form
        self.order_id = order_id
        self.id = uuid5(NAMESPACE_OID, f"{seat.desk.login} {form} {order_id}")

    def text(self) -> str:
        """What was typed and not yet accepted."""
        draft = self.seat.drafts.get(self.id)
        return str(draft.fields.get("text", "")) if draft else ""

    def put(self, text: str) -> None:
        """Keep this; an empty text is no draft."""
        if not text.strip():
            self.discard()
            return
        desk = self.seat.desk
        self.seat.drafts.put(Draft(self.id, desk.login, self.form, desk.clock(), self.order_id, {"text": text}))

    def discard(self) -> None:
        """It has been accepted."""
        self.seat.drafts.discard(self.id)


class KeptForm(Kept):
    """Several fields of one person about one order."""

    def fields(self) -> dict[str, Any]:
        """What was typed and not yet accepted."""
        draft = self.seat.drafts.get(self.id)
        return draft.fields if draft else {}

    def put_fields(self, fields: dict[str, Any]) -> None:
        """Keep these."""
        desk = self.seat.desk
        self.seat.drafts.put(Draft(self.id, desk.login, self.form, desk.clock(), self.order_id, fields))


class AskKept(Ask):
    """A question whose answer is kept as it is typed, also when the box is left with Esc."""

    def __init__(self, kept: Kept, title: str, prompt: str = "", *, value: str = "", **options: Any) -> None:
        self.kept = kept
        super().__init__(title, prompt, value=kept.text() or value, **options)

    def on_mount(self) -> None:
        """Go on after what is there."""
        entry = self.query_one("#answer")
        if isinstance(entry, TextArea):
            entry.move_cursor(entry.document.end)

    def action_cancel(self) -> None:
        """Leave without an answer, which stays as a draft."""
        leave(self, self.kept.seat.drafts, (self.kept.id,), lambda: self.dismiss(None))

    @on(Input.Changed, "#answer")
    @on(TextArea.Changed, "#answer")
    def _typed(self, event: Input.Changed | TextArea.Changed) -> None:
        text = event.text_area.text if isinstance(event, TextArea.Changed) else event.value
        if text != self.value:
            self.kept.put(text)
        elif not text:
            self.kept.discard()
