"""The desk's now against the calendar and the city's choices: by what deadlines are judged (R-D7)."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.statistics import Reckoning
from hotline_tui.rules.appraisal import deductions, weights
from hotline_tui.rules.deadlines import Edges, edges
from hotline_tui.rules.indicators import Choices
from hotline_tui.services.desk import Desk
from hotline_tui.settings import Settings


def edges_now(desk: Desk, session: Session) -> Edges:
    """The moments (UTC) that divide deadlines now, with this office's closing time and serious days."""
    return edges(calendar_in_force(session), desk.clock(), desk.settings.closing, desk.settings.serious_days)


def reckoning_now(desk: Desk, session: Session) -> Reckoning:
    """By what figures are counted now, with this office's choices."""
    return Reckoning(desk.clock(), calendar_in_force(session), desk.settings.closing, choices_of(desk.settings))


def choices_of(settings: Settings) -> Choices:
    """What this office decided where cities decide differently."""
    choices = Choices(mostly_satisfied=settings.mostly_satisfied, serious_days=settings.serious_days)
    if settings.appraisal_weights:
        choices = replace(choices, weights=weights(settings.appraisal_weights))
    if settings.appraisal_deductions:
        late, faults = deductions(settings.appraisal_deductions)
        choices = replace(choices, late_return=late, faults=faults)
    return choices
