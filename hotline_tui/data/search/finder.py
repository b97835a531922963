"""The large index and the small one of what changed since, asked as one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

import numpy as np

from hotline_tui.data.search.entries import Entry
from hotline_tui.data.search.matched import LONG
from hotline_tui.data.search.ranking import AS_NAMED, Query
from hotline_tui.data.search.segment import Segment
from hotline_tui.data.search.shelf import Shelf, Wanted
from hotline_tui.data.search.spelled import NOT_MEANT, Meant, Speller
from hotline_tui.data.search.together import Held, Together
from hotline_tui.data.search.tokens import ASKING, HAN, folded, hashed, matter_of, of_query, of_text
from hotline_tui.data.search.tokens import words as of_words
from hotline_tui.data.search.volume import NO_VOLUME, Volume, bind

QUERY_LENGTH = 2000
"""Characters of a narrative that are looked at; what comes after adds nothing to find an answer by."""
IN_TOPIC = 1.25
"""By what the score of an article of the topic that is preferred, or of one below it, is multiplied."""
WORTH = 0.1
"""What fits less than so much of the best is not worth showing: it shares a pair of signs that stands anywhere."""
WORTH_MEANT = 1 / 3
"""The same where pinyin was typed: what it may mean besides stands in many."""
NAME = 3, 8
"""So many signs in one piece are taken for the name of a matter."""
CALLED = 2.0
"""How much surer it is that such a title is meant than that pinyin means the words that one article holds."""
NAMED = 16
"""Words of letters in a query that are looked for as they stand."""


class Finder:
    """Not safe to use from several threads at once."""

    def __init__(self, entries: Iterable[Entry] = (), *, loosely: bool = False) -> None:
        """`loosely`: z for zh and the like in pinyin."""
        self._loosely = loosely
        self.replace(bind(entries, -1))

    def __len__(self) -> int:
        return int(np.count_nonzero(self._main.live)) + len(self._side.volume)

    @property
    def mapped(self) -> bool:
        """Whether the large index is a file's."""
        return self._main.volume.mapped

    def replace(self, volume: Volume) -> None:
        """Another large index; what changed since is to be told again."""
        self._main = Shelf(volume)
        self._beside(NO_VOLUME)

    def _beside(self, volume: Volume) -> None:
        self._side = Shelf(volume)
        volumes = [each.volume for each in self._shelves]
        self._together = Together([each.segment for each in volumes], self._segments()[0])
        self._speller = Speller([each.lexicon for each in volumes], self._together, loosely=self._loosely)
        self._last = "", NOT_MEANT

    def change(self, entries: Iterable[Entry], revision: int) -> None:
        """All that changed since the large index was made: it is answered by the small one alone."""
        changed = list(entries)
        background = self._main.volume if len(self._main.volume) else None
        self._beside(bind(changed, revision, background))
        self._main.forget(entry.id for entry in changed)

    def rank(self, words: str, wanted: Wanted, limit: int = 5) -> list[tuple[UUID, float]]:
        """The best and how well they fit; of equals the one that was first is first.

        Left out is what fits far less than the best (`WORTH`).
        """
        words = words[:QUERY_LENGTH]
        background, beside = self._segments()
        meant = self._read(words)
        typed, named = of_query(matter_of(words) if len(words) <= LONG else words), list[int]()
        if meant.pieces:
            plain = folded(words)
            # Letters of pinyin stand in other words by chance: only a whole word counts beside what they mean. What
            # was typed in characters is meant as it stands.
            sure = map(hashed, of_words(words)) if plain.isascii() else of_query(_LETTERS.sub(" ", plain))
            named = [term for term in dict.fromkeys(sure) if background.holds(term) or beside.holds(term)][:NAMED]
            typed = named if plain.isascii() else typed
        query = Query(typed, background, _terms(meant.pieces), beside=beside)
        together = [*meant.together, *self._called(matter_of(words))]
        found = [
            (score, shelf.volume.keys[number].tobytes())
            for place, shelf in enumerate(self._shelves)
            for score, number in shelf.find(
                query, wanted, limit, IN_TOPIC, together=[held[place] for held in together], named=named
            )
        ]
        found.sort(key=lambda hit: (-hit[0], hit[1]))
        least = (WORTH_MEANT if meant.pieces else WORTH) * max((score % AS_NAMED for score, _ in found), default=0)
        letters = bool(named) and folded(words).isascii()
        worth = [(score, key) for score, key in found[:limit] if (score if letters else score % AS_NAMED) >= least]
        return [(UUID(bytes=key), query.told(score)) for score, key in worth]

    def _called(self, words: str) -> list[list[Held]]:
        """Where titles hold every sign of a few that were typed in one piece: what is asked for by its name.

        Words that stand together in the query and apart in the title (身份证补办, 身份证丢失怎样补办) make a pair
        across them that would speak for others.
        """
        signs = list(dict.fromkeys(ASKING.sub("", folded(words.strip()))))
        if not (NAME[0] <= len(signs) <= NAME[1] and all(map(_is_character, signs))):
            return []
        held = self._together.holding(signs)
        return [[Held(each.documents, np.full(len(each.documents), CALLED)) for each in held]]

    def meant(self, words: str) -> Mapping[str, float]:
        """The characters that typed pinyin may mean, with how likely."""
        return self._read(words).pieces

    def _read(self, words: str) -> Meant:
        """What is asked for is asked again: which pieces of it a title holds."""
        if self._last[0] != words:
            self._last = words, self._speller.read(words)
        return self._last[1]

    @property
    def _shelves(self) -> tuple[Shelf, Shelf]:
        return self._main, self._side

    def _segments(self) -> tuple[Segment, Segment]:
        """The one that tells which terms are rare, and the other."""
        main, side = (each.volume.segment for each in self._shelves)
        return (main, side) if main.documents else (side, main)

    def likeliest(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The likeliest way to read a word of pinyin, piece by piece."""
        return self._speller.likeliest(word)


_CHARACTER = re.compile(f"[{HAN}]")
_LETTERS = re.compile("[a-z]+")


def _is_character(sign: str) -> bool:
    return _CHARACTER.match(sign) is not None


def _terms(meant: Mapping[str, float]) -> dict[int, float]:
    terms: dict[int, float] = defaultdict(float)
    for piece, likely in meant.items():
        for term in of_text(piece) or [ord(piece)]:
            terms[term] += likely
    return terms
