"""A Postgres server of one's own in a temporary folder, for as long as it is measured."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.engines import Run, url_of

FIRST = "postgres"
"""The database that is there from the beginning."""


@contextmanager
def server() -> Iterator[Callable[[str], str]]:
    """Gives the address of a database on it, as `HOTLINE_DATABASE_URL` takes it; on disk, not in memory."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-served-"))
    os.mkfifo(folder / "alive")
    run = Run(folder, os.open(folder / "alive", os.O_RDWR))
    try:
        yield lambda database: url_of(run.postgres(database))
    finally:
        run.end()


def copy(url_of_database: Callable[[str], str], source: str, target: str) -> str:
    """A copy of a database that nobody has open; its address."""
    address = url_of_database(FIRST).replace("+psycopg", "", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        names = sql.Identifier(target), sql.Identifier(source)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(names[0]))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return url_of_database(target)


def cpu_seconds(pid: int) -> float:
    """Of the processor, that a process of this machine has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
