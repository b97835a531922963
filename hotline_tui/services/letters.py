"""收信: letters of the mayor's mailbox from a file, each an order that waits for the front desk (Art. 10, R-10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.heads import seal_and_note
from hotline_tui.data.imports.columns import map_columns, unused
from hotline_tui.data.imports.letters import LETTER_COLUMNS, Letter, letters, past
from hotline_tui.data.imports.rejects import Rejects
from hotline_tui.data.imports.rows import BadRow
from hotline_tui.data.imports.tables import open_table
from hotline_tui.data.record import change_of, new_row
from hotline_tui.models import Caller, Event, OrderCaller, TallyTouch, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.secrecy import is_veiled, masked
from hotline_tui.rules.words import Action, Channel, Kind
from hotline_tui.rules.workflow import Case, Relation, order_step
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import next_numbers
from hotline_tui.services.knowledge_import import Replies, ReplyImport
from hotline_tui.services.organisation import topic_names
from hotline_tui.services.region_tree import RegionTree, tree_of

BATCH = 200
"""Letters in one transaction: other desks wait for its number series no longer than that."""
PAST = "历史来信, 原系统已答复"
SEAL_AFTER = 2_000
"""Letters: a run that is killed leaves no more of them, and a batch, without their seal."""
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline letters', 0))")

Progress = Callable[[int, int, float | None], None]
"""Told after each batch: rows read, how many of them are stored anew, and the share of the file if that is known."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file: read = created + existing + rejected."""

    read: int
    created: int
    existing: int
    rejected: int
    rejects_file: Path | None
    unused_columns: tuple[str, ...] = ()
    """Columns of the file that hold no known field."""
    answers: Replies | None = None
    """What became of the replies, where they were asked for."""
    removed: int | None = None
    """What the file did not hold, where it was to replace all."""


@dataclass(frozen=True, slots=True)
class _Import:
    """What all letters of a run have in common."""

    desk: Desk
    source: str
    now: datetime
    topics: Mapping[str, UUID]
    regions: RegionTree
    history: bool


def import_letters(
    desk: Desk,
    path: Path,
    mapping: Mapping[str, str],
    *,
    as_knowledge: bool = False,
    history: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    rejects_dir: Path | None = None,
) -> Result:
    """Take the letters of a csv, xlsx or jsonl file; the same letter again is `existing`.

    `mapping` is field to column as the person gave it. What is committed stays when the run ends early, and the next
    run goes on from there. `as_knowledge` makes the replies standard answers too; as `history` a letter that was
    answered before is archived with the time of its answer, which stands on its time line. Raises UsageError and
    StorageError.
    """
    order_step(Action.IMPORT, None, desk.role, Relation(), Case.PAST if history else Case.ANY)
    table = open_table(path)
    columns = map_columns(table.columns, LETTER_COLUMNS, mapping)
    rows = letters(table, columns, desk.clock())
    if history:
        rows = (past(each) if isinstance(each, Letter) else each for each in rows)
    read = created = sealed = 0
    counted: set[str] = set()
    run = _import(desk, path.name, history=history)
    replies = ReplyImport(replace(desk, store=desk.store.rehearsal()) if dry_run else desk) if as_knowledge else None
    with Rejects(path, table.columns, rejects_dir) as rejects:
        while batch := list(islice(rows, BATCH)):
            read += len(batch)
            found = [each for each in batch if isinstance(each, Letter)]
            for each in batch:
                if isinstance(each, BadRow):
                    rejects.add(each)
            if replies is not None:
                replies.take(found)
            created += len(_unknown(desk, found, counted)) if dry_run else _take(run, found)
            if not dry_run and created - sealed >= SEAL_AFTER:
                seal_and_note(desk.store, desk.site, desk.settings.home)
                sealed = created
            if progress is not None:
                progress(read, created, table.progress)
    return Result(
        read,
        created,
        read - created - rejects.count,
        rejects.count,
        rejects.path,
        unused(table.columns, _taken(columns, as_knowledge=as_knowledge, history=history)),
        replies.counts if replies else None,
    )


def _taken(columns: Mapping[str, str], *, as_knowledge: bool, history: bool) -> dict[str, str]:
    """The columns from which something is taken: but for history a reply only becomes a standard answer."""
    left = set[str]() if history else {"reply_time"} if as_knowledge else {"reply", "reply_time"}
    return {field: column for field, column in columns.items() if field not in left}


def _import(desk: Desk, source: str, *, history: bool) -> _Import:
    with desk.store.read() as session:
        return _Import(desk, source, desk.clock(), topic_names(session), tree_of(session), history)


def _unknown(desk: Desk, found: Sequence[Letter], counted: set[str]) -> list[str]:
    """Fingerprints that a real run would store."""
    with desk.store.read() as session:
        known = _known(session, found) | counted
    fresh = [key for key in dict.fromkeys(letter.fingerprint for letter in found) if key not in known]
    counted.update(fresh)
    return fresh


