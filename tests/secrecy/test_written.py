"""R-13a: what a seat's token may write by plain SQL: no more than its role does in the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from hotline_tui.data.roles.install import install
from hotline_tui.data.roles.names import SEAT, role_name
from hotline_tui.rules.words import OrderState
from hotline_tui.services import knowledge
from tests.builders import Town
from tests.engines import Run
from tests.roles import databases, guard
from tests.secrecy.test_roles import Planted

pytestmark = [pytest.mark.requirement("R-13a"), pytest.mark.timeout(300)]
EVERYBODY = ("agent", "office", "handler", "leader", "city_leader", "authority")


class Written(Planted):
    """A town with an order that waits, one that is handled, a secret one and a draft; claims run out as at a centre."""

    def __init__(self, town: Town, url: str) -> None:
        self.town, self.url = town, url
        self.waits = town.register(urgent=True).order_id
        self.handled = town.bring(OrderState.ASSIGNED, town.a, name="李四", phone="13900002212").order_id
        self.secret_one = town.bring(OrderState.ANSWERED, secret=True).order_id
        text = knowledge.ArticleText("几点上班?", "九点", basis="依据", unit_id=town.b, topic_id=town.licence)
        self.draft = knowledge.save(town.handler_b, text)
        self.owners = dict(town.desks)
        install(town.store)
        self.seats = guard(town, url)

    @contextmanager
    def at(self, login: str) -> Iterator[psycopg.Cursor]:
        """With psql, by somebody's token and role."""
        with self.asking(SEAT, role_name(self.owners[login].role), self.token(login)) as cursor:
            yield cursor

    def refused(self, login: str, statement: str, *told: object) -> None:
        """The database refuses it, or finds no row that it may touch."""
        with self.at(login) as cursor:
            try:
                cursor.execute(statement.encode(), told)
            except psycopg.errors.InsufficientPrivilege:
                return
            assert cursor.rowcount == 0, (login, statement)

    def does(self, login: str, statement: str, *told: object) -> None:
        """One row is written."""
        with self.at(login) as cursor:
            assert cursor.execute(statement.encode(), told).rowcount == 1, (login, statement)


