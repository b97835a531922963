"""去向: text says the function, place says who (属地); what similar orders say counts too. Top three, with reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from hotline_tui.data.queries.picks import RegionChoice, TopicChoice, UnitChoice
from hotline_tui.data.suggest.advice import Advice, Likely
from hotline_tui.data.suggest.region_names import ways
from hotline_tui.data.suggest.topics import FEW_ALIKE
from hotline_tui.rules.secrecy import unit_and_above

TOP = 3
CHOSEN = 1.0
"""What the topic counts that somebody chose."""
GUESSED = 0.6
"""What one counts that only suggests itself."""
BY_WORDS = 0.8
"""What the words of earlier orders count."""
BY_DUTIES = 0.5
"""What a unit's own duties count, where nothing was learned."""
SIMILAR = 0.5
NEAR = (0.3, 0.25, 0.2)
"""A unit of the street, the community itself, whatever the matter is."""
PLACE_ALONE = 0.4
"""What is left of that where nothing else speaks for the unit: the text says the function."""
FEW = 3
"""So many units at most look after a street as a whole; more share its functions among them."""
LOOKS_AFTER = 0.5
"""The unit that the gazetteer names for a place."""
ELSEWHERE = 0.3
"""What is left to a unit of another region, or to one whose office there is another unit."""
BY_TOPIC = "分类 "
ENOUGH_ORDERS = 5
"""Of a topic, for its orders to say more than its unit in the tree."""
LEAST = 0.02
"""Less speaks for nothing."""
LEAST_SIGNS = 2
"""Of a word."""


@dataclass(frozen=True)
class Suggestion:
    """A unit for a matter, and what speaks for it."""

    unit_id: UUID
    reasons: tuple[str, ...]
    """The strongest first."""

    @property
    def why(self) -> str:
        """All of them."""
        return "; ".join(self.reasons)


Reasons = defaultdict[UUID, dict[str, float]]
"""What speaks for a unit, and how much."""


@dataclass(frozen=True)
class Facts:
    """What is known of the matter."""

    advice: Advice = field(default_factory=Advice)
    topic_id: UUID | None = None
    """Chosen by somebody."""
    region_id: UUID | None = None
    """Likewise; else the advice's counts."""
    similar: tuple[UUID | None, ...] = ()
    """Units of similar orders."""
    accused: tuple[UUID, ...] = ()


