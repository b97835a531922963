"""What people do is done on each engine, and at a database with roles as the centre's seats do it."""

from __future__ import annotations

import pytest

from tests.engines import ENGINES, GUARDED


@pytest.fixture(params=(*ENGINES, GUARDED))
def storage(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test runs on."""
    return request.param
