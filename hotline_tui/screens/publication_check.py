"""What was found in a title and a text before all may read them, and what a person has let go (R-14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from hotline_tui.rules.personal import Hit, Said, counted, told, uncleared
from hotline_tui.screens.widgets.marked import carried


class Words(NamedTuple):
    """What will go out."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A hit in one of the two, known again by what it says however the words around it change."""

    part: int
    """0 in the title, 1 in the text, as in `Words`."""
    hit: Hit
    key: str
    stands: bool
    """Nobody has cleared it."""


class Check:
    """The places move with what is typed; only those of the very words that stand there now are acted upon."""

    def __init__(self) -> None:
        self.words = Words("", "")
        self.places: tuple[Place, ...] = ()
        self.reason = ""
        self._hits: tuple[tuple[int, Hit], ...] = ()
        self._cleared: tuple[Said, ...] = ()
        self._checked: Words | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was checked yet."""
        return self._checked is not None

    @property
    def standing(self) -> list[Place]:
        """What nobody has cleared."""
        return [place for place in self.places if place.stands]

    @property
    def told(self) -> str:
        """What stands there, by kind: `电话号码 1 处`."""
        return told(counted(place.hit for place in self.standing))

    @property
    def cleared(self) -> tuple[Said, ...]:
        """Of what is there, what was cleared."""
        return tuple(place.hit.said for place in self.places if not place.stands)

    def is_of(self, words: Words) -> bool:
        """Whether these very words were checked."""
        return words == self._checked

    def typed(self, words: Words) -> None:
        """Carry the places over to the words as they are now; one that was touched is gone until the next check."""
        moved: list[tuple[int, Hit]] = []
        for part, (before, after) in enumerate(zip(self.words, words, strict=True)):
            hits = [hit for own, hit in self._hits if own == part]
            for hit, span in zip(hits, carried([(hit.start, hit.end) for hit in hits], before, after), strict=True):
                if span:
                    moved.append((part, replace(hit, start=span[0], end=span[1])))
        self.words = words
        self._hold(moved)

    def take(self, words: Words, found: tuple[Sequence[Hit], Sequence[Hit]]) -> None:
        """What was found in these words, which stand there now."""
        self.words = self._checked = words
        self._hold([(part, hit) for part, hits in enumerate(found) for hit in hits])

    def clear(self, places: Sequence[Place], reason: str) -> None:
        """A person says why these, and no others, may be public."""
        self.reason = reason
        self._cleared = tuple(place.hit.said for place in places)
        self._hold(self._hits)

    def at(self, key: str | None) -> Place | None:
        """The place of this key, if it is still there."""
        return next((place for place in self.places if place.key == key), None)

    def _hold(self, hits: Sequence[tuple[int, Hit]]) -> None:
        self._hits = tuple(hits)
        stands = uncleared([hit for _, hit in hits], self._cleared)
        seen: Counter[tuple[int, Said]] = Counter()
        places: list[Place] = []
        for (part, hit), open_ in zip(hits, stands, strict=True):
            number = seen[part, hit.said]
            seen[part, hit.said] += 1
            places.append(Place(part, hit, f"{part} {number} {hit.kind.value} {hit.words}", open_))
        self.places = tuple(places)
