"""A file that is written whole or not at all, for its owner alone."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from hotline_tui.errors import StorageError, UsageError, reason


def must_be_new(path: Path, *, force: bool) -> None:
    """Raise UsageError where the file cannot be or, without `force`, is there."""
    if path.is_dir():
        raise UsageError(f"这是文件夹, 不是文件: {path}, 请给出文件名")
    if path.exists() and not force:
        raise UsageError(f"文件已存在: {path}, 请换个文件名, 要覆盖请加 --force")
    if not path.parent.is_dir():
        raise UsageError(f"没有这个文件夹: {path.parent}, 请先建立")


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Generator[IO[bytes]]:
    """What is written takes its place at the end, after `fsync`; an error leaves what was there as it was.

    Mode 0600. Without `force` a file that came in the meantime is not replaced either. Raises UsageError, StorageError.
    """
    must_be_new(path, force=force)
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            new = Path(file.name)
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                _put(new, path, force=force)
            finally:
                with suppress(FileNotFoundError):
                    new.unlink()
    except FileExistsError as error:
        raise UsageError(f"文件已存在: {path}, 请换个文件名, 要覆盖请加 --force") from error
    except OSError as error:
        raise StorageError(f"文件写不下去: {path}, {reason(error)}") from error


def _put(new: Path, path: Path, *, force: bool) -> None:
    if force:
        new.replace(path)
        return
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        must_be_new(path, force=False)
        new.replace(path)
