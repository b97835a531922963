"""The checks find what does not hold together, and call sound what does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hotline_tui.data import doctor as module
from hotline_tui.data.doctor import doctor
from hotline_tui.data.seal import seal
from hotline_tui.data.store import Store
from hotline_tui.rules.words import Kind, OrderState
from tests.builders import Town
from tests.tampering import tamper


@pytest.fixture
def busy(town: Town) -> Town:
    for state in OrderState:
        town.bring(state)
    seal(town.store, "C01")
    return town


def wrong(town: Town, head: str = "") -> set[str]:
    return {check.name for check in doctor(town.store, head).checks if not check.ok}


def test_a_city_in_which_everything_has_happened_is_sound(busy: Town) -> None:
    report = doctor(busy.store)
    assert wrong(busy) == set()
    assert report.sound
    names = [check.name for check in report.checks]
    assert names[:6] == ["migrations", "chain:C01", "replay", "events", "calendar", "accounts"]
    assert names[6:] == (["sqlite", "integrity", "references"] if busy.store.is_sqlite else [])
    assert all(check.detail for check in report.checks)


def test_what_waits_for_its_seal_is_told_and_no_fault(busy: Town) -> None:
    busy.register()
    report = doctor(busy.store)
    assert report.sound
    assert "待封存 1 条" in report.checks[1].detail


def test_the_head_is_told_and_a_head_that_was_printed_is_looked_for(busy: Town) -> None:
    head = doctor(busy.store).checks[1].detail.split()[1].rstrip(",")
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
    ],
)
def test_what_was_touched_is_found(busy: Town, statement: str, names: set[str]) -> None:
    tamper(busy.store, statement)
    assert wrong(busy) - {"references"} == names
    assert not doctor(busy.store).sound


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
    assert not report.sound
