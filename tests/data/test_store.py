"""The database: transactions on both engines, and a sentence for every way in which it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session, select

from hotline_tui.data import store as store_module
from hotline_tui.data.store import Store
from hotline_tui.errors import Conflict, DamagedData, StorageError, Unreachable
from hotline_tui.models import Site, WorkOrder
from tests.builders import Town
from tests.media import read_only

pytestmark = pytest.mark.requirement("R-6d")


def sites(store: Store) -> list[str]:
    with store.read() as session:
        return sorted(site.code for site in session.exec(select(Site)))


def add_site(store: Store, code: str, *, commit: bool = True) -> None:
    with store.write() as session:
        session.add(Site(code=code, name="点"))
        session.flush()
        if commit:
            session.commit()


def test_what_is_not_committed_is_undone(town: Town) -> None:
    add_site(town.store, "C02", commit=False)
    assert sites(town.store) == ["C01"]
    add_site(town.store, "C02")
    assert sites(town.store) == ["C01", "C02"]


def test_a_reader_sees_one_state_of_the_database_to_its_end(town: Town) -> None:
    other = Store(town.store.url.render_as_string(hide_password=False))
    with town.store.read() as session:
        before = session.exec(select(Site.code)).all()
        add_site(other, "C02")
        assert session.exec(select(Site.code)).all() == before
    assert sites(town.store) == ["C01", "C02"]
    other.dispose()


def test_a_rehearsal_runs_to_its_end_and_leaves_nothing(town: Town) -> None:
    rehearsal = town.store.rehearsal()
    with rehearsal.write() as session:
        session.add(Site(code="C02", name="点"))
        session.commit()
        assert session.exec(select(Site.code).where(Site.code == "C02")).one() == "C02"
        session.add(Site(code="C03", name="点"))
        session.commit()
    assert sites(town.store) == ["C01"]
    add_site(town.store, "C02")
    assert sites(town.store) == ["C01", "C02"]


def test_whoever_saw_an_older_version_loses_and_overwrites_nothing(town: Town) -> None:
    order = town.register()
    with town.store.read() as session:
        old = session.get_one(WorkOrder, order.order_id)
    town.assign(order)
    with pytest.raises(Conflict, match="已被他人办理"):
        write_from(town.store, old)
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).address == "某某花园3栋"


def write_from(store: Store, old: WorkOrder) -> None:
    with store.write() as session:
        session.add(old)
        old.address = "别处"
        old.version += 1
        session.commit()


def test_a_connection_at_work_when_the_store_is_let_go_is_closed_as_it_is_given_back(town: Town) -> None:
    store = Store(town.settings.database_url)
    with store.read() as session:
        connection: Any = session.connection().connection.dbapi_connection
        store.dispose()
        assert session.exec(select(Site)).all()
    with pytest.raises(Exception, match="closed"):
        connection.execute("SELECT 1")


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_file_that_is_taken_away_or_exchanged_is_said_and_nothing_is_written_beside_it(town: Town) -> None:
    file, away = Path(town.store.url.database or ""), Path(f"{town.store.url.database}.away")
    file.rename(away)
    for ask in (lambda: sites(town.store), lambda: add_site(town.store, "C02"), town.store.answers):
        with pytest.raises(Unreachable, match="已不在原处或已被换掉"):
            ask()
    assert not file.exists()
    file.write_bytes(away.read_bytes())
    with pytest.raises(Unreachable, match="已不在原处或已被换掉"):
        add_site(town.store, "C02")
    away.replace(file)
    add_site(town.store, "C02")
    assert sites(town.store) == ["C01", "C02"]


def test_sqlite_is_as_durable_and_strict_as_the_design_says(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    with store.read() as session:
        values = [
            ask(session, f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        ]
        version = ask(session, "SELECT sqlite_version()")
    store.dispose()
    assert values == ["wal", 2, 1, 1]
    assert tuple(map(int, str(version).split("."))) >= (3, 51, 3)


def ask(session: Session, statement: str) -> object:
    return session.connection().exec_driver_sql(statement).scalar_one()


def test_a_key_encrypts_the_file_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = Store(url, "it's a key")
    with store.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE t (x)")
        session.commit()
    store.dispose()
    assert not (tmp_path / "x.db").read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(StorageError, match="口令不对"):
        read(Store(url, "another"))
    with pytest.raises(DamagedData, match="没有设定加密口令"):
        read(Store(url))


OPEN = """
import sys
from hotline_tui.data.store import Store
from hotline_tui.errors import HotlineError

try:
    with Store(sys.argv[1], sys.argv[2]).read() as session:
        session.connection()
