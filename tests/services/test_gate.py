"""Signing in at a database that checks the password itself: nobody reads a hash, no guess is free, a token ends."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from hotline_tui.data.queries import orders
from hotline_tui.data.roles.names import SEAT
from hotline_tui.data.store import Store
from hotline_tui.errors import SignInFailed
from hotline_tui.models import Account, Event
from hotline_tui.rules.patience import wait_after
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.services import accounts, notes, passwords
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.engines import GUARDED

pytestmark = [
    pytest.mark.requirement("R-13a", "R-13b"),
    pytest.mark.parametrize("storage", [GUARDED], indirect=True),
]
PASSWORD = "correct horse 口令"


@pytest.fixture
def door(town: Town) -> Store:
    """The database as a seat has it before anybody has signed in; the agent and the office have a password."""
    encoded = passwords.hashed(PASSWORD)
    with town.store.write() as session:
        for login in ("agent", "office"):
            session.get_one(Account, town.accounts[login]).password_hash = encoded
        session.commit()
    return town.agent.store.seated(None)


def enter(town: Town, door: Store, login: str = "agent", password: str = PASSWORD) -> Desk:
    return accounts.sign_in(door, town.settings, login, password)


def account_of(town: Town, login: str = "agent") -> Account:
    with town.store.read() as session:
        return session.get_one(Account, town.accounts[login])


def deeds(town: Town) -> list[str]:
    with town.store.read() as session:
        found = select(Event.action).where(col(Event.order_id).is_(None)).order_by(col(Event.id))
        return [str(action) for action in session.exec(found)]


def test_the_right_password_gives_a_desk_that_works(town: Town, door: Store) -> None:
    desk = enter(town, door, " Agent ")
    assert (desk.role, desk.login, desk.viewer.guarded) == (Role.AGENT, "agent", True)
    order = town.register(desk)
    with desk.store.read() as session:
        assert orders.row(session, desk.viewer, edges_now(desk, session), order.order_id) is not None
    notes.note(desk, order.order_id, "来电人补充")
    assert deeds(town) == [OfficeAction.SIGN_IN]
    assert account_of(town).failures == 0


def test_failures_wait_as_long_as_they_do_elsewhere_and_a_stranger_waits_the_same(town: Town, door: Store) -> None:
    said: dict[str, list[str]] = {}
    for login in ("agent", "nobody-here"):
        for _ in range(3):
            with pytest.raises(SignInFailed) as refusal:
                enter(town, door, login, "wrong")
            said.setdefault(login, []).append(str(refusal.value))
    assert (
        said["agent"] == said["nobody-here"] == ["账号或口令不对", "账号或口令不对", "账号或口令不对, 请在 2 秒后再试"]
    )
    with pytest.raises(SignInFailed, match="登录失败次数较多"):
        enter(town, door)
    assert account_of(town).failures == 3
    assert deeds(town) == [OfficeAction.SIGN_IN_FAILED] * 6


def test_the_database_reckons_the_waiting_as_the_rules_do(town: Town) -> None:
    with town.store.read() as session:
        for failures in range(20):
            asked = sa.text("SELECT hotline.wait_after(:n)")
            assert session.connection().execute(asked, {"n": failures}).scalar_one() == wait_after(failures)


def test_a_guess_that_is_rolled_back_tells_nothing_and_one_that_is_told_was_counted(town: Town, door: Store) -> None:
    right = account_of(town).password_hash
    address = door.url.render_as_string(hide_password=False).replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(address) as connection:
        for _ in range(5):
            (knocked,) = connection.execute("SELECT id FROM hotline.knock('agent', %s)", [right]).fetchone() or (None,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="knock first"):
                connection.execute("SELECT * FROM hotline.enter(%s)", [knocked])
            connection.rollback()
        assert account_of(town).failures == 0
        (knocked,) = connection.execute("SELECT id FROM hotline.knock('agent', 'wrong')").fetchone() or (None,)
        connection.commit()
        assert account_of(town).failures == 1
        for _ in range(2):
            row = connection.execute("SELECT said FROM hotline.enter(%s)", [knocked]).fetchone()
            assert row == ("wrong",)
            connection.rollback()
    assert account_of(town).failures == 1


def test_the_salt_of_a_login_that_nobody_has_looks_like_any_other(town: Town, door: Store) -> None:
    with door.read() as session:
        salts = [
            session.connection().execute(sa.text("SELECT hotline.salt(:login)"), {"login": login}).scalar_one()
            for login in ("agent", "nobody-here", "nobody-here", "another")
        ]
    assert salts[1] == salts[2] != salts[3]
    assert len({salt.rpartition("$")[0] for salt in salts}) == 1
    assert len({len(salt) for salt in salts}) == 1
    assert account_of(town).password_hash.startswith(salts[0])


def test_a_closed_account_works_no_more_with_the_token_it_had(town: Town, door: Store) -> None:
    desk = enter(town, door)
    order = town.register(desk)
    with town.store.write() as session:
        session.get_one(Account, town.accounts["agent"]).active = False
        session.commit()
    with pytest.raises(SignInFailed, match="停用"):
        notes.note(desk, order.order_id, "还想写")
    with pytest.raises(SignInFailed, match="账号已停用"):
        enter(town, door)


def test_after_signing_out_the_token_opens_nothing(town: Town, door: Store) -> None:
    desk = enter(town, door)
    town.register(desk)
    accounts.sign_out(desk)
    with desk.store.read() as session:
        assert session.connection().execute(sa.text("SELECT count(*) FROM account")).scalar_one() == 0


def test_an_unlocked_seat_goes_on_with_a_new_token(town: Town, door: Store) -> None:
    desk = enter(town, door)
    sitting = desk.store.sitting
    assert sitting is not None
    before = sitting.token
    with pytest.raises(SignInFailed):
        accounts.unlock(desk, "wrong")
    assert sitting.token == before
    accounts.unlock(desk, PASSWORD)
    assert sitting.token != before
    town.register(desk)


def test_a_password_is_changed_by_who_knows_the_one_before(town: Town, door: Store) -> None:
    desk = enter(town, door)
    with pytest.raises(SignInFailed):
        accounts.change_password(desk, "wrong", "another horse 口令")
    accounts.change_password(desk, PASSWORD, "another horse 口令")
    with pytest.raises(SignInFailed):
        enter(town, door)
    assert enter(town, door, password="another horse 口令").login == "agent"
    assert OfficeAction.CHANGE_PASSWORD in deeds(town)


def test_a_seat_that_was_left_open_changes_no_password(town: Town, door: Store) -> None:
    desk = enter(town, door)
    with town.store.write() as session:
        session.connection().execute(sa.text("UPDATE hotline.sitting SET since = since - interval '2 minutes'"))
        session.commit()
    with desk.store.write() as session:
        asked = sa.text("SELECT hotline.set_password('$argon2id$v=19$mine')")
        assert session.connection().execute(asked).scalar_one() is False


def test_a_sitting_is_over_after_a_shift(town: Town, door: Store) -> None:
    desk = enter(town, door)
    with town.store.write() as session:
        session.connection().execute(sa.text("UPDATE hotline.sitting SET until = now() - interval '1 second'"))
        session.commit()
    with pytest.raises(SignInFailed, match="登录已过期"):
        town.register(desk)


def test_two_seats_on_one_connection_do_not_take_each_others_place(town: Town, door: Store) -> None:
    """As behind PgBouncer: what one set is gone with its transaction."""
    agent, office = enter(town, door), enter(town, door, "office")
    order = town.register(office, secret=True)
    for _ in range(3):
        for desk, there in ((office, True), (agent, False)):
            with desk.store.read() as session:
                found = orders.row(session, desk.viewer, edges_now(desk, session), order.order_id)
                assert (found is not None) is there
    with door.read() as session:
        role = session.connection().execute(sa.text("SELECT current_user, current_setting('hotline.sitting', true)"))
        assert role.one() in ((SEAT, ""), (SEAT, None))
