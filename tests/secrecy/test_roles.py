"""R-13a, R-13b: what each database role sees by plain SQL, with any program: no more than the seat shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlmodel import SQLModel, col

from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.roles import policies
from hotline_tui.data.roles.names import BOARD, KEEPER, SEAT, SEATS, UNITS, role_name
from hotline_tui.models import Account, WorkOrder
from hotline_tui.rules.words import ArticleState, Role
from hotline_tui.services import knowledge, notes, passwords
from tests.builders import Town
from tests.engines import Run
from tests.roles import as_login, databases, guard
from tests.secrecy.planted import (
    ACCUSING,
    CALLER,
    CAUGHT,
    FACTS,
    NOT_ACCUSED,
    NOT_SECRET,
    SECRET,
    accusing,
    plain,
    secret,
)
from tests.secrecy.walk import answer, in_hand, of_an_order, walked

pytestmark = [pytest.mark.requirement("R-13a", "R-13b"), pytest.mark.timeout(300)]

DRAFT = "暗语丙"
"""In a draft of unit b, and in a revision of its answer that waits."""
UNIT_LOGINS = ("handler", "leader", "handler_below", "handler_b", "leader_b")
NO_DRAFT = ("agent", "agent2", "handler", "leader", "handler_below", "city_leader", "admin")


class Planted:
    """A town with roles and with everything hidden that there is, and its desks as the owner has them."""

    def __init__(self, town: Town, url: str) -> None:
        self.town, self.url = town, url
        self.hash = passwords.hashed("correct horse 口令")
        with town.store.write() as session:
            for account in session.connection().execute(sa.select(col(Account.id))).scalars():
                session.get_one(Account, account).password_hash = self.hash
            session.commit()
        self.plain = plain(town)
        self.secret, self.accusing = secret(town), accusing(town)
        text = knowledge.ArticleText(f"{DRAFT}怎么办?", f"{DRAFT}的答复", unit_id=town.b, topic_id=town.licence)
        knowledge.save(town.handler_b, text)
        knowledge.save(town.handler_b, replace(text, basis="依据"), town.article_b)
        town.at(CAUGHT)
        self.owners = dict(town.desks)
        self.seats = guard(town, url)

    @contextmanager
    def asking(self, login: str, role: str = "", sitting: str = "") -> Iterator[psycopg.Cursor]:
        """With psql, as it were: a login, a role that it takes, and a token that it sets."""
        address = as_login(self.url, login).replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(address) as connection:
            if role:
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            connection.execute("SELECT set_config('hotline.sitting', %s, false)", [sitting])
            connection.commit()
            yield connection.cursor()
            connection.rollback()

    def token(self, login: str) -> str:
        """Of the seat where this person sits."""
        sitting = getattr(self.town, login).store.sitting
        return sitting.token if sitting else ""


@pytest.fixture(scope="module")
def planted(run: Run, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    with databases(run, request.getfixturevalue("server"))() as url:
        town = Town(url, tmp_path_factory.mktemp("hotline-home"))
        town.answers()
        made = Planted(town, url)
        yield made
        made.seats.dispose()
        town.store.dispose()


def everything(cursor: psycopg.Cursor) -> dict[str, str]:
    """Every column of every table and view of the database that this role may read, as one text for each."""
    cursor.execute(
        "SELECT n.nspname, c.relname, array_agg(a.attname::text) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname IN ('public', 'hotline') AND NOT a.attisdropped"
        " AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT') GROUP BY 1, 2"
    )
    found = {}
    for schema, table, columns in cursor.fetchall():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        cursor.execute(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(schema, table)))
        rows = cursor.fetchall()
        if rows and table != "alembic_version":
            found[f"{schema}.{table}"] = repr(rows)
    return found


def forbidden(planted: Planted, login: str) -> list[str]:
    """What this person may find in no row."""
    words = [*FACTS, planted.hash]
    words += [SECRET, *(str(each.order_id) for each in planted.secret)] * (login in NOT_SECRET)
    words += [ACCUSING, *(str(each.order_id) for each in planted.accusing)] * (login in NOT_ACCUSED)
    return words + [DRAFT] * (login in NO_DRAFT)


def test_every_table_is_a_matter_of_the_roles() -> None:
    """A new one is given to those who need it, or named as the owner's."""
    assert {*policies.tables(), *policies.OWNERS} == set(SQLModel.metadata.tables)


