"""The seals make one chain per node, in which nothing can be changed, lost, swapped or cut unnoticed."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from hotline_tui.data import seal
from hotline_tui.data.seal import GENESIS, verify
from hotline_tui.data.store import Store
from hotline_tui.models import Event, Seal
from hotline_tui.rules.words import OrderState
from hotline_tui.services import notes
from tests.builders import Town
from tests.tampering import tamper

pytestmark = pytest.mark.requirement("R-11.7")

NODE = "C01"


def seals(store: Store) -> list[Seal]:
    with store.read() as session:
        return list(session.exec(select(Seal).where(Seal.node == NODE).order_by(col(Seal.number))))


def chain(store: Store, known_head: str = "") -> seal.Chain:
    with store.read() as session:
        return verify(session, NODE, known_head)


@pytest.fixture
def sealed(town: Town) -> Town:
    town.bring(OrderState.ARCHIVED)
    seal.seal(town.store, NODE)
    return town


def test_every_event_gets_a_number_without_gap_and_the_hash_of_the_one_before(sealed: Town) -> None:
    found = seals(sealed.store)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    assert [each.previous for each in found] == [GENESIS, *(each.hash for each in found[:-1])]
    with sealed.store.read() as session:
        events = session.exec(select(Event.id)).all()
    assert {each.event_id for each in found} == set(events)
    assert chain(sealed.store) == seal.Chain(NODE, len(found), f"{len(found)}:{found[-1].hash}", 0, 0, ())


def test_sealing_again_seals_nothing(sealed: Town) -> None:
    assert seal.seal(sealed.store, NODE) == 0
    assert seal.seal(sealed.store, NODE, thorough=True) == 0


def test_more_events_than_a_batch_are_sealed_in_one_run(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "_BATCH", 3)
    town.bring(OrderState.ARCHIVED)
    assert seal.seal(town.store, NODE) > 6
    assert chain(town.store).sound
    assert chain(town.store).unsealed == 0


def test_what_a_crash_left_unsealed_is_sealed_by_the_next_run(sealed: Town) -> None:
    order = sealed.register()
    assert chain(sealed.store).unsealed == 1
    notes.note(sealed.agent, order.order_id, "补充")
    assert seal.seal(sealed.store, NODE) == 2
    assert chain(sealed.store).unsealed == 0


def add_event(town: Town, hours: int, **values: Any) -> UUID:
    """An event of the office's whose key was made that much before the first."""
    with town.store.write() as session:
        first = session.exec(select(Event).order_by(col(Event.id)).limit(1)).one()
        columns = {name: getattr(first, name) for name in ("node", "action", "at", "payload", "actor")} | values
        added = UUID(int=first.id.int - (hours * 3_600_000 << 80))
        session.add(Event(**columns, id=added))
        session.commit()
    return added


def test_what_a_seat_with_a_wrong_clock_wrote_is_sealed_all_the_same(sealed: Town) -> None:
    add_event(sealed, hours=9)
    assert chain(sealed.store).sound
    assert seal.seal(sealed.store, NODE) == 1
    assert chain(sealed.store).unsealed == 0


def test_an_unsealed_event_from_long_before_the_last_seals_is_reported_and_not_sealed(sealed: Town) -> None:
    add_event(sealed, hours=30)
    found = chain(sealed.store)
    assert (found.sound, found.unsealed) == (False, 1)
    assert found.first_faults[0].startswith("1 条记录早该封存而没有封存")
    sealed.register()
    assert seal.seal(sealed.store, NODE) == 1
    assert not chain(sealed.store).sound


def test_a_history_made_in_one_piece_is_sealed_thoroughly(sealed: Town) -> None:
    add_event(sealed, hours=30)
    assert seal.seal(sealed.store, NODE, thorough=True) == 1
    assert chain(sealed.store).sound


def test_an_unsealed_event_whose_order_went_on_and_was_sealed_is_reported_and_not_sealed(sealed: Town) -> None:
    """The chain was built anew without the seal that would have told of the change."""
    tamper(
        sealed.store,
        "UPDATE event SET actor = 'x' WHERE sequence = 2",
        "DELETE FROM seal",
        "CREATE TABLE aside AS SELECT * FROM event WHERE sequence = 2",
        "DELETE FROM event WHERE sequence = 2",
    )
    seal.seal(sealed.store, NODE)
    tamper(sealed.store, "INSERT INTO event SELECT * FROM aside", "DROP TABLE aside")
    found = chain(sealed.store)
    assert (found.faults, found.unsealed) == (1, 1)
    assert "早该封存" in found.first_faults[0]
    assert seal.seal(sealed.store, NODE) == 0


def test_seals_that_are_all_gone_are_missed_once_the_record_is_older_than_a_day(sealed: Town) -> None:
    with sealed.store.read() as session:
        order_id = session.exec(select(Event.order_id).where(col(Event.order_id).is_not(None)).limit(1)).one()
    add_event(sealed, hours=30, order_id=order_id, sequence=0)
    tamper(sealed.store, "DELETE FROM seal")
    assert not chain(sealed.store).sound
    assert seal.seal(sealed.store, NODE) > 0
    found = chain(sealed.store)
    assert (found.sound, found.unsealed) == (False, 1)


