"""Every engine that `bench.knowledge` knows, ours first."""

from __future__ import annotations

from bench.knowledge.engines import Engine, FtsPairs, FtsTrigram, Ours, OursOnPostgres
from bench.knowledge.peers import Postgres, Tantivy, Xapian

OURS: tuple[type[Engine], ...] = (Ours, OursOnPostgres)
PEERS: tuple[type[Engine], ...] = (FtsTrigram, FtsPairs, Postgres, Tantivy, Xapian)
ENGINES: dict[str, type[Engine]] = {each.name: each for each in (*OURS, *PEERS)}
