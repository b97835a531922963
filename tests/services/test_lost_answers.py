"""A connection that breaks loses nothing and doubles nothing: an event's key, made before it is sent, tells."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from psycopg import errors
from sqlmodel import col, select

from hotline_tui.data import doubt
from hotline_tui.data.failures import IN_DOUBT
from hotline_tui.data.store import Store
from hotline_tui.errors import Lost, Unreachable
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.words import Action, Kind
from hotline_tui.services import dispatch, intake
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake
from tests.builders import Town
from tests.lines import Line, line_to

pytestmark = [pytest.mark.requirement("R-6d"), pytest.mark.parametrize("storage", ["postgres"], indirect=True)]
ASKED = Intake(Kind.INQUIRY, "请问怎样办理居住证", name="李小红", phone="13900003344")


@pytest.fixture
def line(town: Town, migrated_url: str) -> Iterator[tuple[Line, Desk]]:
    """A seat whose line to the server can be cut."""
    with line_to(migrated_url) as (line, near):
        store = Store(near)
        yield line, replace(town.agent, store=store)
        store.dispose()


def asked(town: Town) -> Intake:
    return replace(ASKED, topic_id=town.licence)


def orders(town: Town) -> list[str]:
    with town.store.read() as session:
        return sorted(session.exec(select(WorkOrder.number)))


def actions(town: Town) -> list[Action]:
    with town.store.read() as session:
        return [Action(each) for each in session.exec(select(Event.action).where(col(Event.order_id).is_not(None)))]


def test_a_commit_that_was_carried_out_but_never_answered_is_one_order(town: Town, line: tuple[Line, Desk]) -> None:
    broken, desk = line
    for _ in range(5):
        broken.commits_lost = 1
        made = desk.store.patiently(lambda: intake.register(desk, asked(town)))
        assert made.number in orders(town)
        assert broken.commits_lost == 0
    assert len(orders(town)) == 5
    assert actions(town) == [Action.REGISTER] * 5


def test_a_commit_that_never_came_is_done_again_and_is_one_order(town: Town, line: tuple[Line, Desk]) -> None:
    broken, desk = line
    tried: list[int] = []
    for _ in range(5):
        broken.commits_stopped = 1
        made = desk.store.patiently(lambda: intake.register(desk, asked(town)), tell=lambda: tried.append(1))
        assert made.number in orders(town)
    assert len(orders(town)) == len(tried) == 5


def test_a_dispatch_whose_answer_was_lost_is_no_conflict_with_itself(town: Town, line: tuple[Line, Desk]) -> None:
    broken, desk = line
    order = town.register()
    broken.commits_lost = 1
    desk.store.patiently(lambda: dispatch.assign(desk, order.order_id, town.a, seen=1))
    broken.commits_stopped = 1
    again = town.register()
    desk.store.patiently(lambda: dispatch.assign(desk, again.order_id, town.a, seen=1))
    assert sorted(actions(town)) == sorted([Action.REGISTER, Action.ASSIGN] * 2)


def test_a_server_that_does_not_come_back_to_say_is_not_guessed_about(
    town: Town, line: tuple[Line, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, desk = line
    monkeypatch.setattr(doubt, "DOUBT_SECONDS", 0)
    ask = doubt._stored

    def away(*args: object) -> bool:
        broken.cut()
        return ask(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(doubt, "_stored", away)
    broken.commits_lost = 1
    with pytest.raises(Unreachable, match=IN_DOUBT) as raised:
        intake.register(desk, asked(town))
    assert not isinstance(raised.value, Lost)
    assert len(orders(town)) == 1


def test_while_the_line_is_cut_work_waits_and_is_done_once_when_it_is_joined(
    town: Town, line: tuple[Line, Desk]
) -> None:
    broken, desk = line
    broken.cut()
    failed = threading.Event()

    def join() -> None:
        failed.wait()
        broken.join()

    joiner = threading.Thread(target=join)
    joiner.start()
    desk.store.patiently(lambda: intake.register(desk, asked(town)), tell=failed.set)
    joiner.join()
    assert len(orders(town)) == 1


def test_work_that_can_not_be_sent_is_refused_and_nothing_is_stored(town: Town, line: tuple[Line, Desk]) -> None:
    broken, desk = line
    broken.cut()
    with pytest.raises(Lost, match="连接不上"):
        desk.store.patiently(lambda: intake.register(desk, asked(town)), seconds=0)
    assert orders(town) == []


def test_a_store_that_is_let_go_is_patient_no_more(town: Town, line: tuple[Line, Desk]) -> None:
    broken, desk = line
    broken.cut()
    with pytest.raises(Lost):
        desk.store.patiently(lambda: intake.register(desk, asked(town)), seconds=600, tell=desk.store.dispose)


def only_reads(town: Town, *, on: bool) -> None:
    """What comes to the database by a new connection."""
    name, owner = town.store.url.database, town.store.engine
    set_to = "SET default_transaction_read_only = on" if on else "RESET default_transaction_read_only"
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" {set_to}')


def test_a_server_that_only_reads_is_one_that_is_away_and_another_connection_finds_who_writes(
    town: Town, line: tuple[Line, Desk]
) -> None:
    _, desk = line
    only_reads(town, on=True)
    with pytest.raises(Lost, match="数据库现在只能读"):
        desk.store.patiently(lambda: intake.register(desk, asked(town)), seconds=0)
    desk.store.answers()
    with pytest.raises(Lost, match="数据库现在只能读"):
        desk.store.answers(writing=True)
    tried: list[None] = []

    def promote() -> None:
        tried.append(only_reads(town, on=False))

    made = desk.store.patiently(lambda: intake.register(desk, asked(town)), tell=promote)
    assert orders(town) == [made.number]
    assert len(tried) == 1
    desk.store.answers(writing=True)


@pytest.mark.parametrize("undone", [errors.DeadlockDetected, errors.SerializationFailure])
def test_what_the_server_undid_for_anothers_sake_is_done_again(
    town: Town, undone: type[errors.OperationalError]
) -> None:
    refusals = [undone("deadlock detected")]

    def once() -> intake.Registered:
        made = intake.register(town.agent, asked(town))
        assert made
        return made

    def refused() -> intake.Registered:
        if refusals:
            with town.store.write() as session:
                session.connection().execute(
                    sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'undone' USING ERRCODE = '{refusals.pop().sqlstate}'; END $$")
                )
        return once()

    town.store.patiently(refused)
    assert len(orders(town)) == 1
