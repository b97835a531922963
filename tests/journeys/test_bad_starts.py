"""A start that cannot succeed: one sentence, the right exit code, the terminal as it was."""

from __future__ import annotations

import re
import socket

import pytest
import sqlalchemy as sa

from hotline_tui.errors import ExitCode
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal


def sentences(terminal: Terminal) -> list[str]:
    """What is left to read once the program has gone, and with it the alternate screen."""
    left = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2]
    return re.sub(rb"\x1b\[[\d;<=>?]*[a-zA-Z]", b"", left).decode().split("\r\n")[:-1]


def is_as_it_was(terminal: Terminal) -> bool:
    """Whether every mode that was switched on was switched off again: alternate screen, mouse, paste, hidden cursor."""
    modes = dict(re.findall(rb"\x1b\[\?(\d+)([hl])", bytes(terminal.raw)))
    cursor = modes.pop(b"25", b"h")
    wrapping = modes.pop(b"7", b"h")
    return set(modes.values()) <= {b"l"} and cursor == wrapping == b"h"


def test_a_database_of_a_newer_version_is_left_alone(centre: Centre) -> None:
    database = sa.create_engine(centre.database_url)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()
    with centre.terminal() as terminal:
        assert terminal.wait_exit() == ExitCode.STORAGE
        assert is_as_it_was(terminal)
        [sentence] = sentences(terminal)
        assert "更新版本" in sentence
    done = centre.start("order", "list")
    assert (done.returncode, done.stderr.count("\n")) == (ExitCode.STORAGE, 1)


def test_a_database_server_that_cannot_be_reached_is_said(centre: Centre) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql://hotline@127.0.0.1:{free.getsockname()[1]}/hotline"
    with centre.terminal(env={"HOTLINE_DATABASE_URL": url}) as terminal:
        assert terminal.wait_exit() == ExitCode.STORAGE
        assert is_as_it_was(terminal)
        [sentence] = sentences(terminal)
        assert sentence.startswith("数据库连接不上")


@pytest.mark.parametrize("arguments", [(), ("order", "list")], ids=["seat", "command"])
def test_a_database_that_was_never_made_is_said_and_not_made(centre: Centre, arguments: tuple[str, ...]) -> None:
    nothing = centre.home / "nothing"
    url = f"sqlite:///{nothing / 'hotline.db'}"
    with centre.terminal(*arguments, env={"HOTLINE_HOME": str(nothing), "HOTLINE_DATABASE_URL": url}) as terminal:
        assert terminal.wait_exit() == ExitCode.STORAGE
        assert is_as_it_was(terminal)
        assert sentences(terminal) == ["数据库尚未建立, 请先运行 hotline init"]
    assert not nothing.exists()


def test_a_program_without_a_terminal_says_so(centre: Centre) -> None:
    done = centre.start()
    assert done.returncode == ExitCode.STORAGE
    assert done.stderr.strip() == "这里不是终端, 打不开界面; 请在终端中运行 hotline"
