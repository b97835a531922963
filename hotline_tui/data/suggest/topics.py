"""The topics that suggest themselves: by the words, and by what similar orders were taken for.

A wide topic has few words of its own and is like every text about it; what is meant is mostly one below it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from hotline_tui.data.suggest.advice import Advice, Proposal

TOP = 3
SIMILAR = 0.25
"""What it counts where many similar orders have the topic and none another."""
FEW_ALIKE = 1
"""Where so many orders are alike they count half of that: one may be alike by chance."""
LEAST = 0.02
"""Less speaks for nothing."""
NARROWER = 1 / 3
"""Of what the wider topic counts, what one below it must count to go before it."""

NO_PATHS: Mapping[UUID, str] = {}


def best_topics(
    advice: Advice, similar: Iterable[UUID | None] = (), paths: Mapping[UUID, str] = NO_PATHS
) -> list[Proposal]:
    """The best three for which something speaks that a person can read.

    `similar`: the topics of similar orders. `paths`: where each stands in the tree.

    A topic goes behind one below it for which words speak that do not speak for itself.
    """
    scores: defaultdict[UUID, float] = defaultdict(float)
    why: defaultdict[UUID, list[str]] = defaultdict(list)
    for topic in advice.topics:
        scores[topic.id] += topic.share
        if topic.words:
            why[topic.id].append(", ".join(topic.words))
    alike = Counter(topic_id for topic_id in similar if topic_id)
    for topic_id, many in alike.items():
        scores[topic_id] += SIMILAR * many / (FEW_ALIKE + sum(alike.values()))
        why[topic_id].append(f"相似工单 {many} 件")
    words = {topic.id: topic.words for topic in advice.topics}
    place = {topic_id: (-scores[topic_id], 0) for topic_id in scores}
    for topic_id in scores:
        narrower = (
            other
            for other in scores
            if _below(paths, other, topic_id)
            and scores[other] >= NARROWER * scores[topic_id]
            and _speak_more(words.get(other, ()), words.get(topic_id, ()))
        )
        behind = max((scores[other] for other in narrower), default=None)
        if behind is not None and behind < scores[topic_id]:
            place[topic_id] = -behind, 1
    best = sorted(scores, key=lambda topic_id: (*place[topic_id], topic_id))
    return [
        Proposal(topic_id, tuple(why[topic_id])) for topic_id in best if why[topic_id] and scores[topic_id] >= LEAST
    ][:TOP]


def _below(paths: Mapping[UUID, str], topic_id: UUID, other: UUID) -> bool:
    above = paths.get(other)
    return above is not None and paths.get(topic_id, "").startswith(f"{above}/")


def _speak_more(words: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one of these words is none of the others, nor part of one, nor holds one."""
    known = tuple(others)
    return any(all(word not in other and other not in word for other in known) for word in words)
