"""Where the programs of Debian's packages are."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.engines import postgres_binaries

PROGRAMS = {"etcd": "etcd-server", "patroni": "patroni", "patronictl": "patroni"}
"""What cannot be done without, and the package that brings it."""
BEYOND_PATH = "/usr/sbin"
"""Where Debian has PgBouncer, which is not on everybody's PATH."""


def found(program: str) -> str | None:
    """Where it is; None where it is not installed."""
    return shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", ""), BEYOND_PATH)))


def missing() -> str | None:
    """One line that names what has to be installed; None when nothing has."""
    lacking = sorted({package for program, package in PROGRAMS.items() if found(program) is None})
    if not lacking:
        return None
    return f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not installed (packages of Debian)"


@dataclass(frozen=True)
class Programs:
    """Where each is."""

    etcd: str
    patroni: str
    patronictl: str
    pgbouncer: str | None
    postgres: Path
    """The folder of initdb, postgres and pg_rewind."""

    @classmethod
    def installed(cls) -> Programs:
        """Ask `missing` first."""
        etcd, patroni, patronictl = (found(program) or program for program in PROGRAMS)
        return cls(etcd, patroni, patronictl, found("pgbouncer"), postgres())


def postgres() -> Path:
    """Debian's newest, which its Patroni knows; else the one that the tests run on."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    complete = [folder for folder in installed if all((folder / name).exists() for name in ("initdb", "pg_rewind"))]
    return complete[-1] if complete else postgres_binaries()
