"""Finding standard answers as somebody types: a large index that seldom changes, and a small one of what changed since.

The database is the truth: what changed in it is taken in before each search, and what is found is read from it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch, short_name
from hotline_tui.data.queries.visibility import Query
from hotline_tui.data.search import index_file
from hotline_tui.data.search.entries import LAST, Entry, every, newer, revision
from hotline_tui.data.search.finder import QUERY_LENGTH, Finder
from hotline_tui.data.search.lexicon import LONGEST
from hotline_tui.data.search.matched import Pieces, pieces_of
from hotline_tui.data.search.shelf import Wanted
from hotline_tui.data.search.tokens import folded, pairs, runs
from hotline_tui.data.search.volume import NO_VOLUME, bind
from hotline_tui.data.store import Store
from hotline_tui.models import Article, Topic, Unit
from hotline_tui.rules.words import ArticleState

IN_MEMORY = 1000
"""So many articles a seat indexes for itself; more come from a file that all seats share."""
LIKELY = 0.3
"""What pinyin means that is so likely beside the likeliest is painted."""
CHANGED = 300
"""So many changed articles, and the large index is made anew."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    article_id: UUID
    title: str
    score: float
    """Greater is better, 1 at the most but for what its topic adds."""
    unit: str
    topic: str
    valid_to: date | None
    version: int
    matched: tuple[str, ...]
    """The pieces of the query that its title holds, as typed or as pinyin means them."""


class KnowledgeIndex:
    """Searches the articles of a store. Safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        file: Path | None = None,
        make: Callable[[], object] = lambda: None,
        *,
        loosely: bool = False,
    ) -> None:
        """`file`: where the index of many articles is; `make` has it made anew, in the background.

        Without a file every article is held in memory. `loosely`: z for zh and the like in pinyin.
        """
        self._store = store
        self._file = file
        self._make = make
        self._lock = threading.RLock()
        self._finder = Finder(loosely=loosely)
        self._changed: dict[UUID, Entry] = {}
        self._topics: dict[UUID, str] = {}
        self._seen = -1
        self._stamp: tuple[int, ...] | None = None
        self.complete = True
        """False while the index of a large knowledge base is being made."""

    def __len__(self) -> int:
        return len(self._finder)

    def refresh(self, session: Session | None = None) -> int:
        """Take in the articles that changed since the last time; returns how many. Raises StorageError."""
        if session is None:
            with self._store.read() as own:
                return self.refresh(own)
        with self._lock:
            self._open(session)
            changed = self._newer(session)
            if self._too_many(changed):
                self._have_it_made()
                self._open(session)
                changed = self._newer(session)
            self.complete = not self._too_many(changed)
            if not self.complete:
                return 0
            if changed:
                self._read_topics(session)
                self._take_in(session, changed)
            return len(changed)

    def _newer(self, session: Session) -> list[Entry]:
        return newer(session, self._seen, IN_MEMORY + 1 if self._file else None)

    def _too_many(self, changed: Sequence[Entry]) -> bool:
        return self._file is not None and len(changed) > IN_MEMORY

    def _have_it_made(self) -> None:
        """Ask for the file; where there is no place for it every article is held in memory."""
        try:
            self._make()
        except OSError:
            self._file = None

    def _open(self, session: Session) -> None:
        """Map the file in, where it is another than before; not one that knows of later changes than the database."""
        if self._file is None:
            return
        try:
            stat = self._file.stat()
        except OSError:
            return
        stamp = stat.st_ino, stat.st_mtime_ns, stat.st_size
        if stamp == self._stamp:
            return
        was, self._stamp = self._stamp, stamp
        volume = index_file.load(self._file, index_file.whose(self._store))
        if volume is None or volume.revision > revision(session):
            if was is not None and was[0] == stat.st_ino:
                # Somebody wrote into the very file: to read what was mapped in would end the program.
                self._finder.replace(NO_VOLUME)
                self._seen, self._changed = -1, {}
            self._have_it_made()
            return
        # What is newer than the file is read again: it may be older than what was indexed in memory.
        self._finder.replace(volume)
        self._seen, self._changed = volume.revision, {}
        self._read_topics(session)

    def _read_topics(self, session: Session) -> None:
        self._topics = {row.id: row.path for row in fetch(session, sa.select(col(Topic.id), col(Topic.path)))}

    def _take_in(self, session: Session, changed: Sequence[Entry]) -> None:
        self._seen = changed[-1].revision
        self._changed |= {entry.id: entry for entry in changed}
        if len(self._changed) > CHANGED:
            if self._finder.mapped:
                self._have_it_made()
            else:
                self._finder.replace(bind(every(session), self._seen))
                self._changed = {}
        self._finder.change(self._changed.values(), self._seen)

    def rank(
        self,
        words: str,
        *,
        today: date,
        limit: int = 5,
        unit: UUID | None = None,
        topic: UUID | None = None,
        prefer: UUID | None = None,
        everything: bool = False,
        session: Session | None = None,
    ) -> list[tuple[UUID, float]]:
        """The best articles for these words and how well they fit, in force on the Shanghai day `today` unless
        everything is asked.

        `unit` and `topic` narrow it to articles of this unit and of this topic or one below it; `prefer`, a topic too,
        puts those of it before others that fit as well and leaves nothing out. What was published a moment ago is
        found, what went out of use is not: looks for changes first. Not in the UI thread; raises StorageError.
        """
        with self._lock:
            self.refresh(session)
            wanted = self._wanted(None if everything else today, unit=unit, topic=topic, prefer=prefer)
            return self._finder.rank(words, wanted, limit)

    def search(
        self, words: str, *, today: date, limit: int = 5, everything: bool = False, **narrowed: Any
    ) -> tuple[Hit, ...]:
        """As `rank`, with what a list shows of each; not in force by the database, it is left out."""
        day = None if everything else today
        with self._store.read() as session, self._lock:
            self._open(session)
            while True:
                seen = self._seen
                scores = dict(self._finder.rank(words, self._wanted(day, **narrowed), limit))
                rows = {row.id: row for row in _shown(session, scores)}
                # What is shown of them is asked for in one question with whether something changed.
                last = next(iter(rows.values())).last if rows else revision(session)
                if last > seen:
                    self.refresh(session)
                else:
                    self.complete = True
                if self._seen == seen:
                    break
            meant = self._finder.meant(words[:QUERY_LENGTH])
        asked = (pairs(run) if len(run) > 1 else run for run in runs(words[:QUERY_LENGTH]))
        pieces = list(dict.fromkeys((*(piece for run in asked for piece in run), *meant)))
        return tuple(
            _hit(rows[key], score, pieces)
            for key, score in scores.items()
            if key in rows and (everything or _in_force(rows[key], today))
        )

    def pieces(self, words: str) -> Pieces:
        """What is painted where it stands, what pinyin is likely to mean among it. Not in the UI thread."""
        with self._lock:
            meant = self._finder.meant(words[:QUERY_LENGTH])
        likely = LIKELY * max(meant.values(), default=0)
        return pieces_of(words, (piece for piece, chance in meant.items() if chance >= likely))

    def readings(self, words: str, session: Session | None = None) -> tuple[tuple[str, ...], ...]:
        """What words of pinyin mean: of each piece the characters that may be meant, other words as they stand.

        Read by the standard answers; none where no word is pinyin. Not in the UI thread; raises StorageError.
        """
        with self._lock:
            self.refresh(session)
            read = {word: self._finder.likeliest(word) for word in words[:QUERY_LENGTH].split()}
        if not any(read.values()):
            return ()
        told = (piece for word, pieces in read.items() for piece in (pieces or ((word,),)))
        return tuple(half for piece in told for half in _halves(piece))

    def _wanted(
        self, day: date | None, *, unit: UUID | None = None, topic: UUID | None = None, prefer: UUID | None = None
    ) -> Wanted:
        below = None if topic is None else self._below(topic)
        return Wanted(day, unit, below, frozenset() if prefer is None else self._below(prefer))

    def _below(self, topic: UUID) -> frozenset[UUID]:
        """This topic and those below it."""
        path = self._topics.get(topic)
        below = (key for key, other in self._topics.items() if path and other.startswith(f"{path}/"))
        return frozenset((topic, *below))


def _halves(piece: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Four characters are two words, between which another text may say more."""
    if any(len(each) < LONGEST for each in piece):
        return (piece,)
    return tuple(tuple(dict.fromkeys(each[at : at + 2] for each in piece)) for at in (0, 2))


