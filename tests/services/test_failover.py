"""The primary is killed under load: what was accepted is on the standby, and the seats go on by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline_tui.data.migrate import upgrade
from hotline_tui.data.store import Store
from tests.builders import Town
from tests.load import Found, Load, count
from tests.servers import STANDBY, Server, servers

pytestmark = pytest.mark.requirement("R-6d")
SEATS, EACH = 4, 10


def synchronous(primary: Server) -> bool:
    return primary.execute("SELECT sync_state FROM pg_stat_replication") == [("sync",)]


def test_a_standby_has_every_accepted_order_and_the_seats_go_on(tmp_path: Path) -> None:
    with servers() as group:
        primary = group.another().make()
        standby = group.another().copy(primary)
        upgrade(primary.url())
        town = Town(primary.url(), tmp_path)
        primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
        primary.execute("SELECT pg_reload_conf()")
        while not synchronous(primary):
            pass
        both = primary.url().replace(f"port={primary.port}", f"port={primary.port},{standby.port}")
        both = both.replace(f"host={group.folder}", f"host={group.folder},{group.folder}")
        with Load(town.agent, town.licence, both, SEATS, patience=60) as load:
            load.until(EACH)
            primary.kill()
            before = load.accepted
            standby.promote()
            load.until(EACH)
        after = Store(standby.url())
        assert len(before) >= SEATS * EACH
        assert count(after, load.accepted) == Found(lost=0, doubled=0, without_event=0)
        assert [told.refused for told in load.told] == [[]] * SEATS
        after.dispose()
        town.store.dispose()


def test_a_server_that_is_killed_and_started_again_has_lost_and_doubled_nothing(tmp_path: Path) -> None:
    with servers() as group:
        server = group.another().make()
        upgrade(server.url())
        town = Town(server.url(), tmp_path)
        with Load(town.agent, town.licence, server.url(), SEATS, patience=60) as load:
            for _ in range(3):
                load.until(EACH)
                server.kill()
                server.start()
            load.until(EACH)
        assert count(town.store, load.accepted) == Found(lost=0, doubled=0, without_event=0)
        assert [told.refused for told in load.told] == [[]] * SEATS
        town.store.dispose()
