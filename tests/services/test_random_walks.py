"""Whatever people do: the record is gap-free, the tables follow from it, and clocks match the states."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from hotline_tui.data.replay import differences
from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, Deadline, Event, WorkOrder
from hotline_tui.rules.words import Duty, OrderState, RefusalReason, Release, Verdict
from hotline_tui.rules.workflow import FINAL, LIVE
from hotline_tui.services import answer, callbacks, classify, dispatch, handling, instruction, intake, notes, release
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town

STEPS = 60
SEEDS = range(4)


def attempts(town: Town, chance: random.Random, orders: list[Built]) -> list[Callable[[], object]]:
    """Everything anybody might try next, sensible or not."""
    desk: Desk = chance.choice(list(town.desks.values()))
    order = chance.choice(orders)
    unit = chance.choice([town.a, town.a_below, town.b])
    share = chance.choice(shares(town, order) or [order.order_id])
    return [
        lambda: orders.append(town.register(desk)),
        lambda: answer.answer(desk, order.order_id, town.article),
        lambda: intake.refuse_received(desk, order.order_id, RefusalReason.VAGUE, "请说明地点"),
        lambda: intake.merge(desk, order.order_id, chance.choice(orders).number),
        lambda: classify.classify(desk, order.order_id, urgent=chance.random() < 0.5),
        lambda: instruction.report(desk, order.order_id, "不能确定承办单位"),
        lambda: dispatch.assign(desk, order.order_id, unit),
        lambda: handling.sign(desk, share),
        lambda: handling.return_(desk, share, "不属本单位职责"),
        lambda: handling.progress(desk, share, "正在办理"),
        lambda: handling.draft_reply(desk, share, "已办理"),
        lambda: handling.send_back(desk, share, "不具体"),
        lambda: handling.approve(desk, share),
        lambda: release.release(desk, order.order_id, chance.choice(list(Release))),
        lambda: release.reject_reply(desk, order.order_id, "未答复全部诉求"),
        lambda: callbacks.call_back(desk, order.order_id, chance.choice(list(Verdict)), not_solved="没有解决"),
        lambda: callbacks.archive(desk, order.order_id, "已解释"),
        lambda: dispatch.redispatch(desk, order.order_id, unit, "再办"),
        lambda: notes.note(desk, order.order_id, "备注"),
        lambda: notes.urge(desk, order.order_id),
        lambda: notes.unmask(desk, order.order_id, "核实"),
    ]


def shares(town: Town, order: Built) -> list[UUID]:
    with town.store.read() as session:
        return list(session.exec(select(Assignment.id).where(Assignment.order_id == order.order_id)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_record_holds_whatever_people_do(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    orders = [town.register(), town.signed(), town.replied()]
    done = 0
    while done < STEPS:
        try:
            chance.choice(attempts(town, chance, orders))()
        except Refused:
            continue
        done += 1
        town.later(minutes=chance.randrange(600))
    with town.store.read() as session:
        assert list(differences(session)) == []
        for order in session.exec(select(WorkOrder)):
            check(session, order)


def check(session: Session, order: WorkOrder) -> None:
    events = session.exec(select(Event).where(Event.order_id == order.id).order_by(col(Event.sequence))).all()
    assert [event.sequence for event in events] == list(range(1, order.version + 1))
    assert all(before.to_state == after.from_state for before, after in itertools.pairwise(events))
    assert events[-1].to_state == order.state
    assert [event.base for event in events[1:]] == [event.id for event in events[:-1]]

    shares = session.exec(select(Assignment).where(Assignment.order_id == order.id)).all()
    live = [share for share in shares if share.state in LIVE]
    clocks = session.exec(select(Deadline).where(Deadline.order_id == order.id)).all()
    running = [clock for clock in clocks if clock.met_at is None and clock.void_at is None]
    assert bool(live) == (order.state is OrderState.ASSIGNED)
    assert {clock.assignment_id for clock in running if clock.duty is Duty.REPLY} == {share.id for share in live}
    assert order.dispatches == len(shares)
    if order.state in FINAL:
        assert running == []
        assert order.closed_at is not None
