"""The marker `requirement("R-D2", ...)`: which rows of the regulation a test proves; `pytest -m R_D2` runs those."""

from __future__ import annotations

import pytest

from hotline_tui.rules.requirements import BY_ID, REQUIREMENTS


def pytest_configure(config: pytest.Config) -> None:
    for requirement in REQUIREMENTS:
        config.addinivalue_line("markers", f"{requirement.marker}: proves {requirement.id}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` chooses."""
    for item in items:
        for name in dict.fromkeys(name for mark in item.iter_markers("requirement") for name in mark.args):
            if name not in BY_ID:
                raise pytest.UsageError(f"{item.nodeid} proves {name}, which hotline_tui/rules/requirements.py lacks")
            item.add_marker(BY_ID[name].marker)