@pytest.fixture(scope="module")
def written(run: Run, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    with databases(run, request.getfixturevalue("server"))() as url:
        town = Town(url, tmp_path_factory.mktemp("hotline-home"))
        town.answers()
        made = Written(town, url)
        yield made
        made.seats.dispose()
        town.store.dispose()


@pytest.mark.parametrize(
    "change", ["narrative = ''", "subject = 'x'", "number = 'x'", "received_at = now()", "registered_by = NULL"]
)
def test_what_a_citizen_told_and_when_is_changed_by_nobody(written: Written, change: str) -> None:
    for login in EVERYBODY:
        written.refused(login, f"UPDATE work_order SET {change} WHERE id = %s", written.handled)


@pytest.mark.parametrize(
    ("login", "change"),
    [
        ("city_leader", "urgent = true"),
        ("city_leader", "secret = false"),
        ("city_leader", "state = 'received'"),
        ("authority", "state = 'received'"),
        ("authority", "kind = 'consultation'"),
        ("handler", "secret = false"),
        ("handler", "verdict = NULL"),
        ("leader", "closed_at = now()"),
        ("agent", "malicious = true"),
        ("agent", "returns = 0"),
    ],
)
def test_a_column_that_no_action_of_a_role_changes_is_shut_to_it(written: Written, login: str, change: str) -> None:
    with written.at(login) as cursor, pytest.raises(psycopg.errors.InsufficientPrivilege):
        cursor.execute(f"UPDATE work_order SET {change} WHERE id = %s".encode(), [written.handled])


@pytest.mark.parametrize("login", EVERYBODY)
def test_every_role_locks_an_order_that_it_works_on(written: Written, login: str) -> None:
    written.does(login, "SELECT id FROM work_order WHERE id = %s FOR UPDATE", written.handled)
    written.does(login, "UPDATE work_order SET version = version + 1 WHERE id = %s", written.handled)


def test_what_was_secret_or_urgent_becomes_open_by_a_classification_alone(written: Written) -> None:
    for login in ("office", "authority"):
        written.refused(login, "UPDATE work_order SET secret = false WHERE id = %s", written.secret_one)
        written.refused(login, "UPDATE work_order SET veiled = false WHERE id = %s", written.secret_one)
        written.does(login, "UPDATE work_order SET secret = true WHERE id = %s", written.handled)
    written.refused("authority", "UPDATE work_order SET urgent = false WHERE id = %s", written.waits)
    written.does("agent", "UPDATE work_order SET urgent = false WHERE id = %s", written.waits)
    written.does("agent", "UPDATE work_order SET address = 'x' WHERE id = %s", written.waits)
    written.refused("agent", "UPDATE work_order SET address = 'x' WHERE id = %s", written.handled)


def _caller(written: Written, order: UUID) -> object:
    with written.town.store.read() as session:
        asked = sa.text("SELECT caller_id FROM order_caller WHERE order_id = :order")
        return session.connection().execute(asked, {"order": order}).scalars().one()


def test_a_callers_data_are_written_while_his_order_is_classified(written: Written) -> None:
    change = "UPDATE caller SET masked_name = 'x' WHERE id = %s"
    for login in ("handler", "leader", "city_leader", "authority"):
        written.refused(login, change, _caller(written, written.waits))
    written.does("agent", change, _caller(written, written.waits))
    for login in ("agent", "office"):
        written.refused(login, change, _caller(written, written.handled))


def _held(written: Written, table: str, by: str, until: str) -> None:
    with written.town.store.write() as session:
        connection = session.connection()
        connection.execute(sa.text(f"DELETE FROM {table}"))
        new = f"INSERT INTO {table} (order_id, account_id, until) VALUES (:o, :a, now() + interval '{until}')"
        connection.execute(sa.text(new), {"o": written.handled, "a": written.town.accounts[by]})
        session.commit()


@pytest.mark.parametrize("table", ["claim", "presence"])
def test_who_is_at_an_order_is_sent_away_by_nobody_else_before_his_time_is_over(written: Written, table: str) -> None:
    others = [each for each in EVERYBODY if each != "agent"]
    _held(written, table, "agent", "1 hour")
    for login in ("agent2", *others):
        written.refused(login, f"DELETE FROM {table}")
        written.refused(login, f"UPDATE {table} SET until = now() - interval '1 hour'")
        new = f"INSERT INTO {table} (order_id, account_id, until) VALUES (%s, %s, now())"
        written.refused(login, new, written.waits, written.town.accounts["agent"])
    written.does("agent", f"UPDATE {table} SET until = now()")
    written.does("agent", f"DELETE FROM {table}")
    _held(written, table, "agent", "-1 minute")
    written.does("agent2", f"DELETE FROM {table}")


def test_a_claim_that_ran_out_is_taken_over_in_ones_own_name(written: Written) -> None:
    _held(written, "claim", "agent", "-1 minute")
    change = "UPDATE claim SET account_id = %s, until = now() + interval '3 minutes'"
    written.does("agent2", change, written.town.accounts["agent2"])
    written.refused("agent2", change, written.town.accounts["office"])


def test_a_unit_puts_no_text_in_force(written: Written) -> None:
    answer, mine = written.town.article_b, "WHERE id = %s"
    for change in (
        "answer = 'x'",
        "question = 'x'",
        "basis = 'x'",
        "valid_to = NULL",
        "state = 'draft'",
        "version = 9",
    ):
        written.refused("handler_b", f"UPDATE article SET {change} {mine}", answer)
    written.refused("handler_b", f"UPDATE article SET state = 'published' {mine}", written.draft)
    written.refused("handler_b", "UPDATE article_version SET answer = 'x' WHERE article_id = %s", answer)
    version = (
        "INSERT INTO article_version (article_id, version, question, answer, basis, spelling, made_at, published_at)"
        " VALUES (%s, 7, 'x', 'x', '', '', now(), {})"
    )
    written.refused("handler_b", version.format("now()"), answer)
    written.does("handler_b", version.format("NULL"), answer)
    for change in ("phrasings = 'x'", "pending = 2", "state = 'expired'"):
        written.does("handler_b", f"UPDATE article SET {change} {mine}", answer)
    written.does("handler_b", f"UPDATE article SET answer = 'x' {mine}", written.draft)
    written.refused("handler", f"UPDATE article SET phrasings = 'x' {mine}", answer)
    written.does("office", f"UPDATE article SET answer = 'x' {mine}", answer)
