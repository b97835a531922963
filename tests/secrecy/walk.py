"""Every read of the read side, asked the same way at any desk: what it answers, as one text.

The reads are found, not listed: one that this module cannot call fails.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from hotline_tui.data import queries, search
from hotline_tui.data.queries import parts
from hotline_tui.data.queries.stock import Shelf
from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import Edges, shanghai_day
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Measure, Report, Span
from hotline_tui.services.clock import edges_now, reckoning_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town
from tests.data.queries.reads import OF_ONE_ORDER, READS

MANY = 500
PLUMBING = {"visibility", "rows"}
"""Parts of queries: they read nothing by themselves."""
UNMASKING = {"told"}
"""What it gives is a caller's data in full, to services that keep who asked (tests/secrecy/test_told.py)."""
OF_NO_ORDER = {
    "picks.units", "picks.topics", "picks.regions", "leaders.city_leaders",
    "instructed.instructed_units",  # asked by services of an order that their desk has
    "entries.newer", "entries.every", "entries.revision",  # standard answers
    "places.stamp", "places.every", "places.questions", "learned.edition", "learned.data",  # numbers without a text
}  # fmt: skip
"""What everybody may know: they take no viewer."""
IN_HAND = {"order", "clocks"}
"""Parameters of those that are told of an order which their viewer has; so is whoever asks which units it names."""

Supply = Callable[[Any, Desk, Built, Town], Any]


def edges_of(session: Session, desk: Desk) -> Edges:
    """Reckoned once in a session: neither its clock nor its calendar moves."""
    if "edges" not in session.info:
        session.info["edges"] = edges_now(desk, session)
    return session.info["edges"]


GIVEN: dict[str, Supply] = {
    "session": lambda s, d, o, t: s,
    "viewer": lambda s, d, o, t: d.viewer,
    "edges": lambda s, d, o, t: edges_of(s, d),
    "reckoning": lambda s, d, o, t: reckoning_now(d, s),
    "period": lambda s, d, o, t: Period.of(Span.YEAR, shanghai_day(d.clock())),
    "order_id": lambda s, d, o, t: o.order_id,
    "number": lambda s, d, o, t: o.number,
    "order": lambda s, d, o, t: s.get(WorkOrder, o.order_id),
    "clocks": lambda s, d, o, t: parts.clocks(s, d.viewer, edges_of(s, d), o.order_id),
    "phone": lambda s, d, o, t: "13777001234",
    "text": lambda s, d, o, t: "暗语甲暗语乙路灯不亮",
    "now": lambda s, d, o, t: d.clock(),
    "today": lambda s, d, o, t: shanghai_day(d.clock()),
    "days": lambda s, d, o, t: 60,
    "since": lambda s, d, o, t: None,
    "until": lambda s, d, o, t: None,
    "limit": lambda s, d, o, t: MANY,
    "report": lambda s, d, o, t: Report.APPRAISAL,
    "version": lambda s, d, o, t: 1,
    "published": lambda s, d, o, t: True,
    "shelf": lambda s, d, o, t: Shelf.ALL,
    "most": lambda s, d, o, t: MANY,
    "seen": lambda s, d, o, t: -1,
    "ids": lambda s, d, o, t: (t.article,),
    "article_id": lambda s, d, o, t: t.article,
    "edition": lambda s, d, o, t: new_id(),
}
"""What a query may ask for, by the name of its parameter; others keep their defaults."""
OF_OWN: dict[str, dict[str, Supply]] = {
    "similar.similar_orders": {"text": lambda s, d, o, t: "暗语甲, 暗语乙"},
    "matters.latest": {"since": lambda s, d, o, t: d.clock().replace(year=2020)},
    "matters.touched": {
        "since": lambda s, d, o, t: d.clock().replace(year=2020),
        "event": lambda s, d, o, t: UUID(int=0),
    },
    "counted.counted": {"measure": lambda s, d, o, t: Measure.RECEIVED},
    "shortfalls.shortfalls": {"measure": lambda s, d, o, t: Measure.DISPATCHED},
    "faults.faults": {
        "since": lambda s, d, o, t: d.clock().replace(year=2020),
        "until": lambda s, d, o, t: d.clock(),
    },
    "figures.refusals": {
        "since": lambda s, d, o, t: d.clock().replace(year=2020),
        "until": lambda s, d, o, t: d.clock(),
    },
}
OF_AN_ORDER = {"order_id", "number", *IN_HAND}

Ask = Callable[[Session, Desk, Built, Town], Any]


def public_modules() -> Iterator[ModuleType]:
    """Of the read side."""
    for package in (queries, search):
        for module in pkgutil.iter_modules(package.__path__):
            if module.name not in PLUMBING | UNMASKING:
                yield import_module(f"{package.__name__}.{module.name}")


@cache
def found() -> dict[str, Callable[..., Any]]:
    """Every function of the read side that reads."""
    functions = {}
    for module in public_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                parameters = inspect.signature(function).parameters
                if "session" in parameters and "query" not in parameters:
                    functions[f"{module.__name__.rpartition('.')[2]}.{name}"] = function
    return functions


def walked(more: Mapping[str, Ask] | None = None) -> dict[str, Ask]:
    """Those functions with what they ask for, the list of `reads.py`, which asks for more, and `more`."""
    listed: dict[str, Ask] = {
        f"{name} (as listed)": lambda s, d, o, t, read=read: read(s, d, edges_of(s, d), o)
        for name, read in READS.items()
    }
    return {name: _calling(name, function) for name, function in found().items()} | listed | dict(more or {})


def of_an_order(name: str) -> bool:
    """Whether it is asked of one order by its id or number, and so of orders that are not there."""
    listed = name.removesuffix(" (as listed)")
    if listed != name:
        return listed in OF_ONE_ORDER
    parameters = set(inspect.signature(found()[name]).parameters) if name in found() else set()
    return name not in OF_NO_ORDER and bool(OF_AN_ORDER & parameters) and not IN_HAND & parameters


def in_hand(name: str) -> bool:
    """Whether it is told of an order that its viewer has."""
    return name in found() and bool(IN_HAND & set(inspect.signature(found()[name]).parameters))


def nobodys() -> Built:
    """An order that nobody ever registered."""
    return Built(new_id(), "C01-20261120-9999")


def answer(ask: Ask, session: Session, desk: Desk, order: Built, town: Town) -> str:
    """What the desk gets, or in which words it is refused; the number that it asked for is blotted out of those."""
    try:
        got = ask(session, desk, order, town)
        return repr(list(got) if isinstance(got, Iterator) else got)
    except (Refused, NotFound) as refusal:
        return f"{type(refusal).__name__}: {refusal}".replace(order.number, "#")


def _calling(name: str, function: Callable[..., Any]) -> Ask:
    def ask(session: Session, desk: Desk, order: Built, town: Town) -> Any:
        given = {}
        for parameter in inspect.signature(function).parameters.values():
            supply = OF_OWN.get(name, {}).get(parameter.name) or GIVEN.get(parameter.name)
            if supply is not None:
                given[parameter.name] = supply(session, desk, order, town)
            elif parameter.default is inspect.Parameter.empty:
                pytest.fail(f"{name} asks for {parameter.name}: say in GIVEN what it is given")
        return function(**given)

    return ask
