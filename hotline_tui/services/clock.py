"""The desk's now against the calendar: which deadlines are due soon, overdue, seriously overdue (R-D7)."""

from __future__ import annotations

from sqlmodel import Session

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.rules.deadlines import Edges, edges
from hotline_tui.services.desk import Desk


def edges_now(desk: Desk, session: Session) -> Edges:
    """The moments (UTC) that divide deadlines now, with this office's closing time and serious days."""
    return edges(calendar_in_force(session), desk.clock(), desk.settings.closing, desk.settings.serious_days)
