"""Making the index of a large knowledge base: in a process of its own, once for all seats of a host."""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from hotline_tui.data.search import index_file
from hotline_tui.data.search.entries import every, revision
from hotline_tui.data.search.hubs import ANYBODY, questions
from hotline_tui.data.search.precedents import answered
from hotline_tui.data.search.volume import bind
from hotline_tui.data.store import Store
from hotline_tui.settings import Settings

PAUSE_SECONDS = 60.0
"""A seat does not ask again before: another may be making it."""
_log = logging.getLogger(__name__)


def make(store: Store, path: Path) -> int | None:
    """Index every article and swap the file in; how many they are, None where somebody else is making it.

    Raises StorageError and OSError.
    """
    with _alone(path) as alone:
        if not alone:
            return None
        for left in path.parent.glob(f"{path.name}.*"):
            left.unlink()  # of one that was killed while it wrote
        with store.read() as session:
            asked, given = questions(session, ANYBODY), answered(session, ANYBODY)
            volume = bind(every(session), revision(session), asked=asked, answered=given)
        index_file.save(volume, path, index_file.whose(store))
        return len(volume)


class Apart:
    """Has the index made by another process, which goes on when this one ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asked = -PAUSE_SECONDS
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self) -> None:
        """Ask for it, unless that was just done. Returns at once; raises OSError where there is no place for it."""
        if (file := self._settings.knowledge_index) is not None:
            _place(file)
        if time.monotonic() - self._asked < PAUSE_SECONDS:
            return
        self._asked = time.monotonic()
        places = {"HOTLINE_HOME": str(self._settings.home), "HOTLINE_DATABASE_URL": self._settings.database_url}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hotline_tui", "kb", "index"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | places,
                start_new_session=True,  # Ctrl+C at the terminal is not meant for it
            )
        except OSError as error:
            _log.warning("no index: %s", error)


@contextmanager
def _alone(path: Path) -> Generator[bool]:
    _place(path)
    with open(path.with_suffix(".lock"), "w", opener=_for_its_owner) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _place(path: Path) -> None:
    """Its folder, for its owner alone as the database is; raises OSError where something else stands there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(path)
