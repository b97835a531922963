"""What must hold of the whole database after whatever anybody did, said a second time in plain Python."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.replay import differences
from hotline_tui.data.seal import unsealed, verify
from hotline_tui.models import Deadline, WorkOrder
from hotline_tui.rules.words import (
    Action,
    AssignmentState,
    Duty,
    OrderState,
    Release,
    Role,
    Share,
    Verdict,
)
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, FINAL, LIVE, ORDER_STEPS
from hotline_tui.services.desk import Desk
from hotline_tui.services.recalculation import due_again
from tests.builders import Town
from tests.services.marks import check_board, check_figures, check_marks

Row = dict[str, Any]
Rows = list[Row]
Tables = dict[str, Rows]

ANSWERS = (Duty.REPLY, Duty.PROMISE)
CALLED_OFF_WITH_THE_LEAD = frozenset({Action.RETURN, Action.CONSENT_RETURN, Action.CANCEL})
PERSONAL = ("13900002211", "13900003322", "某某花园3栋501", "某某公司")


def tables(session: Session) -> Tables:
    """Every row of every table."""
    found: Tables = {}
    for table in SQLModel.metadata.sorted_tables:
        rows = session.connection().execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [dict(row) for row in rows]
    return found


def of(rows: Rows, order: Row) -> Rows:
    return [row for row in rows if row["order_id"] == order["id"]]


def check(town: Town, session: Session, held: Tables) -> None:
    """Everything, at one moment."""
    for order in held["work_order"]:
        check_record(order, of(held["event"], order))
        check_shares(order, held)
        check_clocks(order, held)
        check_replies(order, held)
        check_heard(order, held)
        check_marks(order, held)
    check_board(town, session, held)
    check_figures(town, session)
    check_claims(town, held)
    check_calendar(session, held)
    assert list(differences(session)) == []
    assert verify(session, "C01").faults == 0
    assert unsealed(session, "C01") == 0
    for name, desk in town.desks.items():
        seen = set(session.connection().execute(orders_of(desk.viewer, col(WorkOrder.id))).scalars())
        assert seen == {order["id"] for order in held["work_order"] if may_see(town, desk, order, held)}, name


def check_record(order: Row, events: Rows) -> None:
    """Without a gap, each begins where the one before ended, without the caller's data (R-11.7, R-13b)."""
    events = sorted(events, key=lambda event: event["sequence"])
    assert [event["sequence"] for event in events] == list(range(1, order["version"] + 1))
    assert all(before["to_state"] == after["from_state"] for before, after in itertools.pairwise(events))
    assert events[-1]["to_state"] == order["state"]
    assert [event["base"] for event in events[1:]] == [event["id"] for event in events[:-1]]
    told = json.dumps([event["payload"] for event in events], ensure_ascii=False)
    assert not any(each in told for each in PERSONAL)
    assert order["urges"] == sum(event["action"] == Action.URGE for event in events)


def check_shares(order: Row, held: Tables) -> None:
    """Who owes a share, while it is being handled and only then; one of them leads (R-11.2.2c)."""
    shares = of(held["assignment"], order)
    live = [share for share in shares if share["state"] in LIVE]
    leads = [share["unit_id"] for share in live if share["share"] is Share.LEAD]
    assert leads == ([order["unit_id"]] if order["state"] is OrderState.ASSIGNED else [])
    assert bool(live) == (order["state"] is OrderState.ASSIGNED)
    assert len({share["unit_id"] for share in live}) == len(live)
    assert sorted(share["position"] for share in shares) == list(range(1, order["dispatches"] + 1))
    assert order["returns"] == sum(share["state"] is AssignmentState.RETURNED for share in shares)
    first = min(shares, key=lambda share: share["position"], default=None)
    assert order["first_unit_id"] == (first["unit_id"] if first else None)
    above = parents(held)
    accused = {row["unit_id"] for row in of(held["order_accused"], order)}
    for share in live:
        for unit in (share["unit_id"], share["delegated_to_id"]):
            assert unit is None or accused.isdisjoint(line(unit, above))


