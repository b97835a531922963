"""A server that does not let in who asks, or is not who it says: one sentence, exit code 3, and nothing is written."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from tests.cli.conftest import Hotline
from tests.servers import Server, servers

pytestmark = pytest.mark.requirement("R-13b")
SSL_REQUEST = 8
"""Bytes in which libpq asks whether the other side speaks TLS."""


@pytest.fixture
def tried(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """What is said of a database at this address, which opens nothing."""

    def tried(url: str) -> str:
        monkeypatch.setenv("HOTLINE_DATABASE_URL", url)
        said = {(done.code, done.out, done.err) for done in (hotline("db", "current"), hotline("order", "list"))}
        ((code, out, err),) = said
        assert (code, out, err.count("\n")) == (3, "", 1)
        return err

    return tried


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server that asks for passwords."""
    with servers() as group:
        server = group.another().make("fsync=off")
        server.execute("CREATE ROLE clerk LOGIN PASSWORD 'Lamp-on-the-corner-7'")
        (server.data / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        server.execute("SELECT pg_reload_conf()")
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(server.address().replace("postgres@", "clerk@")).close()
                continue
            break
        yield server


def test_a_wrong_password_and_none_are_said_each_in_its_own_words(strict: Server, tried: Callable[[str], str]) -> None:
    wrong = strict.url().replace("postgres@", "clerk:not-the-password@")
    assert "口令不对" in tried(wrong)
    assert "not-the-password" not in tried(wrong)
    assert "要求口令" in tried(strict.url().replace("postgres@", "clerk@"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of db.example, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    return made(folder, "db.example")


def made(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate of this name, signed by itself, and its key."""
    own, key = folder / f"{name}.crt", folder / f"{name}.key"
    asked = ("-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-days", "3650", "-out", own)
    subprocess.run(["openssl", "req", *asked, "-keyout", key], check=True, capture_output=True)
    return own, key


@contextmanager
def answering(certificate: tuple[Path, Path] | None) -> Iterator[int]:
    """The port of something that speaks as Postgres does until TLS stands; without a certificate it has no TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(*certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    with suppress(OSError), line:
                        line.recv(SSL_REQUEST)
                        line.sendall(b"S" if certificate else b"N")
                        if certificate:
                            context.wrap_socket(line, server_side=True).close()

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(20)


def address(port: int, **options: object) -> str:
    told = "&".join(f"{name}={value}" for name, value in options.items())
    return f"postgresql+psycopg://hotline_seat@127.0.0.1:{port}/hotline?{told}"


def test_a_certificate_that_does_not_fit_is_said_each_in_its_own_words(
    certificate: tuple[Path, Path], tried: Callable[[str], str], tmp_path: Path
) -> None:
    own, _ = certificate
    other, _ = made(tmp_path, "another")
    with answering(certificate) as port:
        assert "不是 sslrootcert 所信任的机构签发的" in tried(address(port, sslmode="verify-full", sslrootcert=other))
        assert "主机名与地址不符" in tried(address(port, sslmode="verify-full", sslrootcert=own))
        nowhere = tmp_path / "none.crt"
        assert "sslrootcert" in tried(address(port, sslmode="verify-full", sslrootcert=nowhere))


def test_a_server_without_tls_is_not_spoken_to_where_it_is_asked_for(tried: Callable[[str], str]) -> None:
    with answering(None) as port:
        assert "没有启用 TLS" in tried(address(port, sslmode="require"))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://hotline_seat@127.0.0.1:port/hotline", "地址写法不对"),
        ("postgresq://hotline_seat@127.0.0.1/hotline", "地址写法不对"),
        ("postgresql+psycopg://hotline_seat@127.0.0.1:1/hotline?sslmod=require", "问号以后的选项不对"),
        ("postgresql+psycopg://hotline_seat@127.0.0.1:1/hotline?sslmode=verify", "问号以后的选项不对"),
        ("postgresql+psycopg://hotline_seat@127.0.0.1:1/hotline", "连接不上"),
    ],
)
def test_an_address_with_a_typing_error_is_said(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch, url: str, sentence: str
) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", url)
    done = hotline("db", "current")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert sentence in done.err