class Routes:
    """Over the organisation as it stands."""

    def __init__(
        self, units: Sequence[UnitChoice], topics: Sequence[TopicChoice], regions: Sequence[RegionChoice]
    ) -> None:
        self._units = {unit.id: unit for unit in units}
        self._topics = {topic.id: topic for topic in topics}
        self._paths = {topic.path: topic for topic in topics}
        self._regions = {region.id: region for region in regions}
        named = {way for region in regions for way in ways(region.name)}
        self._ways = sorted(named, key=lambda way: (-len(way), way))
        self._parents = {unit.id: unit.parent_id for unit in units}
        self._alike: defaultdict[str, list[UUID]] = defaultdict(list)
        self._function = {unit.id: self._function_of(unit) for unit in units}
        for unit_id, function in self._function.items():
            self._alike[function].append(unit_id)

    def units_for(self, facts: Facts) -> list[Suggestion]:
        """The best three, best first; no accused one nor any below it (Art. 13)."""
        region_id = facts.region_id or (facts.advice.where.region_id if facts.advice.where else None)
        line = self._line(region_id)
        scores: defaultdict[UUID, float] = defaultdict(float)
        why: Reasons = defaultdict(dict)
        self._by_topic(facts, scores, why)
        self._by_words(facts.advice, scores, why)
        scores, why = self._here(line, scores, why)
        alike = Counter(unit_id for unit_id in facts.similar if unit_id)
        for unit_id, many in alike.items():
            scores[unit_id] += SIMILAR * many / (FEW_ALIKE + sum(alike.values()))
            why[unit_id][f"相似工单 {many} 件"] = SIMILAR * many / (FEW_ALIKE + sum(alike.values()))
        self._by_place(facts, line, scores, why)
        banned = frozenset(facts.accused)
        best = sorted(
            (
                unit_id
                for unit_id, score in scores.items()
                if unit_id in self._units and why[unit_id] and score >= LEAST
            ),
            key=lambda unit_id: (-scores[unit_id], self._units[unit_id].key),
        )
        return [
            Suggestion(unit_id, _strongest(why[unit_id]))
            for unit_id in best
            if banned.isdisjoint(unit_and_above(unit_id, self._parents))
        ][:TOP]

    def _by_topic(self, facts: Facts, scores: defaultdict[UUID, float], why: Reasons) -> None:
        """The units that had the topic's orders; where those are few, the unit that the tree names."""
        guessed = [(topic.id, GUESSED * topic.share) for topic in facts.advice.topics]
        for topic_id, counts in [(facts.topic_id, CHOSEN)] if facts.topic_id else guessed:
            topic = self._topics.get(topic_id) if topic_id else None
            if topic is None:
                continue
            had = facts.advice.history.get(topic.id, {})
            many = sum(had.values())
            if many >= ENOUGH_ORDERS:
                for unit_id, count in had.items():
                    scores[unit_id] += counts * count / many
                    why[unit_id][f"{topic.name} {count}/{many} 件"] = counts * count / many
            elif (unit_id := self._unit_of(topic)) is not None:
                scores[unit_id] += counts
                why[unit_id][f"{BY_TOPIC}{topic.name}"] = counts

    def _unit_of(self, topic: TopicChoice) -> UUID | None:
        """Its unit, else that of the one above."""
        path = topic.path
        while path:
            found = self._paths.get(path)
            if found is not None and found.unit_id is not None:
                return found.unit_id
            path = path.rpartition("/")[0]
        return None

    def _by_words(self, advice: Advice, scores: defaultdict[UUID, float], why: Reasons) -> None:
        counts = BY_WORDS if advice.learned else BY_DUTIES
        for unit in advice.units:
            if unit.words and all(self._is_place(unit.id, word) for word in unit.words):
                continue  # a place's name is no duty: `_by_place` counts it
            scores[unit.id] += counts * unit.share
            if counts * unit.share >= LEAST:
                why[unit.id] |= dict.fromkeys(self._told_words(unit, learned=advice.learned), counts * unit.share)

    def _told_words(self, likely: Likely, *, learned: bool) -> Iterator[str]:
        """What of its words is a reason: those of earlier orders; else its duties, or its name."""
        unit = self._units.get(likely.id)
        words = [word for word in likely.words if not self._is_place(likely.id, word)]
        if learned or unit is None:
            duties, names = [], []
        else:
            parts = dict.fromkeys(_part_of(unit.duties, word) for word in words)
            duties = [part for part in parts if part and not any(part in other for other in parts if other != part)]
            names = [word for word in words if not _part_of(unit.duties, word) and word in unit.name]
        told = (("用词", words if learned else []), ("职责", duties), ("名称", names))
        yield from (f"{what}({', '.join(found)})" for what, found in told if found)

    def _is_place(self, unit_id: UUID, word: str) -> bool:
        """Whether the word is of the names of the place that the unit belongs to, from the top, or made of names of
        places and nothing besides (新河街道荷花)."""
        unit = self._units.get(unit_id)
        if unit is not None and word in "".join(
            self._regions[each].name for each in reversed(self._line(unit.region_id))
        ):
            return True
        for way in self._ways:
            word = word.replace(way, "")
        return len(word) < LEAST_SIGNS

    def _here(
        self, line: Sequence[UUID], scores: Mapping[UUID, float], why: Reasons
    ) -> tuple[defaultdict[UUID, float], Reasons]:
        """What speaks for a function speaks for the unit that has it where the matter is (属地)."""
        moved: defaultdict[UUID, float] = defaultdict(float)
        told: Reasons = defaultdict(dict)
        for unit_id, score in scores.items():
            unit = self._units.get(unit_id)
            if unit is None:
                continue
            here = self._same_function_here(unit, line)
            away = bool(line) and unit.region_id is not None and not self._covers(unit.region_id, line)
            if here is not None and here != unit_id:
                moved[here] += score
                told[here] |= {**why.get(unit_id, {}), self._told_place(line): 0.0}
            moved[unit_id] += score * (ELSEWHERE if away or here not in (None, unit_id) else 1.0)
            told[unit_id] |= why.get(unit_id, {})
        return moved, told

    def _same_function_here(self, unit: UnitChoice, line: Sequence[UUID]) -> UUID | None:
        """The unit of the same function in the nearest of these regions; None where nobody has it there."""
        family = self._alike[self._function[unit.id]] if self._function[unit.id] else []
        for region_id in line:
            for other in family:
                if self._units[other].region_id == region_id:
                    return other
        return None

    def _by_place(
        self,
        facts: Facts,
        line: Sequence[UUID],
        scores: defaultdict[UUID, float],
        why: Reasons,
    ) -> None:
        where = facts.advice.where
        if where is not None and where.unit_id is not None and where.region_id in line:
            scores[where.unit_id] += LOOKS_AFTER
            why[where.unit_id][f"地名 {', '.join(where.names)}"] = LOOKS_AFTER
        spoken_for = {unit_id for unit_id, score in scores.items() if score >= LEAST}
        for region_id, counts in zip(reversed(self._places(line)), NEAR, strict=False):
            there = [unit for unit in self._units.values() if unit.region_id == region_id]
            for unit in there if len(there) <= FEW else ():
                scores[unit.id] += counts if unit.id in spoken_for else PLACE_ALONE * counts
                why[unit.id][self._told_place(line)] = 0.0

    def _told_place(self, line: Sequence[UUID]) -> str:
        """属地 with the names from the top but the city's."""
        names = [self._regions[region_id].name for region_id in reversed(self._places(line) or line)]
        return f"属地 {' '.join(names)}"

    def _places(self, line: Sequence[UUID]) -> Sequence[UUID]:
        """The nearest first, without the city as a whole, which is no unit's place."""
        return line[:-1] if len(line) > 1 else line

    def _covers(self, region_id: UUID, line: Sequence[UUID]) -> bool:
        """Whether the matter lies in that region, or nearer to it nothing is known: a street of the named district."""
        return region_id in line or bool(line and line[0] in self._line(region_id))

    def _line(self, region_id: UUID | None) -> list[UUID]:
        """A region and those above it, the nearest first."""
        found: list[UUID] = []
        while region_id is not None and region_id not in found and (region := self._regions.get(region_id)):
            found.append(region_id)
            region_id = region.parent_id
        return found

    def _function_of(self, unit: UnitChoice) -> str:
        """What a unit is called without its place: 某某区城管局 and 市城管局 are both 城管局."""
        name = unit.name
        for region_id in reversed(self._line(unit.region_id)):
            for way in ways(self._regions[region_id].name):
                name = name.removeprefix(way) or name
        return name.lstrip("市区县") or name


def _strongest(why: Mapping[str, float]) -> tuple[str, ...]:
    """The strongest first; of topics that speak for it the likeliest alone."""
    found = sorted(why, key=lambda reason: -why[reason])
    topics = [reason for reason in found if reason.startswith(BY_TOPIC)]
    return tuple(reason for reason in found if reason not in topics[1:])


def _part_of(text: str, word: str) -> str:
    """The longest part of the word that stands in the text; empty where that is a single sign."""
    parts = (word[begin:end] for begin in range(len(word)) for end in range(begin + LEAST_SIGNS, len(word) + 1))
    return max((part for part in parts if part in text), key=len, default="")
