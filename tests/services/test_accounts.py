"""Signing in, the idle lock, who makes and closes accounts, and the first administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select

from hotline_tui.errors import NotAllowed, NotFound, Refused, SignInFailed, StorageError, UsageError
from hotline_tui.models import Account, Event, Unit, UnknownLogin
from hotline_tui.rules.patience import wait_after
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.services import accounts, passwords, strangers
from hotline_tui.services.accounts import NewAccount
from hotline_tui.services.passwords import spoken_wait
from hotline_tui.services.setup import FirstAdmin, init
from hotline_tui.settings import Settings
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = OWNERS

PASSWORD = "correct horse 口令"


@pytest.fixture(scope="module")
def stored() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def person(town: Town, stored: str) -> Town:
    """The town, where the handler of 房产分局 and an agent have a password."""
    with town.store.write() as session:
        for login in ("handler", "agent"):
            account = session.get_one(Account, town.accounts[login])
            account.password_hash = stored
            session.add(account)
        session.commit()
    return town


def enter(town: Town, password: str = PASSWORD, login: str = "handler"):
    return accounts.sign_in(town.store, town.settings, login, password, town.clock)


def fail(town: Town, times: int = 1) -> str:
    """Wrong that many times, each as soon as it may be tried."""
    sentence = ""
    for _ in range(times):
        with pytest.raises(SignInFailed) as refusal:
            enter(town, "wrong")
        sentence = str(refusal.value)
        account = account_of(town)
        if account.next_try_at:
            town.at(account.next_try_at)
    return sentence


def account_of(town: Town, login: str = "handler") -> Account:
    with town.store.read() as session:
        return session.exec(select(Account).where(Account.login == login)).one()


def events(town: Town, action: OfficeAction) -> list[Event]:
    with town.store.read() as session:
        return list(session.exec(select(Event).where(Event.action == action).order_by(col(Event.id))))


def test_the_right_password_opens_the_desk_with_unit_role_site_and_what_the_unit_answers_for(person: Town) -> None:
    desk = enter(person)
    assert (desk.role, desk.name, desk.login) == (Role.HANDLER, "李某", "handler")
    assert (desk.site, desk.site_name, desk.unit_name) == ("C01", "城南热线", "房产分局")
    assert desk.viewer.unit_ids == {person.a, person.a_below}
    assert desk.viewer.above_ids == {person.a}
    assert desk.clock() == person.now
    assert account_of(person).signed_in_at == person.now
    assert [event.actor for event in events(person, OfficeAction.SIGN_IN)] == ["房产分局 李某"]


def test_a_desk_below_knows_the_units_above_it(person: Town) -> None:
    desk = accounts.desk_of(person.store, person.settings, person.accounts["handler_below"], person.clock)
    assert desk.viewer.unit_ids == {person.a_below}
    assert desk.viewer.above_ids == {person.a, person.a_below}


def test_a_name_is_the_same_in_capitals_full_width_and_with_blanks(person: Town) -> None:
    assert enter(person, login=" ＨＡＮＤＬＥＲ ").login == "handler"


def test_a_wrong_name_and_a_wrong_password_look_alike(person: Town) -> None:
    with pytest.raises(SignInFailed) as stranger:
        enter(person, login="nobody")
    assert str(stranger.value) == fail(person)


def test_a_wrong_name_waits_as_long_and_in_the_same_words_as_a_wrong_password(person: Town) -> None:
    def told(login: str) -> list[str]:
        sentences = []
        for seconds in (0, 0, 0, 1, 2, 3, 4, 900):
            person.now += timedelta(seconds=seconds)
            with pytest.raises(SignInFailed) as refused:
                enter(person, "wrong password", login=login)
            sentences.append(str(refused.value))
        return sentences

    known = told("handler")
    assert any("请在 2 秒后再试" in sentence for sentence in known)
    assert told("nobody") == known
    assert told("处长") == known
    with person.store.read() as session:
        rows = session.exec(select(UnknownLogin)).all()
    assert [row.failures for row in rows] == [account_of(person).failures] * 2


def test_a_wrong_name_costs_one_hash_as_a_wrong_password_does(person: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(strangers, "hashed", lambda _: made.append("hashed") or "")
    monkeypatch.setattr(accounts, "matches", lambda *_: bool(made.append("matched")))
    for login in ("nobody", "handler"):
        with pytest.raises(SignInFailed):
            enter(person, login=login)
    assert made == ["hashed", "matched"]


def test_a_failure_is_recorded_without_the_password_and_without_a_strangers_name(person: Town) -> None:
    fail(person)
    with pytest.raises(SignInFailed):
        enter(person, "wrong", login="mypassword")
    known, stranger = events(person, OfficeAction.SIGN_IN_FAILED)
    assert known.payload["facts"] == {"login": "handler", "failures": 1}
    assert known.order_id is None
    assert (stranger.node, stranger.actor_id, stranger.payload) == ("C01", None, {"facts": {}})


def test_two_slips_cost_nothing_and_then_the_waiting_doubles_up_to_a_quarter_of_an_hour() -> None:
    seconds = [wait_after(failures).total_seconds() for failures in range(1, 15)]
    assert seconds == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert wait_after(10_000) == timedelta(minutes=15)


def test_the_sentence_says_how_long_to_wait(person: Town) -> None:
    assert fail(person, 2) == "账号或口令不对"
    assert fail(person) == "账号或口令不对, 请在 2 秒后再试"
    assert fail(person, 2) == "账号或口令不对, 请在 8 秒后再试"
    assert [spoken_wait(timedelta(seconds=s)) for s in (0.2, 59, 60, 61)] == ["1 秒", "59 秒", "1 分钟", "2 分钟"]


def test_while_the_delay_runs_even_the_right_password_is_refused_and_nothing_is_counted(person: Town) -> None:
    fail(person, 2)
    with pytest.raises(SignInFailed):
        enter(person, "wrong")
    person.later(seconds=1)
    with pytest.raises(SignInFailed, match="请在 1 秒后再试"):
        enter(person)
    assert account_of(person).failures == 3
    person.later(seconds=1)
    assert enter(person).login == "handler"


def test_the_right_password_ends_the_counting(person: Town) -> None:
    fail(person, 4)
    enter(person)
    account = account_of(person)
    assert (account.failures, account.next_try_at) == (0, None)


def test_guesses_made_at_the_same_time_all_count(person: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(_stored: str, _password: str) -> bool:
        monkeypatch.undo()
        with pytest.raises(SignInFailed):
            enter(person, "another guess")
        return False

    fail(person)
    monkeypatch.setattr(accounts, "matches", meanwhile)
    with pytest.raises(SignInFailed):
        enter(person, "wrong")
    assert account_of(person).failures == 3


def test_a_right_guess_made_beside_wrong_ones_does_not_slip_past_the_delay(
    person: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_stored: str, _password: str) -> bool:
        monkeypatch.undo()
        with pytest.raises(SignInFailed):
            enter(person, "another guess")
        return True

    fail(person, 2)
    monkeypatch.setattr(accounts, "matches", meanwhile)
    with pytest.raises(SignInFailed, match="请在 2 秒后再试"):
        enter(person)


def test_a_closed_account_is_refused_and_told_so_only_to_who_knows_the_password(person: Town) -> None:
    accounts.close(person.admin, person.accounts["handler"])
    with pytest.raises(SignInFailed, match="账号已停用"):
        enter(person)
    assert fail(person) == "账号或口令不对"


def test_a_hash_with_older_parameters_is_renewed_at_the_next_sign_in(person: Town) -> None:
    with person.store.write() as session:
        account = session.get_one(Account, person.accounts["handler"])
        account.password_hash = PasswordHasher(1, 1024, 1).hash(PASSWORD)
        session.add(account)
        session.commit()
    enter(person)
    renewed = account_of(person).password_hash
    assert not passwords.outdated(renewed)
    assert passwords.matches(renewed, PASSWORD)


def test_a_password_is_kept_as_argon2id_and_never_as_it_is(stored: str) -> None:
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_the_lock_opens_with_the_same_password_and_counts_failures_too(person: Town) -> None:
    desk = enter(person)
    accounts.unlock(desk, PASSWORD)
    for _ in range(2):
        with pytest.raises(SignInFailed, match="账号或口令不对"):
            accounts.unlock(desk, "wrong")
    with pytest.raises(SignInFailed, match="请在 2 秒后再试"):
        accounts.unlock(desk, "wrong")


def test_a_closed_accounts_lock_stays_shut(person: Town) -> None:
    desk = enter(person)
    accounts.close(person.admin, person.accounts["handler"])
    with pytest.raises(SignInFailed, match="账号已停用"):
        accounts.unlock(desk, PASSWORD)


def test_the_administrator_makes_an_account_that_can_sign_in(town: Town) -> None:
    new = NewAccount("Estates02", "物业科 钱某", Role.HANDLER, "C01", town.a_below)
    made = accounts.create(town.admin, new, PASSWORD)
    assert enter(town, login="estates02").viewer.account_id == made
    event = events(town, OfficeAction.CREATE_ACCOUNT)[0]
    assert event.payload["facts"]["login"] == "estates02"
    assert "argon2" not in str(event.payload)
    with town.store.read() as session:
        assert session.get_one(Account, made).spelling == "wu ye ke qian mou"


@pytest.mark.parametrize(
    ("new", "error", "sentence"),
    [
        (NewAccount("agent", "坐席", Role.AGENT, "C01"), Refused, "已有人使用"),
        (NewAccount("a b", "坐席", Role.AGENT, "C01"), Refused, "账号须为"),
        (NewAccount("x" * 33, "坐席", Role.AGENT, "C01"), Refused, "账号须为"),
        (NewAccount("new", " ", Role.AGENT, "C01"), Refused, "姓名"),
        (NewAccount("new", "坐席", Role.AGENT, "N99"), NotFound, "站点"),
        (NewAccount("new", "承办", Role.HANDLER, "C01"), Refused, "承办人须属于一个承办单位"),
    ],
)
def test_an_account_that_does_not_fit_is_refused(
    town: Town, new: NewAccount, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        accounts.create(town.admin, new, PASSWORD)


@pytest.mark.parametrize("password", ["short", "123456789", "LONG-LOGIN-NAME", " " * 12, ""])
def test_a_weak_password_is_refused_with_one_sentence(town: Town, password: str) -> None:
    new = NewAccount("long-login-name", "坐席", Role.AGENT, "C01")
    with pytest.raises(Refused, match="口令至少 10 个字符, 且不能与账号相同"):
        accounts.create(town.admin, new, password)


@pytest.mark.parametrize("login", ["agent", "office", "handler", "leader", "city_leader", "authority"])
def test_only_the_administrator_makes_closes_and_lists_accounts(town: Town, login: str) -> None:
    desk = town.desks[login]
    for attempt in (
        lambda: accounts.create(desk, NewAccount("new", "新", Role.AGENT, "C01"), PASSWORD),
        lambda: accounts.close(desk, town.accounts["agent2"]),
        lambda: accounts.reopen(desk, town.accounts["agent2"]),
        lambda: accounts.reset_password(desk, town.accounts["agent2"], PASSWORD),
        lambda: accounts.listing(desk),
    ):
        with pytest.raises(NotAllowed, match="由系统管理员进行"):
            attempt()


def test_one_changes_ones_own_password_with_the_old_one(person: Town) -> None:
    desk = enter(person)
    with pytest.raises(SignInFailed):
        accounts.change_password(desk, "wrong", "a new password")
    accounts.change_password(desk, PASSWORD, "a new password")
    assert enter(person, "a new password").login == "handler"
    assert "a new password" not in str([event.payload for event in events(person, OfficeAction.CHANGE_PASSWORD)])


def test_the_administrator_resets_a_password_and_the_waiting_ends(person: Town) -> None:
    fail(person, 6)
    accounts.reset_password(person.admin, person.accounts["handler"], "a new password")
    assert enter(person, "a new password").login == "handler"


def test_an_administrator_cannot_close_his_own_account(town: Town) -> None:
    with pytest.raises(Refused, match="不能停用自己的账号"):
        accounts.close(town.admin, town.accounts["admin"])


def test_the_last_administrator_cannot_be_closed(town: Town) -> None:
    somebody = replace(town.admin, viewer=Viewer(None, Role.ADMIN))
    other = accounts.create(town.admin, NewAccount("admin2", "另一管理员", Role.ADMIN, "C01"), PASSWORD)
    accounts.close(somebody, town.accounts["admin"])
    with pytest.raises(Refused, match="不能停用最后一个系统管理员"):
        accounts.close(somebody, other)
    assert {row.login: row.active for row in accounts.listing(town.admin)}["admin2"]
    accounts.reopen(somebody, town.accounts["admin"])
    accounts.close(somebody, other)


def test_of_two_administrators_closed_at_the_same_time_one_stays(town: Town) -> None:
    other = accounts.create(town.admin, NewAccount("admin2", "另一管理员", Role.ADMIN, "C01"), PASSWORD)
    start = Barrier(2)

    def close(account_id: UUID) -> bool:
        somebody = replace(town.admin, viewer=Viewer(None, Role.ADMIN))
        start.wait()
        try:
            accounts.close(somebody, account_id)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        closed = list(pool.map(close, (town.accounts["admin"], other)))
    assert sorted(closed) == [False, True]


def test_a_reopened_account_signs_in_with_the_password_it_had(person: Town) -> None:
    handler = person.accounts["handler"]
    accounts.close(person.admin, handler)
    accounts.reopen(person.admin, handler)
    assert enter(person).login == "handler"
    (event,) = events(person, OfficeAction.REOPEN_ACCOUNT)
    assert event.payload["facts"]["login"] == "handler"
    with pytest.raises(Refused, match="正在使用"):
        accounts.reopen(person.admin, handler)


def test_a_closed_account_is_neither_closed_again_nor_given_a_password(person: Town) -> None:
    handler = person.accounts["handler"]
    accounts.close(person.admin, handler)
    with pytest.raises(Refused, match="先前已停用"):
        accounts.close(person.admin, handler)
    with pytest.raises(Refused, match="已停用, 口令未改"):
        accounts.reset_password(person.admin, handler, "a new password")
    assert len(events(person, OfficeAction.CLOSE_ACCOUNT)) == 1
    accounts.reopen(person.admin, handler)
    assert enter(person).login == "handler"


def test_an_account_of_a_closed_unit_is_not_reopened(person: Town) -> None:
    handler = person.accounts["handler"]
    accounts.close(person.admin, handler)
    with person.store.write() as session:
        session.get_one(Unit, person.a).active = False
        session.commit()
    with pytest.raises(NotFound, match="承办单位"):
        accounts.reopen(person.admin, handler)


def test_the_list_shows_every_account_with_its_unit(town: Town) -> None:
    rows = {row.login: row for row in accounts.listing(town.admin)}
    assert set(rows) == set(town.accounts)
    assert rows["handler_below"].unit_name == "城南新区房产管理分局物业科"
    assert rows["agent"].unit_name == ""


def test_init_builds_an_empty_database_with_its_first_administrator(database_url: str, home) -> None:
    settings = Settings(home=home, database_url=database_url)
    init(settings, FirstAdmin("Admin", "系统管理员", PASSWORD), site="C01", site_name="城南热线")
    from hotline_tui.data.store import Store

    store = Store(database_url)
    desk = accounts.sign_in(store, settings, "admin", PASSWORD)
    assert (desk.role, desk.site_name) == (Role.ADMIN, "城南热线")
    with store.read() as session:
        event = session.exec(select(Event).where(Event.action == OfficeAction.SET_UP)).one()
    assert event.actor_id == desk.viewer.account_id
    with pytest.raises(Refused, match="热线已经建立"):
        init(settings, FirstAdmin("other", "另一人", PASSWORD))
    with pytest.raises(SignInFailed):
        accounts.sign_in(store, settings, "other", PASSWORD)
    store.dispose()


def test_init_takes_no_weak_password_and_no_bad_site_code(home) -> None:
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'hotline.db'}")
    with pytest.raises(Refused, match="口令至少"):
        init(settings, FirstAdmin("admin", "系统管理员", "admin"))
    with pytest.raises(UsageError, match="站点编号"):
        init(settings, FirstAdmin("admin", "系统管理员", PASSWORD), site="1")
    assert not (home / "hotline.db").exists()


def test_a_database_without_a_site_says_to_run_init(migrated_url: str, home) -> None:
    from hotline_tui.data.store import Store

    store = Store(migrated_url)
    with pytest.raises(StorageError, match="hotline init"):
        accounts.sign_in(store, Settings(home=home, database_url=migrated_url), "admin", PASSWORD)
    store.dispose()
