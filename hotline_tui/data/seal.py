"""The seals: one hash chain per node over its events, made after commit, out of the write path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from hotline_tui.data.record import encode, rows_of
from hotline_tui.data.store import Store
from hotline_tui.models import Event, Seal

GENESIS = "0" * 64
"""What stands before the first seal."""
NO_HEAD = f"0:{GENESIS}"
"""The head of a chain without a seal."""
_BATCH = 500
_RECENT = 500
_LATE_MS = 86_400_000
"""A transaction is short; a day is what the clocks of two seats may differ by, a wrong time zone included."""
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline seal ' || :node, 0))")


@dataclass(frozen=True, slots=True)
class Chain:
    """What a verification found."""

    node: str
    length: int
    head: str
    """`number:hash` of the last seal, as bulletins and backups print it."""
    unsealed: int
    faults: int
    first_faults: tuple[str, ...]
    """The first few, as sentences."""

    @property
    def sound(self) -> bool:
        """Nothing was changed, lost, swapped or cut."""
        return not self.faults


def seal(store: Store, node: str, *, thorough: bool = False) -> int:
    """Seal what the node has not sealed yet; returns how many.

    What is overdue stays as it is, for `verify` to report; `thorough` takes that too, for histories made in one piece.
    """
    sealed = 0
    while True:
        with store.read() as session:
            if not session.connection().execute(_unsealed(session, node, thorough).limit(1)).first():
                return sealed
        with store.write() as session:
            # Read committed: what is read after the lock sees what the sealer before committed.
            if not store.is_sqlite:
                session.connection().execute(_LOCK, {"node": node})
            events = session.connection().execute(_unsealed(session, node, thorough).limit(_BATCH))
            number, previous = _last(session, node)
            seals: list[dict[str, Any]] = []
            for event in rows_of(events):
                number += 1
                hash_ = fingerprint(number, previous, event)
                seals.append(
                    {"node": node, "number": number, "event_id": event["id"], "previous": previous, "hash": hash_}
                )
                previous = hash_
            if seals:
                session.connection().execute(sa.insert(Seal), seals)
            session.commit()
            sealed += len(seals)


def fingerprint(number: int, previous: str, event: Mapping[str, Any]) -> str:
    """SHA-256 in hex over number, previous hash and every column of the event, as compact JSON with sorted keys."""
    content = {name: encode(value) for name, value in event.items()} | {"number": number, "previous": previous}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def nodes(session: Session) -> list[str]:
    """Every node that has events or seals."""
    query = sa.union(sa.select(col(Event.node)), sa.select(col(Seal.node)))
    return sorted(session.connection().execute(query).scalars())


def unsealed(session: Session, node: str) -> int:
    """How many events of the node wait for their seal."""
    return session.exec(select(sa.func.count()).select_from(Event).where(*_waiting(node))).one()


def head(session: Session, node: str) -> str:
    """`number:hash` of the node's last seal; `0:` and zeros before the first."""
    number, hash_ = _last(session, node)
    return f"{number}:{hash_}"


def holds(session: Session, node: str, known_head: str) -> bool:
    """Whether the node's chain has the seal that was its head once."""
    number, _, hash_ = known_head.partition(":")
    query = sa.exists().where(col(Seal.node) == node, col(Seal.number) == int(number), col(Seal.hash) == hash_)
    return known_head == NO_HEAD or bool(session.connection().execute(sa.select(query)).scalar_one())


def overdue(session: Session, node: str) -> sa.ColumnElement[bool]:
    """Whether an unsealed event of the node can not be what a crash left, so that its seal must have been deleted.

    Whoever commits an event then seals all that the node has not sealed. So an event waits legitimately only if no
    such run came after its commit: the machine stopped between commit and seal, or the run is still to come. Then no
    later event of its order is sealed, and its key (a UUIDv7, which tells its time) is not more than a day older than
    those of the last seals. Of a node without any seal, the events of its orders lie within a day: the first run would
    have taken the earlier ones; a refused sign-in writes an event and seals nothing. What was cut off at the chain's
    very end looks like such a crash: only a head printed before finds it.
    """
    later, floor = aliased(Event), _floor(session, node)
    behind = (
        sa.exists()
        .where(col(later.order_id) == col(Event.order_id), col(later.sequence) > col(Event.sequence))
        .where(col(Seal.event_id) == col(later.id), col(Seal.node) == node)
        .correlate(Event)
    )
    return sa.or_(floor, behind)


