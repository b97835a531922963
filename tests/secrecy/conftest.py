"""A town that was asked everything by everybody before anything hidden came in, and again after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import Town
from tests.engines import ENGINES, Run, databases
from tests.secrecy.witness import Witness


@pytest.fixture(scope="module", params=ENGINES)
def witness(request: pytest.FixtureRequest, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Witness]:
    """One for all tests of a module: they compare what it was told and change nothing."""
    with databases(request.param, run, lambda: request.getfixturevalue("server"))() as url:
        town = Town(url, tmp_path_factory.mktemp("hotline-home"))
        try:
            town.answers()
            yield Witness(town)
        finally:
            town.store.dispose()
