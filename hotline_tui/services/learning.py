"""From labelled texts to one matrix: a support vector machine and, a quarter as much, a naive Bayes classifier.

The only module that needs scikit-learn, which no seat imports: it belongs to the extra `train`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.suggest.scorer import Scorer, parts_of, rarity, whole
from hotline_tui.data.suggest.terms import Counted
from hotline_tui.errors import Refused

PER_LABEL = 20
"""Fewer examples of a label are not learned from."""
IN_ALL = 200
"""Fewer examples in all are not learned from."""
HOLDERS = 2
"""So many texts hold a term that is learned: a name that stands in one alone is not."""
CELLS = 6_000_000
"""Of the matrix at most, 12 MB: of many labels the terms that tell least are left out."""
BAYES = 0.25
"""What naive Bayes counts beside the support vector machine."""
MISSING = "训练和评测需要 scikit-learn, 这台机器没有安装, 请先运行: pip install 'hotline-tui[train]'"

SHARED = 0.3
"""What a term still counts that every label holds as often."""

Labels = Sequence[UUID | None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """How well labels were told that had not been seen."""

    examples: int
    labels: int
    accuracy: float
    macro_f1: float
    top3: float


def must_have_library() -> None:
    """Raise Refused where scikit-learn is not installed."""
    _library("sklearn")


def learnable(labels: Labels) -> list[int]:
    """The places of the examples that can be learned from; none where they are too few."""
    many = Counter(label for label in labels if label is not None)
    enough = {label for label, count in many.items() if count >= PER_LABEL}
    places = [place for place, label in enumerate(labels) if label in enough]
    return places if len(places) >= IN_ALL and len(enough) > 1 else []


def learn(texts: Sequence[Counted], labels: Sequence[UUID]) -> Scorer:
    """The matrix of these examples; needs two labels at least. Raises Refused without scikit-learn."""
    svm, bayes, sparse = _library("sklearn.svm"), _library("sklearn.naive_bayes"), _library("scipy.sparse")
    names = tuple(sorted(set(labels)))
    right = np.array([names.index(label) for label in labels])
    terms, holders = np.unique(np.concatenate([text.terms for text in texts]), return_counts=True)
    terms, holders = terms[holders >= HOLDERS], holders[holders >= HOLDERS]
    rare = rarity(holders, len(texts)) * _telling(texts, right, terms, len(names))
    given = _matrix(sparse, texts, terms, rare)
    machine = svm.LinearSVC(C=2, random_state=0).fit(given, right)
    weights, bias = _for_each(machine.coef_.T), _for_each(machine.intercept_[None, :])[0]
    step = float((given @ weights + bias).std()) or 1.0
    chances = bayes.ComplementNB(alpha=0.1).fit(given, right).feature_log_prob_.T
    chances = chances - chances.mean(1, keepdims=True)
    weights = weights / step + BAYES * chances / (float((given @ chances).std()) or 1.0)
    if weights.size > CELLS:
        telling = np.sort(np.argsort(-np.abs(weights).max(1), kind="stable")[: CELLS // len(names)])
        terms, rare, weights = terms[telling], rare[telling], weights[telling]
    numbers, unit = whole(weights)
    return Scorer(names, terms, rare, numbers, (bias / step).astype(np.float32), unit)


def judge(texts: Sequence[Counted], labels: Sequence[UUID], folds: int, seed: int = 42) -> Judged:
    """Cross-validation: each example is told by what was learned from the others."""
    model_selection = _library("sklearn.model_selection")
    splits = model_selection.StratifiedKFold(folds, shuffle=True, random_state=seed)
    names = sorted(set(labels))
    right = np.array([names.index(label) for label in labels])
    scores = np.full((len(texts), len(names)), -np.inf)
    parts: list[tuple[list[int], list[int]]] = [
        (seen.tolist(), unseen.tolist()) for seen, unseen in splits.split(right, right)
    ]
    for seen, unseen in parts:
        scorer = learn([texts[at] for at in seen], [labels[at] for at in seen])
        columns = [names.index(label) for label in scorer.labels]
        for at in unseen:
            scores[at, columns] = scorer.scores(texts[at])
    told = scores.argmax(1)
    best = np.argsort(-scores, 1, kind="stable")[:, :3]
    each: list[float] = []
    for name in range(len(names)):
        hits = int(((told == name) & (right == name)).sum())
        each.append(2 * hits / (int((told == name).sum()) + int((right == name).sum())))
    return Judged(
        len(texts),
        len(names),
        float((told == right).mean()),
        float(np.mean(each)),
        float((best == right[:, None]).any(1).mean()),
    )


def _telling(
    texts: Sequence[Counted], right: NDArray[np.int64], terms: NDArray[np.uint64], labels: int
) -> NDArray[np.float32]:
    """How much a term tells labels apart: more where few of them share it, whatever its frequency."""
    held = np.zeros((len(terms), labels))
    for text, label in zip(texts, right, strict=True):
        places = np.minimum(np.searchsorted(terms, text.terms), len(terms) - 1)
        held[places[terms[places] == text.terms], label] += 1
    parts = (held + 0.5) / (held + 0.5).sum(1, keepdims=True)
    return (1 + SHARED + (parts * np.log(parts)).sum(1) / np.log(labels)).astype(np.float32)


def _matrix(sparse: Any, texts: Sequence[Counted], terms: NDArray[np.uint64], rare: NDArray[np.float32]) -> Any:
    """Texts by terms."""
    columns: list[NDArray[np.int64]] = []
    values: list[Floats] = []
    for text in texts:
        places = np.minimum(np.searchsorted(terms, text.terms), len(terms) - 1)
        known = terms[places] == text.terms
        columns.append(places[known])
        values.append(parts_of(Counted(text.terms[known], text.counts[known]), rare[places[known]]))
    starts = np.cumsum([0, *map(len, columns)])
    return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(texts), len(terms)))


def _for_each(column: Floats) -> Floats:
    """One column a label; of two labels there is but one, for the second."""
    return np.hstack([-column, column]) if column.shape[1] == 1 else column


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise Refused(MISSING) from error