def check_clocks(order: Row, held: Tables) -> None:
    """Who owes what has exactly the clock of it; who owes nothing has none (R-D2, R-D5, R-D8)."""
    clocks = [row for row in of(held["deadline"], order) if row["met_at"] is None and row["void_at"] is None]
    promised = {
        row["assignment_id"]
        for row in of(held["reply"], order)
        if row["promised_day"] is not None and row["released_at"] is not None
    }
    for share in of(held["assignment"], order):
        own = sorted(clock["duty"] for clock in clocks if clock["assignment_id"] == share["id"])
        answers = [duty for duty in own if duty in ANSWERS]
        if share["state"] in LIVE:
            assert answers == [Duty.PROMISE if share["id"] in promised else Duty.REPLY]
        else:
            assert own == []
        assert own.count(Duty.RETURN) <= 1
        assert share["state"] is not AssignmentState.DISPATCHED or Duty.RETURN in own
        assert share["state"] is not AssignmentState.PROMISED or share["promised_day"] is not None
    waits = order["state"] is OrderState.AWAITING_INSTRUCTION and order["reported_at"] and not order["instructed_at"]
    of_order = [clock["duty"] for clock in clocks if clock["assignment_id"] is None]
    assert of_order == ([Duty.INSTRUCT] if waits else [])
    assert (order["closed_at"] is not None) == (order["state"] in FINAL)
    assert not (order["state"] in FINAL and clocks)


def check_replies(order: Row, held: Tables) -> None:
    """What left the house was approved; one reply waits for release where the order says so (R-11.5)."""
    replies = of(held["reply"], order)
    assert sorted(reply["position"] for reply in replies) == list(range(1, len(replies) + 1))
    shares = {share["id"]: share for share in of(held["assignment"], order)}
    released = [reply for reply in replies if reply["released_at"] is not None]
    assert all(reply["approved_at"] is not None and reply["sent_back_at"] is None for reply in released)
    assert all(shares[reply["assignment_id"]]["share"] is Share.LEAD for reply in released)
    hidden = [row["at"] for row in of(held["event"], order) if row["action"] == Action.RESTRICT]
    assert not (order["secret"] and order["state"] is not OrderState.RECEIVED) or all(
        reply["release"] is Release.PRIVATE or any(reply["released_at"] <= at for at in hidden) for reply in released
    )
    waiting = [
        reply
        for reply in replies
        if reply["approved_at"] is not None
        and reply["released_at"] is None
        and reply["sent_back_at"] is None
        and shares[reply["assignment_id"]]["share"] is Share.LEAD
    ]
    assert len(waiting) == (order["state"] is OrderState.REPLIED)
    if order["state"] in (OrderState.AWAITING_CALLBACK, OrderState.UNDER_REVIEW):
        last = max(released, key=lambda reply: reply["position"])
        assert last["promised_day"] is None
    calls = of(held["callback"], order)
    assert sorted(call["attempt"] for call in calls) == list(range(1, len(calls) + 1))


def check_heard(order: Row, held: Tables) -> None:
    """When it is archived, each caller was told on the call, or rung on the last reply, or tried three times (R-8)."""
    if order["state"] is not OrderState.ARCHIVED:
        return
    callers = {row["id"]: row for row in held["caller"]}
    linked = [callers[row["caller_id"]] for row in of(held["order_caller"], order)]
    ending = max(of(held["event"], order), key=lambda event: event["sequence"] * (event["action"] == Action.ARCHIVE))
    if ending["from_state"] == OrderState.ANSWERED:
        assert len(linked) <= 1
        return
    released = [reply for reply in of(held["reply"], order) if reply["released_at"] is not None]
    last = max(released, key=lambda reply: reply["position"])
    for caller in linked:
        calls = [
            call["verdict"]
            for call in sorted(of(held["callback"], order), key=lambda call: call["attempt"])
            if (call["caller_id"], call["reply_id"]) == (caller["id"], last["id"])
        ]
        heard = calls[-1:] != [Verdict.UNREACHED] and calls
        assert not caller["phone"] or heard or calls[-3:] == [Verdict.UNREACHED] * 3


def check_claims(town: Town, held: Tables) -> None:
    """At most one holder of an order, who may see it (R-11.6)."""
    claims = held["claim"]
    assert len({claim["order_id"] for claim in claims}) == len(claims)
    orders = {order["id"]: order for order in held["work_order"]}
    desks = {desk.viewer.account_id: desk for desk in town.desks.values()}
    for claim in claims:
        assert may_see(town, desks[claim["account_id"]], orders[claim["order_id"]], held)
        assert desks[claim["account_id"]].role in (Role.AGENT, Role.OFFICE)