def test_each_seat_sees_just_the_orders_that_its_queries_show(planted: Planted) -> None:
    for login, desk in planted.owners.items():
        with planted.town.store.read() as session:
            shown = set(session.connection().execute(orders_of(desk.viewer, col(WorkOrder.id))).scalars())
        with planted.asking(SEAT, role_name(desk.role), planted.token(login)) as cursor:
            if desk.role is Role.ADMIN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    cursor.execute("SELECT id FROM work_order")
                assert shown == set()
                continue
            seen = {row[0] for row in cursor.execute("SELECT id FROM work_order")}
            assert seen == shown, login
            for table in ("assignment", "deadline", "reply", "event", "order_caller", "callback"):
                of = {
                    row[0]
                    for row in cursor.execute(f"SELECT order_id FROM {table} WHERE order_id IS NOT NULL".encode())
                }
                assert of <= shown, (login, table)
                assert of or login not in ("office", "agent"), (login, table)


def test_no_role_finds_what_its_account_may_not_see_in_any_table(planted: Planted) -> None:
    for login, desk in planted.owners.items():
        with planted.asking(SEAT, role_name(desk.role), planted.token(login)) as cursor:
            found = everything(cursor)
        assert len(found) > (10 if login != "admin" else 5), login
        for table, text in found.items():
            assert not [word for word in forbidden(planted, login) if word in text], (login, table)
    with planted.asking(SEAT, role_name(Role.OFFICE), planted.token("office")) as cursor:
        text = "".join(everything(cursor).values())
    assert all(word in text for word in (SECRET, ACCUSING, DRAFT))


def test_a_role_without_a_token_or_with_that_of_another_post_sees_nothing(planted: Planted) -> None:
    tokens = {login: planted.token(login) for login in planted.owners} | {"": "", "made up": "0" * 64}
    for role, name in SEATS.items():
        for login, token in tokens.items():
            if login in planted.owners and planted.owners[login].role is role:
                continue
            with planted.asking(SEAT, name, token) as cursor:
                found = set(everything(cursor))
            # Keys of what the token's own person may see.
            own = {"hotline.unit_order", "hotline.draft"} if name in UNITS and login in UNIT_LOGINS else set[str]()
            assert found <= own, (name, login, found)
    with planted.asking(SEAT, "", planted.token("office")) as cursor:
        assert everything(cursor) == {}


def test_the_wall_sees_what_anybody_may_who_passes_by(planted: Planted) -> None:
    with planted.asking(BOARD) as cursor:
        found = everything(cursor)
        seen = {row[0] for row in cursor.execute("SELECT id FROM work_order")}
    text = "".join(found.values())
    assert not [word for word in (*FACTS, SECRET, ACCUSING, DRAFT, planted.hash) if word in text]
    viewer = replace(planted.owners["office"].viewer, on_wall=True)
    with planted.town.store.read() as session:
        assert seen == set(session.connection().execute(orders_of(viewer, col(WorkOrder.id))).scalars())
    assert seen


def test_the_keeper_reads_neither_a_callers_data_nor_a_hash(planted: Planted) -> None:
    with planted.asking(KEEPER) as cursor:
        text = "".join(everything(cursor).values())
    assert not [word for word in (*FACTS, planted.hash) if word in text]
    assert SECRET in text


