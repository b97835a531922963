"""R-13a, R-13b, R-17: every query as everybody: no caller's data in any answer, no hidden order in a hidden one's.

The queries are found, not listed: one that this module cannot call fails it.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from hotline_tui.data import queries, search
from hotline_tui.data.drafts import Draft, DraftBox
from hotline_tui.data.queries import parts
from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.services import notes
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town
from tests.secrecy.planted import FACTS, events, marks, plant

MANY = 500
TWINS = {"office2", "leader_b"}
"""They sit as others do."""
PLUMBING = {"visibility", "rows"}
"""Parts of queries: they read nothing by themselves."""
OF_NO_ORDER = {
    "picks.units", "picks.topics", "picks.regions", "leaders.city_leaders",
    "instructed.instructed_units",  # asked by services of an order that their desk has
}  # fmt: skip
"""What everybody may know: they take no viewer."""

Supply = Callable[[Any, Desk, Built, Town], Any]
GIVEN: dict[str, Supply] = {
    "session": lambda s, d, o, t: s,
    "viewer": lambda s, d, o, t: d.viewer,
    "edges": lambda s, d, o, t: edges_now(d, s),
    "order_id": lambda s, d, o, t: o.order_id,
    "number": lambda s, d, o, t: o.number,
    "order": lambda s, d, o, t: s.get(WorkOrder, o.order_id),
    "clocks": lambda s, d, o, t: parts.clocks(s, d.viewer, edges_now(d, s), o.order_id),
    "phone": lambda s, d, o, t: "13777001234",
    "text": lambda s, d, o, t: "暗语甲暗语乙路灯不亮",
    "now": lambda s, d, o, t: d.clock(),
    "today": lambda s, d, o, t: shanghai_day(d.clock()),
    "days": lambda s, d, o, t: 60,
    "since": lambda s, d, o, t: None,
    "until": lambda s, d, o, t: None,
    "limit": lambda s, d, o, t: MANY,
    "published": lambda s, d, o, t: True,
    "ids": lambda s, d, o, t: (t.article,),
    "article_id": lambda s, d, o, t: t.article,
}
"""What a query may ask for, by the name of its parameter; others keep their defaults."""
OF_OWN: dict[str, dict[str, Supply]] = {
    "figures.refusals": {
        "since": lambda s, d, o, t: d.clock().replace(year=2020),
        "until": lambda s, d, o, t: d.clock(),
    },
}
OF_AN_ORDER = {"order_id", "number", "order", "clocks"}
SAYS_WHETHER = {"relation.ties"}
"""Of an order in hand."""


def public_modules() -> Iterator[ModuleType]:
    for package in (queries, search):
        for module in pkgutil.iter_modules(package.__path__):
            if module.name not in PLUMBING:
                yield import_module(f"{package.__name__}.{module.name}")


def walked() -> dict[str, Callable[..., Any]]:
    """Every function of the read side that reads."""
    found = {}
    for module in public_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                parameters = inspect.signature(function).parameters
                if "session" in parameters and "query" not in parameters:
                    found[f"{module.__name__.rpartition('.')[2]}.{name}"] = function
    return found


def ask(name: str, function: Callable[..., Any], desk: Desk, order: Built, town: Town) -> str:
    """The answer as one text; empty where it is refused, or told that there is no such order."""
    with desk.store.read() as session:
        given = {}
        for parameter in inspect.signature(function).parameters.values():
            supply = OF_OWN.get(name, {}).get(parameter.name) or GIVEN.get(parameter.name)
            if supply is not None:
                given[parameter.name] = supply(session, desk, order, town)
            elif parameter.default is inspect.Parameter.empty:
                pytest.fail(f"{name} asks for {parameter.name}: say in GIVEN what it is given")
        with suppress(Refused, NotFound):
            answer = function(**given)
            return repr(list(answer) if isinstance(answer, Iterator) else answer)
    return ""


def test_no_query_is_left_out() -> None:
    found = walked()
    assert len(found) > 40
    for name, function in found.items():
        assert "viewer" in inspect.signature(function).parameters or name in OF_NO_ORDER, f"{name} takes no viewer"


def test_no_query_gives_anybody_a_callers_data_or_an_order_that_is_hidden_from_him(town: Town) -> None:
    planted = plant(town)
    for login, desk in town.desks.items():
        if login in TWINS:
            continue
        hidden = planted.hidden_from(login)
        for name, function in walked().items():
            for order in planted.all if OF_AN_ORDER & set(inspect.signature(function).parameters) else planted.all[:1]:
                answer = ask(name, function, desk, order, town)
                assert not [fact for fact in FACTS if fact in answer], f"{name} as {login}"
                if name not in SAYS_WHETHER | OF_NO_ORDER:
                    assert not [mark for mark in marks(hidden) if mark in answer], f"{name} as {login}"


def test_the_walk_would_see_it(town: Town) -> None:
    planted = plant(town)
    seen = {
        name
        for name, function in walked().items()
        if any(
            mark in ask(name, function, town.office, planted.accused, town)
            for mark in marks({"accused": planted.accused})
        )
    }
    assert seen >= {"orders.page", "detail.detail", "looks.looks", "publication.answers", "similar.similar_orders"}
    data = notes.unmask(town.office, planted.plain.order_id, "核对")
    assert all(fact in repr(data) for fact in FACTS)


def test_no_event_holds_a_callers_data(town: Town) -> None:
    planted = plant(town)
    notes.unmask(town.agent, planted.plain.order_id, "补问地址")
    told = "".join(json.dumps(event.payload, ensure_ascii=False) + event.actor for event in events(town))
    assert "核对回访号码" in told
    assert not [fact for fact in FACTS if fact in told]


def test_a_draft_is_its_owners_alone(town: Town) -> None:
    box = DraftBox(town.settings.home)
    box.save(Draft(new_id(), "agent", "intake", town.now, None, {"phone": FACTS[1]}))
    assert FACTS[1] in repr(box.of("agent"))
    for login in set(town.desks) - {"agent"}:
        assert box.of(login) == [], login
    (file,) = [path for path in town.settings.home.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o077 == 0


def test_only_known_modules_read_callers() -> None:
    """A new one is looked at by a person before it is added here."""
    readers = {module.__name__.rpartition(".")[2] for module in public_modules() if "Caller" in vars(module)}
    assert readers <= {"callers", "hearing", "orders", "parts", "publication", "queues", "relation"}
