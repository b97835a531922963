"""The two ways to draw: `thin` for slow lines and old terminals, `rich` elsewhere; layout and keys alike (R-6a)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from hotline_tui.errors import UsageError

_OLD_TERMINALS = ("linux", "vt", "ansi", "dumb", "cons", "screen", "tmux", "rxvt")


class Profile(StrEnum):
    """How much the line and the terminal can carry."""

    THIN = "thin"
    RICH = "rich"

    @property
    def css_class(self) -> str:
        """The class that the app carries, for the style sheets."""
        return f"-{self.value}"


def profile_from(environ: Mapping[str, str]) -> Profile:
    """The profile for this environment; `HOTLINE_PROFILE` overrides. Raises UsageError for a value that is none."""
    if chosen := environ.get("HOTLINE_PROFILE", "").strip().lower():
        try:
            return Profile(chosen)
        except ValueError:
            raise UsageError(f"HOTLINE_PROFILE 只能是 thin 或 rich, 不能是 {chosen}") from None
    term = environ.get("TERM", "").lower()
    many_colours = bool(environ.get("COLORTERM")) or any(sign in term for sign in ("256color", "truecolor", "direct"))
    remote = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    if remote or _is_old(term) or not many_colours or "NO_COLOR" in environ:
        return Profile.THIN
    return Profile.RICH


def shows_faint(environ: Mapping[str, str]) -> bool:
    """Whether faint text can be relied on: the Linux console makes it a colour, old terminals know nothing of it."""
    return "NO_COLOR" not in environ and not _is_old(environ.get("TERM", "").lower())


def _is_old(term: str) -> bool:
    return term.startswith(_OLD_TERMINALS) and "256" not in term