def _take(run: _Import, found: Sequence[Letter]) -> int:
    """One transaction; returns how many of them were new."""
    desk = run.desk
    with desk.store.write() as session:
        if not desk.store.is_sqlite:  # two imports of one file at once: the second waits, and then finds them known
            session.connection().execute(_LOCK)
        known = _known(session, found)
        fresh = [
            letter
            for letter in {letter.fingerprint: letter for letter in reversed(found)}.values()
            if letter.fingerprint not in known
        ]
        if not fresh:
            return 0
        fresh.sort(key=lambda letter: letter.row)
        callers = _Callers(session, fresh, run.now)
        numbers = next_numbers(session, desk.site, shanghai_day(run.now), len(fresh))
        orders = [_order(run, letter, number) for letter, number in zip(fresh, numbers, strict=True)]
        links = [
            new_row(OrderCaller, order_id=order["id"], caller_id=callers.of(letter))
            for letter, order in zip(fresh, orders, strict=True)
        ]
        steps = zip(fresh, orders, links, strict=True)
        events = [_event(run, letter, order, link) for letter, order, link in steps]
        # Core: mapped objects would take five times as long.
        for model, rows in ((Caller, callers.fresh), (WorkOrder, orders), (OrderCaller, links), (Event, events)):
            if rows:
                session.connection().execute(sa.insert(model), rows)
        days = {shanghai_day(order[at]) for order in orders for at in ("received_at", "answered_at") if order.get(at)}
        session.add_all(TallyTouch(day=day) for day in sorted(days) if day < shanghai_day(run.now))
        session.commit()
        return len(orders)


def _known(session: Session, found: Sequence[Letter]) -> set[str | None]:
    keys = [letter.fingerprint for letter in found]
    return set(session.exec(select(WorkOrder.fingerprint).where(col(WorkOrder.fingerprint).in_(keys))))


def _order(run: _Import, letter: Letter, number: str) -> dict[str, Any]:
    desk = run.desk
    answered = _answered(run, letter)
    case = Case.PAST if answered else Case.ANY
    return new_row(
        WorkOrder,
        id=new_id(),
        number=number,
        version=1,
        site=desk.site,
        channel=Channel.MAILBOX,
        kind=letter.kind or Kind.OTHER,
        veiled=is_veiled(letter.kind or Kind.OTHER, secret=False, accuses=False),
        state=order_step(Action.IMPORT, None, desk.role, Relation(), case),
        answered_at=answered,
        closed_at=answered,
        archive_reason=PAST if answered else "",
        topic_id=run.topics.get(letter.topic),
        region_id=region.id if (region := run.regions.find(letter.region)) else None,
        subject=letter.subject,
        narrative=letter.detail,
        received_at=letter.received_at,
        registered_by=desk.viewer.account_id,
        source=run.source,
        external_number=letter.external_number,
        fingerprint=letter.fingerprint,
    )


def _answered(run: _Import, letter: Letter) -> datetime | None:
    """When another system answered it, where that is taken over."""
    return letter.replied_at if run.history else None


def _event(run: _Import, letter: Letter, order: dict[str, Any], link: dict[str, Any]) -> dict[str, Any]:
    desk, answered = run.desk, _answered(run, letter)
    return new_row(
        Event,
        id=new_id(),
        node=desk.site,
        order_id=order["id"],
        sequence=1,
        action=Action.IMPORT,
        actor_id=desk.viewer.account_id,
        actor=desk.actor,
        at=run.now,
        to_state=order["state"].value,
        payload={
            "facts": {
                "kind": order["kind"].value,
                "channel": order["channel"].value,
                "file": run.source,
                "row": letter.row,
                "external_number": letter.external_number,
                "topic": letter.topic,
                "region": letter.region,
                **({"replied_at": answered.isoformat(), "reply": letter.reply} if answered else {}),
            },
            "changes": [change_of(WorkOrder, order), change_of(OrderCaller, link)],
        },
    )


class _Callers:
    """来信人 of a batch: with a telephone number the same data are the same citizen, without one nobody knows."""

    def __init__(self, session: Session, found: Sequence[Letter], now: datetime) -> None:
        self._now = now
        self.fresh: list[dict[str, Any]] = []
        phones = {letter.phone for letter in found if letter.phone}
        query = select(Caller).where(col(Caller.phone).in_(phones), Caller.workplace == "", Caller.home_address == "")
        self._ids = {(each.name, each.phone): each.id for each in session.exec(query)} if phones else {}

    def of(self, letter: Letter) -> UUID:
        """The caller of a letter, new where he is not known."""
        told = (letter.user, letter.phone)
        if letter.phone and told in self._ids:
            return self._ids[told]
        self._ids[told] = new_id()
        facts = {"name": letter.user, "phone": letter.phone, "workplace": "", "home_address": ""}
        new = facts | masked(facts)
        self.fresh.append(new_row(Caller, id=self._ids[told], created_at=self._now, **new))
        return self._ids[told]
