"""How near texts are to all documents of a segment, one text after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.counting import Counting, Text
from hotline_tui.data.search.ranking import QUERY_STEPS
from hotline_tui.data.search.segment import Segment

TERMS = 64
"""Of a text; the rarest tell enough."""


def nearness(segment: Segment, texts: Iterable[Sequence[Text]]) -> Iterator[tuple[int, NDArray[np.uint16]]]:
    """The number of each that shares a term with any, and its cosines in steps of 1/`ranking.SCALE`."""
    starts, holders, weights = segment.starts, segment.holders, segment.weights
    for number, places, heavy, length in _cut(segment, texts):
        where = [slice(starts[place], starts[place + 1]) for place in places]
        held = np.concatenate([holders[each] for each in where])
        heavier = np.repeat(heavy, starts[places + 1] - starts[places])
        parts = np.concatenate([weights[each] for each in where]) * heavier
        yield number, (np.bincount(held, parts, segment.documents) / length).astype(np.uint16)


def _cut(
    segment: Segment, texts: Iterable[Sequence[Text]]
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float64], np.float64]]:
    """Of each the places of its rarest terms in the segment, what they weigh, and the length of all."""
    counting = Counting()
    for each in texts:
        counting.add(each)
    counted = list(counting.summed())
    if not counted:
        return
    terms, numbers, often = (np.concatenate([each[place] for each in counted]) for place in (1, 2, 3))
    places = segment.find(terms)
    known = places >= 0
    terms, numbers, often, places = terms[known], numbers[known], often[known], places[known]
    weights = np.rint(QUERY_STEPS * (1 + np.log(often)) * segment.rarity(terms))
    lengths = np.sqrt(np.bincount(numbers, weights**2, counting.documents)) / QUERY_STEPS
    order = np.lexsort((places, -weights, numbers))
    numbers, places, weights = numbers[order], places[order], weights[order]
    begins = np.searchsorted(numbers, np.arange(counting.documents + 1, dtype=np.int32))
    for number, begin in enumerate(begins[:-1].tolist()):
        end = min(int(begins[number + 1]), begin + TERMS)
        if begin < end:
            yield number, places[begin:end], weights[begin:end], lengths[number]