except HotlineError as error:
    print(error, file=sys.stderr)
"""


def test_of_a_wrong_key_nothing_is_said_but_our_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    for key, said in (
        ("right", ""),
        ("wrong", "数据库文件打不开: 加密口令不对, 或文件已损坏; 请检查 database_key, 口令没有错的从备份恢复\n"),
    ):
        done = subprocess.run([sys.executable, "-c", OPEN, url, key], capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == ("", said)


def overwrite(file: Path, offset: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(content)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damage", ["header", "cut", "page"])
def test_a_damaged_file_is_damage_and_no_offline_server(town: Town, damage: str) -> None:
    town.register()
    town.store.dispose()
    file = Path(str(town.store.url.database))
    if damage == "header":
        overwrite(file, 0, b"garbage " * 20)
    elif damage == "cut":
        os.truncate(file, file.stat().st_size // 2)
    else:
        overwrite(file, 4096, b"\xff" * 4096 * 200)
    with pytest.raises(DamagedData):
        read(Store(str(town.store.url)))


def read(store: Store) -> None:
    with store.read() as session:
        session.connection().execute(sa.text("SELECT 1 FROM work_order")).all()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database, but long enough to be read as a header " * 50)
    with pytest.raises(DamagedData, match="不是数据库"):
        read(Store(f"sqlite:///{tmp_path / 'x.db'}"))


def test_a_table_that_is_not_there_although_the_version_was_looked_at_is_damage(database_url: str) -> None:
    store = Store(database_url)
    with pytest.raises(DamagedData, match="缺少本程序的表或列"):
        read(store)
    store.dispose()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        read(Store(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"))


def test_a_server_that_does_not_answer_is_said() -> None:
    with pytest.raises(StorageError, match="连接不上"):
        read(Store("postgresql+psycopg://nobody@127.0.0.1:1/hotline"))


@pytest.mark.parametrize("url", ["mysql://x/y", "no address", "postgresql+psycopg://h:port/x", "sqlite+nothing:///x"])
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(StorageError, match="数据库地址"):
        Store(url)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_database_in_use_is_waited_for_and_then_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SQLITE_BUSY_SECONDS", 0)
    other = Store(town.store.url.render_as_string())
    with town.store.write() as session:
        session.connection()
        with pytest.raises(StorageError, match="正忙"):
            add_site(other, "C02")
    other.dispose()


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_and_what_was_stored_before_stays(town: Town) -> None:
    before = [town.register().number for _ in range(3)]
    town.store.dispose()

    @event.listens_for(town.store.engine, "connect")
    def fill(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    with pytest.raises(StorageError, match="磁盘已满"):
        add_site(town.store, "C" * 100_000)
    assert sites(town.store) == ["C01"]
    with town.store.read() as session:
        assert sorted(session.exec(select(WorkOrder.number))) == before


FILL = """
import resource, sys
from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError
from hotline_tui.models import Site

store = Store(sys.argv[1])
with store.read() as session:
    session.connection()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    with store.write() as session:
        session.add(Site(code="C02", name="x" * 3_000_000))
        session.commit()
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_disk_that_takes_no_more_is_said_and_what_was_stored_before_stays(town: Town) -> None:
    before = [town.register().number for _ in range(3)]
    file = Path(str(town.store.url.database))
    limit = max(path.stat().st_size for path in file.parent.glob(f"{file.name}*")) + 65_536
    command = [sys.executable, "-c", FILL, town.store.url.render_as_string(), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("磁盘读写出错, 没有存入; 请检查磁盘空间和磁盘是否完好\n", "")
    assert sites(town.store) == ["C01"]
    with town.store.read() as session:
        assert sorted(session.exec(select(WorkOrder.number))) == before


def test_a_folder_that_can_not_be_made_is_said_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match=r": (路径中有一段不是目录|已有同名的文件或目录)$"):
        store_module.ensure_folder(sa.make_url(f"sqlite:///{tmp_path / 'file' / 'sub' / 'x.db'}"))


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_in_a_folder_that_takes_no_file_the_database_is_read_and_not_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = town.register().number
    town.store.dispose()
    file = Path(str(town.store.url.database))
    with read_only(file.parent, monkeypatch):
        store = Store(str(town.store.url))
        with store.read() as session:
            assert session.exec(select(WorkOrder.number)).all() == [number]
        assert list(file.parent.glob(f"{file.name}-*")) == []
        with pytest.raises(StorageError, match="只读"):
            add_site(store, "C02")
        file.touch()
        with pytest.raises(StorageError, match="读取时被改动"):
            sites(store)
        store.dispose()
