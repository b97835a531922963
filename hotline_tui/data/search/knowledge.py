"""Finding standard answers by characters or pinyin, best first: all in memory, BM25 over pairs of characters."""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch, short_name
from hotline_tui.data.queries.visibility import Query
from hotline_tui.data.search.tokens import asked, folded, indexed, is_word, runs
from hotline_tui.data.store import Store
from hotline_tui.models import Article, Topic, Unit
from hotline_tui.rules.pinyin import match, normal
from hotline_tui.rules.words import ArticleState

QUERY_LENGTH = 2000
"""Characters of a narrative that are looked at; what comes after adds nothing to find an answer by."""
QUERY_TERMS = 64
"""The rarest pairs of a long narrative decide."""
PINYIN_LENGTH = 40
# A place in the title tells more than one in the answer (BM25F); the other two are as in the literature.
WEIGHTS = {"title": 4.0, "phrasings": 2.0, "topic": 1.0, "answer": 1.0}
SATURATION = 1.2
LENGTH = 0.5
IN_TITLE = 5.0
"""For a title that holds the whole query."""
IN_TOPIC = 2.0
"""For an article of the topic that is preferred, or of one below it."""
CONTIGUOUS = 500
"""From here `rules.pinyin.match` found one run of syllables, not letters with gaps."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the index holds it."""

    id: UUID
    title: str
    phrasings: str
    answer: str
    spelling: str
    state: ArticleState
    valid_from: date | None
    valid_to: date | None
    unit_id: UUID | None
    unit: str
    topic_id: UUID | None
    topic: str
    version: int
    revision: int

    def in_force(self, day: date) -> bool:
        """Published and valid on this Shanghai day."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to < day
        return self.state is ArticleState.PUBLISHED and begun and not ended


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    article_id: UUID
    title: str
    score: float
    """Greater is better; compares only within one answer."""
    unit: str
    topic: str
    valid_to: date | None
    version: int
    matched: tuple[str, ...]
    """The pieces of the query that it holds."""


class KnowledgeIndex:
    """Searches the articles of a store, held in memory. Safe to use from several threads."""

    def __init__(self, source: Store | Iterable[Entry] = (), *, once: str | None = None) -> None:
        """`once`: the words of the only query that will be asked; nothing is kept by which others could be answered."""
        self._only = None if once is None else frozenset(asked(once[:QUERY_LENGTH]))
        self._spelled = once is None or any("a" <= sign <= "z" for sign in folded(once))
        self._lock = threading.RLock()
        self._store = source if isinstance(source, Store) else None
        self._entries: dict[UUID, Entry] = {}
        self._titles: dict[UUID, str] = {}
        self._weights: dict[UUID, dict[str, float]] = {}
        self._lengths: dict[UUID, float] = {}
        self._holders: defaultdict[str, dict[UUID, float]] = defaultdict(dict)
        self._starts: defaultdict[str, set[UUID]] = defaultdict(set)
        self._topics: dict[UUID, str] = {}
        self._total = 0.0
        self._seen = -1
        if not isinstance(source, Store):
            for entry in source:
                self._put(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def refresh(self, session: Session | None = None) -> int:
        """Read the articles that changed since the last time; returns how many. Raises StorageError."""
        if session is None:
            if self._store is None:
                return 0
            with self._store.read() as own:
                return self.refresh(own)
        with self._lock:
            changed = [Entry(*row) for row in fetch(session, _newer(self._seen))]
            if changed:
                paths = fetch(session, sa.select(col(Topic.id), col(Topic.path)))
                self._topics = {row.id: row.path for row in paths}
            for entry in changed:
                self._put(entry)
            return len(changed)

    def search(
        self,
        words: str,
        *,
        today: date,
        limit: int = 5,
        unit: UUID | None = None,
        topic: UUID | None = None,
        prefer: UUID | None = None,
        everything: bool = False,
    ) -> tuple[Hit, ...]:
        """The best articles for these words, in force on the Shanghai day `today` unless everything is asked.

        `unit` and `topic` narrow it to articles of this unit and of this topic or one below it; `prefer`, a topic too,
        puts those of it before others that fit as well and leaves nothing out. What was published a moment ago is
        found, what went out of use is not: looks for changes first. Not in the UI thread; raises StorageError.
        """
        words = words[:QUERY_LENGTH]
        with self._lock:
            self.refresh()
            scores, matched = self._scores(words)
            if prefer is not None:
                self._lift(scores, prefer)
            within = self._topics.get(topic) if topic else None
            found = [
                (score, self._entries[key])
                for key, score in scores.items()
                if (everything or self._entries[key].in_force(today))
                and unit in (None, self._entries[key].unit_id)
                and (topic is None or _below(self._entries[key], topic, within))
            ]
            found.sort(key=lambda pair: (-pair[0], len(pair[1].title), pair[1].title, pair[1].id))
            return tuple(_hit(entry, score, matched[entry.id]) for score, entry in found[:limit])

    def _scores(self, words: str) -> tuple[dict[UUID, float], dict[UUID, list[str]]]:
        scores: defaultdict[UUID, float] = defaultdict(float)
        matched: defaultdict[UUID, list[str]] = defaultdict(list)
        terms = self._rarest(dict.fromkeys(asked(words)))
        for term in terms:
            for key, gain in self._gains(term):
                scores[key] += gain
                matched[key].append(term)
        for key in scores:
            scores[key] *= 0.5 + 0.5 * len(matched[key]) / len(terms)
        for key, gain, term in self._by_pinyin(words):
            scores[key] += gain
            matched[key].append(term)
        whole = normal(words)
        if 1 < len(whole) <= PINYIN_LENGTH:
            for key in scores:
                if whole in self._titles[key]:
                    scores[key] += IN_TITLE
        return scores, matched

    def _lift(self, scores: dict[UUID, float], topic: UUID) -> None:
        path = self._topics.get(topic)
        for key in scores:
            if _below(self._entries[key], topic, path):
                scores[key] += IN_TOPIC

    def _rarest(self, terms: Iterable[str]) -> list[str]:
        held = [term for term in terms if term in self._holders]
        return sorted(held, key=lambda term: (len(self._holders[term]), term))[:QUERY_TERMS]

    def _gains(self, term: str) -> Iterable[tuple[UUID, float]]:
        """BM25: what a term adds to each article that holds it."""
        holders = self._holders.get(term)
        if not holders:
            return
        many = len(self._entries)
        rarity = math.log(1 + (many - len(holders) + 0.5) / (len(holders) + 0.5))
        mean = self._total / many
        for key, weight in holders.items():
            norm = SATURATION * (1 - LENGTH + LENGTH * self._lengths[key] / mean)
            yield key, rarity * weight * (SATURATION + 1) / (weight + norm)

    def _by_pinyin(self, words: str) -> Iterable[tuple[UUID, float, str]]:
        """Titles that letters spell, in full or by initials, also mixed with characters."""
        whole = normal(words)
        if len(whole) > PINYIN_LENGTH or not any(is_word(run) and run.isalpha() for run in runs(words)):
            return
        spelled = {whole, *(normal(part) for part in words.split())}
        for term in sorted(part for part in spelled if any("a" <= sign <= "z" for sign in part)):
            for key in self._starts.get(term[:2], ()):
                entry = self._entries[key]
                rank = match(term, entry.title, entry.spelling)
                if rank is not None and rank >= CONTIGUOUS:
                    yield key, rank / 100, term

    def _put(self, entry: Entry) -> None:
        self._remove(entry.id)
        weights: dict[str, float] = {}
        length = 0.0
        texts = {
            "title": entry.title,
            "phrasings": entry.phrasings,
            "topic": entry.topic,
            "answer": entry.answer,
        }
        for name, text in texts.items():
            terms = indexed(text)
            length += WEIGHTS[name] * len(terms)
            kept = terms if self._only is None else filter(self._only.__contains__, terms)
            for term, count in Counter(kept).items():
                weights[term] = weights.get(term, 0.0) + WEIGHTS[name] * count
        self._entries[entry.id] = entry
        if entry.topic_id is not None:
            self._topics.setdefault(entry.topic_id, entry.topic)
        self._titles[entry.id] = normal(entry.title)
        self._weights[entry.id] = weights
        self._lengths[entry.id] = length
        self._total += length
        for term, weight in weights.items():
            self._holders[term][entry.id] = weight
        for start in _starts(entry) if self._spelled else ():
            self._starts[start].add(entry.id)
        self._seen = max(self._seen, entry.revision)

    def _remove(self, key: UUID) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        for start in _starts(entry):
            self._starts[start].discard(key)
        self._total -= self._lengths.pop(key)
        for term in self._weights.pop(key):
            holders = self._holders[term]
            del holders[key]
            if not holders:
                del self._holders[term]


def _newer(seen: int) -> Query:
    columns: tuple[Any, ...] = (
        col(Article.id),
        col(Article.question),
        col(Article.phrasings),
        col(Article.answer),
        col(Article.spelling),
        col(Article.state),
        col(Article.valid_from),
        col(Article.valid_to),
        col(Article.unit_id),
        short_name(Unit),
        col(Article.topic_id),
        sa.func.coalesce(col(Topic.path), ""),
        col(Article.version),
        col(Article.revision),
    )
    return (
        sa.select(*columns)
        .select_from(Article)
        .outerjoin(Unit, col(Unit.id) == col(Article.unit_id))
        .outerjoin(Topic, col(Topic.id) == col(Article.topic_id))
        .where(col(Article.revision) > seen)
        .order_by(col(Article.revision))
    )


def _starts(entry: Entry) -> set[str]:
    """The one or two signs that a spelling of any part of the title can begin with."""
    signs, syllables = normal(entry.title), entry.spelling.split()
    if len(syllables) != len(signs):
        syllables = list(signs)
    firsts = [{sign, syllable[:1]} for sign, syllable in zip(signs, syllables, strict=True)]
    found = {start for first in firsts for start in first} | {syllable[:2] for syllable in syllables}
    for here, following in pairwise(firsts):
        found |= {one + two for one in here for two in following}
    return found


def _below(entry: Entry, topic: UUID, path: str | None) -> bool:
    return entry.topic_id == topic or (path is not None and entry.topic.startswith(f"{path}/"))


def _hit(entry: Entry, score: float, matched: list[str]) -> Hit:
    title = folded(entry.title)
    pieces = sorted(set(matched), key=lambda piece: (piece not in title, -len(piece), piece))
    return Hit(
        entry.id, entry.title, round(score, 3), entry.unit, entry.topic, entry.valid_to, entry.version, tuple(pieces)
    )
