"""A start that cannot succeed: the sign-in says why and stays until it is left; then one sentence and the exit code."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline_tui.errors import ExitCode
from tests.journeys.centre import PASSWORD, Centre, sign_in
from tests.journeys.terminal import Terminal
from tests.media import small_disk


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
        terminal.wait_for("数据库由更新版本的程序建立", "按 Esc 退出")
        terminal.send("agent01", "enter", PASSWORD, "enter", "esc")
        assert terminal.wait_exit() == ExitCode.STORAGE
        assert is_as_it_was(terminal)
        [sentence] = sentences(terminal)
        assert "更新版本" in sentence
        assert PASSWORD.encode() not in terminal.raw
    done = centre.start("order", "list")
    assert (done.returncode, done.stderr.count("\n")) == (ExitCode.STORAGE, 1)


def test_a_database_server_that_cannot_be_reached_is_said(centre: Centre) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql://hotline@127.0.0.1:{free.getsockname()[1]}/hotline"
    with centre.terminal(env={"HOTLINE_DATABASE_URL": url}) as terminal:
        terminal.send("agent01", "enter").wait_for("数据库连接不上", "恢复后即可登录; 按 Esc 退出", "agent01")
        terminal.send(PASSWORD, "enter").wait_for("数据库连接不上")
        terminal.send("esc")
        assert terminal.wait_exit() == ExitCode.STORAGE
        assert is_as_it_was(terminal)
        [sentence] = sentences(terminal)
        assert sentence.startswith("数据库连接不上")


@pytest.mark.parametrize("arguments", [(), ("order", "list")], ids=["seat", "command"])
def test_a_database_that_was_never_made_is_said_and_not_made(centre: Centre, arguments: tuple[str, ...]) -> None:
    nothing = centre.home / "nothing"
    url = f"sqlite:///{nothing / 'hotline.db'}"
    with centre.terminal(*arguments, env={"HOTLINE_HOME": str(nothing), "HOTLINE_DATABASE_URL": url}) as terminal:
        if not arguments:
            terminal.wait_for("请先运行 hotline init", "按 Esc 退出").send("esc")
        assert terminal.wait_exit() == ExitCode.STORAGE
        assert is_as_it_was(terminal)
        assert sentences(terminal) == ["数据库尚未建立, 请先运行 hotline init"]
    assert not nothing.exists()


def test_a_full_disk_is_said_and_once_there_is_room_the_seat_opens(centre: Centre, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4000) as disk:
        small = centre.copy(disk.folder / "home")
        disk.fill()
        with small.terminal() as terminal:
            terminal.wait_for("磁盘已满").send("esc")
            assert terminal.wait_exit() == ExitCode.STORAGE
            assert sentences(terminal) == ["磁盘已满, 没有存入; 请清理磁盘后重试"]
        with small.terminal() as terminal:
            terminal.wait_for("磁盘已满", "恢复后即可登录; 按 Esc 退出")
            disk.empty()
            sign_in(terminal.wait_gone("磁盘已满"), "agent01")


def test_a_folder_in_the_place_of_the_database_is_said(centre: Centre) -> None:
    (centre.home / "folder.db").mkdir()
    url = f"sqlite:///{centre.home / 'folder.db'}"
    for words in (("order", "list"), ("db", "upgrade"), ("doctor",)):
        done = centre.start(*words, HOTLINE_DATABASE_URL=url)
        assert (done.returncode, done.stderr.count("\n")) == (ExitCode.STORAGE, 1)
        assert "是一个目录" in done.stderr


def test_a_program_without_a_terminal_says_so(centre: Centre) -> None:
    done = centre.start()
    assert done.returncode == ExitCode.STORAGE
    assert done.stderr.strip() == "这里不是终端, 打不开界面; 请在终端中运行 hotline"