@pytest.mark.parametrize("table", ["event", "seal"])
def test_nobody_changes_what_was_done(planted: Planted, table: str) -> None:
    for login, role, token in [(KEEPER, "", ""), (BOARD, "", ""), (SEAT, "", "")] + [
        (SEAT, role_name(desk.role), planted.token(name)) for name, desk in planted.owners.items()
    ]:
        for statement in (f"UPDATE {table} SET node = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with planted.asking(login, role, token) as cursor, pytest.raises(psycopg.errors.InsufficientPrivilege):
                cursor.execute(statement.encode())


def test_a_seat_writes_no_seal_and_no_event_of_another(planted: Planted) -> None:
    new = "INSERT INTO event (id, node, action, actor, actor_id, at, payload) VALUES (gen_random_uuid(), 'C01', 'note',"
    other = planted.town.accounts["agent"]
    with planted.asking(SEAT, "hotline_office", planted.token("office")) as cursor:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute(f"{new} '', %s, now(), '{{}}')".encode(), [other])
        cursor.connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute("INSERT INTO seal VALUES ('C01', 1, gen_random_uuid(), '', '')")


def test_no_seat_makes_itself_a_token_or_a_place_for_functions_of_its_own(planted: Planted) -> None:
    with planted.asking(SEAT, "hotline_agent", planted.token("agent")) as cursor:
        for statement in (
            f"SELECT hotline.seat('{planted.town.accounts['office']}')",
            "SELECT * FROM hotline.sitting",
            "SELECT * FROM hotline.secret",
            "SELECT * FROM hotline.knock",
            "SELECT * FROM hotline.looked",
            "CREATE TABLE mine (a integer)",
            "COPY caller TO STDOUT",
            "SELECT hotline.enter(gen_random_uuid())",
            "SET ROLE postgres",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                cursor.execute(statement.encode())
            cursor.connection.rollback()


def test_nobody_reads_a_callers_data_who_has_not_said_so_before(planted: Planted) -> None:
    order = planted.town.register(**CALLER).order_id  # nobody has looked at it within the last minute
    with planted.asking(SEAT, "hotline_office", planted.token("office")) as cursor:
        for before in ("SELECT 1", f"SELECT hotline.look('{order}', '核对')"):
            cursor.execute(before.encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="look first"):
                cursor.execute("SELECT * FROM hotline.callers_in_full(%s)", [order])
            cursor.connection.rollback()
    data = notes.unmask(planted.town.office, order, "核对号码")
    assert all(fact in repr(data) for fact in FACTS)
    with planted.town.store.read() as session:
        asked = sa.text("SELECT why FROM hotline.looked WHERE order_id = :key")
        assert "核对号码" in session.connection().execute(asked, {"key": order}).scalars().all()


def test_a_look_at_an_order_that_is_hidden_gives_nothing(planted: Planted) -> None:
    hidden = planted.secret[0].order_id
    with planted.asking(SEAT, "hotline_agent", planted.token("agent2")) as cursor:
        assert cursor.execute("SELECT hotline.look(%s, '好奇')", [hidden]).fetchall() == [(False,)]
        cursor.connection.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute("SELECT * FROM hotline.callers_in_full(%s)", [hidden])


OF_DRAFTS = {"entries.every", "entries.newer"}
"""What an index of standard answers takes in: at a seat without the drafts that it would not show."""
UNORDERED = {"matters.touched", "search.touched (as listed)"}


def test_every_query_answers_at_a_seat_as_it_does_at_the_owners_desk(planted: Planted) -> None:
    town, reads = planted.town, walked()
    orders = [planted.plain, planted.secret[3], planted.accusing[-1]]
    differing: dict[str, set[str]] = {}
    # Of each post one; most tables are shut to the administrator.
    for login in ("agent2", "office", "handler", "handler_b", "city_leader", "authority"):
        owners, desk = planted.owners[login], town.desks[login]
        with desk.store.read() as seat, town.store.read() as session:
            for name, ask in reads.items():
                for order in orders if of_an_order(name) else orders[:1]:
                    if name in OF_DRAFTS or (in_hand(name) and seat.get(WorkOrder, order.order_id) is None):
                        continue
                    told = [answer(ask, one, at, order, town) for one, at in ((session, owners), (seat, desk))]
                    if name in UNORDERED:
                        told = ["".join(sorted(each)) for each in told]
                    if told[0] != told[1]:
                        differing.setdefault(name, set()).add(login)
    assert differing == {}


@pytest.mark.parametrize("login", ["agent", "office", "handler", "city_leader"])
def test_who_sits_is_asked_once_for_a_statement_and_not_for_each_row(planted: Planted, login: str) -> None:
    asked = (
        "SELECT o.number, d.due_at FROM work_order o JOIN deadline d ON d.order_id = o.id"
        " WHERE o.state = 'assigned' ORDER BY o.received_at, o.id LIMIT 50"
    )
    role = role_name(planted.owners[login].role)
    with planted.asking(SEAT, role, planted.token(login)) as cursor:
        plan = [row[0].strip() for row in cursor.execute(f"EXPLAIN (VERBOSE, COSTS OFF) {asked}".encode())]
    conditions = [line for line in plan if line.startswith(("Filter", "Index Cond", "Recheck Cond", "Join Filter"))]
    assert conditions
    assert not [line for line in conditions if "hotline.sits" in line or "_ids()" in line or "hotline.account" in line]
    assert [line for line in plan if line.startswith("Output") and "hotline.sits" in line]


def test_a_standard_answer_in_force_is_read_by_everybody(planted: Planted) -> None:
    for login, desk in planted.owners.items():
        with planted.asking(SEAT, role_name(desk.role), planted.token(login)) as cursor:
            states = {row[0] for row in cursor.execute("SELECT state FROM article")}
        drafts = {ArticleState.DRAFT.value} if login not in NO_DRAFT else set()
        assert states == {ArticleState.PUBLISHED.value} | drafts, login
