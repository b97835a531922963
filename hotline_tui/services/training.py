"""训练建议: what the office's own orders teach about topics and units, as one row that every seat reads."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, delete, select

from hotline_tui.data.queries.examples import Example, examples
from hotline_tui.data.search.index_file import whose
from hotline_tui.data.suggest.packed import Model, pack
from hotline_tui.data.suggest.scorer import Scorer
from hotline_tui.data.suggest.terms import Counted, counted
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Learned, Topic, Unit
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.services import learning
from hotline_tui.services.desk import Desk
from hotline_tui.services.learning import IN_ALL, PER_LABEL, Judged
from hotline_tui.services.work import work_at

TRAINS = frozenset({Role.OFFICE})
"""Who sees the orders that are learned from; the command line sits at this desk."""
TOO_FEW = (
    f"可用于训练的工单太少: 至少要有两个分类各 {PER_LABEL} 件、共 {IN_ALL} 件已分类的工单(保密、举报、反映单位的不用);"
    " 在此之前按分类的名称和关键词建议"
)

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learned."""

    orders: int
    topics: int
    topics_left: int
    """Topics in use with too few orders: their own words go on suggesting them."""
    units: int
    bytes: int
    """As the database keeps it."""


def train(desk: Desk, say: Say = lambda _step: None) -> Trained:
    """Learn from the orders that anybody may know of, and put it in the place of what was learned before.

    Raises Refused where scikit-learn is missing or the orders are too few; nothing is changed then.
    """
    known = _examples(desk)
    say(f"读入 {len(known)} 件工单")
    matters = [counted(each.narrative, each.subject) for each in known]
    topics = _learn(matters, [each.topic_id for each in known])
    if topics is None:
        raise Refused(TOO_FEW)
    say(f"已学 {len(topics.labels)} 个分类")
    units = _learn(matters, [each.unit_id for each in known])
    say(f"已学 {len(units.labels) if units else 0} 个承办单位")
    model = Model(new_id(), topics, units, _history(known))
    data = zlib.compress(pack(model, whose(desk.store)))
    with work_at(desk) as work:
        work.session.exec(delete(Learned).where(col(Learned.id) != model.edition))
        work.add(
            Learned(
                id=model.edition,
                made_at=work.now,
                made_by=desk.viewer.account_id,
                orders=len(known),
                data=data,
            )
        )
        active = len(work.session.exec(select(Topic.id).where(col(Topic.active))).all())
        facts = {"orders": len(known), "topics": len(topics.labels), "units": len(units.labels) if units else 0}
        work.commit(None, OfficeAction.TRAIN, facts=facts)
    return Trained(
        len(known), len(topics.labels), active - len(topics.labels), len(units.labels) if units else 0, len(data)
    )


def evaluate(desk: Desk, folds: int = 5) -> tuple[Judged, Judged | None]:
    """How well topics and units are told of orders that were not learned from, by cross-validation on the own orders.

    Raises Refused as `train`.
    """
    known = _examples(desk)
    matters = [counted(each.narrative, each.subject) for each in known]
    topics = _judge(matters, [each.topic_id for each in known], folds)
    if topics is None:
        raise Refused(TOO_FEW)
    return topics, _judge(matters, [each.unit_id for each in known], folds)


def _examples(desk: Desk) -> list[Example]:
    """Of topics and units in use."""
    if desk.role not in TRAINS:
        raise NotAllowed(f"{OfficeAction.TRAIN.label}由热线办进行")
    learning.must_have_library()
    with desk.store.read() as session:
        topics = set(session.exec(select(Topic.id).where(col(Topic.active))))
        units = set(session.exec(select(Unit.id).where(col(Unit.active))))
        return [
            Example(each.subject, each.narrative, each.topic_id, each.unit_id if each.unit_id in units else None)
            for each in examples(session, desk.viewer)
            if each.topic_id in topics
        ]


def _learn(matters: Sequence[Counted], labels: Sequence[UUID | None]) -> Scorer | None:
    chosen = [(matters[at], label) for at in learning.learnable(labels) if (label := labels[at]) is not None]
    return learning.learn([matter for matter, _ in chosen], [label for _, label in chosen]) if chosen else None


def _judge(matters: Sequence[Counted], labels: Sequence[UUID | None], folds: int) -> Judged | None:
    chosen = [(matters[at], label) for at in learning.learnable(labels) if (label := labels[at]) is not None]
    return learning.judge([matter for matter, _ in chosen], [label for _, label in chosen], folds) if chosen else None


def _history(known: Sequence[Example]) -> Mapping[UUID, Mapping[UUID, int]]:
    """By topic: which units led how many of its orders."""
    led: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
    for each in known:
        if each.unit_id is not None:
            led[each.topic_id][each.unit_id] += 1
    return led
