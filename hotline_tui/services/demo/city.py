"""The demonstration city before its first call: sites, regions, units, topics, accounts, standard answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from hotline_tui.data import reference
from hotline_tui.data.imports.knowledge import KnowledgeRow
from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.imports.regions import RegionRow
from hotline_tui.data.imports.topics import TopicRow
from hotline_tui.data.imports.units import UnitRow
from hotline_tui.data.store import Store
from hotline_tui.models import Account, Region, Topic, Unit
from hotline_tui.rules.secrecy import Viewer, unit_and_above
from hotline_tui.rules.words import ArticleState, Role
from hotline_tui.services import accounts, knowledge, organisation
from hotline_tui.services.accounts import NewAccount
from hotline_tui.services.demo.clock import Days, MovingClock
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge_import import article_ids, import_answers
from hotline_tui.services.passwords import hashed
from hotline_tui.services.places import save_places
from hotline_tui.services.regions import save_regions
from hotline_tui.settings import Settings

WRITTEN = 2026
"""The year that the validity of the written answers belongs to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A standard answer in force, with the days on which it may be given."""

    article_id: UUID
    valid_from: date
    valid_to: date

    def holds(self, day: date) -> bool:
        """Whether it may be given on this day."""
        return self.valid_from <= day <= self.valid_to


@dataclass
class City:
    """Who and what is there, by the keys of the written content."""

    store: Store
    settings: Settings
    clock: MovingClock
    days: Days
    desks: dict[str, Desk] = field(default_factory=dict[str, Desk])
    units: dict[str, UUID] = field(default_factory=dict[str, UUID])
    short_names: dict[str, str] = field(default_factory=dict[str, str])
    unit_regions: dict[str, str] = field(default_factory=dict[str, str])
    parents: dict[UUID, UUID | None] = field(default_factory=dict[UUID, UUID | None])
    staff: dict[str, tuple[Desk, Desk]] = field(default_factory=dict[str, tuple[Desk, Desk]])
    """Handler and leader of each unit that has them."""
    topics: dict[str, UUID] = field(default_factory=dict[str, UUID])
    regions: dict[str, UUID] = field(default_factory=dict[str, UUID])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])

    @property
    def agents(self) -> list[Desk]:
        """The seats of the front desk and of the service points."""
        return [desk for desk in self.desks.values() if desk.role is Role.AGENT]

    @property
    def offices(self) -> list[Desk]:
        """The seats of the office."""
        return [desk for desk in self.desks.values() if desk.role is Role.OFFICE]

    def line(self, unit: str) -> frozenset[UUID]:
        """A unit and those above it."""
        return unit_and_above(self.units[unit], self.parents)


def found(store: Store, settings: Settings, clock: MovingClock, days: Days) -> City:
    """Everything that stands before the first call comes in."""
    city = City(store, settings, clock, days)
    builder = Desk(store, settings, Viewer(None, Role.ADMIN), "系统", "C01", clock)
    _organisation(city, builder)
    _accounts(city, builder)
    _answers(city)
    return city


def _organisation(city: City, builder: Desk) -> None:
    place = reference.demo("site")
    for site in place["site"]:
        organisation.save_site(builder, site["code"], site["name"])
    regions = [each for top in place["region"] for each in _with_communities(top)]
    save_regions(builder, [RegionRow(0, *each) for each in regions])
    units = reference.demo("units")["unit"]
    organisation.save_units(builder, [_unit(each) for each in units])
    save_places(builder, _places())
    organisation.save_topics(builder, [row for top in reference.demo("topics")["topic"] for row in _topics(top)])
    city.short_names = {each["key"]: each["short"] for each in units}
    city.unit_regions = {each["key"]: each["region"] for each in units}
    with city.store.read() as session:
        city.regions = dict(session.exec(select(Region.key, Region.id)).all())
        city.units = dict(session.exec(select(Unit.key, Unit.id)).all())
        city.parents = dict(session.exec(select(Unit.id, Unit.parent_id)).all())
        city.topics = dict(session.exec(select(Topic.path, Topic.id)).all())


def _with_communities(top: dict[str, Any]) -> list[tuple[str, str, str]]:
    below = [(each["key"], each["name"], top["key"]) for each in top.get("communities", ())]
    return [(top["key"], top["name"], top.get("parent", "")), *below]


def _places() -> list[PlaceRow]:
    """The housing estates and roads that callers name."""
    pools = reference.demo("pools")
    listed = {(each["name"], each["region"]): each for kind in ("compound", "road") for each in pools[kind]}
    return [PlaceRow(0, name, (), region, "") for name, region in listed]


def _unit(each: dict[str, Any]) -> UnitRow:
    return UnitRow(
        row=0,
        key=each["key"],
        name=each["name"],
        short_name=each["short"],
        parent=each.get("parent", ""),
        region=each["region"],
        duties="、".join(each["duties"]),
        aliases=tuple(each["aliases"]),
    )


def _topics(top: dict[str, Any]) -> list[TopicRow]:
    rows = [TopicRow(0, (top["name"],), top["unit"], tuple(top["words"]))]
    below = top["children"]
    return rows + [TopicRow(0, (top["name"], each["name"]), each["unit"], tuple(each["words"])) for each in below]


def _accounts(city: City, builder: Desk) -> None:
    """One random password for all, kept nowhere: the demonstration opens signed in."""
    password = hashed(secrets.token_urlsafe(32))
    for each in reference.demo("accounts")["account"]:
        unit = each.get("unit")
        new = NewAccount(each["login"], each["name"], Role(each["role"]), each["site"], city.units.get(unit or ""))
        account_id = accounts.create_hashed(builder, new, password)
        desk = accounts.desk_of(city.store, city.settings, account_id, city.clock)
        city.desks[new.login] = desk
        if unit and desk.role is Role.UNIT_LEADER:
            city.staff[unit] = (_handler_of(city, desk), desk)


def _handler_of(city: City, leader: Desk) -> Desk:
    return next(
        desk
        for desk in city.desks.values()
        if desk.role is Role.HANDLER and desk.viewer.unit_id == leader.viewer.unit_id
    )


def _answers(city: City) -> None:
    """All of them in force, the later versions after the earlier ones; then the one that is no longer."""
    office = city.offices[0]
    written = reference.demo_articles()
    for version in range(1, max(each["version"] for each in written) + 1):
        rows = [_answer(city, each, version) for each in written if _listed(each, version)]
        import_answers(office, rows)
    ids = article_ids(office)
    for each in written:
        match ArticleState(each["state"]):
            case ArticleState.PUBLISHED:
                row = _answer(city, each, each["version"])
                span = (row.valid_from or date.min, row.valid_to or date.max)
                city.answers[each["key"]] = Answer(ids[each["key"]], *span)
            case ArticleState.EXPIRED:
                knowledge.expire(office, ids[each["key"]], "有效期已满, 已有新的规定")
            case ArticleState.DRAFT:
                _write(city, _answer(city, each, each["version"]))
        if "revision" in each:
            row = _answer(city, each, each["version"])
            _write(city, replace(row, answer=each["revision"].strip()), ids[each["key"]])


def _listed(each: dict[str, Any], version: int) -> bool:
    return each["state"] != ArticleState.DRAFT and version <= each["version"]


def _answer(city: City, each: dict[str, Any], version: int) -> KnowledgeRow:
    """A written answer; its earlier versions named no basis."""
    return KnowledgeRow(
        row=0,
        question=each["question"],
        phrasings=tuple(each["phrasings"]),
        answer=each["answer"].strip(),
        unit=each["unit"],
        topic=each["topic"],
        basis=each["basis"] if version == each["version"] else "",
        valid_from=_moved(city, each.get("valid_from")),
        valid_to=_last_day(city, each),
        key=each["key"],
    )


def _write(city: City, row: KnowledgeRow, article_id: UUID | None = None) -> None:
    """By the office's colleague in the unit, a new one or a revision; it waits for the office."""
    text = knowledge.ArticleText(
        question=row.question,
        answer=row.answer,
        phrasings=row.phrasings,
        basis=row.basis,
        unit_id=city.units[row.unit],
        topic_id=city.topics[row.topic],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    writer = city.staff[row.unit][0] if row.unit in city.staff else city.offices[0]
    knowledge.save(writer, text, article_id)


def _last_day(city: City, each: dict[str, Any]) -> date | None:
    """Some end soon, whatever day it is: what is about to end is to be seen."""
    soon = each.get("ends_in")
    return city.days.day + timedelta(days=soon) if soon else _moved(city, each.get("valid_to"))


def _moved(city: City, written: date | None) -> date | None:
    """The same day in the city's year: an answer must not go out of force because time passes."""
    from dateutil.relativedelta import relativedelta

    return written + relativedelta(years=city.days.day.year - WRITTEN) if written else None


def seats(store: Store) -> dict[Role, UUID]:
    """Whose desk shows a role best: the unit is one that has much to do."""
    with store.read() as session:
        ids = dict(session.exec(select(Account.login, Account.id)).all())
    return {role: ids[login] for role, login in SEATS.items()}


SEATS = {
    Role.AGENT: "agent01",
    Role.OFFICE: "office01",
    Role.HANDLER: "chengguan01",
    Role.UNIT_LEADER: "chengguan-lead",
    Role.CITY_LEADER: "mayor01",
    Role.AUTHORITY: "authority01",
    Role.ADMIN: "admin01",
}
