"""Topics and units by what they are called: where too little was learned from orders (names, keywords, duties)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import numpy as np

from hotline_tui.data.suggest.scorer import Scorer, rarity, whole
from hotline_tui.data.suggest.terms import HEADING, Counted, codes

SIGNS = np.uint64(1 << 21)
"""Below it a term is a single sign, which says too little here."""

Said = Sequence[tuple[str, float]]
"""Texts, and how much each counts."""


def by_own_words(said: Mapping[UUID, Said]) -> Scorer:
    """The cosine between a text and what is said of each label."""
    labels = tuple(sorted(said))
    each = [_weighed(said[label]) for label in labels]
    terms, holders = np.unique(np.concatenate([known for known, _ in each] or [_NONE]), return_counts=True)
    rare = rarity(holders, len(labels))
    weights = np.zeros((len(terms), len(labels)))
    for column, (known, counts) in enumerate(each):
        rows = np.searchsorted(terms, known)
        weights[rows, column] = counts * rare[rows]
    lengths = np.sqrt((weights**2).sum(0))
    numbers, unit = whole(weights / np.where(lengths > 0, lengths, 1.0))
    return Scorer(labels, terms, rare, numbers, np.zeros(len(labels), np.float32), unit)


def without_heading(matter: Counted) -> Counted:
    """Its pairs, the heading's not counted again."""
    kept = (matter.terms >= SIGNS) & (matter.terms < HEADING)
    return Counted(matter.terms[kept], matter.counts[kept])


def _weighed(said: Iterable[tuple[str, float]]) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of what is said, each once, by the greatest weight that it has."""
    found: dict[int, float] = {}
    for text, weight in said:
        for term in codes(text):
            if term >= SIGNS:
                found[int(term)] = max(weight, found.get(int(term), 0.0))
    terms = np.array(sorted(found), np.uint64)
    return terms, np.array([found[int(term)] for term in terms])


_NONE = np.empty(0, np.uint64)