def _shown(session: Session, keys: Collection[UUID]) -> Sequence[Any]:
    if not keys:
        return ()
    return fetch(session, _lines(len(keys)), **{f"key{number}": key for number, key in enumerate(keys)})


@cache
def _lines(many: int) -> Query:
    """Made once for so many articles: to make it takes longer than to run it."""
    return (
        sa.select(
            col(Article.id),
            col(Article.question),
            short_name(Unit).label("unit"),
            sa.func.coalesce(col(Topic.path), "").label("topic"),
            col(Article.state),
            col(Article.valid_from),
            col(Article.valid_to),
            col(Article.version),
            LAST.scalar_subquery().label("last"),
        )
        .select_from(Article)
        .outerjoin(Unit, col(Unit.id) == col(Article.unit_id))
        .outerjoin(Topic, col(Topic.id) == col(Article.topic_id))
        .where(col(Article.id).in_([sa.bindparam(f"key{number}", type_=sa.Uuid()) for number in range(many)]))
    )


def _in_force(row: Any, day: date) -> bool:
    """While many changes wait for the index that is being made, it does not know of them."""
    begun, ended = row.valid_from or day, row.valid_to or day
    return row.state is ArticleState.PUBLISHED and begun <= day <= ended


def _hit(row: Any, score: float, pieces: list[str]) -> Hit:
    title = folded(row.question)
    held = [piece for piece in pieces if piece in title]
    least = min(map(len, held), default=0)
    long = [piece for piece in held if len(piece) > least]
    held = [piece for piece in held if not any(piece in other and piece != other for other in long)]
    return Hit(row.id, row.question, score, row.unit, row.topic, row.valid_to, row.version, tuple(held))
