"""Leaving a seat of a database with roles: it forgets who sat there, and one that does not answer keeps nobody."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic

import pytest
import sqlalchemy as sa
from sqlmodel import col

from hotline_tui.app import HotlineApp
from hotline_tui.data.roles import knocking
from hotline_tui.data.store import Store
from hotline_tui.models import Account
from hotline_tui.screens.profile import Profile
from hotline_tui.services import passwords
from tests.builders import Town
from tests.engines import GUARDED
from tests.lines import Line, line_to
from tests.roles import as_login
from tests.screens.seats import PATIENCE, THIN, on, settled, until

pytestmark = [pytest.mark.parametrize("storage", [GUARDED], indirect=True), pytest.mark.requirement("R-13a")]
PASSWORD = "correct horse 口令"


@asynccontextmanager
async def signed_in(town: Town) -> AsyncIterator[tuple[Line, HotlineApp, Callable[[], bool]]]:
    """A seat on a line, at rest, and whether its sign-in opens anything; at the end the person leaves."""
    with town.store.write() as session:
        account = sa.update(Account).where(col(Account.login) == "agent")
        session.execute(account.values(password_hash=passwords.hashed(PASSWORD)))
        session.commit()
    with line_to(as_login(town.settings.database_url)) as (line, near):
        app = HotlineApp(replace(town.settings, database_url=near), clock=town.clock, profile=Profile.THIN)
        async with app.run_test(size=THIN) as pilot:
            await on(pilot, "SignInScreen")
            await pilot.press(*"agent", "enter", *PASSWORD, "enter")
            await on(pilot, "HomeScreen")
            await settled(pilot)
            seat = town.agent.store.seated(app.desk.store.sitting)
            yield line, app, lambda: opens(seat)
            await until(pilot, lambda: not app._counting.locked())


def opens(seat: Store) -> bool:
    with seat.read() as session:
        return session.connection().execute(sa.text("SELECT count(*) FROM account")).scalar_one() > 0


async def test_who_leaves_is_forgotten(town: Town) -> None:
    async with signed_in(town) as (_, _, known):
        assert known()
    assert not known()


async def test_a_server_that_says_nothing_any_more_keeps_nobody_from_leaving(town: Town) -> None:
    async with signed_in(town) as (line, _, known):
        line.silence()
        left = monotonic()
    assert monotonic() - left < PATIENCE
    assert known()


async def test_a_server_that_is_known_to_be_away_is_not_asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Store] = []
    monkeypatch.setattr(knocking, "leave", asked.append)
    async with signed_in(town) as (line, app, _):
        line.cut()
        app.away()
    assert asked == []


SEAT = """
import asyncio, pickle, sys
from hotline_tui.app import HotlineApp

settings, account = pickle.loads(bytes.fromhex(sys.stdin.readline()))
app = HotlineApp(settings, account_id=account)

async def leave(pilot):
    while type(app.screen).__name__ != "HomeScreen" or app._counting.locked():
        await pilot.pause(0.01)
    print("here", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    app.count()
    while not app._counting.locked():
        await pilot.pause(0.01)
    app.exit()

app.run(headless=True, auto_pilot=leave)
"""


def test_a_program_that_waits_for_a_server_that_says_nothing_ends(town: Town) -> None:
    with line_to(town.settings.database_url) as (line, near):
        told = pickle.dumps((replace(town.settings, database_url=near), town.accounts["agent"])).hex()
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", SEAT], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as seat:
            try:
                assert seat.stdin is not None
                assert seat.stdout is not None
                seat.stdin.write(f"{told}\n")
                seat.stdin.flush()
                assert seat.stdout.readline() == "here\n"
                line.silence()
                assert seat.communicate("leave\n", timeout=PATIENCE) == ("", "")
            finally:
                seat.kill()
    assert seat.returncode == 0
