"""The demonstration city: every state and standing, on whatever day it is opened, the same for everybody that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from hotline_tui.data import reference
from hotline_tui.data.doctor import doctor
from hotline_tui.data.queries.stock import Shelf, many
from hotline_tui.data.store import Store
from hotline_tui.models import (
    Account,
    Article,
    Assignment,
    Callback,
    Caller,
    Deadline,
    Event,
    Misconduct,
    OnSite,
    OrderAccused,
    OrderCaller,
    Reply,
    Report,
    Request,
    Topic,
    Unit,
    WorkOrder,
)
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import edges
from hotline_tui.rules.words import (
    Action,
    ArticleState,
    AssignmentState,
    AssignmentType,
    Channel,
    Duty,
    Fault,
    Kind,
    OrderState,
    RefusalReason,
    RequestMatter,
    Role,
    Standing,
    Verdict,
)
from hotline_tui.services import accounts, demo, knowledge
from hotline_tui.services.demo import cache
from hotline_tui.settings import Settings
from tests.engines import Run

# Some tests build two cities, each in more than a thousand transactions.
pytestmark = pytest.mark.timeout(300)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
DAYS = {
    "an ordinary Monday": MONDAY,
    "a make-up Saturday": date(2026, 10, 10),
    "Spring Festival": date(2026, 2, 18),
}


def settings_in(folder: Path, url: str = "") -> Settings:
    return Settings(home=folder, database_url=url or f"sqlite:///{folder / 'city.db'}")


@pytest.fixture
def open_city(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Settings, dict[Role, object]]]:
    """A city of a day; the tests of one run share what was built."""

    def open_(day: date) -> tuple[Settings, dict[Role, object]]:
        folder = tmp_path / day.isoformat()
        folder.mkdir()
        settings = settings_in(folder)
        monkeypatch.setenv("XDG_CACHE_HOME", str(run.folder / f"cache-{day.isoformat()}"))
        with run.once(f"city-{day.isoformat()}"):
            return settings, dict(demo.build(settings, day))

    return open_


@contextmanager
def inside(settings: Settings) -> Iterator[Session]:
    store = Store(settings.database_url)
    with store.read() as session:
        yield session
    store.dispose()


def told(settings: Settings, before: datetime) -> list[tuple[Any, ...]]:
    """What happened to which number, with the deadlines, before a moment."""
    with inside(settings) as session:
        query = (
            select(Event, WorkOrder.number)
            .join(WorkOrder, col(WorkOrder.id) == col(Event.order_id))
            .where(Event.at < before)
            .order_by(col(Event.at), WorkOrder.number)
        )
        return [
            (event.at, number, event.action, event.actor, event.to_state, event.payload["facts"])
            for event, number in session.exec(query)
        ]


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_a_city_shows_every_state_and_standing_on(day: date, open_city) -> None:
    settings, seats = open_city(day)
    midnight = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
    with inside(settings) as session:
        orders = session.exec(select(WorkOrder)).all()
        assert 280 <= len(orders) <= 320
        assert {order.state for order in orders} == set(OrderState)
        assert {order.kind for order in orders} == set(Kind)
        assert {order.channel for order in orders} == {Channel.PHONE, Channel.MAILBOX, Channel.COUNTER}
        assert {order.refusal_reason for order in orders} == {None, *RefusalReason}
        assert {order.site for order in orders} == {"C01", "N02", "N03"}
        assert any(order.urgent for order in orders)
        assert any(order.secret for order in orders)
        assert {order.returns for order in orders} >= {0, 1, 2}
        assert {order.unreached for order in orders} >= {0, 1, 3}

        for order in orders:
            assert order.number.split("-")[1] == f"{order.received_at.astimezone(SHANGHAI):%Y%m%d}"
        received = [order.received_at for order in orders]
        assert max(received) < midnight
        assert midnight - timedelta(days=75) < min(received) < midnight - timedelta(days=45)
        closed = [order.closed_at for order in orders if order.state is OrderState.ARCHIVED and order.closed_at]
        assert max(closed) - min(closed) > timedelta(days=30)

        shares = session.exec(select(Assignment)).all()
        assert {share.state for share in shares} == set(AssignmentState)
        assert any(share.again for share in shares)
        assert any(reply.sent_back_at for reply in session.exec(select(Reply)))
        assert {call.verdict for call in session.exec(select(Callback))} == set(Verdict)
        assert session.exec(select(OrderAccused)).first() is not None

        actions = {event.action for event in session.exec(select(Event)) if event.order_id}
        assert actions >= {Action.REDISPATCH, Action.SEND_BACK, Action.REJECT_REPLY, Action.PROGRESS, Action.URGE}
        # The morning, noon and evening of the day: what is due soon is not overdue before the offices close.
        for hour in (9, 13, 17):
            now = datetime.combine(day, time(hour), SHANGHAI)
            limits = edges(WorkingCalendar(), now)
            clocks = session.exec(
                select(Deadline).where(
                    Deadline.duty == Duty.REPLY, col(Deadline.met_at).is_(None), col(Deadline.void_at).is_(None)
                )
            )
            standings = Counter(limits.standing(clock.due_at) for clock in clocks)
            assert set(standings) == set(Standing)
            assert min(standings.values()) >= 5

        assert set(seats) == set(Role)
        for role, account_id in seats.items():
            assert session.get_one(Account, account_id).role is role
        published = session.exec(select(Article).where(Article.state == ArticleState.PUBLISHED)).all()
        assert len(published) >= 80
        in_force = [
            each
            for each in published
            if (each.valid_from or day) <= day and (each.valid_to is None or day <= each.valid_to)
        ]
        assert len(in_force) >= 80
        assert {article.state for article in session.exec(select(Article))} == set(ArticleState)

    store = Store(settings.database_url)
    for role, least in ((Role.OFFICE, 4), (Role.HANDLER, 2)):
        desk = accounts.desk_of(store, settings, seats[role])
        with store.read() as session:
            assert many(session, desk.viewer, Shelf.ENDING, day, 99, days=settings.remind_days) >= least
    report = doctor(store)
    store.dispose()
    assert report.sound, [check for check in report.checks if not check.ok]


def test_what_is_told_of_an_order_agrees_with_itself(open_city) -> None:
    settings, _ = open_city(MONDAY)
    pools, matters = reference.demo("pools"), reference.demo("matters")["matter"]
    with inside(settings) as session:
        poor = {(each["reply"], each["reason"]) for each in pools["poor"]}
        for reply in session.exec(select(Reply).where(col(Reply.sent_back_at).is_not(None))):
            faults = session.exec(select(Misconduct).where(Misconduct.order_id == reply.order_id)).all()
            assert (reply.text, reply.sent_back_reason) in poor or faults, reply.text

        for fault in session.exec(select(Misconduct).where(Misconduct.fault == Fault.FALSIFICATION)):
            replies = session.exec(select(Reply).where(Reply.order_id == fault.order_id)).all()
            assert any(reply.sent_back_at and reply.sent_back_at < fault.recorded_at for reply in replies), fault.text

        right: dict[str, set[str]] = {}
        for matter in matters:
            right.setdefault(matter["topic"], set()).add(matter["unit"])
        returned = (
            select(Topic.path, Unit.key)
            .join(WorkOrder, col(WorkOrder.topic_id) == col(Topic.id))
            .join(Assignment, col(Assignment.order_id) == col(WorkOrder.id))
            .join(Unit, col(Unit.id) == col(Assignment.unit_id))
            .join(Event, col(Event.assignment_id) == col(Assignment.id))
            .where(Event.action == Action.RETURN)
        )
        found = session.exec(returned).all()
        assert len(found) >= 10
        for path, unit in found:
            assert any(unit in pools["mistaken"][each] for each in right[path]), (path, unit)

        (revised,) = session.exec(select(Article).where(col(Article.pending).is_not(None)))
        assert revised.state is ArticleState.PUBLISHED
        assert set(knowledge.NEEDED) - set(
            knowledge.lacking(unit=revised.unit_id, topic=revised.topic_id, basis=revised.basis)
        ) == set(knowledge.NEEDED)


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_a_city_has_what_happens_seldom_too(day: date, open_city) -> None:
    """Proposed, reported, instructed; promised in time and late; countersigned; asked, delegated, sent, at fault."""
    settings, _ = open_city(day)
    midnight = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
    with inside(settings) as session:
        awaiting = session.exec(select(WorkOrder).where(WorkOrder.state == OrderState.AWAITING_INSTRUCTION)).all()
        assert {(bool(each.reported_at), bool(each.instructed_at)) for each in awaiting} == {
            (False, False),
            (True, False),
            (True, True),
        }
        assert len({report.leader_id for report in session.exec(select(Report))}) == 2  # one leader, or any

        promises = session.exec(select(Deadline).where(Deadline.duty == Duty.PROMISE)).all()
        running = [clock.due_at > midnight for clock in promises if not (clock.met_at or clock.void_at)]
        assert set(running) == {True, False}
        assert any(clock.void_at for clock in promises)  # the day was changed

        countersigned = session.exec(select(Assignment).where(Assignment.type == AssignmentType.COUNTERSIGNED)).all()
        assert sorted(share.state.value for share in countersigned) == ["reply_approved", "signed", "signed"]

        asked = session.exec(select(Request)).all()
        assert {(each.matter, each.granted) for each in asked} >= {(each, None) for each in RequestMatter}
        assert any(share.return_late for share in session.exec(select(Assignment)))
        assert any(share.delegated_to_id for share in session.exec(select(Assignment)))
        assert {bool(visit.arrived_at) for visit in session.exec(select(OnSite))} == {True, False}
        assert session.exec(select(Misconduct)).first() is not None
        assert any(order.malicious and order.referral for order in session.exec(select(WorkOrder)))

        callers = Counter(session.exec(select(OrderCaller.order_id)))
        ringing = session.exec(select(WorkOrder.id).where(WorkOrder.state == OrderState.AWAITING_CALLBACK)).all()
        assert any(callers[order_id] == 2 for order_id in ringing)


@pytest.mark.parametrize("storage", ["postgres"])
def test_on_postgres_the_same_things_happen(open_city, migrated_url: str, tmp_path: Path) -> None:
    settings, _ = open_city(MONDAY)
    other = settings_in(tmp_path, migrated_url)
    weeks_ago = datetime.combine(MONDAY, time(), SHANGHAI) - timedelta(days=28)
    demo.build(other, MONDAY, weeks_ago)
    past = told(settings, weeks_ago)
    assert len(past) > 200
    assert told(other, weeks_ago) == past


def test_the_same_day_is_the_same_city_for_everybody_and_at_noon_its_day_has_begun(open_city, tmp_path: Path) -> None:
    settings, _ = open_city(MONDAY)
    later = settings_in(tmp_path)
    noon = datetime.combine(MONDAY, time(12), SHANGHAI)
    demo.build(later, MONDAY, noon)
    midnight = datetime.combine(MONDAY, time(), SHANGHAI)
    past = told(settings, noon)
    assert max(at for at, *_ in past) < midnight
    assert told(later, midnight) == past
    with inside(later) as after:
        new = after.exec(select(WorkOrder).where(WorkOrder.received_at >= midnight)).all()
        assert len(new) >= 5
        assert max(event.at for event in after.exec(select(Event))) <= noon


def test_the_second_demonstration_of_a_day_takes_a_copy_and_leaves_the_kept_one_alone(open_city, tmp_path) -> None:
    open_city(MONDAY)
    copy = settings_in(tmp_path)
    kept = cache._kept(copy, MONDAY)
    content = kept.read_bytes()
    assert cache.take(copy, MONDAY)
    store = Store(copy.database_url)
    with store.write() as session:
        session.add(Unit(key="new", name="新单位"))
        session.commit()
    store.dispose()
    assert kept.read_bytes() == content
    assert (tmp_path / "city.db").stat().st_mode & 0o077 == 0


def test_a_cache_that_cannot_be_written_is_no_hindrance(
    open_city, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = open_city(MONDAY)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    cache.keep(settings, MONDAY)
    assert not cache.take(settings_in(tmp_path), MONDAY)


def test_another_day_and_another_closing_time_are_other_cities(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    earlier = Settings(home=tmp_path, database_url=settings.database_url, closing=time(17))
    names = {cache._kept(settings, MONDAY), cache._kept(settings, date(2026, 11, 24)), cache._kept(earlier, MONDAY)}
    assert len(names) == 3


def test_nobody_can_sign_in_to_the_demonstration_with_a_password(open_city) -> None:
    settings, seats = open_city(MONDAY)
    store = Store(settings.database_url)
    desk = accounts.desk_of(store, settings, seats[Role.HANDLER])
    assert desk.unit_name == "城管局"
    assert len(desk.viewer.unit_ids) >= 1
    with store.read() as session:
        hashes = set(session.exec(select(Account.password_hash)))
        phones = set(session.exec(select(Caller.phone)))
    store.dispose()
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert all(phone.startswith("1390000") for phone in phones)
