"""草稿: what a person types, on local disk as it is typed; survives a crash, a closed terminal and a lock (R-D1)."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from hotline_tui.errors import HotlineError, StorageError, reason


@dataclass(frozen=True, slots=True)
class Draft:
    """One form half filled in."""

    id: UUID
    login: str
    form: str
    """Which form: `intake`, `reply`, ..."""
    saved_at: datetime
    order_id: UUID | None = None
    """What it is about, when it is about an order."""
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


class DraftBox:
    """A folder of drafts, one file each, readable by their owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, draft: Draft) -> None:
        """Replace the draft's file as a whole; raises StorageError with the old one intact."""
        text = json.dumps(asdict(draft), ensure_ascii=False, default=str)
        path = self._path(draft.id)
        beside = path.with_suffix(".new")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            raise StorageError(f"草稿没有存上({reason(error)}), 请检查磁盘空间和目录权限: {self.folder}") from error

    def of(self, login: str, form: str | None = None) -> list[Draft]:
        """A person's drafts, newest first. A file that cannot be read is left where it is and passed over."""
        drafts = [draft for path in sorted(self.folder.glob("*.json")) if (draft := _read(path)) is not None]
        mine = [draft for draft in drafts if draft.login == login and form in (None, draft.form)]
        return sorted(mine, key=lambda draft: (draft.saved_at, draft.id.hex), reverse=True)

    def get(self, draft_id: UUID) -> Draft | None:
        """One draft; None when there is none, or its file cannot be read."""
        return _read(self._path(draft_id))

    def discard(self, draft_id: UUID) -> None:
        """What was typed has been accepted, or thrown away on purpose."""
        self._path(draft_id).unlink(missing_ok=True)

    def _path(self, draft_id: UUID) -> Path:
        return self.folder / f"{draft_id}.json"


class DraftWriter:
    """Saves in a thread of its own: typing never waits, and of several changes the newest is written."""

    def __init__(self, box: DraftBox, on_saved: Callable[[Draft | HotlineError], None] | None = None) -> None:
        self._box = box
        self._on_saved = on_saved
        self._changed = threading.Condition()
        self._waiting: dict[UUID, Draft | None] = {}
        self._busy = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
        self._thread.start()

    def put(self, draft: Draft) -> None:
        """Save soon; a newer version of the same draft replaces one that waits."""
        self._queue(draft.id, draft)

    def discard(self, draft_id: UUID) -> None:
        """Remove after whatever waits to be written."""
        self._queue(draft_id, None)

    def flush(self) -> None:
        """Return when everything put so far is on disk."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._busy)

    def close(self) -> None:
        """Write what waits and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _queue(self, draft_id: UUID, draft: Draft | None) -> None:
        with self._changed:
            self._waiting[draft_id] = draft
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                batch, self._waiting, self._busy = self._waiting, {}, True
            for draft_id, draft in batch.items():
                self._write(draft_id, draft)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _write(self, draft_id: UUID, draft: Draft | None) -> None:
        if draft is None:
            self._box.discard(draft_id)
            return
        outcome: Draft | HotlineError = draft
        try:
            self._box.save(draft)
        except StorageError as error:
            outcome = error
        if self._on_saved is not None:
            self._on_saved(outcome)


def _read(path: Path) -> Draft | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Draft(
            id=UUID(stored["id"]),
            login=stored["login"],
            form=stored["form"],
            saved_at=datetime.fromisoformat(stored["saved_at"]),
            order_id=UUID(stored["order_id"]) if stored["order_id"] else None,
            fields=stored["fields"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
