"""Standard answers as arrays: a segment of their terms, and beside it what they are filtered by."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.counting import Space, Text
from hotline_tui.data.search.entries import Entry
from hotline_tui.data.search.hubs import NONE as NO_HUBS
from hotline_tui.data.search.hubs import Hubs, hubs
from hotline_tui.data.search.lexicon import NOTHING, Lexicon, Reading
from hotline_tui.data.search.overheard import with_answers
from hotline_tui.data.search.precedents import NOTHING as NO_PRECEDENTS
from hotline_tui.data.search.precedents import Answered, Precedents, precedents
from hotline_tui.data.search.segment import EMPTY, Segment, build
from hotline_tui.rules.words import ArticleState

NEVER = np.iinfo(np.int32).max
_STATES = {state: number for number, state in enumerate(ArticleState)}


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Immutable; document by document."""

    segment: Segment
    keys: NDArray[np.uint8]
    """Sixteen bytes each: the article's UUID."""
    states: NDArray[np.uint8]
    begins: NDArray[np.int32]
    ends: NDArray[np.int32]
    """Days since year 1, `NEVER` where there is no end."""
    units: NDArray[np.int32]
    topics: NDArray[np.int32]
    """Places in the tables below, -1 for none."""
    lexicon: Lexicon
    """The pieces of titles and phrasings by their pinyin."""
    hubs: Hubs
    """How much each is like whatever is asked, where that is known."""
    precedents: Precedents
    of_units: tuple[UUID, ...] = ()
    of_topics: tuple[UUID, ...] = ()
    revision: int = -1
    """The last change that it holds."""
    mapped: bool = False
    """Whether it is a file's."""

    def __len__(self) -> int:
        return self.segment.documents

    def key(self, document: int) -> UUID:
        """Which article it is."""
        return UUID(bytes=self.keys[document].tobytes())

    def in_force(self, day: date) -> NDArray[np.bool_]:
        """Published and valid on this Shanghai day."""
        number = day.toordinal()
        published = self.states == _STATES[ArticleState.PUBLISHED]
        return published & (self.begins <= number) & (self.ends >= number)

    def of_unit(self, unit: UUID) -> NDArray[np.bool_]:
        """Those of this unit."""
        return self.units == _place(self.of_units, unit)

    def on_topics(self, topics: Iterable[UUID]) -> NDArray[np.bool_]:
        """Those of one of these topics."""
        return np.isin(self.topics, [_place(self.of_topics, topic) for topic in topics])


def bind(
    entries: Iterable[Entry],
    revision: int,
    background: Volume | None = None,
    *,
    asked: Sequence[str] = (),
    answered: Answered = MappingProxyType({}),
) -> Volume:
    """A volume of these; which terms are rare is told by `background` where there is one.

    `asked`: questions by which it is known how much each is like whatever is asked; else that is as in `background`.
    `answered`: by article the questions that were answered with it.
    """
    columns = _Columns(answered)
    segment = build(map(columns.take, entries), background.segment if background else None)
    return Volume(
        segment,
        np.frombuffer(bytes(columns.keys), np.uint8).reshape(segment.documents, 16),
        np.array(columns.states, np.uint8),
        np.array(columns.begins, np.int32),
        np.array(columns.ends, np.int32),
        np.array(columns.units, np.int32),
        np.array(columns.topics, np.int32),
        with_answers(columns.reading.made(), segment, background.lexicon if background else NOTHING),
        _usual(background, segment.documents) if background else hubs(segment, asked),
        precedents(segment, columns.given),
        tuple(columns.of_units),
        tuple(columns.of_topics),
        revision,
    )


def _usual(background: Volume, documents: int) -> Hubs:
    usual = np.median(background.hubs).astype(np.uint16) if len(background.hubs) else None
    return NO_HUBS if usual is None else np.full(documents, usual)


class _Columns:
    """What articles are filtered by, noted as each goes by."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self.given: list[tuple[int, Sequence[Text], Sequence[str]]] = []
        self.keys = bytearray()
        self.states, self.begins, self.ends = array("B"), array("i"), array("i")
        self.units, self.topics = array("i"), array("i")
        self.reading = Reading()
        self.of_units, self.of_topics = dict[UUID, int](), dict[UUID, int]()

    def take(self, entry: Entry) -> Iterator[Text]:
        self.keys += entry.id.bytes
        self.states.append(_STATES[entry.state])
        self.begins.append(entry.valid_from.toordinal() if entry.valid_from else 0)
        self.ends.append(entry.valid_to.toordinal() if entry.valid_to else NEVER)
        self.units.append(_number(self.of_units, entry.unit_id))
        self.topics.append(_number(self.of_topics, entry.topic_id))
        for text, spelling in entry.spelled():
            self.reading.take(text, spelling)
        if asked := self._answered.get(entry.id):
            self.given.append(
                (len(self.states) - 1, [each for each in entry.texts() if each.space is Space.TEXT], asked)
            )
        return entry.texts()


_NOTHING = np.empty(0, np.int32)
NO_VOLUME = Volume(
    EMPTY,
    np.empty((0, 16), np.uint8),
    np.empty(0, np.uint8),
    *(_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    NOTHING,
    NO_HUBS,
    NO_PRECEDENTS,
)


def _number(table: dict[UUID, int], key: UUID | None) -> int:
    return -1 if key is None else table.setdefault(key, len(table))


def _place(table: Sequence[UUID], key: UUID) -> int:
    return table.index(key) if key in table else -2
