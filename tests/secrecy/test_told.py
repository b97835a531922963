"""R-13b: what callers told in full is read by one function, of orders that its viewer may see and of no other."""

from __future__ import annotations

import ast

import pytest

from hotline_tui.data.queries.told import told
from tests.builders import Town
from tests.secrecy.gates import sources
from tests.secrecy.planted import CALLER, FACTS

pytestmark = pytest.mark.requirement("R-13b", "R-13a")
ASK = {"data/queries/publication.py", "services/missing.py", "services/notes.py"}
"""A text is held against it (release, questions asked in vain), and a look that is kept shows it."""


def test_of_an_order_that_is_hidden_nothing_is_told(town: Town) -> None:
    order = town.register(secret=True, **CALLER)
    with town.store.read() as session:
        (known,) = told(session, town.office.viewer, order.order_id, "")
        assert all(fact in repr(known) for fact in FACTS)
        for desk in (town.agent2, town.handler, town.admin):
            assert told(session, desk.viewer, order.order_id, "") == []


def test_only_known_modules_ask() -> None:
    """A new one is looked at by a person before it is added here."""
    asking = {
        path
        for path, source in sources()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "hotline_tui.data.queries.told"
    }
    assert asking == ASK
