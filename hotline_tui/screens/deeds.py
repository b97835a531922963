"""What people do to an order, asked and written the same way on every screen that shows one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from hotline_tui.errors import HotlineError
from hotline_tui.rules.words import Action, Kind, OrderState
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.kept import AskKept, Kept
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.services import notes


@dataclass(frozen=True)
class Subject:
    """An order, and the share of it, that something is done to; `version` is the one that the person saw."""

    order_id: UUID
    version: int
    number: str
    kind: Kind
    state: OrderState
    unit_id: UUID | None = None
    assignment_id: UUID | None = None

    @property
    def share(self) -> UUID:
        """The assignment; asked for only where `why_not` found one."""
        if self.assignment_id is None:
            raise LookupError(self.number)
        return self.assignment_id


def subject_of(seen: OrderSeen) -> Subject:
    """The order as it was read, with the share of the viewer's unit."""
    row, own = seen.detail.row, seen.own
    return Subject(row.id, row.version, row.number, row.kind, row.state, row.unit_id, own.id if own else None)


class DeedsScreen(DeskScreen):
    """Sub-classes give `subject` and `reload`, and `seen` where they have read the order."""

    seen: OrderSeen | None = None

    def subject(self) -> Subject | None:
        """What the keys are about."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read again what is shown."""
        raise NotImplementedError

    def the_subject(self) -> Subject:
        """The same, where `why_not` has made sure of it."""
        subject = self.subject()
        if subject is None:
            raise LookupError("no order")
        return subject

    # -- asking and writing

    def perform(
        self,
        service: Callable[[], object],
        said: str,
        *,
        kept: Kept | None = None,
        then: Callable[[], object] | None = None,
    ) -> bool:
        """Write, say what was done and read again; refused or overtaken, say why and read again, the text kept."""

        def done(_result: object) -> None:
            if kept is not None:
                kept.discard()
            self.flash(said)
            (then or self.reload)()

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self.reload()

        return self.write(service, done, otherwise=failed)

    def ask(
        self,
        action: Action,
        subject: Subject,
        prompt: str,
        must: str,
        give: Callable[[str, Kept], object],
        *,
        long: bool = True,
        value: str = "",
    ) -> None:
        """Ask for a text about an order; `give` gets it, and the draft to be discarded when it is accepted."""
        kept = Kept(self.seat, action.value, subject.order_id)

        title = f"{action.label}  {subject.number}"
        form = AskKept(kept, title, prompt, must=must, long=long, value=value)
        self.open_form(form, lambda text: give(text, kept))

    def after(self, said: str | None) -> None:
        """A screen on top has done its work, and says what; None when it was left. Coming back reads again."""
        if said:
            self.flash(said)

    def note(self) -> None:
        """备注. It moves nothing, so it loses no race."""
        one = self.the_subject()
        self.ask(
            Action.NOTE,
            one,
            "记入办理过程, 不能更改:",
            "请写明备注内容(第十一条(七))",
            lambda text, kept: self.perform(
                lambda: notes.note(self.desk, one.order_id, text), f"已备注 {one.number}", kept=kept
            ),
        )

    # -- the order as read

    def require_seen(self) -> OrderSeen:
        """The order in hand, where `why_not` has made sure that it was read."""
        if self.seen is None:
            raise LookupError("not read yet")
        return self.seen

    def with_seen(self, one: Subject, then: Callable[[OrderSeen], object]) -> None:
        """Go on with the order as it was read, or read it first."""
        if self.seen is not None and self.seen.detail.row.id == one.order_id:
            then(self.seen)
        else:
            self.read(look(self.desk, one.order_id), then, lane="seen", opens=True)
