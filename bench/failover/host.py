"""One host of the group: etcd, Patroni with its Postgres, PgBouncer; killed whole and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.failover import configuration
from bench.failover.configuration import Group, Host
from bench.failover.packages import Programs
from tests.servers import children, lives

MARK = "HOTLINE_BENCH_HOST"
"""In the environment of every process of a host, also of those that have another parent by now."""


class Running:
    """A host that can be started and killed."""

    def __init__(self, folder: Path, group: Group, host: Host, programs: Programs, identity: dict[str, Any]) -> None:
        self.host = host
        self.folder = folder
        self._group = group
        self._programs = programs
        self._identity = identity
        self._started: list[subprocess.Popen[Any]] = []

    def make(self, owner: str) -> None:
        """Its folder and files; `owner` is the password of the program's role."""
        self.folder.mkdir()
        configuration.write(self._group, self.host, self.folder)
        Path(self.host.users).write_text(f'"{configuration.OWNER}" "{owner}"\n', encoding="utf-8")
        for path in (self.folder, *self.folder.iterdir()):
            path.chmod(0o700)
            if self._identity:
                os.chown(path, self._identity["user"], self._identity["group"])

    def start(self) -> None:
        """All that is installed; a host that runs stays as it is."""
        if self._started:
            return
        settings = (self.folder / "etcd").read_text(encoding="utf-8").splitlines()
        self._start([self._programs.etcd], dict(line.split("=", 1) for line in settings))
        self._start([self._programs.patroni, str(self.folder / "patroni.yml")], {})
        if self._programs.pgbouncer:
            self._start([self._programs.pgbouncer, str(self.folder / "pgbouncer.ini")], {})

    def _start(self, command: list[str], settings: dict[str, str]) -> None:
        with (self.folder / f"{Path(command[0]).name}.log").open("ab") as log:
            self._started.append(
                subprocess.Popen(
                    command,
                    cwd=self.folder,
                    env=environment() | settings | {MARK: str(self.folder)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **self._identity,
                )
            )

    def kill(self) -> None:
        """Every process of it at once, by signal 9, as when the machine stops."""
        stopped: set[int] = set()
        while new := self._processes() - stopped:
            for process in new:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGSTOP)
            stopped |= new
        for process in stopped:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for process in self._started:
            process.wait()
        self._started.clear()
        while any(map(lives, stopped)):
            pass
        # Where nobody buries the dead, Postgres would take a process that was killed for one that runs.
        (Path(self.host.data) / "postmaster.pid").unlink(missing_ok=True)

    def _processes(self) -> set[int]:
        """Those that bear the mark, and their descendants: a server process of Postgres writes over its own."""
        mark = f"{MARK}={self.folder}".encode()
        found: set[int] = set()
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add(int(entry.name))
        unseen = set(found)
        while unseen:
            unseen = {child for each in unseen for child in children(each)} - found
            found |= unseen
        return {process for process in found if lives(process)}

    def said(self) -> str:
        """The last that Patroni wrote into its log."""
        log = self.folder / "patroni.log"
        return log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else ""


def environment() -> dict[str, str]:
    """Of Debian's programs: what is set for this program's Python is not for theirs."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
