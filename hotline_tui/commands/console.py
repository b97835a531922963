"""Data to stdout, narration to stderr, and what becomes of errors that nobody foresaw."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotline_tui.errors import StorageError, UsageError, reason


def prepare() -> None:
    """What the terminal's encoding lacks is replaced, not an error; what libraries log stays off the terminal.

    Raises StorageError where standard output is closed: the first file to be opened would take its place.
    """
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - closed, as with <&-
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise StorageError("标准输出已关闭, 结果无处可写")
    logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def put(text: str) -> None:
    """A line of data; raises StorageError where the stream takes no more."""
    with _taking():
        sys.stdout.write(f"{text}\n")


def put_json(data: Any) -> None:
    """Data for scripts; plain ASCII where the stream is not UTF-8."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    put(json.dumps(data, ensure_ascii=not utf8, indent=2))


def put_bytes(data: bytes) -> None:
    """A file's bytes as data; raises StorageError where the stream takes no more."""
    with _taking():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def say(text: str) -> None:
    """Narration, one sentence a line."""
    sys.stderr.write(f"{text}\n")


def put_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under their columns, as wide as they are; Chinese counts two cells."""
    from wcwidth import wcswidth

    lines = [tuple(columns), *(tuple(row) for row in rows)]
    widths = [max(wcswidth(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        cells = (cell + " " * (width - wcswidth(cell)) for cell, width in zip(line, widths, strict=True))
        put("  ".join(cells).rstrip())


def put_fields(fields: Mapping[str, str]) -> None:
    """Name and value, one a line; empty values are left out."""
    for name, value in fields.items():
        if value:
            put(f"{name}: {value}")


def flush() -> None:
    """Write out what was put; raises StorageError where the stream takes no more."""
    with _taking():
        sys.stdout.flush()


@contextmanager
def _taking() -> Generator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise StorageError(f"输出写不下去: {reason(error)}, 请检查磁盘空间") from error


def abandon_stdout() -> None:
    """Nobody reads on: what the interpreter flushes at its end must not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def log_failure(folder: Path, error: BaseException) -> Path | None:
    """Types and places of an unforeseen error, into a file; its message may hold personal data and is left out."""
    lines: list[str] = []
    here: BaseException | None = error
    while here is not None:
        lines.append(f"{type(here).__module__}.{type(here).__qualname__}")
        frames = traceback.extract_tb(here.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        here = here.__cause__ or here.__context__
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return None
    return path


def ask(question: str, default: str = "") -> str:
    """A line that the person types; raises UsageError where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise UsageError(f"缺少{question}: 不在终端中运行时, 请用选项写明, 口令用 --password-stdin")
    sys.stderr.write(f"{question}{f' [{default}]' if default else ''}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip() or default


def new_password(*, stdin: bool) -> str:
    """A password typed twice without showing it, or the first line of standard input; raises UsageError."""
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise UsageError("标准输入里没有口令")
        return password
    if not sys.stdin.isatty():
        raise UsageError("不在终端中运行时, 请用 --password-stdin 给出口令")
    from getpass import getpass

    try:
        password = getpass("口令: ", sys.stderr)
        again = getpass("再输一次: ", sys.stderr)
    except EOFError:
        raise KeyboardInterrupt from None
    if password != again:
        raise UsageError("两次输入的口令不同, 请重新运行")
    return password
