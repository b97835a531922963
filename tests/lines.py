"""The line between a seat and its server, which a test cuts, silences, or makes lose one answer."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

PORT = 5432
COMMIT = b"COMMIT\0"
EVENT = b"INSERT INTO event"


class Line:
    """Hands on what both ends say, through a socket of its own."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self._server = server
        self._ends: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._lock = threading.Lock()
        self._talks = threading.Event()
        self._talks.set()
        self.commits_lost = 0
        """So many of the next COMMITs are never answered, though the server carries them out."""
        self.commits_stopped = 0
        """So many of the next COMMITs never come to the server."""
        self.join()

    def join(self) -> None:
        """Take calls, again."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / f".s.PGSQL.{PORT}"))
        listener.listen()
        self._listener = listener
        threading.Thread(target=self._answer, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """End every connection and take no more."""
        if self._listener is not None:
            (self.folder / f".s.PGSQL.{PORT}").unlink()
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            _close(end)

    def silence(self) -> None:
        """Nothing is handed on any more, and nobody is told."""
        self._talks.clear()

    def speak(self) -> None:
        """What was held back goes on."""
        self._talks.set()

    def _answer(self, listener: socket.socket) -> None:
        while True:
            try:
                seat, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            with self._lock:
                self._ends |= {seat, server}
            lost = threading.Event()
            for source, target, up in ((seat, server, True), (server, seat, False)):
                threading.Thread(target=self._carry, args=(source, target, up, lost), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, up: bool, lost: threading.Event) -> None:
        wrote = False
        while True:
            try:
                said = source.recv(65536)
            except OSError:
                said = b""
            self._talks.wait()
            # News is told in a transaction of its own: only the end of one that wrote an event is meant.
            wrote = wrote or EVENT in said
            ends = up and wrote and said.endswith(COMMIT)
            if not said or (ends and self._stops()) or (not up and lost.is_set()):
                break
            if ends:
                wrote = False
                if self._loses():
                    lost.set()
            try:
                target.sendall(said)
            except OSError:
                break
        for end in (source, target):
            _close(end)

    def _stops(self) -> bool:
        stops = self.commits_stopped > 0
        self.commits_stopped -= stops
        return stops

    def _loses(self) -> bool:
        loses = self.commits_lost > 0
        self.commits_lost -= loses
        return loses


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(url: str) -> Iterator[tuple[Line, str]]:
    """A line to the server of an address of `tests.engines`, and the address at its near end."""
    address = sa.make_url(url)
    folder = Path(tempfile.mkdtemp(prefix="hotline-line-"))
    line = Line(folder, f"{address.query['host']}/.s.PGSQL.{address.query['port']}")
    near = address.update_query_dict({"host": str(folder), "port": str(PORT)})
    try:
        yield line, near.render_as_string(hide_password=False)
    finally:
        line.cut()
        line.speak()
        shutil.rmtree(folder)
