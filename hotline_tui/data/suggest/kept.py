"""The model of a host: the row of the database is the truth, the file a copy that its seats map into memory."""

from __future__ import annotations

import mmap
import os
import zlib
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from hotline_tui.data.queries import learned
from hotline_tui.data.search.index_file import whose
from hotline_tui.data.store import Store
from hotline_tui.data.suggest.packed import Model, unpack


class Kept:
    """Gives the model in force. Not safe to use from several threads at once."""

    def __init__(self, store: Store, file: Path | None) -> None:
        """`file`: where the copy is; none where the database is encrypted, then it is held in memory."""
        self._store = store
        self._file = file
        self._edition: UUID | None = None
        self._model: Model | None = None

    def model(self, session: Session) -> Model | None:
        """The latest; None where nothing was learned, or by another version of this program. Raises StorageError."""
        edition = learned.edition(session)
        if edition != self._edition:
            self._model = None if edition is None else self._from_file(edition) or self._from_row(session, edition)
            self._edition = edition
        return self._model

    def _from_file(self, edition: UUID) -> Model | None:
        if self._file is None:
            return None
        try:
            with self._file.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return None
        model = unpack(memoryview(mapped), whose(self._store))
        return model if model is not None and model.edition == edition else None

    def _from_row(self, session: Session, edition: UUID) -> Model | None:
        try:
            data = zlib.decompress(learned.data(session, edition))
        except zlib.error:
            return None
        model = unpack(data, whose(self._store))
        if model is not None and self._file is not None and _copied(data, self._file):
            return self._from_file(edition) or model
        return model


def _copied(data: bytes, path: Path) -> bool:
    """Whether the bytes stand in the file, for its owner alone, whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        return False
    finally:
        beside.unlink(missing_ok=True)
    return True
