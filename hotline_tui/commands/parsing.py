"""argparse that speaks Chinese: help, its own complaints, and the values that several commands take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from typing import Any, NoReturn, Protocol, TypeVar

from hotline_tui.errors import UsageError
from hotline_tui.rules.words import Word

_W = TypeVar("_W", bound=Word)
_D = TypeVar("_D", bound=date)
_COMPLAINTS = (
    (r"the following arguments are required: (.+)", r"缺少参数: \1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数: \1"),
    (r"one of the arguments (.+) is required", r"缺少参数, 这些当中要有一个: \1"),
    (r"argument .+?: invalid choice: '?(.*?)'? \(choose from (.+)\)", r"没有 \1 这一项, 可用的有: \2"),
    (r"argument (.+?): expected .+", r"\1 后面缺少值"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 不能与 \2 同用"),
    (r"argument (.+?): ignored explicit argument '(.*)'", r"\1 后面不能带值: \2"),
    (r"argument .+?: (.+)", r"\1"),
)


class Commands(Protocol):
    """Where a family adds its commands."""

    def add_parser(self, name: str, *, help: str, description: str = ...) -> Parser:  # noqa: A002 - argparse's name
        """A command's parser."""
        ...


class Parser(argparse.ArgumentParser):
    """A parser whose help and complaints are Chinese; a wrong command raises UsageError."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **{"formatter_class": _Help, "add_help": False, "allow_abbrev": False, "exit_on_error": True} | given
        )
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示帮助")

    def error(self, message: str) -> NoReturn:
        """What is wrong with the command, and where to read how it is written."""
        for pattern, sentence in _COMPLAINTS:
            match = re.fullmatch(pattern, message, re.DOTALL)
            if match:
                message = match.expand(sentence).replace("'", "")
                break
        raise UsageError(f"{message}\n{self.prog} --help 可查看写法")

    def add_commands(self, *, required: bool = True) -> Commands:
        """Sub-commands under this one."""
        return self.add_subparsers(title="命令", metavar="命令", parser_class=Parser, required=required)

    def add_json(self) -> None:
        """The switch of every command that reads."""
        self.add_argument("--json", action="store_true", help="输出 JSON")


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法: " if prefix is None else prefix)


def word(words: type[_W], what: str) -> Callable[[str], _W]:
    """An argument that is a term of a closed list, by its value or its label."""

    def read(text: str) -> _W:
        for term in words:
            if text.strip().casefold() in (term.value, term.label):
                return term
        known = ", ".join(f"{term.value}({term.label})" for term in words)
        raise argparse.ArgumentTypeError(f"没有这个{what}: {text}, {what}有: {known}")

    return read


def day(text: str) -> date:
    """An argument that is a day."""
    from hotline_tui.rules.dates import read_day

    try:
        return _within_reach(read_day(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"没有这个日期: {text}, 请写成 2026-09-28 或 2026年9月28日") from None


def day_or_time(text: str) -> date | datetime:
    """An argument that is a day, or a time, of Shanghai where it names no zone."""
    from hotline_tui.rules.dates import read_day_or_time
    from hotline_tui.rules.deadlines import SHANGHAI

    try:
        found = read_day_or_time(text)
        if not isinstance(found, datetime):
            return found
        return _within_reach(found if found.tzinfo else found.replace(tzinfo=SHANGHAI))
    except ValueError:
        raise argparse.ArgumentTypeError(f"没有这个日期或时间: {text}, 请写成 2026-09-28 或 2026-09-28T15:30") from None


def _within_reach(moment: _D) -> _D:
    """At the ends of the calendar a day more, or another zone, would leave it."""
    if not MINYEAR < moment.year < MAXYEAR:
        raise ValueError(moment)
    return moment


def whole(last: int, first: int = 1) -> Callable[[str], int]:
    """An argument that is a whole number from `first` to `last`."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > len(str(last)) or not first <= int(text) <= last:
            raise argparse.ArgumentTypeError(f"应为 {first} 至 {last} 的整数: {text[:40]}")
        return int(text)

    return read


count = whole(1_000_000)
"""How many lines to list."""


def midnight(first: date) -> datetime:
    """The beginning of a Shanghai day."""
    from hotline_tui.rules.deadlines import SHANGHAI

    return datetime.combine(first, time(), SHANGHAI)


def listed(terms: Iterable[Word]) -> str:
    """Terms for a help text."""
    return ", ".join(f"{term.value}({term.label})" for term in terms)