def check_calendar(session: Session, held: Tables) -> None:
    """Every open clock stands where the calendar in force puts it (R-D3, R-D4)."""
    calendar = calendar_in_force(session)
    shares = {row["id"]: row for row in held["assignment"]}
    nothing = {"dispatched_at": None, "promised_day": None}
    for row in held["deadline"]:
        if row["met_at"] is None and row["void_at"] is None:
            clock, share = Deadline(**row), shares.get(row["assignment_id"], nothing)
            again = due_again(calendar, clock, share["dispatched_at"], share["promised_day"])
            assert (clock.due_at, clock.provisional) == (again.due_at, bool(again.provisional)), clock.duty


def check_deed(town: Town, desk: Desk, before: Tables, after: Tables, *, by_calendar: bool) -> None:
    """What a deed changed: by someone who might, along rows of the tables of the workflow (Art. 11)."""
    orders = {order["id"]: order for order in before["work_order"]}
    shares = {share["id"]: share["state"] for share in before["assignment"]}
    known = {event["id"] for event in before["event"]}
    for event in (event for event in after["event"] if event["id"] not in known):
        assert event["actor_id"] == desk.viewer.account_id
        if event["order_id"] is None:
            continue
        action = Action(event["action"])
        source = OrderState(event["from_state"]) if event["from_state"] else None
        source = None if action in (Action.REGISTER, Action.IMPORT) else source
        target = OrderState(event["to_state"])
        refused_at_once = action is Action.REFUSE and event["from_state"] is None
        assert refused_at_once or any(
            step.target is target and desk.role in step.roles
            for step in ORDER_STEPS
            if (step.action, step.source) == (action, source)
        ), (action, source, target, desk.role)
        if event["order_id"] in orders and not by_calendar:
            assert may_see(town, desk, orders[event["order_id"]], before)
        if action is Action.PROMISE:
            check_promised_in_time(before, event)
        for share in of(after["assignment"], {"id": event["order_id"]}):
            check_share_moved(action, shares.get(share["id"]), share, desk, event)


def check_promised_in_time(before: Tables, event: Row) -> None:
    """A promise is made while the first reply is not late (R-11.2.2b), and by a lead last of all units (R-11.2.2c)."""
    for share in before["assignment"]:
        owes = share["order_id"] == event["order_id"] and share["state"] in LIVE
        assert not (owes and share["share"] is Share.ASSIST)
    owed = [
        row["due_at"]
        for row in before["deadline"]
        if (row["assignment_id"], row["duty"]) == (event["assignment_id"], Duty.REPLY)
        and row["met_at"] is None
        and row["void_at"] is None
    ]
    assert owed
    assert event["at"] <= min(owed)


def check_share_moved(action: Action, state: AssignmentState | None, share: Row, desk: Desk, event: Row) -> None:
    if state is share["state"]:
        return
    fallen = share["share"] is Share.ASSIST and state in LIVE and share["state"] is AssignmentState.CANCELLED
    if fallen and share["id"] != event["assignment_id"]:
        assert action in CALLED_OFF_WITH_THE_LEAD
        return
    assert any(
        step.target is share["state"] and desk.role in step.roles
        for step in ASSIGNMENT_STEPS
        if (step.action, step.source) == (action, state)
    ), (action, state, share["state"], desk.role)


def may_see(town: Town, desk: Desk, order: Row, held: Tables) -> bool:
    """Art. 11(7), 12, 13, 17: who sees this order."""
    above = parents(held)
    home = desk.viewer.unit_id
    accused = {row["unit_id"] for row in of(held["order_accused"], order)}
    if home is not None and not accused.isdisjoint(line(home, above)):
        return False
    match desk.role:
        case Role.OFFICE | Role.CITY_LEADER | Role.AUTHORITY:
            return True
        case Role.AGENT:
            return not order["secret"] or order["registered_by"] == desk.viewer.account_id
        case Role.HANDLER | Role.UNIT_LEADER:
            concerned = {
                unit
                for share in of(held["assignment"], order)
                for unit in (share["unit_id"], share["delegated_to_id"])
                if unit is not None
            }
            return any(home in line(unit, above) for unit in concerned)
        case _:
            return False


def parents(held: Tables) -> dict[UUID, UUID | None]:
    return {unit["id"]: unit["parent_id"] for unit in held["unit"]}


def line(unit: UUID, above: Mapping[UUID, UUID | None]) -> set[UUID]:
    """The unit and those above it."""
    return set(_upwards(unit, above))


def _upwards(unit: UUID | None, above: Mapping[UUID, UUID | None]) -> Iterator[UUID]:
    while unit is not None:
        yield unit
        unit = above[unit]
