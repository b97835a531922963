"""Postgres servers of one's own, which are killed, started again, copied and promoted."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from tests.engines import postgres_binaries, reachable, url_of

DURABLE = ("max_connections=220", "listen_addresses=", "timezone=UTC", "shared_buffers=128MB")
STANDBY = "standby"


class Server:
    """One cluster, on a Unix socket in its folder."""

    def __init__(self, folder: Path, binaries: Path, identity: dict[str, Any], port: int) -> None:
        self.folder = folder
        self.port = port
        self.data = folder / f"data-{port}"
        self._binaries = binaries
        self.identity = identity
        self._settings: tuple[str, ...] = DURABLE

    def make(self, *settings: str) -> Server:
        """A new cluster with these settings, started."""
        self._settings = (*DURABLE, *settings)
        self._run(
            "initdb", f"--pgdata={self.data}", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"
        )
        return self.start()

    def copy(self, primary: Server, *settings: str) -> Server:
        """A standby of this primary, started."""
        self._settings = (*DURABLE, *settings)
        source = make_conninfo(host=str(primary.folder), port=primary.port, user="postgres", application_name=STANDBY)
        self._run(
            "pg_basebackup", f"--pgdata={self.data}", f"--dbname={source}", "--checkpoint=fast", "--write-recovery-conf"
        )
        return self.start()

    def start(self) -> Server:
        """Returns when it takes connections."""
        options = " ".join(f"-c {each}" if not each.endswith("=") else f"-c {each}''" for each in self._settings)
        self._run(
            "pg_ctl", "start", "--silent", "--wait", f"--pgdata={self.data}", f"--log={self.data}.log",
            f"--options={options} -k {self.folder} -p {self.port}",
        )  # fmt: skip
        return self

    def kill(self) -> None:
        """Every process of it at once, by signal 9, as when the machine stops."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        family = [postmaster, *children(postmaster)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)
        family = [*family, *children(postmaster)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(map(lives, family)):
            pass
        # Where nobody buries the dead, Postgres would take a process that was killed for one that runs.
        for mark in (self.data / "postmaster.pid", self.folder / f".s.PGSQL.{self.port}.lock"):
            mark.unlink()

    def promote(self) -> None:
        """A standby takes what is written."""
        self._run("pg_ctl", "promote", "--silent", "--wait", f"--pgdata={self.data}")

    def address(self, database: str = "postgres") -> str:
        """For libpq."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def url(self, database: str = "postgres") -> str:
        """For HOTLINE_DATABASE_URL."""
        return url_of(self.address(database))

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """An administrator's statement."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self.identity,
        )
        if done.returncode:
            log = Path(f"{self.data}.log")
            said = log.read_text()[-2000:] if log.exists() else done.stdout
            raise RuntimeError(f"{program} fails: {said}")


def lives(process: int) -> bool:
    """Not even a zombie does."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def children(parent: int) -> list[int]:
    """Of a process, by /proc."""
    with suppress(FileNotFoundError):
        return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


class Servers:
    """Makes servers in one folder, each on a port of its own."""

    def __init__(self, folder: Path, binaries: Path | None = None) -> None:
        self.folder = folder
        # Postgres refuses to run as root, and nobody else may be able to reach root's files.
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}
        self.binaries = binaries or postgres_binaries()
        if nobody:
            copied = folder / "postgres"
            copied.mkdir()
            self.binaries = reachable(self.binaries, copied)
            for path in (folder, copied, *copied.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        self.made: list[Server] = []

    def another(self) -> Server:
        """Not made yet: `make` or `copy` it."""
        server = Server(self.folder, self.binaries, self.identity, 5433 + len(self.made))
        self.made.append(server)
        return server


@contextmanager
def servers(parent: str | None = None, binaries: Path | None = None) -> Iterator[Servers]:
    """Servers that are gone at the end; on the disk, or in the folder of this name; of these programs of Postgres."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-servers-", dir=parent))
    made = Servers(folder, binaries)
    try:
        yield made
    finally:
        for server in made.made:
            with suppress(FileNotFoundError, ValueError, IndexError):
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)
