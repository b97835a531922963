"""The tables, one file per family. Import this package to have all of them in the metadata."""

from hotline_tui.models.calendar import CalendarRow, NoticedYear
from hotline_tui.models.callbacks import Callback
from hotline_tui.models.callers import Caller, OrderCaller
from hotline_tui.models.events import Event, Seal
from hotline_tui.models.handling import Assignment, Deadline, Misconduct, OnSite, Reply, Request
from hotline_tui.models.instructions import InstructedUnit, Instruction, Report
from hotline_tui.models.knowledge import (
    Article,
    ArticleOpinion,
    ArticleSource,
    ArticleUse,
    ArticleVersion,
    MissedQuestion,
)
from hotline_tui.models.orders import NumberSeries, OrderAccused, WorkOrder
from hotline_tui.models.organisation import Account, Region, Site, Topic, Unit, UnknownLogin
from hotline_tui.models.presence import Claim, Presence
from hotline_tui.models.reporting import Appraisal, ReportText
from hotline_tui.models.sequence import parent_first
from hotline_tui.models.suggestions import Learned, Place
from hotline_tui.models.tallies import Tally, TallyDay, TallyTouch

parent_first(OrderCaller, WorkOrder)
parent_first(OrderCaller, Caller)
parent_first(OrderAccused, WorkOrder)
parent_first(Deadline, Assignment)
parent_first(Event, WorkOrder)

__all__ = [
    "Account",
    "Appraisal",
    "Article",
    "ArticleOpinion",
    "ArticleSource",
    "ArticleUse",
    "ArticleVersion",
    "Assignment",
    "CalendarRow",
    "Callback",
    "Caller",
    "Claim",
    "Deadline",
    "Event",
    "InstructedUnit",
    "Instruction",
    "Learned",
    "Misconduct",
    "MissedQuestion",
    "NoticedYear",
    "NumberSeries",
    "OnSite",
    "OrderAccused",
    "OrderCaller",
    "Place",
    "Presence",
    "Region",
    "Reply",
    "Report",
    "ReportText",
    "Request",
    "Seal",
    "Site",
    "Tally",
    "TallyDay",
    "TallyTouch",
    "Topic",
    "Unit",
    "UnknownLogin",
    "WorkOrder",
]