def _floor(session: Session, node: str) -> sa.ColumnElement[bool]:
    """Whether an event is more than a day older than the last seals; without any, an order's than the newest of one."""
    recent = select(Seal.event_id).where(Seal.node == node).order_by(col(Seal.number).desc()).limit(_RECENT).subquery()
    oldest = session.exec(select(recent.c.event_id).order_by(recent.c.event_id).limit(1)).first()
    if oldest:
        return col(Event.id) < _earlier(oldest)
    of_order = col(Event.order_id).is_not(None)
    query = select(Event.id).where(Event.node == node, of_order).order_by(col(Event.id).desc()).limit(1)
    newest = session.exec(query).first()
    return sa.and_(of_order, col(Event.id) < _earlier(newest)) if newest else sa.false()


def _earlier(key: UUID) -> UUID:
    """The first key of a day before."""
    return UUID(int=max((key.int >> 80) - _LATE_MS, 0) << 80)


def verify(session: Session, node: str, known_head: str = "") -> Chain:
    """Compute the whole chain again; `known_head`, as once printed, finds a chain that was cut or built anew."""
    length, previous, faults = 0, GENESIS, list[str]()
    found = 0
    known_number, _, known_hash = known_head.partition(":")
    known_seen = known_head in ("", NO_HEAD)

    for row in _sealed(session, node):
        number, hash_ = row["seal_number"], row["seal_hash"]
        event = {name: value for name, value in row.items() if not name.startswith("seal_")}
        wrong = _fault(row, length + 1, previous, event)
        if wrong:
            found += 1
            faults.append(wrong)
            del faults[5:]
        known_seen = known_seen or (str(number), hash_) == (known_number, known_hash)
        length, previous = number, hash_
    if not known_seen:
        found += 1
        faults = [f"链中没有已公布的链头 {known_head[:24]}..: 记录被截短或重建", *faults]
    lost = session.exec(select(sa.func.count()).select_from(Event).where(*_waiting(node), overdue(session, node))).one()
    if lost:
        found += 1
        faults = [*faults[:4], f"{lost} 条记录早该封存而没有封存: 封存被删除, 或主机时钟曾差一天以上"]
    return Chain(node, length, f"{length}:{previous}", unsealed(session, node), found, tuple(faults))


def _fault(row: Mapping[str, Any], expected: int, previous: str, event: Mapping[str, Any]) -> str:
    number = row["seal_number"]
    if number != expected:
        return f"第 {expected} 号缺失, 其后是第 {number} 号"
    if row["id"] is None:
        return f"第 {number} 号封存的记录不见了"
    if row["seal_previous"] != previous:
        return f"第 {number} 号与前一号接不上"
    if row["seal_hash"] != fingerprint(number, previous, event):
        return f"第 {number} 号的记录被改动"
    if row["node"] != row["seal_node"]:
        return f"第 {number} 号封存的是别处的记录"
    return ""


def _sealed(session: Session, node: str) -> Generator[Mapping[str, Any]]:
    """Each seal of the node with its event, in order of number, a batch at a time."""
    seals = [column.label(f"seal_{column.key}") for column in sa.inspect(Seal).columns if column.key != "event_id"]
    query = (
        sa.select(*seals, *sa.inspect(Event).columns)
        .select_from(Seal)
        .outerjoin(Event, col(Event.id) == col(Seal.event_id))
        .where(col(Seal.node) == node)
        .order_by(col(Seal.number))
        .limit(_BATCH)
    )
    after = None
    while True:
        page = query if after is None else query.where(col(Seal.number) > after)
        rows = list(rows_of(session.connection().execute(page)))
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1]["seal_number"]


def _unsealed(session: Session, node: str, thorough: bool) -> sa.Select[Any]:
    query = sa.select(*sa.inspect(Event).columns).where(*_waiting(node)).order_by(col(Event.id))
    return query if thorough else query.where(~overdue(session, node))


def _waiting(node: str) -> tuple[sa.ColumnElement[bool], ...]:
    return col(Event.node) == node, ~sa.exists().where(col(Seal.event_id) == col(Event.id))


def _last(session: Session, node: str) -> tuple[int, str]:
    """Number and hash of the node's last seal."""
    query = select(Seal).where(Seal.node == node).order_by(col(Seal.number).desc()).limit(1)
    last = session.exec(query).one_or_none()
    return (last.number, last.hash) if last else (0, GENESIS)
