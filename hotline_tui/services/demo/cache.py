"""A city once built is kept for the rest of its day, so that the next demonstration opens at once."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from hotline_tui.settings import Settings

PACKAGE = Path(__file__).parents[2]
PARTS = ("rules", "models", "data", "services")
"""Whose code and texts make the city what it is."""


def take(settings: Settings, day: date) -> bool:
    """Copy the kept city into the empty database of `settings`; False when none is kept or it is no file."""
    target, kept = _file(settings), _kept(settings, day)
    if target is None:
        return False
    try:
        shutil.copyfile(kept, target)
    except OSError:  # not built yet, or a neighbour has just tidied up
        return False
    target.chmod(0o600)
    return True


def keep(settings: Settings, day: date) -> None:
    """Keep a copy of what was built, and no older one. A cache that cannot be written is none."""
    source, kept = _file(settings), _kept(settings, day)
    if source is None:
        return
    with suppress(OSError):
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=kept.parent)
        os.close(number)
        shutil.copyfile(source, name)
        for old in kept.parent.glob("*.db"):
            old.unlink(missing_ok=True)
        Path(name).replace(kept)


def _file(settings: Settings) -> Path | None:
    """The file of an embedded, unencrypted database whose writers have all gone."""
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database or settings.database_key:
        return None
    path = Path(url.database)
    return None if path.with_name(f"{path.name}-wal").exists() else path


def _kept(settings: Settings, day: date) -> Path:
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("hotline-tui", appauthor=False)) / "demo"
    return folder / f"{day.isoformat()}-{settings.closing:%H%M}-{_made_of()}.db"


@lru_cache(maxsize=1)
def _made_of() -> str:
    """A digest of the code and the texts: another program makes another city."""
    digest = hashlib.sha256()
    for part in PARTS:
        for path in sorted((PACKAGE / part).rglob("*")):
            if path.suffix in (".py", ".toml"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
