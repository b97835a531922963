"""Whoever listens hears that something was changed, by whatever program, and never what (R-6b)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg
import pytest
import sqlalchemy as sa

from hotline_tui.data import live, news, teller
from hotline_tui.data.live import Live
from hotline_tui.data.news import ANYTHING, News
from hotline_tui.data.store import Store
from hotline_tui.models import Site
from hotline_tui.services import notes
from tests.builders import Town
from tests.services.looks import steps

pytestmark = pytest.mark.requirement("R-6b")
LONG = 20.0


class Ear:
    """What was heard, and when."""

    def __init__(self) -> None:
        self._told = threading.Condition()
        self.heard: list[tuple[float, frozenset[News]]] = []

    def __call__(self, kinds: frozenset[News]) -> None:
        with self._told:
            self.heard.append((monotonic(), kinds))
            self._told.notify_all()

    def wait(self, wanted: Callable[[], bool]) -> None:
        with self._told:
            assert self._told.wait_for(wanted, LONG), self.heard

    def times(self, many: int) -> None:
        self.wait(lambda: len(self.heard) >= many)


@contextmanager
def listening(store: Store, gap: float = 0.0, address: str = "") -> Iterator[tuple[Live, Ear]]:
    """Listening, after the first news, which says that anything may be new."""
    ear = Ear()
    found = Live(store, ear, gap=gap, address=address).start()
    ear.times(1)
    try:
        yield found, ear
    finally:
        found.close()
        assert found.join(LONG)


def test_the_first_news_is_that_anything_may_have_changed_before_one_listened(town: Town) -> None:
    with listening(town.store) as (found, ear):
        assert ear.heard[0][1] == ANYTHING
        assert found.listening
    assert not found.listening


def test_a_change_is_heard_at_another_seat(town: Town) -> None:
    order = town.assigned()
    other = Store(town.store.url.render_as_string(hide_password=False))
    with listening(other) as (_, ear):
        notes.urge(town.agent, order.order_id)
        ear.wait(lambda: any(News.ORDERS in kinds for _, kinds in ear.heard[1:]))
    other.dispose()


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_what_another_program_writes_is_heard_too(town: Town) -> None:
    with listening(town.store) as (_, ear), Store(town.settings.database_url).write() as session:
        session.connection().execute(sa.insert(Site).values(code="C09", name="点"))
        session.commit()
        ear.times(2)


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_news_say_a_kind_of_thing_and_nothing_else(town: Town) -> None:
    told = list[str]()
    with psycopg.connect(_address(town), autocommit=True) as connection:
        connection.execute(f"LISTEN {news.CHANNEL}")
        town.register(name="王小明", phone="13900002211")
        town.store.dispose()  # tells what is left
        told += [note.payload for note in connection.notifies(timeout=0.2)]
    assert told
    assert set(told) <= {kind.value for kind in News}


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_each_kind_is_told_by_itself_and_what_was_undone_is_not_told(town: Town) -> None:
    town.store.dispose()  # what the town itself was made of is told
    with psycopg.connect(_address(town), autocommit=True) as connection:
        connection.execute(f"LISTEN {news.CHANNEL}")
        with town.store.write() as session:
            session.add(Site(code="C02", name="点"))
            session.flush()
        with town.store.rehearsal().write() as session:
            session.add(Site(code="C03", name="点"))
            session.commit()
        town.store.dispose()
        assert not list(connection.notifies(timeout=0.2))
        with town.store.write() as session:
            session.add(Site(code="C02", name="点"))
            session.commit()
        town.store.dispose()
        assert [note.payload for note in connection.notifies(timeout=0.2)] == [News.OFFICE.value]


def test_of_a_burst_the_first_is_told_at_once_and_the_others_together(town: Town) -> None:
    order = town.assigned()
    with listening(town.store, gap=1.0) as (_, ear):
        for number in range(12):
            notes.urge(town.agent, order.order_id, f"第{number}次")
        ear.times(2)
        gaps = [after[0] - before[0] for before, after in zip(ear.heard, ear.heard[1:], strict=False)]
    assert all(gap >= 0.99 for gap in gaps), gaps


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_a_cut_line_is_laid_anew_and_then_anything_may_be_new(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FIRST_PAUSE", 0.01)
    with listening(town.store) as (found, ear), psycopg.connect(_address(town), autocommit=True) as connection:
        before = len(ear.heard)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'hotline-live' AND datname = current_database()"
        )
        ear.wait(lambda: ANYTHING in [kinds for _, kinds in ear.heard[before:]])
        assert found.listening


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_a_server_that_is_away_is_tried_until_the_end_and_the_end_is_at_once(town: Town) -> None:
    ear = Ear()
    away = Live(town.store, ear, address="postgresql+psycopg://nobody@/nothing?host=/nowhere").start()
    assert not away.listening
    before = monotonic()
    away.close()
    assert away.join(LONG)
    assert monotonic() - before < 5
    assert not ear.heard


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_what_was_committed_stands_though_the_line_breaks_before_it_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    order = town.assigned()
    monkeypatch.setattr(teller, "GAP_SECONDS", 0.0)
    monkeypatch.setattr(teller, "_TELL", "SELECT %s::text, %s::text[], pg_terminate_backend(pg_backend_pid())")
    notes.note(town.agent, order.order_id, "备注一")
    monkeypatch.undo()
    notes.note(town.agent, order.order_id, "备注二")
    texts = [event.payload["facts"]["text"] for event in steps(town, order) if event.action == "note"]
    assert texts == ["备注一", "备注二"]
    assert not caplog.records, "what is logged would stand on the screen"


def test_whoever_closes_hears_nothing_more(town: Town) -> None:
    with listening(town.store) as (found, ear):
        found.close()
        assert found.join(LONG)
        many = len(ear.heard)
        town.register()
        found.close()
    assert len(ear.heard) == many


def test_every_table_is_of_one_kind_or_tells_nothing() -> None:
    from sqlmodel import SQLModel

    kinds = {name: news.kind_of(name) for name in SQLModel.metadata.tables}
    assert kinds["work_order"] is kinds["claim"] is News.ORDERS
    assert kinds["article"] is News.KNOWLEDGE
    assert kinds["account"] is News.OFFICE
    assert {name for name, kind in kinds.items() if kind is None} == {
        "event", "number_series", "presence", "seal", "tally", "tally_day", "tally_touch", "unknown_login",
    }  # fmt: skip


def _address(town: Town) -> str:
    return town.store.url.set(drivername="postgresql").render_as_string(hide_password=False)
