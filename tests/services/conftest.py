"""What people do is done on SQLite, and at a centre: on Postgres with roles, as its seats do it."""

from __future__ import annotations

import pytest

from tests.engines import GUARDED, OWNERS


@pytest.fixture(params=("sqlite", GUARDED))
def storage(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test runs on; what is the owner's is done on Postgres past the roles."""
    owners = request.node.get_closest_marker(OWNERS.name)
    return "postgres" if owners and request.param == GUARDED else request.param
