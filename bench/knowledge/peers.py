"""The peers of `bench.knowledge` that are not in every Python: Postgres, tantivy, xapian."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from bench.knowledge.corpus import Document
from bench.knowledge.engines import TITLE, Engine, alone, terms

PREFIX = "N"
MOST = 40
"""Terms that Postgres is asked: of a whole letter's, ts_rank_cd takes seconds."""


class Postgres(Engine):
    """GIN over pairs of signs, ts_rank_cd."""

    name = "Postgres GIN"
    server = True

    def store(self, documents: Sequence[Document]) -> None:
        """A table of titles and texts."""
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE document (id integer PRIMARY KEY, title text, answer text)")
            with cursor.copy("COPY document FROM STDIN") as copy:
                for number, each in enumerate(documents):
                    copy.write_row((number, each.title, each.text))

    def index(self, documents: Sequence[Document]) -> None:
        """The title of weight A, the text of weight D."""
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE cut (id integer, title text, answer text)")
            with cursor.copy("COPY cut FROM STDIN") as copy:
                for number, each in enumerate(documents):
                    copy.write_row((number, " ".join(terms(each.title)), " ".join(terms(each.text))))
            cursor.execute(
                "CREATE TABLE found AS SELECT id, setweight(to_tsvector('simple', title), 'A')"
                " || setweight(to_tsvector('simple', answer), 'D') AS held FROM cut"
            )
            cursor.execute("CREATE INDEX found_held ON found USING gin (held)")
            cursor.execute("ALTER TABLE found ADD PRIMARY KEY (id)")
            cursor.execute("ANALYZE found")

    def open(self) -> None:
        """Connect."""
        self._connection = self._connect()
        self._connection.autocommit = True

    def search(self, text: str, limit: int) -> list[int]:
        """By ts_rank_cd, any of the terms; divided by 1 + the logarithm of the length, the best of its ways here."""
        sign = alone(text)
        wanted = f"'{sign}':*" if sign else " | ".join(f"'{term}'" for term in islice(dict.fromkeys(terms(text)), MOST))
        if not wanted:
            return []
        found = self._connection.execute(
            "SELECT document.id, document.title FROM (SELECT id, ts_rank_cd(held, asked, 1) AS rank"
            " FROM found, to_tsquery('simple', %s) asked WHERE held @@ asked ORDER BY rank DESC, id LIMIT %s) best"
            " JOIN document USING (id) ORDER BY best.rank DESC, document.id",
            (wanted, limit),
        )
        return [row[0] for row in found.fetchall()]

    def size(self) -> int:
        """Of the table of terms with its index."""
        return int(self._connection.execute("SELECT pg_total_relation_size('found')").fetchone()[0])

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()

    def _connect(self) -> Any:
        import psycopg

        return psycopg.connect(self.url.replace("+psycopg", ""))


class Tantivy(Engine):
    """Pairs of signs in two fields, bm25."""

    name = "tantivy bigrams"
    library = "tantivy"

    def store(self, documents: Sequence[Document]) -> None:
        """Titles are kept in the index."""

    def index(self, documents: Sequence[Document]) -> None:
        """One segment or a few, as it likes."""
        library = import_module("tantivy")
        self.place.mkdir(exist_ok=True)
        schema = library.SchemaBuilder().add_integer_field("number", stored=True).add_text_field("shown", stored=True)
        for field in ("title", "answer"):
            schema.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        index = library.Index(schema.build(), str(self.place))
        writer = index.writer()
        for number, each in enumerate(documents):
            told = {"title": " ".join(terms(each.title)), "answer": " ".join(terms(each.text))}
            writer.add_document(library.Document(number=number, shown=each.title, **told))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Map it."""
        self._library = import_module("tantivy")
        self._index = self._library.Index.open(str(self.place))
        self._searcher = self._index.searcher()

    def search(self, text: str, limit: int) -> list[int]:
        """Any of the terms."""
        library, fields = self._library, ["title", "answer"]
        if sign := alone(text):
            any_of = [
                (library.Occur.Should, library.Query.regex_query(self._index.schema, f, f"{sign}.")) for f in fields
            ]
            query = library.Query.boolean_query(any_of)
        elif wanted := Counter(terms(text)):
            told = " ".join(f"{term}^{often}" for term, often in wanted.items())
            query = self._index.parse_query(told, fields, field_boosts={"title": float(TITLE)})
        else:
            return []
        found = (self._searcher.doc(address) for _, address in self._searcher.search(query, limit, count=False).hits)
        return [document["number"][0] for document in found if document["shown"]]

    def size(self) -> int:
        """Of its folder, titles included."""
        return _bytes(self.place)

    def close(self) -> None:
        """Unmap it."""
        del self._searcher, self._index


class Xapian(Engine):
    """Pairs of signs, bm25; a term in the title counts more times."""

    name = "xapian bigrams"
    library = "xapian"

    def store(self, documents: Sequence[Document]) -> None:
        """Titles are kept in the index."""

    def index(self, documents: Sequence[Document]) -> None:
        """Document by document."""
        library = import_module("xapian")
        database = library.WritableDatabase(str(self.place), library.DB_CREATE_OR_OPEN)
        for each in documents:
            document = library.Document()
            document.set_data(each.title)
            for texts, weight in ((each.title, TITLE), (each.text, 1)):
                for term in terms(texts):
                    document.add_term(PREFIX + term, weight)
            database.add_document(document)
        database.commit()
        database.close()

    def open(self) -> None:
        """Map it."""
        self._library = import_module("xapian")
        self._database = self._library.Database(str(self.place))

    def search(self, text: str, limit: int) -> list[int]:
        """Any of the terms."""
        library = self._library
        if sign := alone(text):
            asked = library.Query
            query = asked(asked.OP_WILDCARD, PREFIX + sign, 0, asked.WILDCARD_LIMIT_ERROR)  # 0: as many as there are
        elif wanted := [PREFIX + term for term in terms(text)]:
            query = library.Query(library.Query.OP_OR, wanted)
        else:
            return []
        enquire = library.Enquire(self._database)
        enquire.set_query(query)
        return [match.docid - 1 for match in enquire.get_mset(0, limit) if match.document.get_data() is not None]

    def size(self) -> int:
        """Of its folder, titles included."""
        return _bytes(self.place)

    def close(self) -> None:
        """Unmap it."""
        self._database.close()


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
