"""`hotline dashboard` left running beside a server that people work on: memory, processor, bytes to the terminal."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic
from uuid import UUID

from sqlmodel import Session, col, select

from bench.report import Report
from bench.served import FIRST, cpu_seconds, server
from hotline_tui.data.store import Store
from hotline_tui.errors import HotlineError
from hotline_tui.models import Region, Topic, Unit, WorkOrder
from hotline_tui.rules.words import Kind, OrderState, Role
from hotline_tui.services import dispatch, intake, notes
from hotline_tui.services.accounts import desk_of
from hotline_tui.services.demo import build
from hotline_tui.services.desk import Desk
from hotline_tui.services.intake import Intake
from hotline_tui.settings import load
from tests.journeys.terminal import Terminal

PROFILES = ("thin", "rich")
SIZE = (132, 43)
PAUSE_SECONDS = 0.5
"""Between two things that people do: a new order that goes to a unit, an order that is urged."""
SETTLED_SECONDS = 20.0
"""After so long everything that is read once has been read."""
GROWTH_MB = 2
"""What the memory may grow by in the second half: Python gives back what it took for a while only in whole pages."""


def watch(report: Report, minutes: float) -> None:
    """Both profiles at once, for so many minutes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hotline-bench-")))
        url = stack.enter_context(server())(FIRST)
        settings = load({"home": folder, "database_url": url}, {})
        office = build(settings)[Role.OFFICE]
        done, at_work = [0], threading.Event()
        desk = desk_of(Store(settings.database_url), settings, office)
        people = threading.Thread(target=_people, args=(desk, at_work, done), daemon=True)
        people.start()
        env = {"HOTLINE_HOME": str(folder), "HOTLINE_DATABASE_URL": url}
        seats = {
            profile: stack.enter_context(
                Terminal(
                    [sys.executable, "-m", "hotline_tui", "dashboard"],
                    size=SIZE,
                    env=env | {"HOTLINE_PROFILE": profile},
                )
            )
            for profile in PROFILES
        }
        for seat in seats.values():
            seat.wait_for("今日受理")
        _rest(seats, SETTLED_SECONDS)
        before = {profile: (_memory(seat.pid), cpu_seconds(seat.pid), len(seat.raw)) for profile, seat in seats.items()}
        begun, did = monotonic(), done[0]
        _rest(seats, minutes * 30)
        halfway = {profile: _memory(seat.pid) for profile, seat in seats.items()}
        _rest(seats, minutes * 30)
        took = monotonic() - begun
        at_work.set()
        people.join()
        desk.store.dispose()
        report.figure("minutes", took / 60, 1)
        report.figure("done_a_minute", (done[0] - did) / took * 60, 0)
        for profile, seat in seats.items():
            memory, cpu, written = before[profile]
            now = _memory(seat.pid)
            report.figure(f"{profile}_memory_start_mb", memory, 1)
            report.figure(f"{profile}_memory_halfway_mb", halfway[profile], 1)
            report.figure(f"{profile}_memory_end_mb", now, 1)
            report.figure(f"{profile}_memory_growth_mb", now - halfway[profile], 1)
            report.figure(f"{profile}_cpu_percent", (cpu_seconds(seat.pid) - cpu) / took * 100, 1)
            report.figure(f"{profile}_bytes_a_minute", (len(seat.raw) - written) / took * 60, 0)
            report.at_most(f"{profile}_memory_growth_mb", GROWTH_MB)


def _rest(seats: dict[str, Terminal], seconds: float) -> None:
    """Read what they write, so that they need not wait for the terminal."""
    end = monotonic() + seconds
    while monotonic() < end:
        for seat in seats.values():
            seat.settle(0.05)


def _people(desk: Desk, at_work: threading.Event, done: list[int]) -> None:
    """A new order, dispatched; and one that is urged; again and again."""
    chance = random.Random(1)
    with desk.store.read() as session:
        topic, region, units = _known(session)
    while not at_work.wait(PAUSE_SECONDS):
        told = Intake(
            kind=Kind.COMPLAINT,
            narrative="小区物业对业主私家车按每天十元收费, 没有公示",
            name="王小明",
            phone="13900002211",
            workplace="某某公司",
            home_address="某某花园3栋501",
            topic_id=topic,
            region_id=region,
            address="某某花园3栋",
        )
        with suppress(HotlineError):
            made = intake.register(desk, told)
            dispatch.assign(desk, made.order_id, chance.choice(units))
            with desk.store.read() as session:
                under_way = select(WorkOrder.id).where(col(WorkOrder.state) == OrderState.ASSIGNED).limit(50)
                order = chance.choice(session.exec(under_way).all())
            notes.urge(desk, order, "")
            done[0] += 3


def _known(session: Session) -> tuple[UUID | None, UUID | None, list[UUID]]:
    topic = session.exec(select(Topic.id).where(col(Topic.parent_id).is_not(None))).first()
    region = session.exec(select(Region.id)).first()
    return topic, region, list(session.exec(select(Unit.id).where(col(Unit.active))))


def _memory(pid: int) -> float:
    """Resident, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
