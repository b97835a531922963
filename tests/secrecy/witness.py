"""What everybody is told in a town, before and after orders came in that some may not find (non-interference)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from hotline_tui.models import WorkOrder
from tests.builders import FRIDAY, Built, Town
from tests.secrecy.planted import CAUGHT, NOT_ACCUSED, NOT_SECRET, accusing, plain, secret
from tests.secrecy.walk import Ask, answer, nobodys, of_an_order, walked

TWINS = {"office2", "leader_b"}
"""They sit as others do."""
LEAKS: dict[str, Ask] = {
    "a count in words": lambda s, d, o, t: s.connection().execute(sa.text("select count(*) from work_order")).scalar(),
    "a count": lambda s, d, o, t: s.connection().execute(sa.select(sa.func.count()).select_from(WorkOrder)).scalar(),
    "whether the order is there": lambda s, d, o, t: s.get(WorkOrder, o.order_id) is not None,
}
"""Reads that forget the viewer: the walk must find each of them out."""

Told = dict[tuple[str, str], str]
"""By login and read."""


class Witness:
    """Asked of one order, a read is asked of a plain one, and of one that is not there or not for the viewer."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.reads = walked(LEAKS)
        self.plain = plain(town)
        self.before = self._ask(NOT_SECRET)
        self.of_nobodys = self._ask_of(NOT_SECRET, [nobodys()])
        self.secret = secret(town.at(FRIDAY))
        self.with_secret = self._ask(["agent2"])
        self.accusing = accusing(town.at(FRIDAY))
        self.with_all = self._ask([login for login in town.desks if login not in TWINS])
        self.of_secret = self._ask_of(NOT_SECRET, self.secret[::5])
        self.of_accusing = self._ask_of(NOT_ACCUSED, self.accusing[::6])

    def interfering(self) -> dict[str, set[str]]:
        """The reads that tell somebody that hidden orders came in, and whom."""
        found: dict[str, set[str]] = {}
        for (login, name), told in self.before.items():
            after = self.with_secret if login == "agent2" else self.with_all
            if after[login, name] != told:
                found.setdefault(name, set()).add(login)
        for told_of in (self.of_secret, self.of_accusing):
            for (login, name), told in told_of.items():
                # One answer for each order, in a line.
                if set(told.split("\n")) != set(self.of_nobodys[login, name].split("\n")):
                    found.setdefault(name, set()).add(login)
        return found

    def _ask(self, logins: Collection[str]) -> Told:
        return {(login, name): told for login, name, told in self._asked(logins, self.reads, [self.plain])}

    def _ask_of(self, logins: Collection[str], orders: list[Built]) -> Told:
        names = {name for name in self.reads if of_an_order(name)} | {"whether the order is there"}
        reads = {name: ask for name, ask in self.reads.items() if name in names}
        return {(login, name): told for login, name, told in self._asked(logins, reads, orders)}

    def _asked(
        self, logins: Collection[str], reads: dict[str, Ask], orders: list[Built]
    ) -> Iterator[tuple[str, str, str]]:
        self.town.at(CAUGHT)
        for login in logins:
            desk = self.town.desks[login]
            with desk.store.read() as session:
                for name, ask in reads.items():
                    yield login, name, "\n".join(answer(ask, session, desk, order, self.town) for order in orders)
