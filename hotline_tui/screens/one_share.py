"""A screen about one unit's share of an order: of several the one that it was opened for (R-11.2.2c)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hotline_tui.rules.words import Action
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_actions import why_closed

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import AssignmentRow, ReplyRow


class OneShareScreen(OneOrderScreen):
    """Without an assignment it is about the newest share of the viewer's unit."""

    def __init__(self, order_id: UUID, assignment_id: UUID | None = None, **options: Any) -> None:
        super().__init__(order_id, **options)
        self.assignment_id = assignment_id

    @property
    def share(self) -> AssignmentRow | None:
        """As it was read."""
        if self.seen is None:
            return None
        return self.seen.share(self.assignment_id) if self.assignment_id else self.seen.own

    def subject(self) -> Subject | None:
        """The order with this share."""
        one = super().subject()
        return replace(one, assignment_id=self.share.id) if one and self.share else one

    @property
    def share_replies(self) -> list[ReplyRow]:
        """What the unit has written, first drafted first."""
        if self.seen is None or self.share is None:
            return []
        return [each for each in self.seen.detail.replies if each.assignment_id == self.share.id]

    def why_closed(self, action: Action) -> str | None:
        """By the workflow tables, for this share."""
        if self.seen is None:
            return self.why_not_read()
        return why_closed(self.seen, self.desk.role, action, self.share)
