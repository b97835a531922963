"""The lines to a server: all of them are ended at once when it does not answer and nobody wants to wait."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from hotline_tui.errors import StorageError

LEFT = "程序正在退出"


class Lines:
    """Connections of the driver, as long as somebody holds them."""

    def __init__(self) -> None:
        self._open = WeakSet[Any]()
        self._hung_up = False

    def must_be_wanted(self) -> None:
        """Before another is made; raises StorageError after `hang_up`."""
        if self._hung_up:
            raise StorageError(LEFT)

    def add(self, connection: Any) -> None:
        """Know of one more."""
        self._open.add(connection)

    def hang_up(self) -> None:
        """Whatever waits in another thread wakes up with the driver's error; closing would wait for that thread."""
        self._hung_up = True
        for connection in list(self._open):
            if not connection.closed:
                with suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)
