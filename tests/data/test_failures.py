"""What a database says when it fails reaches the person as one Chinese sentence, each reason in its own words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from hotline_tui.data.failures import translate
from hotline_tui.data.migrate import upgrade
from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError, Unreachable
from tests.engines import Run, url_of
from tests.media import small_disk


def read(store: Store) -> None:
    with store.read() as session:
        session.connection().execute(sa.text("SELECT 1 FROM work_order")).all()


POSTGRES = pytest.mark.parametrize("storage", ["postgres"], indirect=True)


@pytest.fixture
def role(server: Callable[..., object]) -> Iterator[str]:
    """A user of the server that has no rights."""
    name = f"role_{uuid4().hex}"
    server("CREATE ROLE {} LOGIN", name)
    yield name
    server("DROP ROLE {}", name)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_can_not_hold_chinese_is_said(run: Run, server: Callable[..., object], encoding: str) -> None:
    name = f"hotline_{uuid4().hex}"
    server("CREATE DATABASE {} TEMPLATE template0 ENCODING {}", name, encoding)
    store = Store(url_of(run.postgres(name)))
    with pytest.raises(StorageError, match="编码不是 UTF8"):
        read(store)
    store.dispose()
    server("DROP DATABASE {} WITH (FORCE)", name)


@POSTGRES
def test_what_the_server_refuses_at_connecting_is_said_each_in_its_own_words(database_url: str, role: str) -> None:
    url = sa.make_url(database_url)
    assert refusal(url.set(username="nobody_here")) == "数据库服务器上没有这个用户, 请检查 HOTLINE_DATABASE_URL"
    assert refusal(url.set(database="none_here")).startswith("数据库服务器上没有这个库")


@POSTGRES
def test_rights_that_lack_are_said_each_in_its_own_words(
    database_url: str, role: str, server: Callable[..., object]
) -> None:
    url = sa.make_url(database_url)
    theirs = url.set(username=role)
    with pytest.raises(StorageError, match="没有设角色的请数据库管理员授权"):
        upgrade(theirs.render_as_string())
    upgrade(database_url)
    assert "权限不够" in refusal(theirs)
    server("ALTER ROLE {} NOLOGIN", role)
    assert refusal(theirs) == "这个数据库用户不准登录, 请数据库管理员授权"
    server("ALTER ROLE {} LOGIN", role)
    server("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", str(url.database))
    assert refusal(theirs) == "数据库用户不准连接这个库, 请数据库管理员授权"


def refusal(url: sa.URL) -> str:
    store = Store(url.render_as_string())
    with pytest.raises(StorageError) as raised:
        read(store)
    store.dispose()
    return str(raised.value)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('FATAL:  password authentication failed for user "a"', "口令不对"),
        ('致命错误: 用户 "a" Password 认证失败', "口令不对"),
        ('致命错误: 角色"a"不存在', "没有这个用户"),
        ('致命错误: 数据库 "a" 不存在', "没有这个库"),
        ("fe_sendauth: no password supplied", "要求口令"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4"', "不准这个用户从这里登录"),
        ("FATAL:  sorry, too many clients already", "连接已满"),
        ("FATAL:  the database system is starting up", "正在启动"),
        ("connection timeout expired", "连接不上"),
        ('root certificate file "~/.postgresql/root.crt" does not exist', "sslrootcert"),
        ("SSL error: certificate verify failed", "或不在有效期内; 请检查本机时间和证书"),
        ('server certificate for "db.example" does not match host name "10.0.0.5"', "主机名与地址不符"),
        ("server does not support SSL, but SSL was required", "没有启用 TLS"),
        ('invalid sslmode value: "verify"', "问号以后的选项不对"),
        ('invalid connection option "sslmod"', "问号以后的选项不对"),
    ],
)
def test_a_connection_that_fails_is_told_by_its_reason(said: str, sentence: str) -> None:
    cause = psycopg.OperationalError(f"connection failed: {said}")
    error = translate(OperationalError("", {}, cause))
    assert isinstance(error, StorageError)
    assert sentence in str(error)


@pytest.mark.parametrize("said", ["disk I/O error", "unable to open database file"])
def test_what_sqlite_says_of_a_full_disk_is_told_as_that(said: str) -> None:
    error = OperationalError("", {}, RuntimeError(said))
    assert isinstance(translate(error, full=True), Unreachable)
    assert str(translate(error, full=True)).startswith("磁盘已满")
    assert "磁盘已满" not in str(translate(error))


def test_a_full_disk_is_said_when_the_database_is_opened(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4000) as disk:
        url = f"sqlite:///{disk.folder / 'hotline.db'}"
        upgrade(url)
        disk.fill()
        with pytest.raises(Unreachable, match="磁盘已满"):
            read(Store(url))


@pytest.mark.parametrize("url", ["postgresql://[bad", "postgresql://bad]/hotline", "postgresql://a b/hotline"])
def test_an_address_that_is_none_is_not_called_out_of_reach(url: str) -> None:
    with pytest.raises(StorageError, match="地址写法不对") as raised:
        Store(url)
    assert not isinstance(raised.value, Unreachable)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT, 4242])
def test_no_english_of_the_system_or_of_a_driver_is_passed_on(number: int) -> None:
    for error in (OSError(number, os.strerror(number)), DatabaseError("", {}, RuntimeError("some English sentence"))):
        sentence = str(translate(error))
        assert not re.search(r"[A-Za-z]+ [A-Za-z]+", sentence.replace("HOTLINE_DATABASE_URL", ""))
