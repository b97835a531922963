"""城南新区 in the third quarter of 2017: the orders of which the figures of the Report are counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from hotline_tui.data.spelling import spell
from hotline_tui.models import Assignment, Deadline, Topic, Unit, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import AssignmentState, AssignmentType, Channel, Duty, Kind, OrderState, Share
from tests.builders import Town

KINDS = {Kind.HELP: 1264, Kind.COMPLAINT: 1217, Kind.INQUIRY: 24}
TOPICS = {
    "违章建设": 756, "公共服务": 567, "物业管理": 336, "市政建设": 279, "环保": 159, "公共治安": 123,
    "劳动社保": 96, "工商管理": 57, "其它各类": 132,
}  # fmt: skip
LETTERS, ANSWERED = 268, 256
LATE = {"新河街道": 10, "工商分局": 3, "房产分局": 1}
LATE_LETTERS = {"安环办": 2}
BEGIN, END = datetime(2017, 6, 30, 16, tzinfo=UTC), datetime(2017, 9, 30, 16, tzinfo=UTC)
"""The quarter in Shanghai."""
OVERDUE = date(2017, 8, 15)
REPORTED = datetime(2017, 10, 9, 1, tzinfo=UTC)


def settle(town: Town) -> None:
    """Write the quarter down."""
    town.at(REPORTED)
    with town.store.write() as session:
        topics = {name: _topic(session, town, name) for name in TOPICS}
        units = {name: _unit(session, town, name) for name in (*LATE, *LATE_LETTERS)}
        kinds = [kind for kind, many in KINDS.items() for _ in range(many)]
        of = [topic for name, topic in topics.items() for _ in range(TOPICS[name])]
        calls = [_order(Channel.PHONE, kind, topic) for kind, topic in zip(kinds, of, strict=True)]
        letters = [_order(Channel.MAILBOX, Kind.HELP, None) for _ in range(LETTERS)]
        for number, (order, at) in enumerate(zip([*calls, *letters], _moments(len(calls) + LETTERS), strict=True), 1):
            order |= {"received_at": at, "number": f"C01-20170701-{number:04}"}
        for letter in letters[:ANSWERED]:
            letter["answered_at"] = letter["received_at"] + timedelta(hours=1)
        late = [(order, units[name]) for name, order in _each(LATE, calls)]
        late += [(order, units[name]) for name, order in _each(LATE_LETTERS, letters[ANSWERED:])]
        # Orders of the quarter before and after, which must not be counted.
        beside = [_order(Channel.PHONE, Kind.HELP, None) | {"received_at": at, "number": f"C01-20170630-{number:04}"}
                  for number, at in enumerate((BEGIN - timedelta(seconds=1), END), 1)]  # fmt: skip
        session.execute(sa.insert(WorkOrder), [*calls, *letters, *beside])
        shares = [_share(order, unit) for order, unit in late]
        session.execute(sa.insert(Assignment), shares)
        session.execute(sa.insert(Deadline), [_clock(share) for share in shares])
        session.commit()


def _each(many: dict[str, int], orders: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    names = (name for name, number in many.items() for _ in range(number))
    return zip(names, orders, strict=False)


def _moments(many: int) -> Iterator[datetime]:
    """Spread over the quarter, its first and its last moment among them."""
    length = END - BEGIN - timedelta(microseconds=1)
    return (BEGIN + length * number // (many - 1) for number in range(many))


def _topic(session: Session, town: Town, name: str) -> UUID:
    if name in town.topics:
        return town.topics[name]
    topic = Topic(name=name, path=name, spelling=spell(name))
    session.add(topic)
    session.flush()
    return topic.id


def _unit(session: Session, town: Town, name: str) -> UUID:
    known = {"房产分局": town.a, "工商分局": town.b}
    if name in known:
        return known[name]
    unit = Unit(key=name, name=f"城南新区{name}", short_name=name, spelling=spell(name))
    session.add(unit)
    session.flush()
    return unit.id


def _order(channel: Channel, kind: Kind, topic: UUID | None) -> dict[str, Any]:
    return {
        "id": new_id(), "version": 1, "site": "C01", "channel": channel, "kind": kind, "state": OrderState.ASSIGNED,
        "topic_id": topic, "narrative": "诉求", "answered_at": None,
    }  # fmt: skip


def _share(order: dict[str, Any], unit: UUID) -> dict[str, Any]:
    at = datetime(2017, 8, 8, 1, tzinfo=UTC)
    return {
        "id": new_id(), "order_id": order["id"], "position": 1, "unit_id": unit, "type": AssignmentType.TIMED,
        "share": Share.LEAD, "state": AssignmentState.SIGNED, "dispatched_at": at, "signed_at": at,
    }  # fmt: skip


def _clock(share: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(), "order_id": share["order_id"], "assignment_id": share["id"], "unit_id": share["unit_id"],
        "duty": Duty.REPLY, "day_zero": date(2017, 8, 8), "working_days": 5,
        "due_at": datetime(OVERDUE.year, OVERDUE.month, OVERDUE.day, 10, tzinfo=UTC),
    }  # fmt: skip
