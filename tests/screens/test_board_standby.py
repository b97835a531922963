"""The dashboard of the wall reads from a standby and hears of changes at the primary (R-6b)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hotline_tui import wall
from hotline_tui.data.migrate import upgrade
from hotline_tui.errors import StorageError, UsageError
from hotline_tui.settings import load
from hotline_tui.wall import BoardApp
from tests.builders import Town
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
