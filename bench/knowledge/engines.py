"""What `bench.knowledge` searches with: this program's index on either database, and the engines one would take else.

All are given the same tokens (full-width narrowed, traditional characters simplified). Each is made in a place, and
opened there by another process.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from bench.knowledge.corpus import Document
from hotline_tui.data.search.tokens import pairs, runs, words

TODAY = date(2026, 11, 20)
TITLE = 4
"""By what a term in the title counts more, with engines that weigh fields."""
BATCH = 2000


class Absent(Exception):
    """This engine is not on this machine; says what is missing."""


class Engine(ABC):
    """One of them. `place` is a folder; `url` the address of a database where it needs a server."""

    name: ClassVar[str]
    server: ClassVar[bool] = False
    library: ClassVar[str] = ""
    """The module without which it is absent."""
    hears: ClassVar[bool] = False
    """Whether it makes use of what was asked before."""

    def __init__(self, place: Path, url: str = "") -> None:
        self.place = place
        self.url = url

    def check(self) -> None:
        """Raise Absent where this machine has it not."""
        if self.library and find_spec(self.library) is None:
            raise Absent(f"{self.library} is not installed")

    @abstractmethod
    def store(self, documents: Sequence[Document]) -> None:
        """Put the documents where they are kept, without an index."""

    @abstractmethod
    def index(self, documents: Sequence[Document]) -> None:
        """Make the index: this is timed."""

    @abstractmethod
    def open(self) -> None:
        """As a program that starts."""

    @abstractmethod
    def search(self, text: str, limit: int) -> list[int]:
        """The numbers of the best documents, whose titles were fetched too."""

    @abstractmethod
    def size(self) -> int:
        """Bytes of the index."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    def hear(self, questions: Sequence[tuple[str, int | None]]) -> None:
        """What was asked before, with the number of the document that answered it; raises NotImplementedError where
        `hears` says no."""
        raise NotImplementedError(f"{self.name}: {len(questions)}")


class Ours(Engine):
    """The arrays of whole numbers of data/search, the database on SQLite."""

    name = "ours, SQLite"
    hears = True

    def store(self, documents: Sequence[Document]) -> None:
        """As articles in force."""
        from hotline_tui.data.migrate import upgrade
        from hotline_tui.models import Article
        from hotline_tui.rules.pinyin import spell
        from hotline_tui.rules.words import ArticleState

        if not self.server:
            upgrade(self._url)
        now = datetime(2026, 11, 1, tzinfo=UTC)
        store = self._open_store()
        table: Any = Article.__table__  # pyright: ignore[reportAttributeAccessIssue] - SQLModel does not declare it
        for begin in range(0, len(documents), BATCH):
            rows = [
                {
                    "id": UUID(int=number + 1),
                    "key": f"kb-{number}",
                    "question": each.title,
                    "phrasings": "",
                    "answer": each.text,
                    "basis": "",
                    "version": 1,
                    "discarded": [],
                    "state": ArticleState.PUBLISHED,
                    "spelling": spell(each.title),
                    "revision": number,
                    "changed_at": now,
                }
                for number, each in enumerate(documents[begin : begin + BATCH], begin)
            ]
            with store.write() as session:
                session.connection().execute(table.insert(), rows)
                session.commit()
        store.dispose()

    def hear(self, questions: Sequence[tuple[str, int | None]]) -> None:
        """As orders, the last one the latest."""
        from hotline_tui.models import Site, WorkOrder
        from hotline_tui.rules.words import Channel, Kind, OrderState

        received = datetime(2026, 1, 1, tzinfo=UTC)
        store = self._open_store()
        table: Any = WorkOrder.__table__  # pyright: ignore[reportAttributeAccessIssue] - SQLModel does not declare it
        rows = [
            {
                "id": UUID(int=number + 1),
                "number": f"{number:012}",
                "site": "bench",
                "channel": Channel.MAILBOX,
                "kind": Kind.HELP,
                "state": OrderState.RECEIVED if answer is None else OrderState.ANSWERED,
                "article_id": None if answer is None else UUID(int=answer + 1),
                "narrative": text,
                "received_at": received + timedelta(minutes=number),
            }
            for number, (text, answer) in enumerate(questions)
        ]
        with store.write() as session:
            session.add(Site(code="bench", name="bench"))
            session.flush()
            session.connection().execute(table.insert(), rows)
            session.commit()
        store.dispose()

    def index(self, documents: Sequence[Document]) -> None:
        """Read back from the database."""
        from hotline_tui.data.search.maker import make

        store = self._open_store()
        make(store, self._file)
        store.dispose()

    def open(self) -> None:
        """As a seat has it."""
        from hotline_tui.data.search.knowledge import KnowledgeIndex

        self._store = self._open_store()
        self._index = KnowledgeIndex(self._store, self._file)
        self._index.refresh()

    def search(self, text: str, limit: int) -> list[int]:
        """Through KnowledgeIndex.search."""
        return [hit.article_id.int - 1 for hit in self._index.search(text, today=TODAY, limit=limit)]

    def size(self) -> int:
        """Of the file that is mapped."""
        return self._file.stat().st_size

    def close(self) -> None:
        """Disconnect."""
        self._store.dispose()

    @property
    def _file(self) -> Path:
        return self.place / "knowledge.idx"

    @property
    def _url(self) -> str:
        return self.url or f"sqlite:///{self.place / 'hotline.db'}"

    def _open_store(self) -> Any:
        from hotline_tui.data.store import Store

        return Store(self._url)


