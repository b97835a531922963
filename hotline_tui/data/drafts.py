"""草稿: what a person types, on local disk as it is typed; survives a crash, a closed terminal and a lock (R-D1)."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from hotline_tui.errors import HotlineError, StorageError, reason

RETRY_SECONDS = 5.0
"""So often what could not be written is tried again."""
LEFT_OVER_SECONDS = 3600
"""A file half written for so long is nobody's: other programs may save beside this one."""
BESIDE = ".new"


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
        beside = path.with_suffix(BESIDE)
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
            with contextlib.suppress(OSError):
                beside.unlink()
            raise StorageError(f"草稿没有存上({reason(error)}), 请检查磁盘空间和目录权限: {self.folder}") from error

    def sweep(self) -> None:
        """Remove what programs that were killed in the middle of saving left beside the drafts."""
        long_ago = time.time() - LEFT_OVER_SECONDS
        for beside in self.folder.glob(f"*{BESIDE}"):
            with contextlib.suppress(OSError):
                if beside.stat().st_mtime < long_ago:
                    beside.unlink()

    def of(self, login: str, form: str | None = None) -> list[Draft]:
        """A person's drafts, newest first. A file that cannot be read is left where it is and passed over."""
        drafts = [draft for path in sorted(self.folder.glob("*.json")) if (draft := _read(path)) is not None]
        mine = [draft for draft in drafts if draft.login == login and form in (None, draft.form)]
        return sorted(mine, key=_newest_first, reverse=True)

    def get(self, draft_id: UUID) -> Draft | None:
        """One draft; None when there is none, or its file cannot be read."""
        return _read(self._path(draft_id))

    def discard(self, draft_id: UUID) -> None:
        """What was typed has been accepted, or thrown away on purpose; raises StorageError."""
        try:
            self._path(draft_id).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"草稿没有删掉({reason(error)}), 请检查目录权限: {self.folder}") from error

    def _path(self, draft_id: UUID) -> Path:
        return self.folder / f"{draft_id}.json"


class DraftWriter:
    """Saves in a thread of its own: typing never waits, and of several changes the newest is written.

    What can not be written stays here and is tried again, until it is on disk or thrown away.
    """

    def __init__(
        self,
        box: DraftBox,
        on_saved: Callable[[Draft | HotlineError], None] | None = None,
        *,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        """`on_saved` is told of every draft on disk, and why one is not: of that once, not at each further try."""
        self._box = box
        self._on_saved = on_saved
        self._retry_seconds = retry_seconds
        self._changed = threading.Condition()
        self._newest: dict[UUID, Draft | None] = {}
        """What is not on disk; None is to be removed from there."""
        self._due: set[UUID] = set()
        """What of it has not been tried."""
        self._failures: dict[UUID, StorageError] = {}
        self._in_hand: set[UUID] = set()
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

    def get(self, draft_id: UUID) -> Draft | None:
        """The draft as it was put last, on disk or not; None when there is none."""
        with self._changed:
            waits, newest = draft_id in self._newest, self._newest.get(draft_id)
        found = newest if waits else self._box.get(draft_id)
        if found is not None:
            self._in_hand.add(draft_id)
        return found

    def of(self, login: str, form: str | None = None) -> list[Draft]:
        """A person's drafts as they were put last, on disk or not, newest first."""
        with self._changed:
            newest = dict(self._newest)
        drafts = [draft for draft in self._box.of(login, form) if draft.id not in newest]
        drafts += [each for each in newest.values() if each and each.login == login and form in (None, each.form)]
        return sorted(drafts, key=_newest_first, reverse=True)

    def failure(self, draft_id: UUID | None = None) -> StorageError | None:
        """Why this draft, or any, is not on disk; None when it is, or has not been tried yet."""
        with self._changed:
            unsaved = {key: error for key, error in self._failures.items() if self._newest.get(key) is not None}
        return unsaved.get(draft_id) if draft_id else next(iter(unsaved.values()), None)

    @property
    def in_hand(self) -> bool:
        """Whether something was put or taken up again, and neither accepted nor thrown away."""
        return bool(self._in_hand)

    @property
    def unsaved(self) -> bool:
        """Whether something that was put is not on disk."""
        with self._changed:
            return any(draft is not None for draft in self._newest.values())

    def flush(self) -> None:
        """Return when everything put so far is on disk, or has been tried in vain."""
        with self._changed:
            self._changed.wait_for(lambda: not self._due and not self._busy)

    def close(self) -> None:
        """Write what waits, try once more what could not be written, and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _queue(self, draft_id: UUID, draft: Draft | None) -> None:
        with self._changed:
            self._newest[draft_id] = draft
            self._due.add(draft_id)
            (self._in_hand.add if draft else self._in_hand.discard)(draft_id)
            self._changed.notify_all()

    def _run(self) -> None:
        self._box.sweep()
        ended = False
        while not ended:
            with self._changed:
                wait = self._retry_seconds if self._newest else None
                self._changed.wait_for(lambda: self._due or self._closed, wait)
                ended = self._closed
                batch, tried, self._due, self._busy = dict(self._newest), self._due, set(), True
            for draft_id, draft in batch.items():
                self._write(draft_id, draft, again=draft_id not in tried)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _write(self, draft_id: UUID, draft: Draft | None, *, again: bool) -> None:
        outcome: Draft | StorageError | None = draft
        try:
            if draft is None:
                self._box.discard(draft_id)
            else:
                self._box.save(draft)
        except StorageError as error:
            outcome = error
        with self._changed:
            if isinstance(outcome, StorageError):
                self._failures[draft_id] = outcome
            else:
                self._failures.pop(draft_id, None)
                if self._newest.get(draft_id) is draft:
                    self._newest.pop(draft_id, None)
        if outcome is None or self._on_saved is None or (again and isinstance(outcome, StorageError)):
            return
        self._on_saved(outcome)


def _newest_first(draft: Draft) -> tuple[datetime, str]:
    return draft.saved_at, draft.id.hex


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
