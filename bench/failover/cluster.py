"""The three hosts together: made, asked who leads, told to switch, gone at the end."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.failover.configuration import DATABASE, OWNER, SCOPE, Group, Host
from bench.failover.host import Running, environment
from bench.failover.packages import Programs
from tests.servers import Servers, servers

LOOPBACK = "127.0.0.1"
NAMES = ("db1", "db2", "db3")
LOOK_SECONDS = 0.1
"""Between two looks at the group."""
SETTLING_SECONDS = 120.0
"""In which a host that was killed is a standby again."""
LEADER, SYNCHRONOUS = "leader", "sync_standby"

Members = dict[str, dict[str, Any]]
"""What Patroni says of each, by name."""


class Cluster:
    """Three hosts that run."""

    def __init__(self, servers: Servers, programs: Programs) -> None:
        self.programs = replace(programs, postgres=servers.binaries)
        self.owner = secrets.token_hex(16)
        ports = _free_ports(5 * len(NAMES))
        hosts = tuple(self._host(servers, name, ports[5 * at : 5 * at + 5]) for at, name in enumerate(NAMES))
        here = f"{LOOPBACK}/32"
        self._group = Group(hosts, here, here, superuser=secrets.token_hex(16), replicator=secrets.token_hex(16))
        self.hosts = {
            host.name: Running(servers.folder / host.name, self._group, host, self.programs, servers.identity)
            for host in hosts
        }

    def _host(self, servers: Servers, name: str, ports: list[int]) -> Host:
        folder = servers.folder / name
        return Host(
            name,
            LOOPBACK,
            *ports,
            data=str(folder / "data"),
            binaries=str(self.programs.postgres),
            sockets=str(folder),
            pgpass=str(folder / "pgpass"),
            etcd_data=str(folder / "etcd-data"),
            users=str(folder / "userlist.txt"),
        )

    def make(self) -> None:
        """All three, with the program's role and its empty database."""
        for host in self.hosts.values():
            host.make(self.owner)
            host.start()
        self.settled()
        address = make_conninfo(
            **self._address("postgres"), user="postgres", password=self._group.superuser, dbname="postgres"
        )
        with psycopg.connect(address, autocommit=True) as connection:
            name = sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, self.owner))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), name))

    def url(self, *, pooled: bool = False) -> str:
        """With all hosts, for HOTLINE_DATABASE_URL; the program itself looks for the one that takes what is written."""
        found = self._address("pgbouncer" if pooled else "postgres")
        return f"postgresql+psycopg://{OWNER}:{self.owner}@/{DATABASE}?host={found['host']}&port={found['port']}"

    def _address(self, program: str) -> dict[str, str]:
        hosts = [running.host for running in self.hosts.values()]
        return {
            "host": ",".join(host.address for host in hosts),
            "port": ",".join(str(getattr(host, program)) for host in hosts),
            "target_session_attrs": "read-write",
        }

    def leader(self) -> Running:
        """Who leads now."""
        found = self._waited(lambda members: _leads(members) is not None)
        return self.hosts[_leads(found) or ""]

    def standby(self) -> Running:
        """One that may take over without losing an order."""
        found = self._waited(lambda members: any(each["role"] == SYNCHRONOUS for each in members.values()))
        return self.hosts[next(name for name, each in found.items() if each["role"] == SYNCHRONOUS)]

    def settled(self, *, synchronous: bool = True) -> None:
        """Returns when all three are there, on the timeline of the leader, and the standby that orders wait for."""

        def all_there(members: Members) -> bool:
            leader = _leads(members)
            return (
                leader is not None
                and len(members) == len(NAMES)
                and all(each["state"] in ("running", "streaming") for each in members.values())
                and len({each.get("timeline") for each in members.values()}) == 1
                and any(each["role"] == SYNCHRONOUS for each in members.values()) == synchronous
            )

        self._waited(all_there)

    def _waited(self, holds: Callable[[Members], bool]) -> Members:
        until = monotonic() + SETTLING_SECONDS
        while True:
            members = self._members()
            if holds(members):
                return members
            if monotonic() > until:
                said = "\n".join(f"{name}: {host.said()}" for name, host in self.hosts.items())
                raise RuntimeError(f"the group does not come to rest: {members}\n{said}")
            sleep(LOOK_SECONDS)

    def _members(self) -> Members:
        for running in self.hosts.values():
            with (
                suppress(OSError, HTTPException, ValueError),
                closing(HTTPConnection(LOOPBACK, running.host.rest, timeout=5)) as line,
            ):
                line.request("GET", "/cluster")
                return {each["name"]: each for each in json.loads(line.getresponse().read())["members"]}
        return {}

    def switch(self) -> None:
        """To the synchronous standby, as an administrator does it before work on a host."""
        self._patronictl(
            "switchover", SCOPE, "--leader", self.leader().host.name,
            "--candidate", self.standby().host.name, "--force",
        )  # fmt: skip

    def configure(self, **settings: object) -> None:
        """Change the configuration of the group."""
        said = [part for name, value in settings.items() for part in ("--set", f"{name}={json.dumps(value)}")]
        self._patronictl("edit-config", SCOPE, *said, "--force")

    def _patronictl(self, *arguments: str) -> None:
        some = next(iter(self.hosts.values()))
        command = [self.programs.patronictl, "-c", str(some.folder / "patroni.yml"), *arguments]
        done = subprocess.run(
            command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"patronictl {arguments[0]} fails: {done.stdout}{done.stderr}")


def _leads(members: Members) -> str | None:
    return next((name for name, each in members.items() if each["role"] == LEADER), None)


def _free_ports(many: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(closing(socket.socket())) for _ in range(many)]
        for each in taken:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in taken]


@contextmanager
def cluster(programs: Programs) -> Iterator[Cluster]:
    """Three hosts in a folder that is gone at the end, and every process of them."""
    with servers(binaries=programs.postgres) as group:
        made = Cluster(group, programs)
        try:
            made.make()
            yield made
        finally:
            for host in made.hosts.values():
                host.kill()
