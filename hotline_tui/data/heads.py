"""The heads that this home has seen: what finds a chain that was cut or built anew although nobody printed its head."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlmodel import Session

from hotline_tui.data import seal
from hotline_tui.data.store import Store


class Heads:
    """One small file for each node of one database, in the home of whoever sealed or verified there.

    It is an aid and no record: what can not be written or read is as if it had not been seen.
    """

    def __init__(self, home: Path, store: Store) -> None:
        self.folder = home / "heads"
        self._prefix = f"{hashlib.sha256(_identity(home, store).encode()).hexdigest()[:16]}-"

    def seen(self) -> dict[str, str]:
        """The head of each node, `NUMBER:HASH`, as it was last seen."""
        found: dict[str, str] = {}
        with suppress(OSError):
            for path in self.folder.glob(f"{self._prefix}*"):
                head = self._read(path)
                if head:
                    found[path.name.removeprefix(self._prefix)] = head
        return found

    def note(self, session: Session, node: str) -> None:
        """Remember the node's head; where its chain lacks the one that was seen before, that stays, as evidence."""
        path = self.folder / f"{self._prefix}{node}"
        before, now = self._read(path), seal.head(session, node)
        if now in (before, seal.NO_HEAD) or (before and not seal.holds(session, node, before)):
            return
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self.folder, prefix=".", encoding="ascii", delete=False) as file:
                file.write(f"{now}\n")
            Path(file.name).replace(path)

    @staticmethod
    def _read(path: Path) -> str:
        try:
            head = path.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""
        number, _, hash_ = head.partition(":")
        return head if number.isdigit() and len(number) < 19 and hash_ else ""


def seal_and_note(store: Store, node: str, home: Path) -> int:
    """Seal what the node has not sealed yet and remember its head; returns how many were sealed."""
    sealed = seal.seal(store, node)
    with store.read() as session:
        Heads(home, store).note(session, node)
    return sealed


def seal_all(store: Store, home: Path) -> int:
    """The same of every node that has events."""
    with store.read() as session:
        nodes = seal.nodes(session)
    return sum(seal_and_note(store, node, home) for node in nodes)


def _identity(home: Path, store: Store) -> str:
    """Which database it is, whoever signs in there; a file in the home stays the same when the home is moved."""
    url = store.url
    if not store.is_sqlite:
        return f"{url.host}:{url.port}/{url.database}"
    path = Path(url.database or "").absolute()
    return str(path.relative_to(home.absolute()) if path.is_relative_to(home.absolute()) else path)
