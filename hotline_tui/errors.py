"""Every error that reaches a person: each knows its sentence in Chinese and its exit code."""

from __future__ import annotations

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


class DamagedData(HotlineError):
    """What is stored contradicts itself: a broken chain, tables that differ from their events."""

    exit_code = ExitCode.DAMAGED
