"""What speaks for topics, units and a region, for a text that is being typed. Works in a thread; a seat has one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlmodel import Session

from hotline_tui.data.queries import picks, places
from hotline_tui.data.queries.picks import RegionChoice, TopicChoice, UnitChoice
from hotline_tui.data.search import tokens
from hotline_tui.data.search.wording import as_one, otherwise
from hotline_tui.data.store import Store
from hotline_tui.data.suggest.advice import Advice, Likely
from hotline_tui.data.suggest.kept import Kept
from hotline_tui.data.suggest.own_words import Said, by_own_words, without_heading
from hotline_tui.data.suggest.pieces import LONGEST, pieces
from hotline_tui.data.suggest.scorer import Scorer
from hotline_tui.data.suggest.terms import MOST, Counted, counted
from hotline_tui.data.suggest.whereabouts import Whereabouts

STALE_SECONDS = 15.0
"""So long topics, units and places are taken to be what they were."""
SHARP = 3.0
"""How much likelier a score is that is greater by one."""
TOP = 5
"""Handed on; three of them are shown."""
LEAST_OWN = 0.06
"""Below it own words say nothing."""
OWN_COUNTS = 1.5
"""How likely a cosine of one would be, for labels that were not learned beside those that were."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A matter, and the text that pieces of it are shown from."""

    matter: Counted
    text: str


class Advisor:
    """Safe to use from several threads."""

    def __init__(self, store: Store, file: Path | None = None) -> None:
        """`file`: where the host keeps what was learned."""
        self._lock = threading.Lock()
        self._kept = Kept(store, file)
        self._read_at = -STALE_SECONDS
        self._stamp: tuple[int, int, int] | None = None
        self._topics: tuple[TopicChoice, ...] = ()
        self._units: tuple[UnitChoice, ...] = ()
        self._regions: tuple[RegionChoice, ...] = ()
        self._own_topics = self._own_units = by_own_words({})
        self._whereabouts = Whereabouts((), ())
        self._words: frozenset[str] = frozenset()

    def warm(self, session: Session) -> None:
        """Read what it stands on, before the first word."""
        self.advise(session, "")

    def advise(self, session: Session, narrative: str, *, subject: str = "", address: str = "") -> Advice:
        """What speaks for what. Raises StorageError."""
        with self._lock:
            model = self._kept.model(session)
            self._refresh(session)
            if not f"{narrative}{subject}{address}".strip():
                return Advice()
            text = f"{subject}\n{narrative}"[:MOST]
            told, more = _Told(counted(narrative, subject), text), otherwise(text)
            said = _Told(counted(f"{narrative}\n{more}", subject), f"{text}\n{more}") if more else told
            topics = {topic.id for topic in self._topics}
            units = {unit.id for unit in self._units}
            learned = model.units if model else None
            return Advice(
                topics=self._likely(model.topics if model else None, self._own_topics, told, said, topics),
                units=self._likely(learned, self._own_units, told, said, units),
                learned=learned is not None,
                where=self._whereabouts.where(text, address),
                history=model.history if model else {},
            )

    def named(self, session: Session, text: str) -> tuple[str, ...]:
        """The names of streets, communities and places in a text, folded. Raises StorageError."""
        with self._lock:
            self._refresh(session)
            return self._whereabouts.names(text)

    def _refresh(self, session: Session) -> None:
        if time.monotonic() - self._read_at < STALE_SECONDS:
            return
        topics, units, regions = picks.topics(session), picks.units(session), picks.regions(session)
        stamp = places.stamp(session)
        before = self._stamp or (-1, -1, -1)
        if topics != self._topics or stamp[2] != before[2]:
            self._own_topics = by_own_words(_said_of_topics(topics, places.questions(session)))
        if units != self._units:
            self._own_units = by_own_words({unit.id: _said_of_unit(unit) for unit in units})
        if regions != self._regions or stamp[:2] != before[:2]:
            self._whereabouts = Whereabouts(regions, places.every(session))
        if topics != self._topics or units != self._units:
            self._words = _words(topics, units)
        self._topics, self._units, self._regions, self._stamp = topics, units, regions, stamp
        self._read_at = time.monotonic()

    def _likely(
        self, learned: Scorer | None, own: Scorer, told: _Told, said: _Told, known: set[UUID]
    ) -> tuple[Likely, ...]:
        """The likeliest of those that are in use, with the words that speak for them.

        `said`: what was told, and the other words for what it names; by them it is held against own words.
        """
        shares: dict[UUID, tuple[float, Scorer, _Told]] = {}
        plain = replace(said, matter=without_heading(said.matter))
        counts = 1.0 if learned is None else OWN_COUNTS
        for label, score in zip(own.labels, own.scores(plain.matter), strict=True):
            if score >= LEAST_OWN and label in known:
                shares[label] = min(1.0, counts * float(score)), own, plain
        if learned is not None:
            scores = SHARP * learned.scores(told.matter)
            parts = np.exp(scores - scores.max(initial=0.0))
            parts = parts / (parts.sum() or 1.0)
            shares |= {
                label: (float(part), learned, told)
                for label, part in zip(learned.labels, parts, strict=True)
                if label in known
            }
        best = sorted(shares, key=lambda label: (-shares[label][0], label))[:TOP]
        found: list[Likely] = []
        for label in best:
            share, scorer, what = shares[label]
            speaks = scorer.reasons(what.matter, scorer.labels.index(label))
            words = _one_each(pieces(what.text, speaks, known=self._words), text=tokens.folded(told.text))
            words = tuple(_written(word, told.text) for word in words)
            found.append(Likely(label, share, words))
        return tuple(found)


def _written(word: str, text: str) -> str:
    """As it stands in the text; in simplified characters, in which duties and topics are put."""
    return tokens.simplified(tokens.as_written(word, text))


def _one_each(words: Iterable[str], *, text: str) -> tuple[str, ...]:
    """Of several words for one thing the first, or that which stands in the text."""
    kept: dict[str, str] = {}
    for word in words:
        thing = as_one(word)
        if thing not in kept or (kept[thing] not in text and word in text):
            kept[thing] = word
    return tuple(kept.values())


def _said_of_topics(topics: Sequence[TopicChoice], questions: dict[UUID, list[str]]) -> dict[UUID, Said]:
    """Keywords, the name, those above it faintly, and what its standard answers are asked."""
    said: dict[UUID, Said] = {}
    for topic in topics:
        above = topic.path.rpartition("/")[0].replace("/", "\n")
        asked = [(question, 0.7) for question in questions.get(topic.id, ())]
        words = [(word, 2.0) for word in topic.words.split()]
        said[topic.id] = (*words, (topic.name, 1.5), (above, 0.3), *asked)
    return said


def _said_of_unit(unit: UnitChoice) -> Said:
    """Its duties and names."""
    return ((unit.duties, 1.0), (unit.name, 0.5), *((name, 0.5) for name, _spelling in unit.aliases))


def _words(topics: Iterable[TopicChoice], units: Iterable[UnitChoice]) -> frozenset[str]:
    """What topics and duties are called."""
    told = [text for topic in topics for text in (topic.path, topic.words)]
    told += [text for unit in units for text in (unit.duties, unit.name, unit.short)]
    runs = (run for text in told for run in tokens.runs(text) if 2 <= len(run) <= LONGEST)
    return frozenset(part for run in runs for part in (run, *(_halves(run) if len(run) == 4 else ())))


def _halves(run: str) -> tuple[str, str]:
    return run[:2], run[2:]
