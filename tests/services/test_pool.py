"""Seats behind PgBouncer, which hands each transaction to whichever server process is free."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from dataclasses import replace
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import col

from hotline_tui.data.live import Live
from hotline_tui.data.migrate import upgrade
from hotline_tui.data.news import News
from hotline_tui.data.replay import differences
from hotline_tui.data.roles.install import install
from hotline_tui.data.roles.names import SEAT
from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError
from hotline_tui.models import WorkOrder
from hotline_tui.rules.words import OrderState, Role
from hotline_tui.services import accounts, notes
from hotline_tui.services.accounts import NewAccount
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.data.test_live import Ear
from tests.roles import guard
from tests.servers import Server, servers

pytestmark = [
    pytest.mark.requirement("R-6d"),
    pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="pgbouncer is not installed"),
]
SEATS, SERVER_PROCESSES = 6, 2
LOOKS = 50
PASSWORD = "correct horse battery"
OF_THE_POOL = {"application_name", "client_encoding", "DateStyle", "IntervalStyle", "TimeZone"}
"""What PgBouncer itself sets for the client of each transaction."""


class Pool:
    """A server, and PgBouncer in transaction mode before it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        ini, users = server.folder / "pgbouncer.ini", server.folder / "users.txt"
        users.write_text("".join(f'"{name}" ""\n' for name in ("postgres", SEAT)))
        ini.write_text(
            f"[databases]\n* = host={server.folder} port={server.port}\n[pgbouncer]\nlisten_addr =\n"
            f"unix_socket_dir = {server.folder}\nlisten_port = 6432\nauth_type = trust\nauth_file = {users}\n"
            f"pool_mode = transaction\ndefault_pool_size = {SERVER_PROCESSES}\nmax_client_conn = 100\n"
        )
        self._process = subprocess.Popen(
            [shutil.which("pgbouncer") or "", "-q", ini],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **server.identity,
        )
        self.address = f"postgresql://postgres@/postgres?host={server.folder}&port=6432"
        self.url = self.address.replace("postgresql:", "postgresql+psycopg:")
        while True:
            assert self._process.poll() is None, "PgBouncer ends"
            with suppress(psycopg.OperationalError), psycopg.connect(self.address):
                return

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with servers() as group:
        server = group.another().make("fsync=off")
        upgrade(server.url())
        made = Pool(server)
        yield made
        made.close()


@pytest.fixture(scope="module")
def guarded(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with roles, whose every desk is behind the pool by its own token."""
    pool.server.execute("CREATE DATABASE guarded")
    upgrade(pool.server.url("guarded"))
    url = pool.url.replace("/postgres?", "/guarded?")
    town = Town(url, tmp_path_factory.mktemp("home"))
    install(town.store)
    seats = guard(town, url)
    yield town
    seats.dispose()
    town.store.dispose()


@pytest.fixture(scope="module")
def town(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose every desk is behind the pool."""
    town = Town(pool.url, tmp_path_factory.mktemp("home"))
    yield town
    town.store.dispose()


def seat(town: Town, pool: Pool) -> Town:
    """The town with a store of its own."""
    own = copy(town)
    own.store = Store(pool.url)
    for login, desk in town.desks.items():
        setattr(own, login, replace(desk, store=own.store))
    return own


def test_six_seats_do_whole_orders_on_two_server_processes(town: Town, pool: Pool) -> None:
    seats = [seat(town, pool) for _ in range(SEATS)]
    with ThreadPoolExecutor(SEATS) as threads:
        orders = [made.order_id for made in threads.map(lambda own: own.bring(OrderState.ARCHIVED), seats)]
    assert len(set(orders)) == SEATS
    with town.store.read() as session:
        assert list(differences(session)) == []
    for own in seats:
        own.store.dispose()


def test_nothing_of_one_transaction_is_left_for_the_next(town: Town, pool: Pool) -> None:
    town.bring(OrderState.REPLIED)
    with town.store.read() as session:
        session.connection()
    settings: set[str] = set()
    for _ in range(2 * SERVER_PROCESSES):
        with psycopg.connect(pool.address, prepare_threshold=None) as connection:
            assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
            assert connection.execute("SHOW transaction_isolation").fetchone() == ("read committed",)
            assert connection.execute("SHOW transaction_read_only").fetchone() == ("off",)
            found = connection.execute("SELECT name FROM pg_settings WHERE source = 'session'").fetchall()
            settings |= {name for (name,) in found}
    assert settings <= OF_THE_POOL


def test_somebody_signs_in_through_the_pool(town: Town, pool: Pool) -> None:
    accounts.create(town.admin, NewAccount("zuoxi09", "坐席09", Role.AGENT, "C01", None), PASSWORD)
    store = Store(pool.url)
    assert accounts.sign_in(store, town.settings, "zuoxi09", PASSWORD).name == "坐席09"
    store.dispose()


@pytest.mark.requirement("R-13a")
def test_seats_with_roles_do_whole_orders_and_none_sees_what_is_another_units(guarded: Town) -> None:
    orders = {login: guarded.bring(OrderState.ASSIGNED, unit) for login, unit in units(guarded).items()}
    guarded.bring(OrderState.ARCHIVED, guarded.a)
    desks = [getattr(guarded, login) for login in orders for _ in range(SEATS // len(orders))]
    gate = Barrier(len(desks))

    def look(desk: Desk) -> set[tuple[str, ...]]:
        gate.wait(20)
        seen = set[tuple[str, ...]]()
        for _ in range(LOOKS):
            with desk.store.read() as session:
                found = set(session.connection().execute(sa.select(col(WorkOrder.id))).scalars())
            seen.add((desk.login, *(login for login, order in orders.items() if order.order_id in found)))
        return seen

    with ThreadPoolExecutor(len(desks)) as threads:
        told = set[tuple[str, ...]]().union(*threads.map(look, desks))
    assert told == {("handler", "handler"), ("handler_b", "handler_b")}
    with guarded.store.read() as session:
        assert list(differences(session)) == []


@pytest.mark.requirement("R-13a")
def test_who_has_not_signed_in_finds_nothing_of_who_had_the_server_process_before(guarded: Town) -> None:
    guarded.bring(OrderState.ASSIGNED, guarded.a)
    nobody = guarded.office.store.seated(None)
    for _ in range(2 * SERVER_PROCESSES):
        with guarded.office.store.read() as session:
            assert session.connection().execute(sa.select(sa.func.count()).select_from(WorkOrder)).scalar_one()
        with pytest.raises(StorageError, match="权限不够"), nobody.read() as session:
            session.connection().execute(sa.select(col(WorkOrder.id))).all()


def units(town: Town) -> dict[str, UUID]:
    """Two handlers and their units."""
    return {"handler": town.a, "handler_b": town.b}


def test_news_come_from_the_server_itself(town: Town, pool: Pool) -> None:
    order = town.assigned()
    ear = Ear()
    live = Live(town.store, ear, gap=0.0, address=pool.server.url()).start()
    ear.times(1)
    notes.urge(town.agent, order.order_id)
    ear.wait(lambda: any(News.ORDERS in kinds for _, kinds in ear.heard[1:]))
    live.close()
    assert live.join(20)


def test_whoever_listens_through_the_pool_is_not_told_that_he_hears(town: Town) -> None:
    ear = Ear()
    live = Live(town.store, ear).start()
    town.register()
    live.close()
    assert live.join(20)
    assert not ear.heard