class OursOnPostgres(Ours):
    """The same, the database on Postgres."""

    name = "ours, Postgres"
    server = True

    def store(self, documents: Sequence[Document]) -> None:
        """After the migrations."""
        from hotline_tui.data.migrate import upgrade

        upgrade(self._url)
        super().store(documents)


def terms(text: str) -> Iterator[str]:
    """Pairs of neighbouring signs, and words of letters or digits."""
    for run in runs(text):
        yield from pairs(run)
    yield from (word for word in words(text) if len(word) > 2)


def alone(text: str) -> str:
    """The sign, where nothing but one was typed."""
    found = runs(text)
    return found[0] if len(found) == 1 and len(found[0]) == 1 else ""


class Fts(Engine):
    """SQLite FTS5."""

    _tokenizer: ClassVar[str]

    def store(self, documents: Sequence[Document]) -> None:
        """A table of titles and texts."""
        with self._connect() as connection:
            connection.execute("CREATE TABLE document (id INTEGER PRIMARY KEY, title TEXT, answer TEXT)")
            connection.executemany(
                "INSERT INTO document VALUES (?, ?, ?)",
                ((number, each.title, each.text) for number, each in enumerate(documents)),
            )
        self._before = self._bytes()

    def index(self, documents: Sequence[Document]) -> None:
        """Two columns, title and text."""
        with self._connect() as connection:
            connection.execute(
                f"CREATE VIRTUAL TABLE found USING fts5(title, answer, content='', tokenize='{self._tokenizer}')"
            )
            connection.executemany(
                "INSERT INTO found (rowid, title, answer) VALUES (?, ?, ?)",
                ((number, self._text(each.title), self._text(each.text)) for number, each in enumerate(documents)),
            )

    def open(self) -> None:
        """Connect."""
        self._connection = self._connect()

    def search(self, text: str, limit: int) -> list[int]:
        """By bm25, any of the terms."""
        wanted = self._query(text)
        if not wanted:
            return []
        found = self._connection.execute(
            "SELECT document.id, document.title FROM (SELECT rowid, rank FROM found WHERE found MATCH ?"
            f" AND rank MATCH 'bm25({TITLE}, 1)' ORDER BY rank LIMIT ?) best"
            " JOIN document ON document.id = best.rowid ORDER BY best.rank",
            (wanted, limit),
        )
        return [row[0] for row in found.fetchall()]

    def size(self) -> int:
        """What the file grew by."""
        return self._bytes() - self._before

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.place / "fts.db")

    def _bytes(self) -> int:
        with self._connect() as connection:
            return int(
                connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[
                    0
                ]
            )

    def _text(self, text: str) -> str:
        return text

    def _query(self, text: str) -> str:
        raise NotImplementedError


class FtsTrigram(Fts):
    """With its own tokenizer of three signs."""

    name = "FTS5 trigram"
    _tokenizer = "trigram"

    def _text(self, text: str) -> str:
        return " ".join(runs(text))

    def _query(self, text: str) -> str:
        found = (run[at : at + 3] for run in runs(text) for at in range(len(run) - 2))
        return " OR ".join(f'"{term}"' for term in dict.fromkeys(found))


class FtsPairs(Fts):
    """Over pairs of signs, cut before."""

    name = "FTS5 bigrams"
    _tokenizer = "unicode61"

    def _text(self, text: str) -> str:
        return " ".join(terms(text))

    def _query(self, text: str) -> str:
        if sign := alone(text):
            return f'"{sign}"*'
        return " OR ".join(f'"{term}"' for term in terms(text))
