"""A hotline of its own for each journey."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines import Run
from tests.journeys.centre import Centre


@pytest.fixture
def centre(run: Run, tmp_path: Path) -> Centre:
    """Set up once in a test run, then copied."""
    template = run.folder / "centre"
    with run.once("centre-founded") as first:
        if first:
            Centre.found(template)
    return Centre(template).copy(tmp_path / "centre")
