"""A call in hand: its form, its panels, and the draft that it is until it is registered (R-D1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from textual import on
from textual.timer import Timer
from textual.widgets import Input, TextArea

from hotline_tui.data.drafts import Draft
from hotline_tui.data.queries.callers import History
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.search.similar import Similar
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import SHANGHAI, Due
from hotline_tui.rules.words import Kind
from hotline_tui.screens.answers import Found
from hotline_tui.screens.directory import NO_ADVICE
from hotline_tui.screens.form_fields import Edited
from hotline_tui.screens.intake_form import IntakeForm
from hotline_tui.screens.intake_panels import IntakePanels
from hotline_tui.screens.ways_out import WaysOut
from hotline_tui.services.intake import Registered

PAUSE_SECONDS = 0.25
"""Nothing is looked up while keys come faster than this."""
SETTLED_SECONDS = 1.0
"""After so long without a key, nobody is composing: what waited for the next key is painted."""


class CallInHand(WaysOut):
    """Saves every change; sub-classes look things up."""

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__()
        self.draft = draft
        self.begin_call()

    def begin_call(self) -> None:
        """Nothing is told yet, or what the draft holds."""
        self.draft_id = self.draft.id if self.draft else new_id()
        self.order: Registered | None = None
        self.history = History()
        self.similar: tuple[OrderRow, ...] = ()
        self.likened: tuple[Similar, ...] = ()
        self.found: tuple[Found, ...] = ()
        self.advice = NO_ADVICE
        self.refusing: dict[str, str] = dict(self.draft.fields.get("refusal", {})) if self.draft else {}
        self._asked_phone = ""
        self._asked_words: tuple[str, UUID | None] = ("", None)
        self._asked_advice = self._advised = ("", "")
        self._asked_alike: tuple[object, ...] = ()
        self._saved = ""
        self._pause: Timer | None = None
        self._settled: Timer | None = None
        self._dues: dict[Kind, Due] = {}
        self._touched = self._at_rest = False
        self.sought.clear()
        self._restored: dict[str, Any] = {}

    def hold(self, key: str, repaint: Callable[[], object]) -> None:
        """At once where nobody composes: a draft that was just opened, or no key for a while."""
        if self._touched and not self._at_rest:
            super().hold(key, repaint)
        else:
            repaint()

    @property
    def form(self) -> IntakeForm:
        """The form."""
        return self.query_one(IntakeForm)

    @property
    def panels(self) -> IntakePanels:
        """The panels."""
        return self.query_one(IntakePanels)

    def directory_read(self) -> None:
        """The pickers have something to offer."""
        self.form.offer(self.directory)
        self.show_route()

    def show_route(self) -> None:
        """The directory is here, or another unit suggests itself."""
        raise NotImplementedError

    def show_title(self) -> None:
        """What became of the draft, and who sits here."""
        state = f"草稿已存 {self._saved}" if self._saved else ""
        if self.order is not None:
            state = f"已登记 {self.order.number}"
        elif self.seat.drafts.failure(self.draft_id) is not None:
            state = "草稿没有存上"
        self.set_title(f" 受理登记  {state}", f"{self.desk.name} {self.desk.site_name or self.desk.site} ")

    # -- the draft

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Edited)
    def _changed(self, event: Input.Changed | TextArea.Changed | Edited) -> None:
        if self.order is not None:
            return
        self._touched = self._touched or self.form.fields() != self._restored
        self.save_draft()
        if isinstance(event, TextArea.Changed):
            self._pause = self._restart(self._pause, PAUSE_SECONDS, self.look)
        self._at_rest = False
        self._settled = self._restart(self._settled, SETTLED_SECONDS, self._settle)

    def _settle(self) -> None:
        self._at_rest = True
        self._release_held()

    @on(Edited)
    def _chosen(self) -> None:
        """Kind, topic, place or accused changed: another unit or another limit may follow."""
        self.ask_due()
        self.look()

    def _restart(self, timer: Timer | None, seconds: float, then: Callable[[], object]) -> Timer:
        if timer is not None:
            timer.stop()
        return self.set_timer(seconds, then)

    def save_draft(self) -> None:
        """Keep it; an empty call is no draft."""
        if self.form.empty:
            self.seat.drafts.discard(self.draft_id)
        else:
            self.seat.drafts.put(
                Draft(self.draft_id, self.desk.login, "intake", self.desk.clock(), None, self._fields())
            )

    def _fields(self) -> dict[str, Any]:
        return self.form.fields() | ({"refusal": self.refusing} if self.refusing else {})

    def refusal_begins(self) -> Mapping[str, str]:
        """Of this call."""
        return self.refusing

    def keep_refusal(self, fields: dict[str, str]) -> None:
        """With this call."""
        self.refusing = fields
        if self.order is None:
            self.save_draft()

    def stop_timers(self) -> None:
        """Nothing is looked up any more."""
        for timer in (self._pause, self._settled):
            if timer is not None:
                timer.stop()

    def look(self) -> None:
        """The narrative or the topic is another."""
        raise NotImplementedError

    def ask_due(self) -> None:
        """The kind or the place is another."""
        raise NotImplementedError

    def draft_saved(self, draft: Draft) -> None:
        """Told by the application when a draft is on disk."""
        saved = draft.saved_at.astimezone(SHANGHAI).strftime("%H:%M")
        if draft.id == self.draft_id and saved != self._saved:
            self._saved = saved
            self.hold("title", self.show_title)

    def draft_unsaved(self) -> None:
        """Told by the application when a draft could not be written."""
        self._saved = ""
        self.hold("title", self.show_title)
