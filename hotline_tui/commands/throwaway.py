"""A folder that is gone when the program ends, also when its terminal is closed; after `kill -9`, at the next start."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

PREFIX = "hotline-demo-"
HELD = "held"
"""A file in each such folder, locked as long as its process lives."""


@contextmanager
def throwaway() -> Generator[Path]:
    """A new temporary folder for its owner alone; those of processes that live no longer are removed."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        lock = _hold(folder)
        before = {signum: signal.signal(signum, _gone(folder)) for signum in (signal.SIGHUP, signal.SIGTERM)}
        try:
            yield folder
        finally:
            for signum, handler in before.items():
                signal.signal(signum, handler)
            os.close(lock)


def _gone(folder: Path) -> Callable[[int, FrameType | None], None]:
    """The screen's own handler calls this one before it ends the process, which would run nothing else."""

    def leave(signum: int, _frame: FrameType | None) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        raise SystemExit(128 + signum)

    return leave


def _hold(folder: Path) -> int:
    """Lock first, then give the file its name: another start finds it locked or not at all."""
    making = folder / f"{HELD}.new"
    lock = os.open(making, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    making.rename(folder / HELD)
    return lock


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, in use, or just swept by another
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            lock = os.open(folder / HELD, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
