"""Folders as some media have them."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody may write there; root, whom no mode stops, is only told so."""
    folder.chmod(0o555)
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", lambda path, mode: not (mode & os.W_OK and Path(path) == folder))
    yield
    folder.chmod(0o755)


class SmallDisk:
    """A folder that is a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Nothing more fits, not one block."""
        with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def empty(self) -> None:
        """There is room again."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[SmallDisk]:
    """A disk of this size at the folder; only root may have one, other people's tests are skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={kilobytes}k,mode=700"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    mounted = subprocess.run(command, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("a disk that is full needs the right to mount one: run as root")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
