"""A hotline set up for work: units, accounts and standard answers of the demonstration city, the real clock."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from hotline_tui.models import Account, Region, Topic
from hotline_tui.rules.words import Kind
from hotline_tui.services import dispatch, intake
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake, Registered
from tests.journeys.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
HOTLINE = [sys.executable, "-m", "hotline_tui"]
PASSWORD = "zhongxin-12345"
PEOPLE = ("agent01", "agent02", "office01", "office02", "fangchan01", "fangchan-lead", "gongshang01", "gongshang-lead")
PEOPLE += ("chengguan01", "chengguan-lead", "xinhe01", "mayor01")
AT = """
import sys
from datetime import UTC, datetime
from hotline_tui import app
from hotline_tui.settings import load
began, moment = datetime.now(UTC), datetime.fromisoformat(sys.argv[1])
app.run(load(), clock=lambda: moment + (datetime.now(UTC) - began))
"""
"""The program on a day of the journey's own."""
SECONDS = 30
"""How long anything is waited for: the machine may be busy with other tests."""


class Centre:
    """One installation: its home, its database, and whoever sits down at it."""

    def __init__(self, home: Path, database_url: str = "") -> None:
        self.home = home
        self.database_url = database_url or f"sqlite:///{home / 'hotline.db'}"
        self.env = {
            "HOTLINE_HOME": str(home),
            "HOTLINE_DATABASE_URL": self.database_url,
            "HOTLINE_PROFILE": "thin",
            "PYTHONPATH": str(ROOT),
        }

    @classmethod
    def found(cls, home: Path) -> Centre:
        """Set one up as an administrator would: `hotline init`, then the organisation, the accounts, the answers."""
        centre = cls(home)
        centre.run("init", "--city", "城南新区", "--admin", "admin", "--password-stdin", given=PASSWORD)
        centre._furnish()
        return centre

    def copy(self, home: Path) -> Centre:
        """Another one like it."""
        shutil.copytree(self.home, home)
        return Centre(home)

    def _furnish(self) -> None:
        from hotline_tui.rules.calendar import WorkingCalendar
        from hotline_tui.rules.deadlines import shanghai_day
        from hotline_tui.services import accounts
        from hotline_tui.services.demo.city import found
        from hotline_tui.services.demo.clock import Days, MovingClock

        now = datetime.now(UTC)
        with closing(self._open()) as store:
            city = found(store.store, store.settings, MovingClock(now), Days(WorkingCalendar(), shanghai_day(now)))
            for login in PEOPLE:
                account_id = city.desks[login].viewer.account_id
                assert account_id is not None
                accounts.reset_password(city.desks["admin01"], account_id, PASSWORD)

    # -- the command line

    def start(self, *arguments: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command; whatever becomes of it."""
        return subprocess.run(
            [*HOTLINE, *arguments],
            input=given,
            env={**os.environ, **self.env, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def run(self, *arguments: str, given: str = "", **env: str) -> str:
        """Run a command that must succeed; what it printed."""
        done = self.start(*arguments, given=given, **env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command with `--json`."""
        return json.loads(self.run(*arguments, "--json"))

    def is_sound(self) -> bool:
        """Whether `hotline doctor` finds nothing wrong."""
        return bool(self.json("doctor")["sound"])

    # -- the terminal

    def terminal(self, *arguments: str, moment: datetime | None = None, **options: Any) -> Terminal:
        """The program in a terminal of its own, before anybody signs in; its clock goes on from `moment`."""
        env = {**self.env, **options.pop("env", {})}
        command = [sys.executable, "-c", AT, moment.isoformat()] if moment else [*HOTLINE, *arguments]
        return Terminal(command, env=env, deadline=SECONDS, **options)

    def seat(self, login: str, **options: Any) -> Terminal:
        """Somebody signed in, on the home screen."""
        return sign_in(self.terminal(**options), login)

    @contextmanager
    def at_work(self, *logins: str, moment: datetime | None = None) -> Iterator[Callable[[str, str], Terminal]]:
        """Everybody at a terminal; what it gives takes a login and a place, and sits that person down there."""
        with ExitStack() as stack:
            started = {login: stack.enter_context(self.terminal(moment=moment)) for login in logins}
            signed_in = set[str]()

            def at(login: str, place: str) -> Terminal:
                seat = started[login]
                if login not in signed_in:
                    signed_in.add(login)
                    sign_in(seat, login)
                elif "去处" not in seat.text():
                    seat.send("f12").wait_for("去处")
                number = re.search(rf"(\d)  {place} ", seat.wait_for(f" {place} ").text())
                assert number, seat.text()
                return seat.send(number.group(1))

            yield at

    # -- what is stored

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The database, as it is now."""
        with closing(self._open()) as opened, opened.store.read() as session:
            yield session

    @contextmanager
    def desks(self, moment: datetime | None = None) -> Iterator[Desks]:
        """What is not the point of a journey is done by service, at `moment` or now."""
        with closing(self._open()) as opened:
            yield Desks(opened, moment or datetime.now(UTC))

    def _open(self) -> _Opened:
        return _Opened(self)

    def drafts(self, login: str) -> list[dict[str, Any]]:
        """The fields of the drafts on disk, the newest first."""
        from hotline_tui.data.drafts import DraftBox

        return [draft.fields for draft in DraftBox(self.home / "drafts").of(login)]


class _Opened:
    """The store of a centre, until it is closed."""

    def __init__(self, centre: Centre) -> None:
        from hotline_tui.data.store import Store
        from hotline_tui.settings import load

        self.settings = load(environ=centre.env)
        self.store = Store(self.settings.database_url, self.settings.database_key)

    def close(self) -> None:
        self.store.dispose()


class Desks:
    """The desks of a centre, at one moment."""

    def __init__(self, opened: _Opened, moment: datetime) -> None:
        self._opened = opened
        self.moment = moment

    def __getitem__(self, login: str) -> Desk:
        from hotline_tui.services.accounts import desk_of

        with self._opened.store.read() as session:
            account_id = session.exec(select(Account.id).where(Account.login == login)).one()
        return desk_of(self._opened.store, self._opened.settings, account_id, lambda: self.moment)

    def unit(self, login: str) -> UUID:
        """Of this person."""
        unit_id = self[login].viewer.unit_id
        assert unit_id is not None
        return unit_id

    def register(self, narrative: str, **told: Any) -> Registered:
        """A complaint with all that it needs, taken by agent01; `told` replaces what an Intake holds."""
        with self._opened.store.read() as session:
            topic = session.exec(select(Topic.id).where(Topic.path == "物业管理/停车收费")).one()
            region = session.exec(select(Region.id).where(Region.key == "xinhe")).one()
        given: dict[str, Any] = {"name": "王小明", "phone": "13900007788", "workplace": "新河纺织厂"}
        given |= {"home_address": "荷花苑3栋501"}
        given |= {"kind": Kind.COMPLAINT, "address": "荷花苑3栋", "topic_id": topic, "region_id": region} | told
        return intake.register(self["agent01"], Intake(narrative=narrative, **given))

    def assign(self, order: Registered, login: str) -> UUID:
        """By agent01 to this person's unit; the assignment."""
        return dispatch.assign(self["agent01"], order.order_id, self.unit(login)).assignment_id


def sign_in(terminal: Terminal, login: str, password: str = PASSWORD) -> Terminal:
    """Type name and password, and wait for the home screen."""
    terminal.wait_for("账号", "口令", "登录").send(login, "enter", password, "enter")
    return terminal.wait_for("去处", "在线")
