"""A city with as many seats as are asked for: at each an agent, an office, a handler and a unit's leader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from hotline_tui.data.store import Store
from hotline_tui.models import Account, Unit
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Role
from hotline_tui.services.desk import Desk
from tests.builders import Town

SEATS_A_UNIT = 2
ROLES = (Role.AGENT, Role.OFFICE, Role.HANDLER, Role.UNIT_LEADER)


@dataclass(frozen=True)
class Seat:
    """Who sits there, all on one store."""

    agent: Desk
    office: Desk
    handler: Desk
    leader: Desk
    unit_id: UUID

    def at(self, store: Store) -> Seat:
        """The same people on a store of their own, with the server's time."""
        agent, office, handler, leader = (replace(desk, store=store, clock=store.now) for desk in self.desks)
        return Seat(agent, office, handler, leader, self.unit_id)

    @property
    def desks(self) -> tuple[Desk, Desk, Desk, Desk]:
        """Of every role."""
        return self.agent, self.office, self.handler, self.leader

    @property
    def accounts(self) -> tuple[UUID | None, ...]:
        """Of every role."""
        return tuple(desk.viewer.account_id for desk in self.desks)


@dataclass(frozen=True)
class City:
    """Where they sit."""

    url: str
    seats: tuple[Seat, ...]
    units: tuple[UUID, ...]
    topic: UUID
    region: UUID


def found(url: str, home: Path, seats: int) -> City:
    """On a migrated database; no connection is left open."""
    town = Town(url, home)
    city = City(url, tuple(_seats(town, seats)), tuple(town.units.values())[3:], town.parking, town.region)
    town.store.dispose()
    return city


def _seats(town: Town, seats: int) -> Iterator[Seat]:
    with town.store.write() as session:
        for number in range(-(-seats // SEATS_A_UNIT)):
            name = f"第{number + 1}分局"
            unit = Unit(key=f"unit-{number}", name=name, short_name=name, spelling=spell(name))
            session.add(unit)
            session.flush()
            town.units[unit.key] = unit.id
        units = list(town.units.values())[3:]
        for number in range(seats):
            unit_id = units[number // SEATS_A_UNIT]
            desks: list[Desk] = []
            for role in ROLES:
                own = unit_id if role in (Role.HANDLER, Role.UNIT_LEADER) else None
                login = f"{role.value}-{number}"
                account = Account(login=login, name=login, role=role, site="C01", password_hash="-", unit_id=own)
                account.spelling = spell(login)
                session.add(account)
                within = frozenset({own}) if own else frozenset[UUID]()
                viewer = Viewer(account.id, role, own, within, within)
                desks.append(replace(town.agent, viewer=viewer, name=login, login=login))
            agent, office, handler, leader = desks
            yield Seat(agent, office, handler, leader, unit_id)
        session.commit()
