"""The files of the three hosts, as docs/administrator.md prints them; a test holds the two against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCOPE = "hotline"
DATABASE = "hotline"
OWNER = "hotline"
"""The program's own role, owner of its database."""


@dataclass(frozen=True)
class Host:
    """One of the three; the defaults are those of the manual."""

    name: str
    address: str
    etcd: int = 2379
    etcd_peers: int = 2380
    rest: int = 8008
    postgres: int = 5432
    pgbouncer: int = 6432
    data: str = "/var/lib/postgresql/15/hotline"
    binaries: str = "/usr/lib/postgresql/15/bin"
    sockets: str = "/var/run/postgresql"
    pgpass: str = "/var/lib/postgresql/patroni.pgpass"
    etcd_data: str = "/var/lib/etcd/hotline"
    users: str = "/etc/pgbouncer/userlist.txt"


@dataclass(frozen=True)
class Group:
    """What the three have in common."""

    hosts: tuple[Host, ...]
    network: str
    """Of the hosts, as pg_hba.conf has it."""
    seats: str
    """Of the seats."""
    superuser: str = "口令一"
    replicator: str = "口令二"


def dynamic(group: Group) -> str:
    """Patroni's configuration of the whole group, YAML; strict: who has no standby takes no order."""
    return f"""\
ttl: 20
loop_wait: 5
retry_timeout: 5
synchronous_mode: true
synchronous_mode_strict: true
postgresql:
  use_pg_rewind: true
  parameters:
    max_connections: 400
    wal_retrieve_retry_interval: 1s
  pg_hba:
    - local all all peer
    - host replication replicator {group.network} scram-sha-256
    - host all all {group.network} scram-sha-256
    - host hotline all {group.seats} scram-sha-256
"""


def patroni(group: Group, host: Host) -> str:
    """`/etc/patroni/config.yml` of one host."""
    settings = "".join(f"    {line}\n" for line in dynamic(group).splitlines())
    return f"""\
scope: {SCOPE}
name: {host.name}
restapi:
  listen: {host.address}:{host.rest}
  connect_address: {host.address}:{host.rest}
etcd3:
  hosts: {",".join(f"{each.address}:{each.etcd}" for each in group.hosts)}
bootstrap:
  dcs:
{settings}\
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
postgresql:
  listen: {host.address}:{host.postgres}
  connect_address: {host.address}:{host.postgres}
  data_dir: {host.data}
  bin_dir: {host.binaries}
  pgpass: {host.pgpass}
  parameters:
    unix_socket_directories: {host.sockets}
  callbacks:
    on_role_change: >-
      sh -c 'for each in 1 2 3 4 5; do
      psql -h {host.sockets} -p {host.pgbouncer} -U pgbouncer -c RECONNECT pgbouncer;
      sleep 1; done'
  authentication:
    superuser:
      username: postgres
      password: {group.superuser}
    replication:
      username: replicator
      password: {group.replicator}
"""


def etcd(group: Group, host: Host) -> str:
    """`/etc/default/etcd` of one host."""
    ours, peers = f"http://{host.address}:{host.etcd}", f"http://{host.address}:{host.etcd_peers}"
    everybody = ",".join(f"{each.name}=http://{each.address}:{each.etcd_peers}" for each in group.hosts)
    return f"""\
ETCD_NAME={host.name}
ETCD_DATA_DIR={host.etcd_data}
ETCD_LISTEN_CLIENT_URLS={ours}
ETCD_ADVERTISE_CLIENT_URLS={ours}
ETCD_LISTEN_PEER_URLS={peers}
ETCD_INITIAL_ADVERTISE_PEER_URLS={peers}
ETCD_INITIAL_CLUSTER={everybody}
ETCD_INITIAL_CLUSTER_TOKEN={SCOPE}
ETCD_INITIAL_CLUSTER_STATE=new
"""


def pgbouncer(host: Host, server: str) -> str:
    """`/etc/pgbouncer/pgbouncer.ini` of one host, before this server."""
    return f"""\
[databases]
{DATABASE} = host={server} port={host.postgres} dbname={DATABASE}

[pgbouncer]
listen_addr = {host.address}
listen_port = {host.pgbouncer}
unix_socket_dir = {host.sockets}
auth_type = scram-sha-256
auth_file = {host.users}
pool_mode = transaction
default_pool_size = 20
max_client_conn = 1000
"""


def write(group: Group, host: Host, folder: Path) -> None:
    """The three files into the folder of a host."""
    (folder / "patroni.yml").write_text(patroni(group, host), encoding="utf-8")
    (folder / "etcd").write_text(etcd(group, host), encoding="utf-8")
    (folder / "pgbouncer.ini").write_text(pgbouncer(host, host.address), encoding="utf-8")
