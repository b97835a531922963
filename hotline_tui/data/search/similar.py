"""相似工单: which orders of late are about the same matter, beside an intake that is being typed.

An index in memory says which orders may be alike; the database says, at every search, which of them this viewer may see
and which are still alive. What is not alike is not named, whoever brought it. Orders of the same text, as a petition of
many brings them, are one line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.orders import MAY_ASK_BY_PHONE, by_phone
from hotline_tui.data.queries.rows import OrderRow, fetch, order_row, order_rows
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.search.matters import TEXT, Told
from hotline_tui.data.search.tokens import of_query
from hotline_tui.data.search.weighing import LEAST_MATTER, MATTER, Order, Weighing, asked, brief
from hotline_tui.data.search.wording import as_one, otherwise
from hotline_tui.models import WorkOrder
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import OrderState
from hotline_tui.rules.workflow import FINAL

if TYPE_CHECKING:
    from hotline_tui.data.search.alike import AlikeIndex

ALIKE = 0.16
"""An order that is less like a longer text is not named."""
SPEAKS = 0.2
"""What is less alike says nothing of the topic and the unit."""
CANDIDATES = 40
"""The likest are asked of the database; place and topic decide among them."""
SAME_PLACE, SAME_TOPIC = 0.15, 0.05
"""So much more counts an order at the same place, of the same topic."""
MOST_COPIES = 999
"""Orders of one text that are counted."""
COPIES_SHOWN = 20
ROUNDS = 3
NOT_ALIVE = (OrderState.REFUSED, OrderState.MERGED)


@dataclass(frozen=True, slots=True)
class Similar:
    """An order that may be the same matter."""

    order: OrderRow
    same_phone: bool
    alike: float
    """Above 0, at most 1."""
    copies: int = 1
    """How many orders have its text, itself among them."""
    others: tuple[OrderRow, ...] = ()
    """The newest of those, without itself."""

    @property
    def speaks(self) -> bool:
        """Whether its topic and unit say something of what it is like."""
        return self.alike >= SPEAKS


@dataclass(frozen=True, slots=True)
class _Now:
    """What the database says of an order."""

    id: UUID
    state: OrderState
    address: str
    topic_id: UUID | None
    received_at: datetime
    subject: str = ""
    text: str = ""

    @property
    def rank(self) -> tuple[bool, datetime, UUID]:
        """Of one text the order that is under way stands for all, and of those the newest."""
        return self.state not in FINAL, self.received_at, self.id


@dataclass(frozen=True, slots=True)
class _Named:
    """An order that is worth showing."""

    row: _Now
    same_phone: bool
    alike: float
    mark: int | None

    def order(self) -> tuple[bool, float, datetime, UUID]:
        """Greater comes first: of the number, then the others."""
        return self.same_phone, self.alike, self.row.received_at, self.row.id


@dataclass(frozen=True, slots=True)
class _Group:
    """An order to be shown, and the others of its text."""

    top: _Now
    same_phone: bool
    alike: float
    copies: tuple[_Now, ...]


def similar_orders(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    text: str,
    subject: str = "",
    place: str = "",
    phone: str = "",
    topic_id: UUID | None = None,
    limit: int = 5,
    index: AlikeIndex | None = None,
    but: UUID | None = None,
    names: Iterable[str] = (),
) -> tuple[Similar, ...]:
    """Orders of the last 30 days that this viewer may see and that are alike, of the same number first.

    `index`: the one of this seat, which need not be made for each search; `but`: the order in hand, if it is one;
    `names`: of places, as `Advisor.named` finds them in the text, which are not the matter.
    """
    if index is None:
        index = _anew()
    index.refresh(session, viewer, edges.now)
    search = _Search(session, viewer, index, edges.now - timedelta(days=index.days), but)
    same = search.of_number(phone, limit * 4)
    named = search.named(Told(text, place, subject, tuple(names)), same, topic_id, limit)
    return search.shown(search.groups(named, limit), edges)


def _anew() -> AlikeIndex:
    """Where there is none that is kept. What it stands on is slow to load."""
    from hotline_tui.data.search.alike import AlikeIndex

    return AlikeIndex()


@dataclass(frozen=True, slots=True)
class _Search:
    """What is asked of the database, now and for this viewer."""

    session: Session
    viewer: Viewer
    index: AlikeIndex
    since: datetime
    but: UUID | None

    def of_number(self, phone: str, limit: int) -> frozenset[UUID]:
        """The latest orders of this number; none for those who may not ask by it."""
        if not phone.strip() or self.viewer.role not in MAY_ASK_BY_PHONE:
            return frozenset()
        query = orders_of(self.viewer, col(WorkOrder.id)).where(*self._recent(), by_phone(self.viewer, phone))
        newest = query.order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc()).limit(limit)
        return frozenset(row.id for row in fetch(self.session, newest))

    def named(self, told: Told, same: Collection[UUID], topic_id: UUID | None, limit: int) -> list[_Named]:
        """The likest, of the same number first. Where one may not be shown, another takes its place."""
        places = frozenset(of_query(told.place))
        in_few_words = brief(told)
        sought, one = (_in_other_words(told), as_one) if in_few_words else (told, str)
        if in_few_words:
            told = replace(told, text=as_one(told.text), subject=as_one(told.subject))
        pairs = asked(told)
        among = frozenset(pairs)
        found: list[_Named] = []
        for _ in range(ROUNDS):
            found_now = self.index.find(sought, self.since, CANDIDATES, same)
            likenesses = {
                each.order_id: each
                for each in found_now
                if each.order_id != self.but and (in_few_words or each.score >= ALIKE)
            }
            rows = self.rows(likenesses, texts=True)
            gone = likenesses.keys() - rows.keys()
            self.index.forget(gone)
            matters = {key: Order.of(among, one(row.subject), row.address, one(row.text)) for key, row in rows.items()}
            weighing = Weighing(told, *self.index.rarity(pairs), list(matters.values()))
            found = []
            for key, row in rows.items():
                alike = _alike(weighing, matters[key], likenesses[key].score)
                if alike:
                    alike = _weighed(alike, row, places, topic_id)
                    found.append(_Named(row, key in same, alike, likenesses[key].mark))
            if len(found) > limit or not gone:
                break
        return sorted(found, key=_Named.order, reverse=True)

    def rows(self, keys: Iterable[UUID], *, texts: bool = False) -> dict[UUID, _Now]:
        """Those of these orders that the viewer may see and that are neither refused nor merged, as they are now;
        with `texts` also what they say."""
        wanted = list(keys)
        columns = (WorkOrder.id, WorkOrder.state, WorkOrder.address, WorkOrder.topic_id, WorkOrder.received_at)
        said = (col(WorkOrder.subject), sa.func.substr(col(WorkOrder.narrative), 1, TEXT)) if texts else ()
        query = orders_of(self.viewer, *map(col, columns), *said).where(col(WorkOrder.id).in_(wanted), *self._recent())
        return {row.id: _Now(*row) for row in (fetch(self.session, query) if wanted else ())}

    def groups(self, named: Iterable[_Named], limit: int) -> list[_Group]:
        """The first ones, each text once."""
        groups: list[_Group] = []
        shown: set[UUID] = set()
        for each in named:
            if len(groups) < limit and each.row.id not in shown:
                keys = self.index.copies(each.mark, self.since)[:MOST_COPIES] if each.mark is not None else []
                copies = self.rows(key for key in keys if key != self.but) if len(keys) > 1 else {}
                of_text = {**copies, each.row.id: each.row}.values()
                # An order of the caller's own stands for the others, whatever became of it.
                top = each.row if each.same_phone else max(of_text, key=lambda row: row.rank)
                rest = sorted((row for row in of_text if row is not top), key=lambda row: row.rank[1:], reverse=True)
                groups.append(_Group(top, each.same_phone, each.alike, tuple(rest)))
                shown |= {row.id for row in of_text}
        return groups

    def shown(self, groups: Sequence[_Group], edges: Edges) -> tuple[Similar, ...]:
        """With what a list shows of each."""
        keys = {each.id for group in groups for each in (group.top, *group.copies[:COPIES_SHOWN])}
        query = order_rows(self.viewer).where(col(WorkOrder.id).in_(keys))
        rows = {values.id: order_row(values, edges) for values in (fetch(self.session, query) if keys else ())}
        return tuple(
            Similar(
                rows[group.top.id],
                group.same_phone,
                group.alike,
                1 + len(group.copies),
                tuple(rows[each.id] for each in group.copies[:COPIES_SHOWN]),
            )
            for group in groups
        )

    def _recent(self) -> tuple[sa.ColumnElement[bool], ...]:
        return col(WorkOrder.received_at) >= self.since, col(WorkOrder.state).not_in(NOT_ALIVE)


def _in_other_words(told: Told) -> Told:
    """Also as others may have put it, to be found by."""
    others = otherwise(f"{told.subject}\n{told.text}")
    return replace(told, text=f"{told.text} {others}") if others else told


def _alike(weighing: Weighing, order: Order, cosine: float) -> float:
    """0 for what is not named."""
    share = weighing.share(order)
    if share < LEAST_MATTER or (cosine < ALIKE and not (weighing.brief and share >= MATTER)):
        return 0.0
    return (share + cosine) / 2 if weighing.brief else cosine


def _weighed(alike: float, row: _Now, places: frozenset[int], topic_id: UUID | None) -> float:
    """The same place and topic count a little."""
    there = set(of_query(row.address))
    near = 2 * len(there & places) / (len(there) + len(places)) if there and places else 0.0
    topic = topic_id is not None and row.topic_id == topic_id
    return round(min(1.0, alike * (1 + SAME_PLACE * near + SAME_TOPIC * topic)), 4)
