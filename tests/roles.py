"""A town whose desks sit at a Postgres with roles, each by its own token, as the centre's seats do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline_tui.data.migrate import upgrade
from hotline_tui.data.roles.install import install
from hotline_tui.data.roles.names import SEAT, role_name
from hotline_tui.data.roles.seat import Sitting
from hotline_tui.data.store import Store
from tests.builders import Town
from tests.engines import Run, fresh_postgres, url_of

TEMPLATE = "hotline_guarded"


def as_login(url: str, login: str = SEAT) -> str:
    """The same database, by another login."""
    return sa.make_url(url).set(username=login).render_as_string(hide_password=False)


def token_of(owner: Store, account_id: object) -> str:
    """As a sign-in gives it."""
    with owner.write() as session:
        token = session.connection().execute(sa.text("SELECT hotline.seat(:account)"), {"account": account_id})
        found = str(token.scalar_one())
        session.commit()
    return found


def databases(run: Run, execute: Callable[..., object]) -> Callable[[], AbstractContextManager[str]]:
    """Makes databases with roles; the roles themselves are the server's, made once in a run."""
    with run.once("guarded-template") as first:
        if first:
            execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", TEMPLATE)
            execute("CREATE DATABASE {}", TEMPLATE)
            url = url_of(run.postgres(TEMPLATE))
            upgrade(url)
            store = Store(url)
            install(store)
            in_a_town_of_its_own_time(store)
            store.dispose()
    return partial(fresh_postgres, run, execute, TEMPLATE)


def in_a_town_of_its_own_time(owner: Store) -> None:
    """Claims run out by the town's clock, which may be ahead of the server's: to the database all have."""
    with owner.write() as session:
        ahead = (
            "CREATE OR REPLACE FUNCTION hotline.moment() RETURNS timestamptz"
            " LANGUAGE sql STABLE AS $$ SELECT 'infinity'::timestamptz $$"
        )
        session.connection().execute(sa.text(ahead))
        session.commit()


def guard(town: Town, url: str) -> Store:
    """Sit everybody down at the database with roles; the town's own store stays its owner's."""
    seats = Store(as_login(url))
    for login, desk in town.desks.items():
        sitting = Sitting(role_name(desk.role), token_of(town.store, town.accounts[login]))
        viewer = replace(desk.viewer, guarded=True)
        setattr(town, login, replace(desk, store=seats.seated(sitting), viewer=viewer))
    return seats


@contextmanager
def guarded_town(run: Run, execute: Callable[..., object], home: Path) -> Iterator[Town]:
    """A town with roles."""
    with databases(run, execute)() as url:
        town = Town(url, home)
        town.answers()
        seats = guard(town, url)
        yield town
        seats.dispose()
        town.store.dispose()


@pytest.fixture
def guarded(run: Run, server: Callable[..., object], tmp_path: Path) -> Iterator[Town]:
    """One for a test."""
    with guarded_town(run, server, tmp_path / "hotline-home") as town:
        yield town
