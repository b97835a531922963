"""Every test starts from the same surroundings, whatever the developer's own settings are."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ("pytester", "tests.compiled", "tests.engines", "tests.builders", "tests.requirements")

# What would change the program's behaviour or its looks, and what libpq would read.
OUTSIDE = ("HOTLINE_", "TEXTUAL_", "PG", "LC_", "XDG_", "SSH_")
# Where the workers of one run put their pictures, told to them in this way.
OURS = "TEXTUAL_SNAPSHOT_TEMPDIR"
for name in set(os.environ) - {OURS}:
    if name.startswith(OUTSIDE) or name in {
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "LINES",
        "LANGUAGE",
    }:
        del os.environ[name]
# Hundreds of tests start the program: what it imports is not compiled anew each time, but kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A zone that is neither UTC nor the hotline's: a forgotten conversion shows.
os.environ.update(TZ="America/St_Johns", LANG="C.UTF-8", TERM="xterm-256color", COLORTERM="truecolor")
time.tzset()

# A deadline per example measures the machine, not the program.
hypothesis.settings.register_profile("hotline", deadline=None, print_blob=True)
hypothesis.settings.load_profile("hotline")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home directory of the test's own, which HOTLINE_HOME's default follows."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home
