"""Every error that reaches a person: each knows its sentence in Chinese and its exit code."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line answers to the shell."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    STORAGE = 3
    DAMAGED = 4
    INTERRUPTED = 130


class HotlineError(Exception):
    """Base of the tree; `str(error)` is the sentence that the person at the screen needs."""

    exit_code = ExitCode.REFUSED


class Refused(HotlineError):
    """A rule of the regulation forbids it; names the article where there is one."""

    def __init__(self, sentence: str, article: str | None = None) -> None:
        super().__init__(f"{sentence}({article})" if article else sentence)
        self.article = article


class NotAllowed(Refused):
    """This action is not open to this role, in this state, for this relation to the order."""


class NotAccepted(Refused):
    """The facts for acceptance are missing; `missing` names the fields in form order."""

    def __init__(self, sentence: str, article: str, missing: tuple[str, ...]) -> None:
        super().__init__(sentence, article)
        self.missing = missing


class NotFound(Refused):
    """No such thing, or nothing that this desk may see: the two look alike on purpose."""


class Conflict(Refused):
    """Somebody else changed the order between reading and writing; nothing was overwritten."""


class SignInFailed(Refused):
    """Wrong name or password, a delay still running, or an account closed."""


class UsageError(HotlineError):
    """The command or the value given is not one; says what to give instead."""

    exit_code = ExitCode.USAGE


class StorageError(HotlineError):
    """The database or the disk cannot be reached, is full, or is of another version."""

    exit_code = ExitCode.STORAGE


class Unreachable(StorageError):
    """The database cannot be reached now, is busy, or has no room: asked again in a moment, it may answer."""


class Lost(Unreachable):
    """The connection broke, the server starts or stops, or it undid the work for another's sake: nothing is stored.

    The same again may succeed.
    """

    def __init__(self, sentence: str, *, at_seat: str = "") -> None:
        """`at_seat`: what helps somebody who was at work here, and did not set the program up."""
        super().__init__(sentence)
        self.at_seat = at_seat or sentence


class Interrupted(HotlineError):
    """The person stopped it; says what is kept."""

    exit_code = ExitCode.INTERRUPTED


class DamagedData(StorageError):
    """What is stored can not be read or contradicts itself: a file that is no database, tables without their events."""

    exit_code = ExitCode.DAMAGED


_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件过大",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "没有这个文件或目录",
    errno.EISDIR: "这是目录, 不是文件",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已有同名的文件或目录",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "路径中的链接成了环",
    errno.EINVAL: "路径写法不对",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.EPIPE: "接收的一方已关闭",
    errno.ETXTBSY: "文件正在使用",
    errno.EBUSY: "文件正在使用",
}


def reason(error: OSError) -> str:
    """Why the operating system refused, in a few Chinese words without a full stop; its number where none are known."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return f"系统错误 {error.errno}" if error.errno else "系统错误"
