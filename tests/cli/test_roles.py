"""`hotline db roles` and `hotline seal`: what each login of the centre's Postgres opens, and what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa

from hotline_tui.data.roles.names import BOARD, EVERY, KEEPER, SEAT
from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError
from hotline_tui.services.desk import system_desk
from tests.builders import Town
from tests.cli.conftest import Hotline
from tests.engines import GUARDED, Run
from tests.roles import as_login, databases
from tests.secrecy.planted import SECRET

on_guarded = pytest.mark.parametrize("storage", [GUARDED], indirect=True)
pytestmark = pytest.mark.requirement("R-13a", "R-13b")


@pytest.fixture
def use(town: Town, hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Hotline]:
    """The town's database by a login of the server."""

    def use(login: str) -> Hotline:
        monkeypatch.setenv("HOTLINE_DATABASE_URL", as_login(str(town.store.url), login))
        return hotline

    return use


@pytest.fixture
def roles(run: Run, server: Callable[..., object]) -> Iterator[None]:
    """They are the server's: made before two tests could make them at once."""
    with databases(run, server)():
        yield


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
@pytest.mark.usefixtures("roles")
def test_the_script_may_be_run_again_and_holds_no_password(town: Town, use: Callable[[str], Hotline]) -> None:
    printed = use("postgres")("db", "roles")
    assert printed.code == 0
    assert "PASSWORD" not in printed.out.upper().replace("\\PASSWORD", "").replace("PASSWORD_HASH", "").replace(
        "SET_PASSWORD", ""
    )
    address = str(town.store.url).replace("postgresql+psycopg:", "postgresql:")
    kept = []
    with psycopg.connect(address, autocommit=True) as connection:
        for _ in range(2):
            connection.execute(printed.out.encode())
            rights = connection.execute(
                "SELECT relname, relacl::text, relrowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid)"
                " FROM pg_class c WHERE relnamespace IN ('public'::regnamespace, 'hotline'::regnamespace) ORDER BY 1"
            )
            kept.append(rights.fetchall())
            connection.execute("GRANT SELECT ON caller TO hotline_agent")  # what somebody gave is taken away again
    assert kept[0] == kept[1]
    assert all(name in printed.out for name in EVERY)


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
@pytest.mark.usefixtures("roles")
def test_a_login_of_a_database_without_roles_or_of_another_version_is_told(
    town: Town, use: Callable[[str], Hotline]
) -> None:
    grant = "GRANT USAGE ON SCHEMA public TO hotline_seat; GRANT SELECT ON alembic_version TO hotline_seat"
    with town.store.write() as session:
        session.connection().execute(sa.text(grant))
        session.commit()
    without = use(SEAT)("db", "current")
    assert (without.code, without.out) == (3, "")
    assert "还没有建立角色" in without.err
    assert use("postgres")("db", "roles", "--apply").code == 0
    assert use(SEAT)("db", "current").code == 0
    with town.store.write() as session:
        session.connection().execute(sa.text("COMMENT ON SCHEMA hotline IS 'of another program'"))
        session.commit()
    older = use(SEAT)("db", "current")
    assert (older.code, older.out) == (3, "")
    assert "与本程序的版本不合" in older.err


@on_guarded
def test_a_seats_login_leads_to_the_sign_in_alone(town: Town, use: Callable[[str], Hotline]) -> None:
    town.register()
    for words in (("order", "list"), ("dashboard", "--once"), ("user", "list"), ("import", "units", "x.csv")):
        refused = use(SEAT)(*words)
        assert (refused.code, refused.out) == (3, "")
        assert "只供登录后办理" in refused.err
    again = use(SEAT)("db", "roles", "--apply")
    assert (again.code, again.out) == (3, "")
    assert "以库主的地址运行" in again.err


@on_guarded
def test_the_keeper_seals_what_seats_did_and_finds_it_sound(town: Town, use: Callable[[str], Hotline]) -> None:
    town.replied()
    sealed = use(KEEPER)("seal", "--json")
    assert sealed.json["sealed"] > 4
    assert use(KEEPER)("seal", "--json").json == {"sealed": 0}
    report = use(KEEPER)("doctor", "--json")
    assert (report.code, report.json["sound"]) == (0, True), report.json
    assert use(KEEPER)("kb", "index").code == 0


@on_guarded
def test_the_wall_shows_its_board_and_nothing_secret(town: Town, use: Callable[[str], Hotline]) -> None:
    town.at("2026-11-02 09:00")
    shown, hidden = town.assigned(), town.assigned(secret=True, subject=SECRET)
    board = use(BOARD)("dashboard", "--once", "--json")
    assert board.code == 0, board.err
    assert shown.number in board.out
    assert hidden.number not in board.out


@on_guarded
def test_a_login_without_any_right_is_told(town: Town, server: Callable[..., object]) -> None:
    server("CREATE ROLE {} LOGIN", "role_of_nobody")
    store = Store(as_login(str(town.store.url), "role_of_nobody"))
    with pytest.raises(StorageError, match="权限不够"), store.read() as session:
        session.connection().execute(sa.text("SELECT 1 FROM work_order"))
    owner = as_login(str(town.store.url), "postgres").replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO role_of_nobody")
    with pytest.raises(StorageError, match="这个数据库登录不属于任何角色"):
        system_desk(store, town.settings)
    store.dispose()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("DROP OWNED BY role_of_nobody")
    server("DROP ROLE {}", "role_of_nobody")


def test_an_embedded_database_has_no_roles(hotline: Hotline) -> None:
    done = hotline("db", "roles")
    assert (done.code, done.out) == (2, "")
    assert "只用于 Postgres" in done.err
