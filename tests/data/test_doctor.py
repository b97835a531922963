"""The checks find what does not hold together, and call sound what does."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data import doctor as module
from hotline_tui.data import tally
from hotline_tui.data.doctor import doctor, repair
from hotline_tui.data.seal import seal
from hotline_tui.data.store import Store
from hotline_tui.errors import DamagedData, ExitCode
from hotline_tui.models import Event, Seal, Tally, TallyDay, WorkOrder
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import Kind, OrderState
from tests.builders import Town
from tests.tampering import tamper


@pytest.fixture
def busy(town: Town) -> Town:
    for state in OrderState:
        town.bring(state)
    seal(town.store, "C01")
    return town


def chain_of(town: Town) -> str:
    return next(check.detail for check in doctor(town.store).checks if check.name == "chain:C01")


def wrong(town: Town, head: str = "") -> set[str]:
    return {check.name for check in doctor(town.store, head).checks if not check.ok}


def test_a_city_in_which_everything_has_happened_is_sound(busy: Town) -> None:
    report = doctor(busy.store)
    assert wrong(busy) == set()
    assert report.sound
    file = ["sqlite", "integrity", "references"] if busy.store.is_sqlite else []
    names = [check.name for check in report.checks]
    assert names == [
        "migrations",
        *file,
        "append_only",
        "chain:C01",
        "replay",
        "events",
        "veil",
        "tallies",
        "calendar",
        "accounts",
    ]
    assert all(check.detail for check in report.checks)


def test_what_waits_for_its_seal_is_told_and_no_fault(busy: Town) -> None:
    busy.register()
    assert doctor(busy.store).sound
    assert doctor(busy.store).unsealed == 1
    assert "待封存 1 条" in chain_of(busy)
    assert "待封存 1 条" in chain_of(busy)


def test_a_reference_to_nothing_is_told_in_chinese() -> None:
    assert module._loose("seal 4 event 0") == "seal 表第 4 行引用的 event 不存在"


def test_the_head_is_told_and_a_head_that_was_printed_is_looked_for(busy: Town) -> None:
    head = chain_of(busy).split()[1].rstrip(",")
    assert wrong(busy, head) == set()
    assert wrong(busy, f"{head[:-1]}{'1' if head.endswith('0') else '0'}") == {"chain:C01"}
    assert wrong(busy, "C09:1:abc") == {"chain:C09"}


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("UPDATE event SET actor = 'x'", {"chain:C01"}),
        ("UPDATE work_order SET narrative = 'x'", {"replay"}),
        ("DELETE FROM event", {"chain:C01", "replay", "events"}),
        ("DELETE FROM unit WHERE key = 'market'", {"accounts"}),
        ("UPDATE event SET payload = '[7]' WHERE sequence = 1", {"chain:C01", "content"}),
        ("UPDATE event SET action = 'no such' WHERE sequence = 1", {"content"}),
    ],
)
def test_what_was_touched_is_found(busy: Town, statement: str, names: set[str]) -> None:
    tamper(busy.store, statement)
    assert wrong(busy) - {"references"} == names | ({"append_only"} if busy.store.is_sqlite else set())
    assert not doctor(busy.store).sound
    assert doctor(busy.store).exit_code == ExitCode.DAMAGED


def test_an_event_that_was_changed_and_its_seal_deleted_is_found_and_left_as_it_is(busy: Town) -> None:
    middle = "(SELECT event_id FROM seal WHERE number = 5)"
    tamper(busy.store, f"UPDATE event SET actor = 'x' WHERE id = {middle}", "DELETE FROM seal WHERE number = 5")
    before = chain_of(busy)
    assert "第 5 号缺失" in before
    assert chain_of(busy) == before


def test_a_trigger_that_is_gone_is_told(busy: Town) -> None:
    drop = "DROP TRIGGER event_no_update" if busy.store.is_sqlite else "DROP TRIGGER event_append_only ON event"
    with busy.store.write() as session:
        session.connection().exec_driver_sql(drop)
        session.commit()
    assert wrong(busy) == {"append_only"}


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_of_a_damaged_file_the_content_is_not_looked_at(busy: Town) -> None:
    busy.store.dispose()
    file = Path(str(busy.store.url.database))
    with closing(busy.store.engine.dialect.loaded_dbapi.connect(str(file))) as connection:
        ((root,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_at'")
    with file.open("r+b") as opened:
        opened.seek((root - 1) * 4096)
        opened.write(b"\xff" * 4096)
    report = doctor(busy.store)
    assert [check.name for check in report.checks if not check.ok] == ["content"]
    assert report.checks[-1].name == "content"
    assert report.exit_code == ExitCode.DAMAGED


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_reference_to_nothing_is_found(busy: Town) -> None:
    tamper(busy.store, "DELETE FROM unit WHERE key = 'market'")
    assert "references" in wrong(busy)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_an_old_sqlite_is_found(busy: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAFE_SQLITE", (99, 0, 0))
    assert wrong(busy) == {"sqlite"}


def test_a_year_without_a_notice_is_told_and_no_fault(town: Town) -> None:
    town.at("2026-12-30T09:00")
    town.assigned(kind=Kind.TIPOFF)
    seal(town.store, "C01")
    report = doctor(town.store)
    calendar = next(check for check in report.checks if check.name == "calendar")
    assert report.sound
    assert "暂定: 2027 年" in calendar.detail


@pytest.mark.parametrize(
    ("statement", "lacking"),
    [
        ("ALTER TABLE event RENAME TO lost", "event 表"),
        ("DROP TABLE seal", "seal 表"),
        ("ALTER TABLE work_order RENAME COLUMN narrative TO other", "work_order 表的 narrative 列"),
    ],
)
def test_a_table_or_a_column_that_is_gone_is_damage(busy: Town, statement: str, lacking: str) -> None:
    with busy.store.write() as session:
        session.connection().exec_driver_sql(statement)
        session.commit()
    report = doctor(busy.store)
    assert [(check.name, check.ok) for check in report.checks] == [("migrations", False)]
    assert "已损坏: 缺少" in report.checks[0].detail
    assert lacking in report.checks[0].detail
    assert report.exit_code == ExitCode.DAMAGED
    with pytest.raises(DamagedData, match="缺少本程序的表或列"):
        read_all(busy.store)


def read_all(store: Store) -> None:
    with store.read() as session:
        for model in (Event, Seal, WorkOrder):
            session.exec(select(model)).all()


def test_an_older_version_is_the_only_thing_told(database_url: str) -> None:
    from hotline_tui.data.migrate import upgrade

    upgrade(database_url)
    store = Store(database_url)
    with store.write() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
        session.commit()
    report = doctor(store)
    store.dispose()
    assert [check.name for check in report.checks] == ["migrations"]
    assert "hotline db upgrade" in report.checks[0].detail
    assert report.exit_code == ExitCode.STORAGE


@pytest.fixture
def counted(busy: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The next week; one day is kept wrongly, the others are not kept."""
    busy.at("2026-11-27 09:00")
    monkeypatch.setattr(Store, "now", lambda _: busy.now)
    tally.fold(busy.store, busy.now, shanghai_day(busy.now) - timedelta(days=7))
    with busy.store.write() as session:
        session.connection().execute(sa.update(Tally).values(received=col(Tally.received) + 1))
        session.connection().execute(sa.delete(TallyDay).where(col(TallyDay.day) > date(2026, 11, 20)))
        session.commit()
    return busy


def test_kept_sums_that_are_wrong_are_counted_anew_and_those_that_lack_are_made(counted: Town) -> None:
    assert wrong(counted) == {"tallies"}
    found = repair(counted.store, doctor(counted.store))
    assert found.sound
    assert "已重新统计 1 天" in next(check.detail for check in found.checks if check.name == "tallies")
    assert wrong(counted) == set()
    with counted.store.read() as session:
        assert len(tally.standing(session, date(2026, 11, 20), date(2026, 11, 27))) == 7
    assert "均已统计" in next(c.detail for c in repair(counted.store, found).checks if c.name == "tallies")


def test_nothing_is_counted_anew_from_orders_that_are_not_sound(counted: Town) -> None:
    with counted.store.write() as session:
        order = session.exec(select(WorkOrder)).first()
        assert order is not None
        session.connection().execute(sa.update(WorkOrder).where(col(WorkOrder.id) == order.id).values(address="别处"))
        session.commit()
    before = doctor(counted.store)
    assert wrong(counted) == {"replay", "tallies"}
    assert repair(counted.store, before) == before
    assert wrong(counted) == {"replay", "tallies"}
