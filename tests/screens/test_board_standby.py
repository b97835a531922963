"""The dashboard of the wall reads from a standby and hears of changes at the primary (R-6b)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline_tui import wall
from hotline_tui.data.migrate import upgrade
from hotline_tui.data.roles.install import install
from hotline_tui.data.roles.names import BOARD
from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError, UsageError
from hotline_tui.settings import load
from hotline_tui.wall import BoardApp
from tests.builders import Town
from tests.roles import as_login
from tests.screens.seats import on, until
from tests.servers import servers

pytestmark = pytest.mark.requirement("R-6b")
PRIMARY, STANDBY = "postgresql://hotline@a.example/hotline", "postgresql://hotline@b.example/hotline"


async def test_what_is_registered_at_the_primary_arrives_on_the_wall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wall, "STANDBY_SECONDS", 0.2)
    with servers() as group:
        primary = group.another().make()
        upgrade(primary.url())
        town = Town(primary.url(), tmp_path)
        standby = group.another().copy(primary)
        settings = replace(town.settings, read_url=standby.url()).reading()
        app = BoardApp(settings, clock=town.clock)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await on(pilot, "DashboardScreen")
            await until(pilot, lambda: screen.board is not None and app.listening)
            assert f"port={standby.port}" in app.store.url.render_as_string()
            before = screen.board.snapshot.waiting
            town.register()
            await until(pilot, lambda: screen.board.snapshot.waiting == before + 1)
        town.store.dispose()


async def test_the_walls_own_login_reads_from_the_standby_what_a_wall_may_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wall, "STANDBY_SECONDS", 0.2)
    with servers() as group:
        primary = group.another().make()
        upgrade(primary.url())
        town = Town(primary.url(), tmp_path)
        standby = group.another().copy(primary)
        standby.execute("SELECT pg_wal_replay_pause()")
        install(town.store)
        settings = replace(
            town.settings, database_url=as_login(primary.url(), BOARD), read_url=as_login(standby.url(), BOARD)
        ).reading()
        behind = Store(settings.database_url, setting=settings.address_setting)
        with pytest.raises(StorageError, match="服务器上没有这个用户, 请检查 HOTLINE_READ_URL"), behind.read():
            pass
        standby.execute("SELECT pg_wal_replay_resume()")
        arrived = primary.execute("SELECT pg_current_wal_lsn()")[0][0]
        while not standby.execute(f"SELECT pg_last_wal_replay_lsn() >= '{arrived}'")[0][0]:
            pass
        app = BoardApp(settings, clock=town.clock)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await on(pilot, "DashboardScreen")
            await until(pilot, lambda: screen.board is not None and app.listening)
            assert app.store.roles == {BOARD}
            before = screen.board.snapshot.waiting
            town.register(secret=True)
            town.register()
            await until(pilot, lambda: screen.board.snapshot.waiting == before + 1)
            await until(pilot, lambda: app.status_facts.online)
        with town.store.write() as session:
            session.connection().execute(sa.text("COMMENT ON SCHEMA hotline IS 'of another program'"))
            session.commit()
        told = "备库还没有与本程序相合的角色: .*在主库运行 hotline db roles --apply"
        while not refused(settings.database_url, told):
            pass
        behind.dispose()
        town.store.dispose()


def refused(url: str, told: str) -> bool:
    """Whether the standby is refused by this sentence, or has yet to hear why."""
    store, said = Store(url), ""
    try:
        with store.read():
            pass
    except StorageError as error:
        said = str(error)
    store.dispose()
    assert not said or re.search(told, said), said
    return bool(said)


def test_only_who_reads_goes_to_the_standby(tmp_path: Path) -> None:
    given = {"home": tmp_path, "database_url": PRIMARY, "read_url": STANDBY}
    settings = load(given, environ={})
    assert settings.database_url == PRIMARY.replace("postgresql:", "postgresql+psycopg:")
    assert settings.reading().database_url == settings.read_url
    assert settings.reading().listen_url == settings.database_url
    assert (
        load({"home": tmp_path, "database_url": PRIMARY}, environ={})
        .reading()
        .database_url.endswith("a.example/hotline")
    )


@pytest.mark.parametrize(
    ("database", "read", "said"),
    [
        (PRIMARY, "sqlite:///b.db", "Postgres 备库的地址"),
        (PRIMARY, "postgresl://u:Pass-word-9@h/x", "^备库地址写法不对, 应为 Postgres 备库的地址, 如 [^u]*$"),
        ("sqlite:///a.db", STANDBY, "read_url 只用于 Postgres"),
    ],
)
def test_an_address_that_cannot_be_a_standby_is_told(tmp_path: Path, database: str, read: str, said: str) -> None:
    with pytest.raises((UsageError, StorageError), match=said):
        load({"home": tmp_path, "database_url": database, "read_url": read}, environ={})
