"""A database file in a folder that we may not write to, as on backup media: read as it lies, if nobody writes to it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from hotline_tui.errors import StorageError

CHANGED = "数据库文件在读取时被改动, 请重新运行; 经常出现的, 请用能写数据目录的系统用户运行"


class FrozenFile:
    """Decides at connecting, proves after reading: where it can not make its log, SQLite can not read WAL itself."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[int, ...] | None = None

    def address(self) -> str:
        """The address under which SQLite can read the file; empty where its path will do."""
        # With a log beside it others may be writing, and SQLite can read through theirs.
        if not self.file.is_file() or os.access(self.file.parent, os.W_OK) or self._log.exists():
            return ""
        self._seen = self._state()
        return f"file:{quote(str(self.file.absolute()))}?immutable=1"

    def prove(self) -> None:
        """Raise StorageError if the file was written to since; what was read may then be half old and half new."""
        if self._seen is not None and (self._log.exists() or self._state() != self._seen):
            raise StorageError(CHANGED)

    @property
    def _log(self) -> Path:
        return self.file.with_name(f"{self.file.name}-wal")

    def _state(self) -> tuple[int, ...]:
        state = self.file.stat()
        return state.st_ino, state.st_size, state.st_mtime_ns
