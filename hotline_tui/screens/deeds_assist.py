"""增加协办单位 to a countersigned order in handling, such as for one that gave its share back (Art. 11(2)2(3))."""

from __future__ import annotations

from uuid import UUID

from rich.text import Text

from hotline_tui.rules.deadlines import Due
from hotline_tui.rules.words import Action, AssignmentType
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.directory import Directory, read_directory
from hotline_tui.screens.due_panel import due_text
from hotline_tui.screens.kept import Kept
from hotline_tui.screens.order_intake import ReceivedDeeds
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.ways_out import NOT_LISTED, UnitPicker
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.services import dispatch

ADD_ASSIST = "增加协办"
"""What 交办 is called where a countersigned order is being handled."""
ADD_ASSIST_SPELLING = "zeng jia xie ban"


class AssistDeeds(ReceivedDeeds):
    """Asks for the unit and what it should do, and writes."""

    def add_assist(self) -> None:
        """增加协办单位: one that has no share now."""
        one = self.the_subject()

        def picker(known: Directory, seen: OrderSeen) -> None:
            self.directory = known
            self.work_read(
                lambda: dispatch.preview(self.desk, one.kind),
                lambda due: self._pick_assist(one, seen, due),
                lane="due",
                opens=True,
            )

        self.read(
            read_directory,
            lambda known: self.with_seen(one, lambda seen: picker(known, seen)),
            lane="directory",
            opens=True,
        )

    def _pick_assist(self, one: Subject, seen: OrderSeen, due: Due) -> None:
        accused = self.directory.named(seen.detail.accused)
        reckoning = due_text(due, AssignmentType.COUNTERSIGNED)
        busy = {str(share.unit_id) for share in seen.live}

        def detail(key: str) -> Text:
            unit = self.directory.unit[UUID(key)]
            text = Text(line_of(f"{unit.short}: {unit.duties or unit.name}"[:60])).append("\n")
            return text.append_text(reckoning)

        def chosen(key: str | None) -> None:
            if key is not None:
                self._ask_assist(one, UUID(key))

        self.app.push_screen(
            UnitPicker(
                f"增加协办单位  {one.number}",
                [item for item in self.directory.open_units(accused) if item.key not in busy],
                detail=detail,
                note=NOT_LISTED if accused else "",
                nothing=reckoning,
                without=self.directory.without_units,
            ),
            chosen,
        )

    def _ask_assist(self, one: Subject, unit_id: UUID) -> None:
        name = self.directory.short_unit(unit_id)

        def give(text: str, kept: Kept) -> None:
            def job() -> None:
                dispatch.add_assist(self.desk, one.order_id, unit_id, text, seen=one.version)

            self.perform(job, f"已增加协办单位{name} {one.number}", kept=kept)

        self.ask(Action.ASSIGN, one, f"请{name}协办。要求(可不填):", "", give, long=False)
