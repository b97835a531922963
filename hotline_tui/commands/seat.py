"""`hotline` alone: sign in and work.

HOTLINE_SEAT: a login that several people share leads there and to nothing else (Art. 13).
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence

from hotline_tui.errors import ExitCode, Refused
from hotline_tui.settings import load

VARIABLE = "HOTLINE_SEAT"
BOARD = "dashboard"
"""The value for a wall: the board and nothing else. Any other value is a seat."""
ONLY_SEAT = "这个登录只供座位使用, 只能运行 hotline, 登录后办理; 其他命令由系统管理员运行"
ONLY_BOARD = "这个登录只供看板使用, 只能运行 hotline dashboard; 其他命令由系统管理员运行"


def work() -> ExitCode:
    """Sign in and work."""
    settings = load(seat=True)
    if not sys.stdin.isatty():  # else the sign-in says it: whoever types already types there
        from hotline_tui.commands import opening

        opening.must_exist(settings)
    from hotline_tui import app

    return app.run(settings)


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
