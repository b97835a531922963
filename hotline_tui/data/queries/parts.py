"""What hangs on one order: callers masked, accused units, shares with their clocks, replies, callbacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch, has_units_below, short_name
from hotline_tui.data.queries.visibility import Part, Query, number_of_part, orders_of
from hotline_tui.data.roles import calls
from hotline_tui.models import (
    Account,
    Assignment,
    Callback,
    Caller,
    Deadline,
    InstructedUnit,
    Instruction,
    Misconduct,
    OnSite,
    OrderAccused,
    OrderCaller,
    Reply,
    Report,
    Request,
    Unit,
    WorkOrder,
)
from hotline_tui.rules.acceptance import CallerFacts
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import SEES_ALL_ORDERS, Viewer
from hotline_tui.rules.words import (
    AssignmentState,
    AssignmentType,
    Duty,
    Fault,
    Release,
    RequestMatter,
    Share,
    Standing,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class MaskedCaller:
    """A caller as everybody sees him who may see the order (R-13b); `notes.unmask` shows the rest."""

    name: str
    phone: str
    workplace: str
    home_address: str

    @property
    def facts(self) -> CallerFacts:
        """The four facts of Art. 15, masked as they are: which are told, not what."""
        return CallerFacts(self.name, self.phone, self.workplace, self.home_address)


@dataclass(frozen=True, slots=True)
class JoinedRow:
    """What was asked in an order that was merged into this one; nothing of who asked (R-8, R-13b)."""

    number: str
    """Empty where the viewer may not see that order."""
    subject: str
    narrative: str
    merged_at: datetime


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One deadline of the order."""

    assignment_id: UUID | None
    duty: Duty
    day_zero: date
    working_days: int
    due_at: datetime
    provisional: bool
    met_at: datetime | None
    void_at: datetime | None
    standing: Standing | None
    """While it is open; None once met or void."""


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One unit's share, with its clocks."""

    id: UUID
    position: int
    unit_id: UUID
    unit: str
    type: AssignmentType
    share: Share
    state: AssignmentState
    remark: str
    again: bool
    dispatched_at: datetime
    signed_at: datetime | None
    returned_at: datetime | None
    return_reason: str
    return_late: bool
    completed_at: datetime | None
    delegated_to: str
    """The subordinate unit that does the work; empty without one."""
    promised_day: date | None
    """As the caller was told it; None before a promise has left (R-D8)."""
    units_below: bool
    """Whether the unit has others below it that it could hand the order to (R-S1)."""
    own: bool
    """Of the viewer's unit or of one below it, or delegated to one of them."""
    clocks: tuple[ClockRow, ...]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """回复, as it stands."""

    id: UUID
    assignment_id: UUID
    position: int
    text: str
    promised_day: date | None
    drafted_at: datetime
    approved_at: datetime | None
    sent_back_at: datetime | None
    sent_back_reason: str
    release: Release | None
    released_text: str
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """One attempt to reach the caller."""

    attempt: int
    verdict: Verdict
    remark: str
    not_solved: str
    called_at: datetime
    by: str
    caller: int
    """Which of the order's callers, counted from 1; 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """批示."""

    leader: str
    text: str
    given_at: datetime
    lead_unit: str
    """Name of the unit that it names to lead; empty where it names none."""
    assists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnSiteRow:
    """现场处置."""

    id: UUID
    staff: str
    sent_at: datetime
    arrived_at: datetime | None
    found: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """呈报."""

    leader: str
    """Empty: before any of the city's leaders."""
    text: str
    countersign: bool
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What a unit asked the office to consent to, and the answer."""

    id: UUID
    assignment_id: UUID
    unit: str
    matter: RequestMatter
    reason: str
    day: date | None
    before: date | None
    asked_at: datetime
    granted: bool | None
    remark: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class FaultRow:
    """责任追究."""

    unit: str
    fault: Fault
    text: str
    recorded_at: datetime


def _parts(viewer: Viewer, order_id: UUID, table: type[Any], *columns: Any) -> Query:
    """Columns of what hangs on one order, only if the viewer may see the order."""
    joined = orders_of(viewer, *columns).join(table, col(table.order_id) == col(WorkOrder.id))
    return joined.where(col(WorkOrder.id) == order_id)


def callers(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[MaskedCaller]:
    """First caller first."""
    shown = (col(Caller.masked_name), col(Caller.masked_phone), col(Caller.masked_workplace))
    columns = (*shown, col(Caller.masked_home_address))
    query = (
        _parts(viewer, order_id, OrderCaller, *columns)
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .order_by(col(OrderCaller.position))
    )
    return (MaskedCaller(*row) for row in fetch(session, query))


def joined(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[JoinedRow]:
    """What was merged into the order, also by way of another, first merged first.

    Who works on the order reads it though that order was never his; what a viewer who sees orders by their own secrecy
    may not see is held back here too, and what accuses the viewer's unit from everybody in it (R-13a).
    """
    if viewer.guarded:
        return (JoinedRow(*row) for row in fetch(session, calls.joined(order_id)))
    itself = orders_of(viewer, col(WorkOrder.id)).where(col(WorkOrder.id) == order_id)
    every = itself.cte("joined", recursive=True)
    every = every.union(sa.select(col(Part.id)).join(every, col(Part.merged_into_id) == every.c.id))
    number = number_of_part(viewer)
    accuses = (
        sa.select(sa.literal(1))
        .where(col(OrderAccused.order_id) == col(Part.id), col(OrderAccused.unit_id).in_(viewer.above_ids))
        .correlate(Part)
        .exists()
    )
    query = (
        orders_of(viewer, sa.func.coalesce(number, ""), col(Part.subject), col(Part.narrative), col(Part.closed_at))
        .join(every, every.c.id != col(WorkOrder.id))
        .join(Part, col(Part.id) == every.c.id)
        .where(
            col(WorkOrder.id) == order_id, number.is_not(None) if viewer.role in SEES_ALL_ORDERS else sa.not_(accuses)
        )
        .order_by(col(Part.closed_at), col(Part.id))
    )
    return (JoinedRow(*row) for row in fetch(session, query))


def accused(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[str]:
    """Names of the units that the order is about."""
    query = (
        _parts(viewer, order_id, OrderAccused, col(Unit.name))
        .join(Unit, col(Unit.id) == col(OrderAccused.unit_id))
        .order_by(col(Unit.key))
    )
    return (row.name for row in fetch(session, query))


def clocks(session: Session, viewer: Viewer, edges: Edges, order_id: UUID) -> defaultdict[UUID | None, list[ClockRow]]:
    """Every clock of the order by assignment; None for those of the order itself."""
    columns = (
        col(Deadline.assignment_id),
        col(Deadline.duty),
        col(Deadline.day_zero),
        col(Deadline.working_days),
        col(Deadline.due_at),
        col(Deadline.provisional),
        col(Deadline.met_at),
        col(Deadline.void_at),
    )
    query = _parts(viewer, order_id, Deadline, *columns).order_by(col(Deadline.due_at), col(Deadline.id))
    found: defaultdict[UUID | None, list[ClockRow]] = defaultdict(list)
    for row in fetch(session, query):
        runs = row.met_at is None and row.void_at is None
        clock = ClockRow(*row, standing=edges.standing(row.due_at) if runs else None)
        found[clock.assignment_id].append(clock)
    return found


def assignments(
    session: Session, viewer: Viewer, order_id: UUID, clocks: defaultdict[UUID | None, list[ClockRow]]
) -> Iterable[AssignmentRow]:
    """First dispatched first."""
    below = aliased(Unit, name="below")
    columns = (
        col(Assignment.id),
        col(Assignment.position),
        col(Assignment.unit_id),
        short_name(Unit),
        col(Assignment.type),
        col(Assignment.share),
        col(Assignment.state),
        col(Assignment.remark),
        col(Assignment.again),
        col(Assignment.dispatched_at),
        col(Assignment.signed_at),
        col(Assignment.returned_at),
        col(Assignment.return_reason),
        col(Assignment.return_late),
        col(Assignment.completed_at),
        short_name(below),
        col(Assignment.promised_day),
        has_units_below(col(Assignment.unit_id)),
        col(Assignment.delegated_to_id),
    )
    query = (
        _parts(viewer, order_id, Assignment, *columns)
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .outerjoin(below, col(below.id) == col(Assignment.delegated_to_id))
        .order_by(col(Assignment.position))
    )
    for row in fetch(session, query):
        own = not viewer.unit_ids.isdisjoint({row.unit_id, row.delegated_to_id})
        yield AssignmentRow(*row[:-1], own=own, clocks=tuple(clocks[row.id]))


def replies(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[ReplyRow]:
    """First drafted first."""
    columns = (
        col(Reply.id),
        col(Reply.assignment_id),
        col(Reply.position),
        col(Reply.text),
        col(Reply.promised_day),
        col(Reply.drafted_at),
        col(Reply.approved_at),
        col(Reply.sent_back_at),
        col(Reply.sent_back_reason),
        col(Reply.release),
        col(Reply.released_text),
        col(Reply.released_at),
    )
    query = _parts(viewer, order_id, Reply, *columns).order_by(col(Reply.position))
    return (ReplyRow(*row) for row in fetch(session, query))


def callbacks(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[CallbackRow]:
    """First attempt first."""
    columns = (
        col(Callback.attempt),
        col(Callback.verdict),
        col(Callback.remark),
        col(Callback.not_solved),
        col(Callback.called_at),
        sa.func.coalesce(col(Account.name), ""),
        sa.func.coalesce(col(OrderCaller.position) + 1, 0),
    )
    query = (
        _parts(viewer, order_id, Callback, *columns)
        .outerjoin(Account, col(Account.id) == col(Callback.called_by))
        .outerjoin(
            OrderCaller,
            sa.and_(
                col(OrderCaller.order_id) == col(Callback.order_id),
                col(OrderCaller.caller_id) == col(Callback.caller_id),
            ),
        )
        .order_by(col(Callback.attempt))
    )
    return (CallbackRow(*row) for row in fetch(session, query))


def instructions(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[InstructionRow]:
    """First given first."""
    named = (
        _parts(viewer, order_id, InstructedUnit, col(InstructedUnit.instruction_id), col(InstructedUnit.share))
        .add_columns(short_name(Unit).label("unit"))
        .join(Unit, col(Unit.id) == col(InstructedUnit.unit_id))
        .order_by(col(Unit.key))
    )
    units: defaultdict[UUID, defaultdict[Share, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in fetch(session, named):
        units[row.instruction_id][row.share].append(row.unit)
    columns = (col(Instruction.id), col(Instruction.leader), col(Instruction.text), col(Instruction.given_at))
    query = _parts(viewer, order_id, Instruction, *columns).order_by(col(Instruction.given_at), col(Instruction.id))
    for key, *rest in fetch(session, query):
        lead = "".join(units[key][Share.LEAD])
        yield InstructionRow(*rest, lead_unit=lead, assists=tuple(units[key][Share.ASSIST]))


def reports(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[ReportRow]:
    """First laid before a leader first."""
    columns = (
        sa.func.coalesce(col(Account.name), ""),
        col(Report.text),
        col(Report.countersign),
        col(Report.reported_at),
    )
    query = (
        _parts(viewer, order_id, Report, *columns)
        .outerjoin(Account, col(Account.id) == col(Report.leader_id))
        .order_by(col(Report.reported_at), col(Report.id))
    )
    return (ReportRow(*row) for row in fetch(session, query))


def requests(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[RequestRow]:
    """First asked first."""
    columns = (
        col(Request.id),
        col(Request.assignment_id),
        short_name(Unit),
        col(Request.matter),
        col(Request.reason),
        col(Request.day),
        col(Request.before),
        col(Request.asked_at),
        col(Request.granted),
        col(Request.remark),
        col(Request.decided_at),
    )
    query = (
        _parts(viewer, order_id, Request, *columns)
        .join(Assignment, col(Assignment.id) == col(Request.assignment_id))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .order_by(col(Request.asked_at), col(Request.id))
    )
    return (RequestRow(*row) for row in fetch(session, query))


def faults(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[FaultRow]:
    """First recorded first."""
    columns = (short_name(Unit), col(Misconduct.fault), col(Misconduct.text), col(Misconduct.recorded_at))
    query = (
        _parts(viewer, order_id, Misconduct, *columns)
        .join(Unit, col(Unit.id) == col(Misconduct.unit_id))
        .order_by(col(Misconduct.recorded_at), col(Misconduct.id))
    )
    return (FaultRow(*row) for row in fetch(session, query))


def on_site(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[OnSiteRow]:
    """First sent first."""
    columns = (col(OnSite.id), col(OnSite.staff), col(OnSite.sent_at), col(OnSite.arrived_at), col(OnSite.found))
    query = _parts(viewer, order_id, OnSite, *columns).order_by(col(OnSite.sent_at), col(OnSite.id))
    return (OnSiteRow(*row) for row in fetch(session, query))
