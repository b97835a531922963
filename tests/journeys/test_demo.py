"""The demonstration leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline_tui import cli
from hotline_tui.commands.throwaway import HELD, PREFIX, throwaway
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

ROOT = Path(cli.__file__).parents[1]
WAITING = """
import sys
from hotline_tui.commands.throwaway import throwaway
with throwaway() as folder:
    (folder / "city.db").write_text("a city")
    print(folder, flush=True)
    sys.stdin.read()
"""
SEATED = """
import shutil, sys
from dataclasses import replace
from pathlib import Path
from hotline_tui import app
from hotline_tui.commands.throwaway import throwaway
from hotline_tui.settings import Settings
with throwaway() as folder:
    shutil.copytree(sys.argv[1], folder, dirs_exist_ok=True)
    app.run(Settings(home=folder, database_url=f"sqlite:///{folder / 'hotline.db'}"))
"""
CLOSING = (signal.SIGHUP, signal.SIGTERM)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return folder


def waiting() -> tuple[subprocess.Popen[str], Path]:
    """A process that has such a folder, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert (folder / "city.db").exists()
    return process, folder


def ended(process: subprocess.Popen[str]) -> int:
    process.communicate()
    return process.returncode


@pytest.mark.parametrize("signum", CLOSING)
def test_a_signal_that_ends_the_program_removes_the_folder(temporary: Path, signum: signal.Signals) -> None:
    process, _ = waiting()
    process.send_signal(signum)
    assert ended(process) == 128 + signum
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("end", [Terminal.hang_up, lambda seat: seat.kill(signal.SIGTERM).wait_exit()], ids=CLOSING)
def test_so_does_one_that_ends_it_at_its_screen(
    temporary: Path, centre: Centre, end: Callable[[Terminal], int]
) -> None:
    with Terminal([sys.executable, "-c", SEATED, str(centre.home)]) as seat:
        seat.wait_for("口令")
        assert [path.name[: len(PREFIX)] for path in temporary.iterdir()] == [PREFIX]
        assert end(seat) in [128 + signum for signum in CLOSING]
    assert list(temporary.iterdir()) == []


def test_so_does_a_line_that_is_cut_under_a_shell_that_does_not_pass_it_on(
    temporary: Path, tmp_path: Path, centre: Centre
) -> None:
    status = tmp_path / "status"
    under_shell = ["sh", "-c", 'trap "" HUP; "$@"; echo $? >"$0"', str(status)]
    with Terminal([*under_shell, sys.executable, "-c", SEATED, str(centre.home)]) as seat:
        seat.wait_for("口令")
        seat.hang_up()
    assert status.read_text().strip() == str(128 + signal.SIGHUP)
    assert list(temporary.iterdir()) == []


def test_a_demonstration_closed_while_it_is_made_leaves_nothing_either(temporary: Path) -> None:
    with Terminal([sys.executable, "-m", "hotline_tui", "demo"], env={"PYTHONPATH": str(ROOT)}) as seat:
        seat.wait_until(lambda: any(temporary.glob(f"{PREFIX}*/hotline.db")), "the city to be begun")
        assert seat.kill(signal.SIGTERM).wait_exit() == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []


def test_the_next_start_removes_what_a_killed_one_left_and_nothing_else(temporary: Path) -> None:
    killed, left = waiting()
    killed.kill()
    assert ended(killed) == -signal.SIGKILL
    living, in_use = waiting()
    strangers = (temporary / f"{PREFIX}mine", temporary / "other")
    for stranger in strangers:
        stranger.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(in_use)
    with throwaway() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not left.exists()
        assert (in_use / "city.db").exists()
        assert (in_use / HELD).exists()
        assert all(stranger.exists() for stranger in strangers)
    assert not folder.exists()
    assert ended(living) == 0
    assert not in_use.exists()