def test_a_node_that_never_sealed_and_only_refused_sign_ins_is_sound(sealed: Town) -> None:
    add_event(sealed, hours=1, node="C02")
    add_event(sealed, hours=80, node="C02")
    with sealed.store.read() as session:
        assert verify(session, "C02").sound
    assert seal.seal(sealed.store, "C02") == 2


def test_each_node_has_a_chain_of_its_own(sealed: Town) -> None:
    with sealed.store.write() as session:
        first = session.exec(select(Event).limit(1)).one()
        session.add(Event(node="C02", action=first.action, at=first.at))
        session.commit()
    before = chain(sealed.store)
    assert seal.seal(sealed.store, NODE) == 0
    assert seal.seal(sealed.store, "C02") == 1
    assert chain(sealed.store) == before
    with sealed.store.read() as session:
        assert seal.nodes(session) == [NODE, "C02"]
        assert seal.head(session, "C02").startswith("1:")


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'x'",
        "payload = '{}'",
        "sequence = 99",
        "to_state = 'refused'",
        "at = '2020-01-01 00:00:00'",
        "actor_id = NULL",
    ],
)
def test_an_event_that_was_changed_is_found(sealed: Town, change: str) -> None:
    tamper(sealed.store, f"UPDATE event SET {change} WHERE id = (SELECT event_id FROM seal WHERE number = 2)")
    found = chain(sealed.store)
    assert not found.sound
    assert found.first_faults == ("第 2 号的记录被改动",)


def test_an_event_that_was_deleted_is_found(sealed: Town) -> None:
    tamper(sealed.store, "DELETE FROM event WHERE id = (SELECT event_id FROM seal WHERE number = 2)")
    assert chain(sealed.store).first_faults == ("第 2 号封存的记录不见了",)


def test_a_seal_that_was_cut_out_is_found(sealed: Town) -> None:
    tamper(sealed.store, "DELETE FROM seal WHERE number = 2")
    found = chain(sealed.store)
    assert found.faults == 2
    assert found.first_faults[0] == "第 2 号缺失, 其后是第 3 号"
    assert found.first_faults[1].startswith("1 条记录早该封存")
    assert found.unsealed == 1


def test_two_events_that_changed_places_are_found(sealed: Town) -> None:
    second, third = (each.event_id.hex for each in seals(sealed.store)[1:3])
    chosen = "CASE number WHEN 2 THEN :third ELSE :second END"
    chosen = chosen if sealed.store.is_sqlite else f"CAST({chosen} AS uuid)"
    tamper(
        sealed.store,
        "CREATE TEMPORARY TABLE swap AS SELECT * FROM seal WHERE number IN (2, 3)",
        "DELETE FROM seal WHERE number IN (2, 3)",
        "INSERT INTO seal (node, number, event_id, previous, hash)"
        f" SELECT node, number, {chosen}, previous, hash FROM swap",
        second=second,
        third=third,
    )
    assert chain(sealed.store).first_faults == ("第 2 号的记录被改动", "第 3 号的记录被改动")


def test_a_hash_that_was_made_to_fit_breaks_the_next_link(sealed: Town) -> None:
    tamper(sealed.store, "UPDATE event SET actor = 'x' WHERE id = (SELECT event_id FROM seal WHERE number = 2)")
    with sealed.store.read() as session:
        row = next(each for each in seal._sealed(session, NODE) if each["seal_number"] == 2)
    event = {name: value for name, value in row.items() if not name.startswith("seal_")}
    made = seal.fingerprint(2, row["seal_previous"], event)
    tamper(sealed.store, "UPDATE seal SET hash = :made WHERE number = 2", made=made)
    assert chain(sealed.store).first_faults == ("第 3 号与前一号接不上",)


def test_a_chain_cut_at_its_end_is_found_by_the_head_that_was_printed(sealed: Town) -> None:
    printed = chain(sealed.store).head
    assert chain(sealed.store, printed).sound
    sealed.register()
    seal.seal(sealed.store, NODE)
    assert chain(sealed.store, printed).sound
    last = len(seals(sealed.store))
    tamper(sealed.store, f"DELETE FROM seal WHERE number > {last - 2}")
    assert chain(sealed.store).sound
    assert not chain(sealed.store, printed).sound


def test_several_sealers_at_once_make_one_chain(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "_BATCH", 2)
    for _ in range(4):
        town.bring(OrderState.ANSWERED)
    with town.store.read() as session:
        events = len(session.exec(select(Event.id)).all())
    done: list[int] = []
    start = Barrier(4)

    def work() -> None:
        store = Store(str(town.store.url.render_as_string(hide_password=False)))
        try:
            start.wait()
            done.append(seal.seal(store, NODE))
        finally:
            store.dispose()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == events
    found = chain(town.store)
    assert found.sound
    assert (found.length, found.unsealed) == (events, 0)
