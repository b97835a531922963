"""The topics that suggest themselves: by the words, and by what similar orders were taken for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

from hotline_tui.data.suggest.advice import Advice, Proposal

TOP = 3
SIMILAR = 0.25
"""What it counts where every similar order has the topic."""
LEAST = 0.02
"""Less speaks for nothing."""


def best_topics(advice: Advice, similar: Iterable[UUID | None] = ()) -> list[Proposal]:
    """The best three; `similar`: the topics of similar orders."""
    scores: defaultdict[UUID, float] = defaultdict(float)
    why: defaultdict[UUID, list[str]] = defaultdict(list)
    for topic in advice.topics:
        scores[topic.id] += topic.share
        if topic.words:
            why[topic.id].append(", ".join(topic.words))
    alike = Counter(topic_id for topic_id in similar if topic_id)
    for topic_id, many in alike.items():
        scores[topic_id] += SIMILAR * many / sum(alike.values())
        why[topic_id].append(f"相似工单 {many} 件")
    best = sorted(scores, key=lambda topic_id: (-scores[topic_id], topic_id))
    return [
        Proposal(topic_id, "; ".join(why[topic_id])) for topic_id in best if why[topic_id] and scores[topic_id] >= LEAST
    ][:TOP]
