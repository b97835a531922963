"""HOTLINE_SEAT: a login that several people share leads to the sign-in and to nothing else (Art. 13)."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from hotline_tui.errors import Refused

VARIABLE = "HOTLINE_SEAT"
BOARD = "dashboard"
"""The value for a wall: the board and nothing else. Any other value is a seat."""
ONLY_SEAT = "这个登录只供座位使用, 只能运行 hotline, 登录后办理; 其他命令由系统管理员运行"
ONLY_BOARD = "这个登录只供看板使用, 只能运行 hotline dashboard; 其他命令由系统管理员运行"


def check(words: Sequence[str], environ: Mapping[str, str]) -> None:
    """Raise Refused for what a shared login does not lead to.

    Without sign-in a command reads whatever the office may: what is refused here would show a unit the orders that
    accuse it. Of a forced command sshd leaves in SSH_ORIGINAL_COMMAND what the other side asked for.
    """
    seat = environ.get(VARIABLE, "")
    if not seat:
        return
    leads_to = [BOARD] if seat == BOARD else []
    asked = _split(environ.get("SSH_ORIGINAL_COMMAND", ""))
    if list(words) != leads_to or asked not in ([], ["hotline", *leads_to]):
        raise Refused(ONLY_BOARD if leads_to else ONLY_SEAT)


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return [command]
