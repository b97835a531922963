"""工单: everything that the order's screen shows, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries import parts
from hotline_tui.data.queries.hearing import Hearing, hearing
from hotline_tui.data.queries.living import Living, living
from hotline_tui.data.queries.relation import Ties, ties
from hotline_tui.data.queries.rows import COLUMNS, OrderRow, fetch, order_row, order_rows, short_name
from hotline_tui.data.queries.visibility import Query, orders_of
from hotline_tui.errors import NotFound
from hotline_tui.models import (
    Account,
    Article,
    Unit,
    WorkOrder,
)
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import (
    RefusalReason,
    Route,
    Verdict,
)
from hotline_tui.rules.workflow import Relation

NOT_HERE = "没有这件工单, 或不在您的办理范围内"


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order in full."""

    row: OrderRow
    site: str
    subject: str
    narrative: str
    topic_id: UUID | None
    region_id: UUID | None
    route: Route | None
    malicious: bool
    referral: str
    """To whom a malicious matter was referred (R-16)."""
    registered_by: str
    closed_at: datetime | None
    first_unit_id: UUID | None
    first_unit: str
    """首接."""
    article_id: UUID | None
    article_version: int | None
    article: str
    """The question of the standard answer that it was answered from."""
    answered_online: bool | None
    refusal_reason: RefusalReason | None
    refusal_told: str
    verdict: Verdict | None
    unreached: int
    reported_at: datetime | None
    instructed_at: datetime | None
    archive_reason: str
    source: str
    external_number: str
    callers: tuple[parts.MaskedCaller, ...]
    accused: tuple[str, ...]
    """被反映单位, by name."""
    assignments: tuple[parts.AssignmentRow, ...]
    clocks: tuple[parts.ClockRow, ...]
    """Of the order itself, such as for an instruction."""
    replies: tuple[parts.ReplyRow, ...]
    callbacks: tuple[parts.CallbackRow, ...]
    instructions: tuple[parts.InstructionRow, ...]
    on_site: tuple[parts.OnSiteRow, ...]
    reports: tuple[parts.ReportRow, ...]
    requests: tuple[parts.RequestRow, ...]
    faults: tuple[parts.FaultRow, ...]
    hearing: Hearing
    """Which of the callers have been heard on the reply released last, in the order of `callers`."""
    merged_into: str
    """Number of the order that this one was merged into, where the viewer may see it."""
    living: Living | None
    """How the matter stands there; None of an order that was not merged, and where the viewer may not see it."""
    merged: tuple[str, ...]
    """Numbers of the orders that were merged into this one, as far as the viewer may see them."""
    joined: tuple[parts.JoinedRow, ...]
    """What was asked in the orders that were merged into this one."""
    ties: Ties
    """What the viewer is to this order, for `rules.workflow.why_not`."""

    @property
    def relation(self) -> Relation:
        """To the order as a whole."""
        return self.ties.order


def detail(session: Session, viewer: Viewer, edges: Edges, order_id: UUID) -> OrderDetail:
    """Everything on one order; raises NotFound also for one that this viewer may not see."""
    found = fetch(session, _order(viewer).where(col(WorkOrder.id) == order_id))
    if not found:
        raise NotFound(NOT_HERE)
    row, rest = order_row(found[0], edges), found[0][COLUMNS:]
    clocks = parts.clocks(session, viewer, edges, order_id)
    assignments = tuple(parts.assignments(session, viewer, order_id, clocks))
    instructions = tuple(parts.instructions(session, viewer, order_id))
    *facts, merged_into_id = rest
    own = tuple(facts)
    return OrderDetail(
        row,
        *own,
        callers=tuple(parts.callers(session, viewer, order_id)),
        accused=tuple(parts.accused(session, viewer, order_id)),
        assignments=assignments,
        clocks=tuple(clocks[None]),
        replies=tuple(parts.replies(session, viewer, order_id)),
        callbacks=tuple(parts.callbacks(session, viewer, order_id)),
        instructions=instructions,
        on_site=tuple(parts.on_site(session, viewer, order_id)),
        reports=tuple(parts.reports(session, viewer, order_id)),
        requests=tuple(parts.requests(session, viewer, order_id)),
        faults=tuple(parts.faults(session, viewer, order_id)),
        hearing=hearing(session, viewer, order_id),
        merged_into=_number(session, viewer, merged_into_id),
        living=living(session, viewer, merged_into_id) if merged_into_id else None,
        merged=tuple(_merged(session, viewer, order_id)),
        joined=tuple(parts.joined(session, viewer, order_id)),
        ties=ties(session, viewer, found[0]),
    )


def _order(viewer: Viewer) -> Query:
    first = aliased(Unit, name="first_unit")
    return (
        order_rows(
            viewer,
            col(WorkOrder.site),
            col(WorkOrder.subject),
            col(WorkOrder.narrative),
            col(WorkOrder.topic_id),
            col(WorkOrder.region_id),
            col(WorkOrder.route),
            col(WorkOrder.malicious),
            col(WorkOrder.referral),
            sa.func.coalesce(col(Account.name), ""),
            col(WorkOrder.closed_at),
            col(WorkOrder.first_unit_id),
            short_name(first),
            col(WorkOrder.article_id),
            col(WorkOrder.article_version),
            sa.func.coalesce(col(Article.question), ""),
            col(WorkOrder.answered_online),
            col(WorkOrder.refusal_reason),
            col(WorkOrder.refusal_told),
            col(WorkOrder.verdict),
            col(WorkOrder.unreached),
            col(WorkOrder.reported_at),
            col(WorkOrder.instructed_at),
            col(WorkOrder.archive_reason),
            col(WorkOrder.source),
            col(WorkOrder.external_number),
            col(WorkOrder.merged_into_id),
        )
        .outerjoin(first, col(first.id) == col(WorkOrder.first_unit_id))
        .outerjoin(Account, col(Account.id) == col(WorkOrder.registered_by))
        .outerjoin(Article, col(Article.id) == col(WorkOrder.article_id))
    )


def _number(session: Session, viewer: Viewer, order_id: UUID | None) -> str:
    if order_id is None:
        return ""
    for row in fetch(session, orders_of(viewer, col(WorkOrder.number)).where(col(WorkOrder.id) == order_id)):
        return row.number
    return ""


def _merged(session: Session, viewer: Viewer, order_id: UUID) -> Iterable[str]:
    query = orders_of(viewer, col(WorkOrder.number)).where(col(WorkOrder.merged_into_id) == order_id)
    return (row.number for row in fetch(session, query.order_by(col(WorkOrder.number))))
