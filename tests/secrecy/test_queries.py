"""R-13a, R-13b, R-17: every query as everybody. Whoever may not find an order is told the same with it and without it.

The queries are found, not listed (tests/secrecy/walk.py).
"""

from __future__ import annotations

import inspect
import json

import pytest

from hotline_tui.data.drafts import Draft, DraftBox
from hotline_tui.models.columns import new_id
from hotline_tui.services import notes
from tests.builders import Town
from tests.secrecy.planted import FACTS, NOT_ACCUSED, NOT_SECRET, events, marks
from tests.secrecy.walk import OF_NO_ORDER, found, public_modules
from tests.secrecy.witness import LEAKS, Witness

# A module asks a whole town three times, before its first test.
pytestmark = [pytest.mark.requirement("R-13a", "R-13b", "R-17"), pytest.mark.timeout(300)]


def test_no_query_is_left_out() -> None:
    assert len(found()) > 40
    for name, function in found().items():
        assert "viewer" in inspect.signature(function).parameters or name in OF_NO_ORDER, f"{name} takes no viewer"


def test_whoever_may_not_find_an_order_is_told_the_same_with_it_and_without_it(witness: Witness) -> None:
    told = {name: logins for name, logins in witness.interfering().items() if name not in LEAKS}
    assert told == {}


def test_a_query_that_forgets_the_viewer_is_found_out(witness: Witness) -> None:
    told = witness.interfering()
    assert told["a count in words"] == told["a count"] == set(NOT_SECRET)
    assert told["whether the order is there"] == set(NOT_SECRET)


def test_no_answer_holds_a_callers_data(witness: Witness) -> None:
    for asked, told in witness.with_all.items():
        assert not [fact for fact in FACTS if fact in told], asked


def test_no_answer_names_an_order_that_is_hidden_from_who_asked(witness: Witness) -> None:
    for (login, name), told in witness.with_all.items():
        hidden = (*witness.secret,) * (login in NOT_SECRET) + (*witness.accusing,) * (login in NOT_ACCUSED)
        assert not [mark for mark in marks(*hidden) if mark in told], (login, name)


def test_whoever_may_find_them_is_told(witness: Witness) -> None:
    told: dict[str, set[str]] = {}
    for (login, name), answer in witness.with_all.items():
        if any(mark in answer for mark in marks(*witness.accusing)):
            told.setdefault(login, set()).add(name)
    assert told["office"] >= {"orders.page", "looks.looks", "similar.similar_orders", "queues.to_review"}
    assert told["handler_b"] >= {"orders.page", "tray.tray"}
    data = notes.unmask(witness.town.office, witness.plain.order_id, "核对")
    assert all(fact in repr(data) for fact in FACTS)


def test_no_event_holds_a_callers_data(witness: Witness) -> None:
    told = "".join(json.dumps(event.payload, ensure_ascii=False) + event.actor for event in events(witness.town))
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
