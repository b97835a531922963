"""A login that several people share, as sshd opens it: HOTLINE_SEAT is set, and the other side asks (Art. 13)."""

from __future__ import annotations

import sys

import pytest

from hotline_tui.commands.seat import ONLY_SEAT
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-13a")

PROGRAM = (sys.executable, "-m", "hotline_tui")
ASKED = (
    "hotline order list",
    "hotline order show C01-20261120-0001",
    "hotline dashboard",
    "order list",
    "sh",
    "scp -f hotline.db",
    "/usr/lib/openssh/sftp-server",
    "hotline; sh",
    "hotline 'unclosed",
)


@pytest.mark.parametrize("asked", ASKED)
def test_what_the_other_side_of_the_line_asks_for_is_refused(centre: Centre, asked: str) -> None:
    env = centre.env | {"HOTLINE_SEAT": "1", "SSH_ORIGINAL_COMMAND": asked}
    with Terminal(PROGRAM, env=env, size=(120, 24)) as terminal:
        assert terminal.wait_exit() == 1
        assert terminal.text().strip() == ONLY_SEAT


@pytest.mark.parametrize("words", [("order", "list"), ("-c", "sh"), ("dashboard",), ("demo",)], ids=" ".join)
def test_words_are_refused_where_the_program_is_the_login_shell(centre: Centre, words: tuple[str, ...]) -> None:
    with Terminal([*PROGRAM, *words], env=centre.env | {"HOTLINE_SEAT": "1"}, size=(120, 24)) as terminal:
        assert terminal.wait_exit() == 1
        assert terminal.text().strip() == ONLY_SEAT


@pytest.mark.parametrize("asked", [None, "hotline"])
def test_the_seat_opens(centre: Centre, asked: str | None) -> None:
    env = centre.env | {"HOTLINE_SEAT": "1"} | ({} if asked is None else {"SSH_ORIGINAL_COMMAND": asked})
    with Terminal(PROGRAM, env=env) as terminal:
        terminal.wait_for("账号", "口令")


def test_the_wall_opens_the_board_without_sign_in(centre: Centre) -> None:
    with Terminal([*PROGRAM, "dashboard"], env=centre.env | {"HOTLINE_SEAT": "dashboard"}) as terminal:
        terminal.wait_for("督办看板")
